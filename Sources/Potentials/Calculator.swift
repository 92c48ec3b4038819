import Atomistics

/// Anything that gives energy, forces and stress of a structure: the one extension point for
/// potentials. One whose atoms see no further than a cut-off conforms to `ShortRangeCalculator`.
///
/// A conforming type
/// 1. is safe to use from several threads at once;
/// 2. says up front which elements it knows (`validate`), so that a study fails before it runs;
/// 3. gives the same bits for the same input, whatever the thread count, unless `isExternal`;
/// 4. passes the checks of `Tests/PotentialsTests/CalculatorChecks.swift`: forces and stress equal
///    finite differences of the energy, invariance under rotation, translation and permutation.
public protocol Calculator: Sendable {
  /// What a report calls it, e.g. "NEP89 (nep4_zbl, 89 species)".
  var name: String { get }
  /// The longest range in Å over which two atoms see each other; nil where there is none or it is
  /// not known.
  var range: Double? { get }
  /// Whether another program does the work: it may fail at any step, and its bits are its own.
  var isExternal: Bool { get }
  /// Throws `PotentialsError.unsupportedElement` if one of the elements is not known.
  func validate(_ species: some Sequence<Element>) throws
  /// Checks the structure and evaluates it.
  ///
  /// - Throws: `AtomisticsError.badStructure`, `PotentialsError.unsupportedElement`, and whatever
  ///   keeps an external program from an answer.
  func evaluate(_ structure: Structure) throws -> Evaluation
  /// The skin (Å) that suits its neighbour lists: cheap lists want a thin one.
  var skin: Double { get }
  /// What evaluates this set of atoms again and again as it moves; its first neighbour list is
  /// built for `structure`, which has passed `validate`, with a skin in Å.
  func evaluator(for structure: Structure, skin: Double) -> any Evaluator
}

extension Calculator {
  public var skin: Double { 1 }
  public var isExternal: Bool { false }
}

/// A calculator whose atoms see no further than `cutoff`, so that it works from a neighbour list.
///
/// It takes a list whose cut-off is at least its own and passes over the pairs beyond, so that a
/// list with a skin can be used again while atoms move.
public protocol ShortRangeCalculator: Calculator {
  /// The longest range in Å over which two atoms see each other.
  var cutoff: Double { get }
  /// Energy, forces and stress; `structure` has passed `validate`, and `neighbors` was built for
  /// it, or for positions from which no atom has moved by more than half the skin.
  func evaluate(_ structure: Structure, neighbors: NeighborList) -> Evaluation
}

extension ShortRangeCalculator {
  public var range: Double? { cutoff }

  public func evaluator(for structure: Structure, skin: Double) -> any Evaluator {
    ListEvaluator(self, structure, skin: skin)
  }

  /// Checks the structure, builds the neighbour list and evaluates.
  ///
  /// - Throws: `AtomisticsError.badStructure`, `PotentialsError.unsupportedElement`.
  public func evaluate(_ structure: Structure) throws -> Evaluation {
    try structure.validate(minimumDistance: 0.2)
    try validate(Set(structure.species))
    return evaluate(structure, neighbors: NeighborList(structure, cutoff: cutoff))
  }
}

/// What a calculator found.
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | E | `energy` | eV | the cell |
/// | E_i | `energies` | eV | per atom, sums to E; nil where the energy has no such parts |
/// | F | `forces` | eV/Å | per atom |
/// | γ | `grades` | - | per atom, with an `ActiveSet` |
/// | σ | `stress` | eV/Å³ | 3 × 3, (1/V) dE/dε, positive when stretched, as in ASE |
public struct Evaluation: Sendable {
  public let energy: Double
  public let energies: [Double]?
  public let forces: [Vector3]
  public let stress: Matrix3

  /// The extrapolation grade of each atom; nil if the potential has no active set.
  public let grades: [Double]?

  public init(
    energies: [Double], forces: [Vector3], stress: Matrix3, grades: [Double]? = nil
  ) {
    self.init(
      energy: energies.reduce(0, +), energies: energies, forces: forces, stress: stress,
      grades: grades)
  }

  /// What a calculator found that may know no energies of single atoms.
  public init(
    energy: Double, energies: [Double]? = nil, forces: [Vector3], stress: Matrix3,
    grades: [Double]? = nil
  ) {
    self.energy = energy
    self.energies = energies
    self.forces = forces
    self.stress = stress
    self.grades = grades
  }

  /// The same with extrapolation grades.
  func graded(_ grades: [Double]) -> Evaluation {
    Evaluation(
      energy: energy, energies: energies, forces: forces, stress: stress, grades: grades)
  }

  /// The stress in Voigt's order xx, yy, zz, yz, xz, xy (eV/Å³).
  public var voigtStress: [Double] {
    [stress[0].x, stress[1].y, stress[2].z, stress[1].z, stress[0].z, stress[0].y]
  }
  /// The hydrostatic pressure −tr σ / 3 in eV/Å³.
  public var pressure: Double { -(stress[0].x + stress[1].y + stress[2].z) / 3 }
}
