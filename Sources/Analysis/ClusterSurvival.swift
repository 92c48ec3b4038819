/// What one centre of the first frame lost for good.
///
/// A centre with m bonds in the first frame lacks d(t) = broken − exchanged of them in a frame; its
/// k-th loss is the first frame after which d ≥ k until the end. What re-forms, and a ligand that
/// another atom of the element takes the place of, is no loss.
public struct ClusterSurvival: Sendable, Codable, Hashable {
  /// The centre's atom, from 0.
  public let center: Int
  /// Of the centre, counted from the contact; -1 for none; nil where the first frame has no layers.
  public let layer: Int?
  /// Bonds in the first frame, m.
  public let bonds: Int
  /// The frames (from 0) of its losses, ascending, at most m.
  public let losses: [Int]

  public init(center: Int, layer: Int?, bonds: Int, losses: [Int]) {
    self.center = center
    self.layer = layer
    self.bonds = bonds
    self.losses = losses
  }
}

/// Follows what a centre lacks, and keeps the losses that still stand.
struct StandingLosses: Sendable {
  private var broken = 0
  private var gained = 0
  private(set) var frames: [Int] = []

  mutating func apply(_ event: BondEvent) {
    switch event.kind {
    case .broken: broken += 1
    case .reformed: broken -= 1
    case .gained: gained += 1
    case .lost: gained -= 1
    }
    let lacking = broken - min(broken, gained)
    while frames.count > lacking { frames.removeLast() }
    while frames.count < lacking { frames.append(event.frame) }
  }
}
