import Atomistics

/// The voltages at which a solid neither takes up nor gives off the working ion.
///
/// The plateau of zero uptake in an `UptakeProfile`; both edges are given. A solid above the hull
/// still decomposes within it, without help of the ion.
///
/// | name | unit |
/// |---|---|
/// | `reduction`, the lower edge | V; 0 if the plateau reaches the metal |
/// | `oxidation`, the upper edge | V; nil if it has no end |
public struct ElectrochemicalStabilityWindow: Hashable, Sendable {
  public let reduction: Double
  public let oxidation: Double?

  public init(reduction: Double, oxidation: Double?) {
    self.reduction = reduction
    self.oxidation = oxidation
  }

  /// The plateau of a profile; nil if there is none.
  public init?(_ profile: UptakeProfile) {
    // Uptake within the tolerance was set to none when the profile was made.
    let plateau = profile.steps.filter { abs($0.uptake) <= profile.tolerance }
    guard let first = plateau.first, let last = plateau.last else { return nil }
    self.init(reduction: first.from, oxidation: last.to)
  }

  /// The distance between the edges; nil if there is no upper end.
  public var width: Double? { oxidation.map { $0 - reduction } }
}
