import Atomistics

/// Energies of formation from elements whose crystals are given.
///
///     Δ_f e = e − Σ_i x_i e_i,    x_i the share of element i among the atoms
///
/// in eV/atom, e_i the lowest energy of a crystal of element i alone.
struct FormationEnergy: Sendable {
  private let elements: [Element: Double]
  private let property: KeyPath<CrystalComparison, CrystalProperties> & Sendable

  init(
    _ crystals: [CrystalComparison],
    by property: KeyPath<CrystalComparison, CrystalProperties> & Sendable
  ) {
    self.property = property
    elements = crystals.reduce(into: [:]) { found, crystal in
      guard let element = crystal.crystal.composition.onlyElement,
        let energy = crystal[keyPath: property].energy
      else { return }
      found[element] = min(found[element] ?? .infinity, energy)
    }
  }

  /// Nil where an element has no crystal, or the crystal no energy.
  func value(of crystal: CrystalComparison) -> Double? {
    let composition = crystal.crystal.composition
    guard var energy = crystal[keyPath: property].energy,
      composition.elements.allSatisfy({ elements[$0] != nil })
    else { return nil }
    for element in composition.elements {
      energy -= composition[element] / composition.atomCount * elements[element]!
    }
    return energy
  }
}
