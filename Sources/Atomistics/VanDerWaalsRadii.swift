/// Whose van der Waals radii are meant: the sets differ much for metals (Li 2.12 or 1.82 Å).
public enum VanDerWaalsRadii: String, Sendable, Hashable, Codable, CaseIterable {
  /// Alvarez, Dalton Trans. 42, 8617 (2013), doi 10.1039/c3dt50599e: from the distances in which
  /// atoms of 93 elements that are not bonded stand in crystals.
  case alvarez
  /// Bondi, J. Phys. Chem. 68, 441 (1964), doi 10.1021/j100785a001; main-group elements that he
  /// does not list from Mantina et al., J. Phys. Chem. A 113, 5806 (2009), doi 10.1021/jp8111556,
  /// made to fit his. Rowland and Taylor, J. Phys. Chem. 100, 7384 (1996), doi 10.1021/jp953141,
  /// confirm his values but for hydrogen (1.10 Å, where Bondi's 1.20 Å is kept here).
  case bondi

  /// The radius in Å; nil where nobody of these has published one.
  public func radius(of element: Element) -> Double? {
    switch self {
    case .alvarez: element.vanDerWaalsRadius
    case .bondi: Self.bondiRadii[element.symbol]
    }
  }

  private static let bondiRadii: [String: Double] = [
    // Bondi (1964), Tables I, XIV and text.
    "H": 1.20, "He": 1.40, "Li": 1.82, "C": 1.70, "N": 1.55, "O": 1.52, "F": 1.47, "Ne": 1.54,
    "Na": 2.27, "Mg": 1.73, "Si": 2.10, "P": 1.80, "S": 1.80, "Cl": 1.75, "Ar": 1.88, "K": 2.75,
    "Ni": 1.63, "Cu": 1.40, "Zn": 1.39, "Ga": 1.87, "As": 1.85, "Se": 1.90, "Br": 1.85,
    "Kr": 2.02, "Pd": 1.63, "Ag": 1.72, "Cd": 1.58, "In": 1.93, "Sn": 2.17, "Te": 2.06,
    "I": 1.98, "Xe": 2.16, "Pt": 1.72, "Au": 1.66, "Hg": 1.55, "Tl": 1.96, "Pb": 2.02, "U": 1.86,
    // Mantina et al. (2009), Table 12.
    "Be": 1.53, "B": 1.92, "Al": 1.84, "Ca": 2.31, "Ge": 2.11, "Rb": 3.03, "Sr": 2.49,
    "Sb": 2.06, "Cs": 3.43, "Ba": 2.68, "Bi": 2.07, "Po": 1.97, "At": 2.02, "Rn": 2.20,
    "Fr": 3.48, "Ra": 2.83,
  ]
}
