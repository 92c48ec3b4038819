import Atomistics

extension CorrectionScheme {
  /// What the scheme's rule adds to a compound's energy of formation, element by element.
  ///
  /// | scheme | rule | eV per atom of the element |
  /// |---|---|---|
  /// | mp2020 | S in every compound; of the others the most electronegative element, if it is an anion that the scheme knows; oxygen as in oxides | Wang et al., table of fitted corrections |
  /// | legacy | S as sulfide, and the references of F, Cl, N, H, in every compound | see below |
  ///
  /// The rule goes by composition: it knows neither oxidation states nor peroxides, and no
  /// corrections of transition metals (GGA+U). Elements are not corrected. Energies of entries that
  /// carry their adjustments do not come from here.
  ///
  /// Sources: mp2020: A. Wang et al., Sci. Rep. 11, 15496 (2021), doi 10.1038/s41598-021-94550-5.
  /// legacy: the differences between the columns of `Data/phases.csv`, which follow the Materials
  /// Project's energies of 2019/20 (A. Jain et al., Comput. Mater. Sci. 50, 2295 (2011), doi
  /// 10.1016/j.commatsci.2011.02.023).
  public func adjustments(of composition: Composition) -> [EnergyAdjustment] {
    guard composition.elements.count > 1 else { return [] }
    return composition.elements.compactMap { element in
      guard let value = correction(of: element, in: composition) else { return nil }
      return EnergyAdjustment(
        name: "\(rawValue) rule (\(element))", element: element,
        energyPerAtom: value * composition[element] / composition.atomCount)
    }
  }

  /// eV per atom of the element; nil if the rule leaves it alone.
  private func correction(of element: Element, in composition: Composition) -> Double? {
    switch self {
    case .uncorrected: return nil
    case .legacy: return Self.legacyCorrections[element.symbol]
    case .mp2020:
      guard let value = Self.anionCorrections[element.symbol] else { return nil }
      let isAnion = element == composition.mostElectronegative
      return element.symbol == "S" || element.symbol == "O" || isAnion ? value : nil
    }
  }

  private static let anionCorrections = [
    "O": -0.687, "S": -0.503, "F": -0.462, "Cl": -0.614, "Br": -0.534, "I": -0.379, "N": -0.361,
    "Se": -0.472, "Si": 0.071, "Sb": -0.192, "Te": -0.422, "H": -0.179,
  ]

  private static let legacyCorrections = [
    "S": -0.66346, "F": -0.49090, "Cl": -0.59468, "N": -0.38402, "H": -0.15298,
  ]
}

extension Composition {
  /// The element that draws electrons most.
  var mostElectronegative: Element? {
    elements.max { ($0.electronegativity ?? 0) < ($1.electronegativity ?? 0) }
  }

  /// The element that draws electrons least: no anion in a compound.
  var leastElectronegative: Element? {
    elements.min { ($0.electronegativity ?? 9) < ($1.electronegativity ?? 9) }
  }
}
