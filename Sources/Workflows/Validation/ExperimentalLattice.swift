import Atomistics

/// A cubic crystal's lattice constant as measured by X-rays at room temperature.
///
/// A calculation at rest leaves out zero-point motion and heat: of these crystals they make up 0.3 to
/// 1 % of the length, so that agreement to the last digit would be chance.
struct ExperimentalLattice: Sendable {
  let formula: String
  /// The number in the International Tables.
  let spaceGroup: Int
  /// Å.
  let a: Double
  let atomsInCube: Int
  let source: String

  private static let nbs1 = "Swanson & Tatge, NBS Circular 539, vol. 1 (1953)"

  static let known = [
    ExperimentalLattice(
      formula: "Li", spaceGroup: 229, a: 3.510, atomsInCube: 2,
      source: "Nadler & Kempter, Anal. Chem. 31, 2109 (1959)"),
    ExperimentalLattice(
      formula: "Li2S", spaceGroup: 225, a: 5.708, atomsInCube: 12,
      source: "Zintl, Harder & Dauth, Z. Elektrochem. 40, 588 (1934)"),
    ExperimentalLattice(formula: "LiF", spaceGroup: 225, a: 4.027, atomsInCube: 8, source: nbs1),
    ExperimentalLattice(formula: "LiCl", spaceGroup: 225, a: 5.130, atomsInCube: 8, source: nbs1),
    ExperimentalLattice(
      formula: "NaCl", spaceGroup: 225, a: 5.640, atomsInCube: 8,
      source: "Swanson & Fuyat, NBS Circular 539, vol. 2 (1953)"),
  ]

  /// That of a crystal, if it is known.
  static func of(_ composition: Composition, spaceGroup: Int?) -> ExperimentalLattice? {
    known.first {
      $0.spaceGroup == spaceGroup
        && (try? Composition(formula: $0.formula)).map { $0.reduced == composition.reduced }
          ?? false
    }
  }

  /// The edge of the cube (Å) for a volume per atom (Å³).
  func edge(volumePerAtom: Double) -> Double {
    power(volumePerAtom * Double(atomsInCube), 1.0 / 3)
  }
}
