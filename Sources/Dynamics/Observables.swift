import Atomistics
import Potentials

/// What a run measures at one instant.
///
///     T   = 2 K/(N_f k_B)
///     T_R = 2 K_R/(f_R k_B),  f_R = 3 N_R − (3N − N_f) M_R/M
///     p   = (2 K/3 − V tr σ/3)/V
///     S   = σ − (Σ m v⊗v)/V
///
/// N and M count the atoms that are not frozen. The degrees of freedom that the fixed centre of mass
/// takes are shared by mass, which is exact in equilibrium.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | - | `time` since the run's start | fs |
/// | T | `temperature` | K |
/// | - | `targetTemperature` of the main thermostat; nil at constant energy | K |
/// | T_R | `metalTemperature`, `electrolyteTemperature`; nil without such atoms that move | K |
/// | E | `potentialEnergy` | eV |
/// | K | `kineticEnergy` | eV |
/// | - | `conservedEnergy`: E + K, the thermostats' and the barostat's | eV |
/// | p | `pressure` | eV/Å³ |
/// | S | `stress`, with the atoms' motion, positive when stretched | eV/Å³ |
/// | V | `volume` | Å³ |
/// | - | `groupTemperatures`, of each thermostatted region in the order given | K |
public struct Observables: Sendable, Hashable, Codable {
  public let step: Int
  public let time: Double
  public let temperature: Double
  public let targetTemperature: Double?
  public let metalTemperature: Double?
  public let electrolyteTemperature: Double?
  public let potentialEnergy: Double
  public let kineticEnergy: Double
  public let conservedEnergy: Double
  public let pressure: Double
  public let stress: Matrix3
  public let volume: Double
  public let groupTemperatures: [Double]
}

extension MolecularDynamics {
  public var observables: Observables {
    let kinetic = motion.kineticEnergy
    let potential = evaluation.energy
    let volume = frame.volume
    let cell = ensemble.barostat?.energy(barostatVariables, volume: volume) ?? 0
    return Observables(
      step: stepCount, time: Double(stepCount) * timestep, temperature: motion.temperature,
      targetTemperature: targetTemperature, metalTemperature: temperature(of: .metal),
      electrolyteTemperature: temperature(of: .electrolyte),
      potentialEnergy: potential, kineticEnergy: kinetic,
      conservedEnergy: potential + kinetic + bathEnergy + programWork + cell,
      pressure: 2 * kinetic / (3 * volume) + evaluation.pressure,
      stress: -1.0 * pressureTensor, volume: volume,
      groupTemperatures: groups.filter { !$0.name.isEmpty }.compactMap {
        temperature(of: $0.atoms ?? Array(0..<frame.count))
      })
  }

  /// The temperature of the atoms of one region in K, if any of them move.
  public func temperature(of region: Region) -> Double? {
    guard let regions = frame.regions else { return nil }
    return temperature(of: regions.indices.filter { regions[$0] == region })
  }

  /// The temperature of some atoms in K, if any of them move.
  public func temperature(of atoms: [Int]) -> Double? {
    let members = atoms.filter { !isFrozen[$0] }
    guard !members.isEmpty else { return nil }
    var (mobile, mass) = (0, 0.0)
    for k in isFrozen.indices where !isFrozen[k] {
      mobile += 1
      mass += motion.masses[k]
    }
    let missing = Double(3 * mobile - motion.degreesOfFreedom)
    let share = missing * members.reduce(0) { $0 + motion.masses[$1] } / mass
    let twiceKinetic = members.reduce(0) {
      $0 + motion.masses[$1] * motion.velocities[$1].lengthSquared
    }
    let freedom = Double(3 * members.count) - share
    return Units.massVelocitySquared * twiceKinetic / (freedom * Units.boltzmann)
  }
}
