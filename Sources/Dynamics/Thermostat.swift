import Atomistics

/// What holds the temperature during molecular dynamics: the one extension point for thermostats.
///
/// A conforming type
/// 1. is a value that holds settings only; what changes from step to step lives in `variables`,
///    which the run keeps, saves and restores, and in the run's random generator;
/// 2. acts by changing velocities alone, for a given duration, at fixed positions;
/// 3. says where in the step it acts (`placement`), whether total momentum survives it
///    (`conservesMomentum`), and what it adds to the conserved energy (`energy`);
/// 4. can be told another temperature (`holding`), for targets that change with time;
/// 5. samples the canonical distribution, and passes the checks of
///    `Tests/DynamicsTests/ThermostatChecks.swift` and `CanonicalTests.swift`: the distributions of
///    the kinetic energy and of the energy of harmonic oscillators;
/// 6. has a name that holds its settings: a saved run goes on only with the same name.
public protocol Thermostat: Sendable {
  /// What a report calls it, with its settings, e.g. "Nose-Hoover chain (300 K, 100 fs, 3 links)".
  var name: String { get }
  /// The temperature in K that it holds, if it holds one.
  var temperature: Double? { get }
  var placement: ThermostatPlacement { get }
  /// Whether a total momentum of zero stays zero, so that 3N − 3 degrees of freedom are left.
  var conservesMomentum: Bool { get }
  /// The same thermostat with another target (K), for the same variables.
  func holding(_ temperature: Double) -> Self
  /// What the thermostat carries from step to step, at the start.
  func initialVariables() -> [Double]
  /// The energy in eV that has to be added to that of the atoms to get the conserved quantity.
  func energy(_ variables: [Double], degreesOfFreedom: Int) -> Double
  /// Acts on the velocities (Å/fs) for a duration (fs).
  func act(on atoms: inout ThermalMotion, for duration: Double)
}

/// Where in the velocity Verlet step a thermostat acts.
public enum ThermostatPlacement: Sendable {
  /// Half a time step before the first kick and half a time step after the last.
  case outside
  /// A whole time step between two half drifts.
  case middle
}

/// What a thermostat may see and change.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | m | `masses` | u |
/// | v | `velocities` | Å/fs |
/// | N_f | `degreesOfFreedom` | - |
public struct ThermalMotion: Sendable {
  public let masses: [Double]
  public internal(set) var degreesOfFreedom: Int
  public var velocities: [Vector3]
  public var variables: [Double]
  public var random: RandomGenerator

  public init(
    masses: [Double], degreesOfFreedom: Int, velocities: [Vector3], variables: [Double] = [],
    random: RandomGenerator
  ) {
    precondition(masses.count == velocities.count, "one velocity per atom")
    self.masses = masses
    self.degreesOfFreedom = degreesOfFreedom
    self.velocities = velocities
    self.variables = variables
    self.random = random
  }

  /// The kinetic energy Σ m v²/2 in eV.
  public var kineticEnergy: Double {
    var sum = 0.0
    for k in masses.indices { sum += masses[k] * velocities[k].lengthSquared }
    return 0.5 * Units.massVelocitySquared * sum
  }

  /// The temperature 2 K/(N_f k_B) in K.
  public var temperature: Double {
    2 * kineticEnergy / (Double(degreesOfFreedom) * Units.boltzmann)
  }

  /// The total momentum Σ m v in u Å/fs.
  public var momentum: Vector3 {
    var sum = Vector3.zero
    for k in masses.indices { sum += masses[k] * velocities[k] }
    return sum
  }

  /// Takes off the velocity of the centre of mass.
  public mutating func removeMomentum() {
    let drift = momentum / masses.reduce(0, +)
    for k in velocities.indices { velocities[k] -= drift }
  }
}

/// No thermostat: constant energy (NVE).
public struct NoThermostat: Thermostat {
  public init() {}
  public var name: String { "none" }
  public var temperature: Double? { nil }
  public var placement: ThermostatPlacement { .outside }
  public var conservesMomentum: Bool { true }
  public func holding(_ temperature: Double) -> NoThermostat { self }
  public func initialVariables() -> [Double] { [] }
  public func energy(_ variables: [Double], degreesOfFreedom: Int) -> Double { 0 }
  public func act(on atoms: inout ThermalMotion, for duration: Double) {}
}
