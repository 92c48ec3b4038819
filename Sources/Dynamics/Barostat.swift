import Atomistics

/// What holds the pressure during molecular dynamics: the one extension point for barostats.
///
/// In the middle of the drift the run strains the cell by what a barostat draws: with δ symmetric and
/// D = exp δ the rows of the lattice become M D Q, positions x D Q and velocities v D⁻¹ Q. Momenta
/// scale inversely to positions, so that the phase-space volume stays. Q is the rotation that takes
/// **a** and the plane of **a** and **b** back to their directions: the cell keeps its orientation.
///
/// A conforming type
/// 1. is a value that holds settings only; what changes from step to step lives in `variables`,
///    which the run keeps, saves and restores, and in the run's random generator;
/// 2. says with which structures it cannot work (`validate`);
/// 3. draws the strain of a step (`strain`), from the state before it alone;
/// 4. accounts for the step once the forces after it are known (`account`), so that the energy of
///    the atoms and `energy` together are conserved up to the error of the integrator;
/// 5. samples volume and shape at constant pressure and temperature, and passes the checks of
///    `Tests/DynamicsTests/BarostatTests.swift`;
/// 6. has a name that holds its settings: a saved run goes on only with the same name.
public protocol Barostat: Sendable {
  /// What a report calls it, with its settings.
  var name: String { get }
  /// Throws `DynamicsError.badStart` if the structure cannot be held at a pressure by it.
  func validate(_ structure: Structure) throws
  /// What the barostat carries from step to step, at the start.
  func initialVariables() -> [Double]
  /// The symmetric δ of a step (fs).
  func strain(
    of cell: StressedCell, for duration: Double, random: inout RandomGenerator
  ) -> Matrix3
  /// Accounts for a step whose strain was `strain`; `after` is the cell with the new forces.
  func account(
    for step: CellStep, _ variables: inout [Double])
  /// The energy in eV that has to be added to that of the atoms to get the conserved quantity.
  func energy(_ variables: [Double], volume: Double) -> Double
}

/// What a barostat may see of a run.
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | M | `lattice` | Å | rows a, b, c |
/// | P | `pressure`: (Σ m v⊗v)/V − σ | eV/Å³ | 3 × 3 |
/// | k_B T | `thermalEnergy`, of the thermostat's target | eV | |
public struct StressedCell: Sendable {
  public let lattice: Lattice
  public let pressure: Matrix3
  public let thermalEnergy: Double

  public init(lattice: Lattice, pressure: Matrix3, thermalEnergy: Double) {
    self.lattice = lattice
    self.pressure = pressure
    self.thermalEnergy = thermalEnergy
  }
}

/// A step of the cell that was done.
public struct CellStep: Sendable {
  public let before: StressedCell
  public let after: StressedCell
  /// δ, in the frame before the step.
  public let strain: Matrix3
  /// Q, from that frame into the one after the step.
  public let rotation: Matrix3
  /// fs
  public let duration: Double

  public init(
    before: StressedCell, after: StressedCell, strain: Matrix3, rotation: Matrix3,
    duration: Double
  ) {
    self.before = before
    self.after = after
    self.strain = strain
    self.rotation = rotation
    self.duration = duration
  }
}

extension Matrix3 {
  /// Σ_n A^n/n!, by scaling and squaring.
  static func exponential(of matrix: Matrix3) -> Matrix3 {
    var halvings = 0
    var small = matrix
    while small.frobeniusNorm > 0.25, halvings < 60 {
      small = 0.5 * small
      halvings += 1
    }
    var term = Matrix3.identity
    var sum = Matrix3.identity
    for n in 1...14 {
      term = (1 / Double(n)) * (term * small)
      sum = sum + term
    }
    for _ in 0..<halvings { sum = sum * sum }
    return sum
  }

  /// Orthonormal rows along **a**, in the plane of **a** and **b**, and along its normal **a** × **b**.
  var orientation: Matrix3 {
    let normal = self[0].cross(self[1]).normalized
    let first = self[0].normalized
    return Matrix3(first, normal.cross(first), normal)
  }
}
