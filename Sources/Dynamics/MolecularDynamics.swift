import Atomistics
import Potentials

/// Atoms that move by Newton's law under a calculator, step by step, held at a temperature by a
/// thermostat.
///
/// A value: copying it forks the trajectory. `state` is everything the next step depends on; a run
/// restored from it goes on with the same bits. Positions are not wrapped into the cell.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | Δt | `timestep` | fs |
/// | N_f | `motion.degreesOfFreedom` | - |
public struct MolecularDynamics: Sendable {
  public let calculator: any Calculator
  public let thermostat: any Thermostat
  public let timestep: Double
  /// How many steps were done since the start.
  public private(set) var stepCount: Int
  /// Velocities, the thermostat's variables and the random state.
  public private(set) var motion: ThermalMotion
  /// Energies, forces and stress at the present positions.
  public private(set) var evaluation: Evaluation
  public var limits = BlowUpLimits()
  private var frame: Structure
  private var evaluator: any Evaluator
  private let skin: Double

  /// Starts a run; velocities come from the structure, or are drawn at `temperature`.
  ///
  /// Total momentum is taken off at the start where the thermostat conserves it, which leaves
  /// 3N − 3 degrees of freedom. In an outer field, which does not conserve it, `netMomentum` is
  /// `.kept` and there are 3N.
  ///
  /// - Throws: `AtomisticsError.badStructure`, `PotentialsError.unsupportedElement`,
  ///   `DynamicsError.badStart`.
  public init(
    _ structure: Structure, calculator: any Calculator, thermostat: any Thermostat,
    timestep: Double, temperature: Double? = nil, random: RandomGenerator,
    netMomentum: NetMomentum = .removed, skin: Double = 1
  ) throws {
    guard timestep > 0, timestep.isFinite else {
      throw DynamicsError.badStart("the time step \(timestep) fs is not above zero")
    }
    try structure.validate(minimumDistance: 0.2)
    try calculator.validate(Set(structure.species))
    let removes = netMomentum == .removed && thermostat.conservesMomentum
    let freedom = 3 * structure.count - (removes ? 3 : 0)
    guard freedom > 0 else {
      throw DynamicsError.badStart(
        "one atom alone has no temperature once total momentum is taken off; give at least two")
    }
    var random = random
    let velocities = try Self.startingVelocities(
      structure, temperature ?? thermostat.temperature, &random)
    motion = ThermalMotion(
      masses: structure.masses, degreesOfFreedom: freedom, velocities: velocities,
      variables: thermostat.initialVariables(), random: random)
    if removes { motion.removeMomentum() }
    self.calculator = calculator
    self.thermostat = thermostat
    self.timestep = timestep
    stepCount = 0
    frame = structure
    frame.velocities = nil
    self.skin = skin
    evaluator = calculator.evaluator(for: frame, skin: skin)
    evaluation = evaluator.evaluate(frame)
  }

  /// Goes on from a saved state; the next steps have the bits that they would have had.
  ///
  /// - Throws: `DynamicsError.badState` if calculator or thermostat are others than the state's.
  public init(
    restoring state: DynamicsState, calculator: any Calculator, thermostat: any Thermostat
  ) throws {
    try state.check(calculator: calculator, thermostat: thermostat)
    try calculator.validate(Set(state.structure.species))
    self.calculator = calculator
    self.thermostat = thermostat
    timestep = state.timestep
    stepCount = state.step
    motion = ThermalMotion(
      masses: state.structure.masses, degreesOfFreedom: state.degreesOfFreedom,
      velocities: state.structure.velocities!, variables: state.thermostatVariables,
      random: state.random)
    frame = state.structure
    frame.velocities = nil
    var origin = frame
    origin.lattice = state.listOrigin.lattice
    origin.positions = state.listOrigin.positions
    skin = state.skin
    evaluator = calculator.evaluator(for: origin, skin: skin)
    evaluation = evaluator.evaluate(frame)
  }

  /// The structure now, with velocities.
  public var structure: Structure {
    var result = frame
    result.velocities = motion.velocities
    return result
  }

  /// Everything the next step depends on.
  public var state: DynamicsState {
    DynamicsState(
      structure: structure, step: stepCount, timestep: timestep,
      degreesOfFreedom: motion.degreesOfFreedom, potential: calculator.name,
      thermostat: thermostat.name, thermostatVariables: motion.variables, random: motion.random,
      listOrigin: evaluator.listOrigin, skin: skin)
  }

  /// Does one time step.
  ///
  /// - Throws: `DynamicsError.blewUp`; `structure` is then the frame that shows it.
  public mutating func step() throws {
    stepCount += 1
    if thermostat.placement == .outside { thermostat.act(on: &motion, for: timestep / 2) }
    kick()
    try limits.checkMoves(self)
    drift()
    evaluation = evaluator.evaluate(frame)
    kick()
    if thermostat.placement == .outside { thermostat.act(on: &motion, for: timestep / 2) }
    try limits.checkEnergies(self)
  }

  private mutating func kick() {
    VelocityVerlet.kick(
      &motion.velocities, forces: evaluation.forces, masses: motion.masses, for: timestep / 2)
  }

  private mutating func drift() {
    guard thermostat.placement == .middle else {
      return VelocityVerlet.drift(
        &frame.positions, velocities: motion.velocities, for: timestep)
    }
    VelocityVerlet.drift(&frame.positions, velocities: motion.velocities, for: timestep / 2)
    thermostat.act(on: &motion, for: timestep)
    VelocityVerlet.drift(&frame.positions, velocities: motion.velocities, for: timestep / 2)
  }

  private static func startingVelocities(
    _ structure: Structure, _ temperature: Double?, _ random: inout RandomGenerator
  ) throws -> [Vector3] {
    if let given = structure.velocities {
      guard given.count == structure.count, given.allSatisfy(\.isFinite) else {
        throw DynamicsError.badStart(
          "the structure's velocities are not one finite vector per atom; remove them to have "
            + "them drawn")
      }
      return given
    }
    return MaxwellBoltzmann.velocities(
      masses: structure.masses, temperature: temperature ?? 0, random: &random)
  }
}

/// What becomes of the total momentum at the start.
public enum NetMomentum: Sendable {
  case removed
  case kept
}
