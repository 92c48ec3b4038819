import Analysis
import Atomistics

let phosphorus = Element("P")!
let sulfur = Element("S")!
let lithium = Element("Li")!
let chlorine = Element("Cl")!

func orthorhombic(_ a: Double, _ b: Double, _ c: Double) -> Lattice {
  Lattice(Vector3(a, 0, 0), Vector3(0, b, 0), Vector3(0, 0, c))
}

extension TrajectoryAnalysis {
  /// The result of a whole trajectory.
  func analyzing(_ frames: [Frame]) throws -> Result {
    var analysis = self
    for frame in frames { try analysis.consume(frame) }
    return try analysis.result()
  }
}

extension Frame {
  func moved(by vector: Vector3) -> Frame {
    var copy = self
    copy.structure.positions = structure.positions.map { $0 + vector }
    return copy
  }

  func wrapped() -> Frame {
    var copy = self
    copy.structure = structure.wrapped()
    return copy
  }
}

/// P atoms along x, each with one S at the given distances (Å) along y, a frame every `step` fs.
func stretched(
  _ distances: [[Double]], step: Double = 100, layers: [Int]? = nil, start: Double = 0
) -> [Frame] {
  let bonds = distances[0].count
  let lattice = orthorhombic(12 * Double(bonds), 30, 30)
  return distances.enumerated().map { index, row in
    let centers = (0..<bonds).map { Vector3(12 * Double($0) + 1, 1, 1) }
    let ligands = (0..<bonds).map { centers[$0] + Vector3(0, row[$0], 0) }
    return Frame(
      structure: Structure(
        lattice: lattice,
        species: Array(repeating: phosphorus, count: bonds)
          + Array(repeating: sulfur, count: bonds),
        positions: centers + ligands, layers: layers.map { $0 + $0 }),
      time: start + step * Double(index))
  }
}

/// The error that a closure throws, as the analyses' own.
func analysisError(_ body: () throws -> Void) -> AnalysisError? {
  do {
    try body()
    return nil
  } catch {
    return error as? AnalysisError
  }
}
