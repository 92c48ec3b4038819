import Atomistics
import CKernels

/// `SinglePrecisionNEP` at work on one set of atoms.
struct NEPEvaluator: Evaluator {
  private let calculator: SinglePrecisionNEP
  private let margins: ListMargins
  private let species: [Element]
  private let periodic: [Bool]
  private var workspace: NEPWorkspace
  private(set) var listOrigin: ListOrigin

  init(_ calculator: SinglePrecisionNEP, _ structure: Structure, skin: Double) {
    self.calculator = calculator
    margins = ListMargins(structure.species, skin: skin)
    species = structure.species
    periodic = structure.periodic
    listOrigin = ListOrigin(structure)
    workspace = NEPWorkspace(calculator, structure, margins)
    workspace.build(structure)
  }

  mutating func evaluate(_ structure: Structure) -> Evaluation {
    precondition(
      structure.species == species && structure.periodic == periodic,
      "an evaluator stays with its atoms")
    // A copy of this value must not see what the other one does.
    let isShared = !isKnownUniquelyReferenced(&workspace)
    if isShared { workspace = NEPWorkspace(calculator, structure, margins) }
    let holds = listOrigin.holds(for: structure, cutoff: calculator.cutoff) { margins[$0] }
    if !holds {
      guard structure.positions.allSatisfy({ $0.isFinite }) else {
        return .notANumber(structure.count)
      }
      listOrigin = ListOrigin(structure)
      workspace.build(structure)
    } else if isShared {
      workspace.build(structure, origin: listOrigin)
    }
    return workspace.evaluate(structure)
  }
}

extension Evaluation {
  /// What comes of positions that are not finite numbers.
  fileprivate static func notANumber(_ count: Int) -> Evaluation {
    let row = Vector3(repeating: .nan)
    return Evaluation(
      energies: Array(repeating: .nan, count: count), forces: Array(repeating: row, count: count),
      stress: Matrix3(row, row, row))
  }
}
