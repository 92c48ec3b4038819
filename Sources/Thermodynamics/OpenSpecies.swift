import Atomistics

/// A species that may come and go, at its chemical potential.
///
/// V = -(μ - μ0)/e for a working ion of charge 1.
public struct OpenSpecies: Hashable, Sendable {
  public let element: Element
  /// μ in eV per atom.
  public let chemicalPotential: Double

  public init(element: Element, chemicalPotential: Double) {
    self.element = element
    self.chemicalPotential = chemicalPotential
  }

  /// A working ion at a voltage against its metal, whose energy per atom is `reference`.
  public init(element: Element, voltage: Double, reference: Double) {
    self.init(element: element, chemicalPotential: reference - voltage)
  }
}
