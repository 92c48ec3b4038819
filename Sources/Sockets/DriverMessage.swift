import Atomistics
import Potentials

/// A message of the i-PI protocol, in eV and Å; `DriverChannel` turns it into bytes and back.
public enum DriverMessage: Sendable, Equatable {
  case status
  case needInit
  case ready
  case haveData
  case initialize(replica: Int, text: [UInt8])
  case positions(DriverGeometry)
  case getForces
  case forces(DriverForces)
  case exit

  var header: DriverHeader {
    switch self {
    case .status: .status
    case .needInit: .needInit
    case .ready: .ready
    case .haveData: .haveData
    case .initialize: .initialize
    case .positions: .positions
    case .getForces: .getForces
    case .forces: .forces
    case .exit: .exit
    }
  }
}

/// Where the atoms are: what `POSDATA` carries.
///
/// | symbol | name | unit | on the wire |
/// |---|---|---|---|
/// | M, rows a, b, c | `cell` | Å | Mᵀ in Bohr, row by row: a_x b_x c_x a_y ... |
/// | | | | then the inverse, which nobody should read |
/// | r | `positions` | Å, Cartesian | Bohr |
///
/// i-PI sends the inverse of Mᵀ, row by row; ASE sends that of M. Both can be had from the cell, so
/// the inverse is written as i-PI does and passed over when it is read. The cell is a matrix and no
/// `Lattice`, because servers send zeros along directions that do not repeat.
public struct DriverGeometry: Sendable, Equatable {
  public let cell: Matrix3
  public let positions: [Vector3]

  public init(cell: Matrix3, positions: [Vector3]) {
    self.cell = cell
    self.positions = positions
  }
}

/// What an evaluation gave: what `FORCEREADY` carries.
///
/// | symbol | name | unit | on the wire |
/// |---|---|---|---|
/// | E | `energy` | eV | hartree |
/// | F | `forces` | eV/Å | hartree/Bohr |
/// | W = −V σ = −dE/dε | `virial` | eV | hartree, transposed |
/// | | `extra` | | any text; i-PI understands JSON |
///
/// The virial is positive where the atoms push outwards: the pressure without motion is tr W / 3V.
public struct DriverForces: Sendable, Equatable {
  public let energy: Double
  public let forces: [Vector3]
  public let virial: Matrix3
  public let extra: [UInt8]

  public init(energy: Double, forces: [Vector3], virial: Matrix3, extra: [UInt8] = []) {
    self.energy = energy
    self.forces = forces
    self.virial = virial
    self.extra = extra
  }

  /// The forces of an evaluation in a cell of that volume (Å³).
  public init(_ evaluation: Evaluation, volume: Double) {
    self.init(
      energy: evaluation.energy, forces: evaluation.forces,
      virial: (-volume) * evaluation.stress)
  }

  /// σ = −W / V in eV/Å³, positive when stretched.
  public func stress(volume: Double) -> Matrix3 { (-1 / volume) * virial }

  /// What is not a finite number: "an energy", "a force on atom 3", "a virial".
  public var notFinite: String? {
    if !energy.isFinite { return "an energy" }
    if let atom = forces.firstIndex(where: { !$0.isFinite }) {
      return "a force on atom \(atom + 1)"
    }
    let (x, y, z) = virial.rows
    return x.isFinite && y.isFinite && z.isFinite ? nil : "a virial"
  }
}
