import Atomistics

/// A calculator at work on one set of atoms that moves: it keeps its neighbour list and its memory
/// from one evaluation to the next.
///
/// A conforming type
/// 1. is a value: a copy goes on by itself;
/// 2. gives the same bits for the same structure and the same `listOrigin`, whatever went before,
///    so that a run restored from a checkpoint goes on as if it had not stopped; one of an external
///    calculator throws when there is no answer, and gives what the other program gives;
/// 3. takes structures that differ from the first in positions and lattice only.
public protocol Evaluator: Sendable {
  /// What the neighbour list was built for.
  var listOrigin: ListOrigin { get }
  /// Energy, forces and stress of the atoms at these positions in this lattice.
  mutating func evaluate(_ structure: Structure) throws -> Evaluation
}

/// The evaluator of a calculator that takes a plain neighbour list.
struct ListEvaluator: Evaluator {
  let calculator: any ShortRangeCalculator
  private var list: VerletList

  init(_ calculator: any ShortRangeCalculator, _ structure: Structure, skin: Double) {
    self.calculator = calculator
    list = VerletList(structure, cutoff: calculator.cutoff, skin: skin)
  }

  var listOrigin: ListOrigin { list.origin }

  mutating func evaluate(_ structure: Structure) -> Evaluation {
    list.update(for: structure)
    return calculator.evaluate(structure, neighbors: list.neighbors)
  }
}
