import Atomistics
import Potentials

/// A structure seen as coordinates to minimise over: atoms in the frame of the starting cell, and
/// the rows of the deformation, scaled (see `Relaxation`).
struct DeformedCell {
  /// x of every atom, then three rows of the scaled deformation if the cell may move.
  var coordinates: [Vector3]
  private let start: Structure
  private let freedom: CellFreedom
  private let frozen: [Bool]
  private let scale: Double
  /// Projects onto the directions along which the structure repeats.
  private let projector: Matrix3

  init(_ structure: Structure, freedom: CellFreedom, frozen regions: Set<Region>) {
    start = structure
    self.freedom = freedom
    frozen =
      structure.regions.map { $0.map(regions.contains) }
      ?? Array(repeating: false, count: structure.count)
    let n = Double(structure.count)
    scale = (n).squareRoot() * cubeRoot(structure.volume / n)
    projector = Self.projector(structure)
    coordinates = structure.positions
    if freedom == .flexible {
      for k in 0..<3 { coordinates.append(scale * Matrix3.identity[k]) }
    }
  }

  var deformation: Matrix3 {
    guard freedom == .flexible else { return .identity }
    let n = start.count
    return (1 / scale) * Matrix3(coordinates[n], coordinates[n + 1], coordinates[n + 2])
  }

  var volumeRatio: Double { deformation.determinant }

  /// The structure at these coordinates.
  var structure: Structure {
    var result = start
    result.velocities = nil
    guard freedom == .flexible else {
      result.positions = coordinates
      return result
    }
    let deformation = deformation
    result.lattice = Lattice(start.lattice.matrix * deformation)
    result.positions = coordinates.prefix(start.count).map { $0 * deformation }
    return result
  }

  /// Minus the gradient of the enthalpy along the coordinates.
  func forces(_ evaluation: Evaluation, pressure: Double) -> [Vector3] {
    var forces = free(evaluation.forces)
    guard freedom == .flexible else { return forces }
    let deformation = deformation
    let transpose = deformation.transpose
    for k in forces.indices { forces[k] = forces[k] * transpose }
    let volume = start.volume * deformation.determinant
    let pull = (-volume / scale) * (transpose.inverse * excess(evaluation, pressure))
    for k in 0..<3 { forces.append(pull[k]) }
    return forces
  }

  func largestForce(_ evaluation: Evaluation) -> Double {
    // NaN must not hide behind max.
    free(evaluation.forces).reduce(0) { $1.isFinite ? max($0, $1.length) : .nan }
  }

  func largestStress(_ evaluation: Evaluation, pressure: Double) -> Double {
    let excess = excess(evaluation, pressure)
    var largest = 0.0
    for row in 0..<3 {
      guard excess[row].isFinite else { return .nan }
      for column in 0..<3 { largest = max(largest, abs(excess[row][column])) }
    }
    return largest
  }

  private func free(_ forces: [Vector3]) -> [Vector3] {
    zip(forces, frozen).map { $1 ? .zero : $0 }
  }

  /// σ + p 1 along the periodic directions.
  private func excess(_ evaluation: Evaluation, _ pressure: Double) -> Matrix3 {
    projector * (evaluation.stress + pressure * Matrix3.identity) * projector
  }

  /// Σ tᵀt over orthonormal directions t that span the periodic lattice vectors.
  private static func projector(_ structure: Structure) -> Matrix3 {
    var directions: [Vector3] = []
    for k in 0..<3 where structure.periodic[k] {
      var t = structure.lattice.matrix[k]
      for known in directions { t -= t.dot(known) * known }
      directions.append(t.normalized)
    }
    return directions.reduce(.zero) { $0 + Matrix3.outer($1, $1) }
  }
}

private func cubeRoot(_ x: Double) -> Double { exponential(naturalLogarithm(x) / 3) }
