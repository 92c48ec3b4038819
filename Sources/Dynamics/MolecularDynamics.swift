import Atomistics
import Potentials

/// Atoms that move by Newton's law under a calculator, step by step, in an ensemble: at constant
/// energy, at a temperature, at a pressure.
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
  public let ensemble: Ensemble
  public let timestep: Double
  /// How many steps were done since the start.
  public internal(set) var stepCount: Int
  /// Masses, velocities, the thermostats' variables and the random state.
  public internal(set) var motion: ThermalMotion
  /// Energies, forces and stress at the present positions.
  public internal(set) var evaluation: Evaluation
  public var limits = BlowUpLimits()
  /// Which atoms never move.
  public let isFrozen: [Bool]
  var frame: Structure
  var evaluator: any Evaluator
  let groups: [ThermalGroup]
  /// With infinity for frozen atoms, u.
  let inertia: [Double]
  var barostatVariables: [Double]
  /// The energy (eV) that changing targets took out of the thermostats' own.
  var programWork: Double
  /// The cell's volume at the start, Å³.
  let startVolume: Double
  private let skin: Double

  /// Starts a run under one thermostat for all atoms; see `init(_:calculator:ensemble:...)`.
  public init(
    _ structure: Structure, calculator: any Calculator, thermostat: any Thermostat,
    timestep: Double, temperature: Double? = nil, random: RandomGenerator,
    netMomentum: NetMomentum = .removed, skin: Double? = nil
  ) throws {
    try self.init(
      structure, calculator: calculator, ensemble: Ensemble(thermostat), timestep: timestep,
      temperature: temperature, random: random, netMomentum: netMomentum, skin: skin)
  }

  /// Starts a run; velocities come from the structure, or are drawn: at the target of the atom's own
  /// region, else at `temperature` or the thermostat's first target.
  ///
  /// Total momentum is taken off at the start where it is conserved, which leaves 3N − 3 degrees of
  /// freedom (see `Ensemble`). In an outer field, which does not conserve it, `netMomentum` is
  /// `.kept` and there are 3N.
  ///
  /// - Throws: `AtomisticsError.badStructure`, `PotentialsError.unsupportedElement`,
  ///   `DynamicsError.badStart`.
  public init(
    _ structure: Structure, calculator: any Calculator, ensemble: Ensemble, timestep: Double,
    temperature: Double? = nil, random: RandomGenerator, netMomentum: NetMomentum = .removed,
    skin: Double? = nil
  ) throws {
    guard timestep > 0, timestep.isFinite else {
      throw DynamicsError.badStart("the time step \(timestep) fs is not above zero")
    }
    try structure.validate(minimumDistance: 0.2)
    try calculator.validate(Set(structure.species))
    let masses =
      try ensemble.hydrogenMass.map { try MassRepartition.masses(of: structure, hydrogenMass: $0) }
      ?? structure.masses
    let parts = try Parts(ensemble, structure, masses: masses, netMomentum: netMomentum)
    var random = random
    let velocities = try parts.startingVelocities(
      structure, temperature, masses: masses, random: &random)
    motion = ThermalMotion(
      masses: masses, degreesOfFreedom: parts.degreesOfFreedom, velocities: velocities,
      variables: ensemble.initialVariables(parts.groups), random: random)
    if parts.removesMomentum { motion.removeMomentum() }
    self.calculator = calculator
    self.ensemble = ensemble
    self.timestep = timestep
    stepCount = 0
    frame = structure
    frame.velocities = nil
    self.skin = skin ?? calculator.skin
    (groups, isFrozen) = (parts.groups, parts.frozen)
    inertia = zip(masses, isFrozen).map { $1 ? .infinity : $0 }
    barostatVariables = ensemble.barostat?.initialVariables() ?? []
    programWork = 0
    startVolume = structure.volume
    evaluator = calculator.evaluator(for: frame, skin: self.skin)
    evaluation = try evaluator.evaluate(frame)
  }

  /// Goes on from a saved state; the next steps have the bits that they would have had.
  ///
  /// - Throws: `DynamicsError.badState` if calculator or ensemble are others than the state's.
  public init(
    restoring state: DynamicsState, calculator: any Calculator, ensemble: Ensemble
  ) throws {
    try state.check(calculator: calculator, ensemble: ensemble)
    try calculator.validate(Set(state.structure.species))
    let parts = try Parts(
      ensemble, state.structure, masses: state.masses,
      netMomentum: state.momentumIsZero ? .removed : .kept)
    try state.check(degreesOfFreedom: parts.degreesOfFreedom, groups: parts.groups, ensemble)
    self.calculator = calculator
    self.ensemble = ensemble
    timestep = state.timestep
    stepCount = state.step
    motion = ThermalMotion(
      masses: state.masses, degreesOfFreedom: state.degreesOfFreedom,
      velocities: state.structure.velocities!, variables: state.thermostatVariables,
      random: state.random)
    frame = state.structure
    frame.velocities = nil
    (groups, isFrozen) = (parts.groups, parts.frozen)
    inertia = zip(state.masses, isFrozen).map { $1 ? .infinity : $0 }
    barostatVariables = state.barostatVariables
    programWork = state.programWork
    startVolume = state.startVolume
    var origin = frame
    origin.lattice = state.listOrigin.lattice
    origin.positions = state.listOrigin.positions
    skin = state.skin
    evaluator = calculator.evaluator(for: origin, skin: skin)
    evaluation = try evaluator.evaluate(frame)
  }

  /// Goes on from a saved state of a run under one thermostat.
  public init(
    restoring state: DynamicsState, calculator: any Calculator, thermostat: any Thermostat
  ) throws {
    try self.init(restoring: state, calculator: calculator, ensemble: Ensemble(thermostat))
  }

  public var thermostat: any Thermostat { ensemble.thermostat }

  /// The structure now, with velocities.
  public var structure: Structure {
    var result = frame
    result.velocities = motion.velocities
    return result
  }

  /// Everything the next step depends on.
  public var state: DynamicsState {
    DynamicsState(
      structure: structure, masses: motion.masses, step: stepCount, timestep: timestep,
      degreesOfFreedom: motion.degreesOfFreedom, potential: calculator.name,
      ensemble: ensemble.name, thermostatVariables: motion.variables,
      barostatVariables: barostatVariables, programWork: programWork, startVolume: startVolume,
      random: motion.random, listOrigin: evaluator.listOrigin, skin: skin)
  }
}

/// What becomes of the total momentum at the start.
public enum NetMomentum: Sendable {
  case removed
  case kept
}
