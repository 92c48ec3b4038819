import Atomistics

/// A neighbour list with a skin, built again only when it no longer holds (see `ListOrigin`).
///
/// | symbol | name | unit |
/// |---|---|---|
/// | r_c | `cutoff` | Å |
/// | s | `skin` | Å |
///
/// Pairs have a canonical order and calculators pass over those beyond r_c, so that energies and
/// forces have the same bits whatever the age of the list. A checkpoint keeps `origin` all the
/// same, and so holds for a calculator that sums in blocks of neighbours too.
public struct VerletList: Sendable {
  public let cutoff: Double
  public let skin: Double
  /// The list as it was built last.
  public private(set) var neighbors: NeighborList
  /// What it was built for.
  public private(set) var origin: ListOrigin
  private var periodic: [Bool]

  /// Builds the list for a structure.
  public init(_ structure: Structure, cutoff: Double, skin: Double = 1) {
    precondition(cutoff > 0 && skin >= 0, "the cut-off is above zero and the skin not below")
    self.cutoff = cutoff
    self.skin = skin
    neighbors = NeighborList(structure, cutoff: cutoff + skin)
    origin = ListOrigin(structure)
    periodic = structure.periodic
  }

  /// Builds the list again if it no longer holds for `structure`; tells whether it did.
  @discardableResult
  public mutating func update(for structure: Structure) -> Bool {
    guard !holds(for: structure) else { return false }
    self = VerletList(structure, cutoff: cutoff, skin: skin)
    return true
  }

  /// Whether no pair nearer than the cut-off can be missing.
  public func holds(for structure: Structure) -> Bool {
    structure.periodic == periodic && origin.holds(for: structure, cutoff: cutoff, skin: skin)
  }
}
