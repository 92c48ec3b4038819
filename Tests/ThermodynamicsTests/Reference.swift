import Atomistics
import Foundation
import Testing
import Thermodynamics

/// One electrolyte of the reference tables.
struct Reference: Decodable {
  struct Step: Decodable {
    let V_from: Double
    let V_to: Double?
    let li_uptake: Double
    let products: [String: Double]
  }
  struct DecompositionEnergy: Decodable {
    let eV_per_atom_SSE: Double
    let eV_per_atom_total: Double
    let eV_per_fu: Double
  }

  let lix: String
  let excess_eV_per_atom_paper: Double
  let formation_energy_eV_per_atom: Double
  let e_above_hull_elements: Double
  let decomposition: [String: Double]
  let window_elements: [Double]?
  let window_cluster: [Double]?
  let steps_elements: [Step]
  let steps_cluster: [Step]
  let stable_elements: [String]
  let stable_compound: [String]
  let decomp_energy_elements: [String: DecompositionEnergy]
  let paper_reaction_8Li_eV_per_atom: Double
  let cluster_basis_phases: [String]

  static let schemes = CorrectionScheme.allCases
  static let electrolytes = ["Li6PS5Cl", "Li6PS5BH4", "Li6PS5BF4", "Li6PS5CN"]

  static func load(_ scheme: CorrectionScheme) throws -> [String: Reference] {
    let url = try #require(
      Bundle.module.url(
        forResource: "li-uptake-\(scheme.rawValue)", withExtension: "json",
        subdirectory: "Fixtures"))
    return try JSONDecoder().decode([String: Reference].self, from: Data(contentsOf: url))
  }

  /// The table that the project carries, on one scheme.
  static func table(_ scheme: CorrectionScheme) throws -> EntryTable {
    try EntryTable(csv: phases(), name: "phases.csv", scheme: scheme)
  }

  static func phases() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "Data/phases.csv"), encoding: .utf8)
  }

  func stability(
    of formula: String, in table: EntryTable, intact: Bool
  ) throws -> ElectrolyteStability {
    try ElectrolyteStability(
      of: formula, in: table, workingIon: Element("Li")!, intact: intact ? [lix] : [],
      energy: .excess(excess_eV_per_atom_paper, over: "Li3PS4 + Li2S + \(lix)"))
  }
}

/// What pymatgen gives without rounding; see `Fixtures/generate_pymatgen.py`.
struct ExactReference: Decodable {
  let hullDistance: Double
  let from_V: [Double]
  let uptake: [Double]
  let decompositionEnergy_eV_per_formula: [String: Double]

  static func load() throws -> [String: ExactReference] {
    let url = try #require(
      Bundle.module.url(
        forResource: "pymatgen", withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode([String: ExactReference].self, from: Data(contentsOf: url))
  }
}

/// A formula as a key that does not depend on brackets, order or the size of the unit, with the
/// number of atoms that one unit of it stands for: Li(BH)6 and LiB6H6 agree.
struct PhaseKey: Hashable {
  let text: String

  init(_ composition: Composition) {
    let reduced = Composition(
      composition.elements.sorted().map { ($0, composition[$0]) }
    ).reduced
    text = reduced.formula
  }
}

/// Atoms of each phase, which do not depend on how a formula unit is chosen.
func atoms(_ amounts: [String: Double]) throws -> [PhaseKey: Double] {
  var result: [PhaseKey: Double] = [:]
  for (formula, amount) in amounts {
    let composition = try Composition(formula: formula)
    result[PhaseKey(composition), default: 0] += amount * composition.atomCount
  }
  return result
}

func atoms(_ phases: [PhaseAmount]) -> [PhaseKey: Double] {
  var result: [PhaseKey: Double] = [:]
  for phase in phases {
    result[PhaseKey(phase.entry.composition), default: 0] += phase.amount * phase.entry.atomCount
  }
  return result
}

/// Expects the same phases in the same amounts; the reference is rounded to 1e-4 formula units.
func expectSame(
  _ phases: [PhaseAmount], _ reference: [String: Double], _ comment: Comment,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let (ours, theirs) = (atoms(phases), try atoms(reference))
  #expect(
    Set(ours.keys.map(\.text)) == Set(theirs.keys.map(\.text)), comment,
    sourceLocation: sourceLocation)
  for (formula, amount) in reference {
    let composition = try Composition(formula: formula)
    let found = (ours[PhaseKey(composition)] ?? 0) / composition.atomCount
    #expect(abs(found - amount) < 1e-3, comment, sourceLocation: sourceLocation)
  }
}
