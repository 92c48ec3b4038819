extension Element {
  /// Pauling's electronegativity; nil where there is no value (some noble gases).
  ///
  /// Source: CRC Handbook of Chemistry and Physics, 97th edition (2016), section 9; after Allred, J.
  /// Inorg. Nucl. Chem. 17, 215 (1961), doi 10.1016/0022-1902(61)80142-5.
  public var electronegativity: Double? {
    let value = Self.electronegativities[atomicNumber - 1]
    return value > 0 ? value : nil
  }

  // By atomic number; 0: no value.
  private static let electronegativities: [Double] = [
    2.20, 0,  // H, He
    0.98, 1.57, 2.04, 2.55, 3.04, 3.44, 3.98, 0,  // Li to Ne
    0.93, 1.31, 1.61, 1.90, 2.19, 2.58, 3.16, 0,  // Na to Ar
    0.82, 1.00, 1.36, 1.54, 1.63, 1.66, 1.55, 1.83, 1.88,  // K to Co
    1.91, 1.90, 1.65, 1.81, 2.01, 2.18, 2.55, 2.96, 3.00,  // Ni to Kr
    0.82, 0.95, 1.22, 1.33, 1.6, 2.16, 1.9, 2.2, 2.28,  // Rb to Rh
    2.20, 1.93, 1.69, 1.78, 1.96, 2.05, 2.1, 2.66, 2.60,  // Pd to Xe
    0.79, 0.89, 1.10, 1.12, 1.13, 1.14, 1.13, 1.17, 1.2,  // Cs to Eu
    1.20, 1.1, 1.22, 1.23, 1.24, 1.25, 1.1, 1.27, 1.3,  // Gd to Hf
    1.5, 2.36, 1.9, 2.2, 2.20, 2.28, 2.54, 2.00, 1.62,  // Ta to Tl
    2.33, 2.02, 2.0, 2.2, 2.2, 0.7, 0.9, 1.1, 1.3,  // Pb to Th
    1.5, 1.38, 1.36, 1.28, 1.3, 1.3,  // Pa to Cm
  ]
}
