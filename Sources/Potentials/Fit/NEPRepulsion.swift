import Atomistics

/// The repulsion at short range alone of a model of a shape: what a fit need not learn.
public struct NEPRepulsion: Sendable {
  public let header: NEPHeader
  private let potential: NEPPotential

  /// - Precondition: not a flexible one, whose numbers a shape does not tell.
  public init(_ header: NEPHeader) {
    precondition(header.repulsion != .flexible, "a flexible repulsion is in no header")
    self.header = header
    // A model without functions whose network gives nothing.
    let bare = NEPHeader(
      species: header.species, repulsion: header.repulsion,
      radialCutoffs: header.radialCutoffs, angularCutoffs: header.angularCutoffs, radialOrder: 0,
      angularOrder: 0, radialBasis: 0, angularBasis: 0, maximumL: 1, hasFourBody: false,
      hasFiveBody: false, neurons: 1)
    potential = NEPPotential(
      NEPFile(
        path: "repulsion", header: bare,
        numbers: [Double](repeating: 0, count: bare.parameterCount)))
  }

  /// - Throws: as `Calculator.evaluate(_:)`.
  func evaluate(_ structure: Structure) throws -> Evaluation { try potential.evaluate(structure) }
}
