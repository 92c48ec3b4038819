import Atomistics
import FileFormats
import Potentials
import Sockets

/// Where the atoms are in the frame that a client wants.
struct ClientFrame {
  let geometry: DriverGeometry
  /// From our frame to the client's; nil where they are one.
  private let turned: LAMMPSCell?

  init(_ structure: Structure, triangular: Bool) {
    let cell = triangular ? LAMMPSCell(structure.lattice) : nil
    turned = cell
    geometry = DriverGeometry(
      cell: (cell?.lattice ?? structure.lattice).matrix,
      positions: cell == nil
        ? structure.positions : Self.wrapped(structure).map { cell!.position($0) })
  }

  /// Positions inside the cell along the directions that repeat: LAMMPS loses what is far outside.
  private static func wrapped(_ structure: Structure) -> [Vector3] {
    structure.positions.map { position in
      var inside = structure.lattice.fractional(position)
      for k in 0..<3 where structure.periodic[k] { inside[k] -= inside[k].rounded(.down) }
      return structure.lattice.cartesian(inside)
    }
  }

  func forces(_ theirs: [Vector3]) -> [Vector3] {
    guard let turned else { return theirs }
    return theirs.map { turned.original(vector: $0) }
  }

  /// R σ Rᵀ, since vectors multiply R from the left.
  func stress(_ theirs: Matrix3) -> Matrix3 {
    let whole = theirs.filledFromOneTriangle
    guard let turned else { return whole }
    return turned.rotation * whole * turned.rotation.transpose
  }
}

extension Matrix3 {
  /// A symmetric matrix of which one triangle is exactly zero, whole: LAMMPS (7 Jan 2022) sends
  /// its virial so.
  fileprivate var filledFromOneTriangle: Matrix3 {
    let upper = [self[0, 1], self[0, 2], self[1, 2]]
    let lower = [self[1, 0], self[2, 0], self[2, 1]]
    guard upper.allSatisfy({ $0 == 0 }) != lower.allSatisfy({ $0 == 0 }) else { return self }
    let off = self + transpose
    return Matrix3(
      Vector3(self[0, 0], off[0, 1], off[0, 2]), Vector3(off[1, 0], self[1, 1], off[1, 2]),
      Vector3(off[2, 0], off[2, 1], self[2, 2]))
  }
}

/// What a client answered, in our frame and units.
struct ClientAnswer {
  let evaluation: Evaluation
  /// Whether the stress is one, and not the zeros of a client that computes none.
  let hasStress: Bool
  let versions: [String: String]

  /// - Throws: `EnginesError.calculationFailed` where the client says so, or gave no number.
  init(
    _ found: DriverForces, of structure: Structure, in frame: ClientFrame, from client: String
  ) throws {
    let report = ClientReport.reading(found.extra)
    if let reason = report.error {
      throw EnginesError.calculationFailed(client: client, reason: reason)
    }
    if let what = found.notFinite {
      throw EnginesError.calculationFailed(
        client: client, reason: "it gave \(what) that is not a finite number")
    }
    let energies = report.energies.flatMap { $0.count == structure.count ? $0 : nil }
    evaluation = Evaluation(
      energy: found.energy, energies: energies, forces: frame.forces(found.forces),
      stress: frame.stress(found.stress(volume: structure.volume)))
    // Exactly zero is no stress of atoms that have forces.
    hasStress = report.stress ?? (found.virial != .zero || structure.count == 1)
    versions = report.versions ?? [:]
  }
}
