import Atomistics
import Potentials

/// What a run measures at one instant.
///
///     T   = 2 K/(N_f k_B)
///     T_R = 2 K_R/(f_R k_B),  f_R = 3 N_R − (3N − N_f) M_R/M
///     p   = (2 K/3 − V tr σ/3)/V
///
/// The degrees of freedom that the fixed centre of mass takes are shared by mass, which is exact in
/// equilibrium.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | - | `time` since the run's start | fs |
/// | T | `temperature` | K |
/// | T_R | `metalTemperature`, `electrolyteTemperature`; nil without such atoms | K |
/// | E | `potentialEnergy` | eV |
/// | K | `kineticEnergy` | eV |
/// | - | `conservedEnergy`: E + K and the thermostat's | eV |
/// | p | `pressure` | eV/Å³ |
public struct Observables: Sendable, Hashable, Codable {
  public let step: Int
  public let time: Double
  public let temperature: Double
  public let metalTemperature: Double?
  public let electrolyteTemperature: Double?
  public let potentialEnergy: Double
  public let kineticEnergy: Double
  public let conservedEnergy: Double
  public let pressure: Double
}

extension MolecularDynamics {
  public var observables: Observables {
    let kinetic = motion.kineticEnergy
    let potential = evaluation.energy
    let bath = thermostat.energy(motion.variables, degreesOfFreedom: motion.degreesOfFreedom)
    return Observables(
      step: stepCount, time: Double(stepCount) * timestep, temperature: motion.temperature,
      metalTemperature: temperature(of: .metal),
      electrolyteTemperature: temperature(of: .electrolyte),
      potentialEnergy: potential, kineticEnergy: kinetic,
      conservedEnergy: potential + kinetic + bath,
      pressure: 2 * kinetic / (3 * structure.volume) + evaluation.pressure)
  }

  /// The temperature of the atoms of one region in K, if there are any.
  public func temperature(of region: Region) -> Double? {
    guard let regions = structure.regions else { return nil }
    let members = regions.indices.filter { regions[$0] == region }
    guard !members.isEmpty else { return nil }
    let missing = Double(3 * motion.masses.count - motion.degreesOfFreedom)
    let mass = members.reduce(0) { $0 + motion.masses[$1] }
    let share = missing * mass / motion.masses.reduce(0, +)
    let twiceKinetic = members.reduce(0) {
      $0 + motion.masses[$1] * motion.velocities[$1].lengthSquared
    }
    let freedom = Double(3 * members.count) - share
    return Units.massVelocitySquared * twiceKinetic / (freedom * Units.boltzmann)
  }
}
