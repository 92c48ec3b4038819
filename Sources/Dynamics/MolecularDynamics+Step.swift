import Atomistics

extension MolecularDynamics {
  /// Does one time step:
  ///
  ///     thermostat Δt/2, kick Δt/2, drift Δt/2, cell Δt, drift Δt/2, forces, kick Δt/2, thermostat Δt/2
  ///
  /// A thermostat of the `middle` acts between the drifts, in two halves around the cell's step if
  /// there is one. The step reads the same backwards.
  ///
  /// - Throws: `DynamicsError.blewUp`; `structure` is then the frame that shows it.
  public mutating func step() throws {
    advanceClock()
    thermostats(.outside, for: timestep / 2)
    kick()
    try limits.checkMoves(self)
    if ensemble.barostat == nil {
      drift()
      evaluation = try evaluator.evaluate(frame)
    } else {
      try driftWithCell()
    }
    try limits.checkForces(self)
    kick()
    thermostats(.outside, for: timestep / 2)
    try limits.checkEnergies(self)
    try limits.checkLostAtoms(self)
  }

  /// A target that moves takes the bath's own energy with it, which is no energy of the atoms.
  private mutating func advanceClock() {
    guard ensemble.program != nil else {
      stepCount += 1
      return
    }
    let before = bathEnergy
    stepCount += 1
    programWork += before - bathEnergy
  }

  /// The middle of the step that was done last, fs: the time at which targets are read.
  var targetTime: Double { (Double(stepCount) - 0.5) * timestep }

  /// The thermostats' part of the conserved energy at the present targets, eV.
  var bathEnergy: Double {
    groups.reduce(0) { $0 + $1.energy(motion.variables, at: targetTime) }
  }

  /// The target of the main thermostat now, K.
  public var targetTemperature: Double? {
    guard let temperature = ensemble.thermostat.temperature else { return nil }
    return ensemble.program?.temperature(at: targetTime) ?? temperature
  }

  private mutating func thermostats(_ placement: ThermostatPlacement, for duration: Double) {
    for group in groups where group.placement == placement {
      group.act(on: &motion, at: targetTime, for: duration)
    }
  }

  private mutating func kick() {
    VelocityVerlet.kick(
      &motion.velocities, forces: evaluation.forces, masses: inertia,
      for: timestep / 2)
  }

  private mutating func drift() {
    guard groups.contains(where: { $0.placement == .middle }) else {
      return VelocityVerlet.drift(
        &frame.positions, velocities: motion.velocities, for: timestep)
    }
    VelocityVerlet.drift(&frame.positions, velocities: motion.velocities, for: timestep / 2)
    thermostats(.middle, for: timestep)
    VelocityVerlet.drift(&frame.positions, velocities: motion.velocities, for: timestep / 2)
  }

  private mutating func driftWithCell() throws {
    guard let barostat = ensemble.barostat else { return }
    let before = stressedCell
    let strain = barostat.strain(of: before, for: timestep, random: &motion.random)
    try limits.checkStrain(strain, self)
    VelocityVerlet.drift(&frame.positions, velocities: motion.velocities, for: timestep / 2)
    thermostats(.middle, for: timestep / 2)
    let rotation = deform(by: strain)
    thermostats(.middle, for: timestep / 2)
    VelocityVerlet.drift(&frame.positions, velocities: motion.velocities, for: timestep / 2)
    evaluation = try evaluator.evaluate(frame)
    barostat.account(
      for: CellStep(
        before: before, after: stressedCell, strain: strain, rotation: rotation,
        duration: timestep), &barostatVariables)
    try limits.checkVolume(self)
  }

  /// Lattice, positions and velocities under exp δ, turned back; returns the rotation Q.
  private mutating func deform(by strain: Matrix3) -> Matrix3 {
    let stretch = Matrix3.exponential(of: strain)
    let stretched = frame.lattice.matrix * stretch
    let rotation = stretched.orientation.transpose * frame.lattice.matrix.orientation
    let forPositions = stretch * rotation
    let forVelocities = Matrix3.exponential(of: -1.0 * strain) * rotation
    frame.lattice = Lattice(stretched * rotation)
    for k in frame.positions.indices {
      frame.positions[k] = frame.positions[k] * forPositions
      motion.velocities[k] = motion.velocities[k] * forVelocities
    }
    return rotation
  }

  /// The internal pressure (Σ m v⊗v)/V − σ, eV/Å³.
  public var pressureTensor: Matrix3 {
    var kinetic = Matrix3.zero
    for (mass, velocity) in zip(motion.masses, motion.velocities) {
      kinetic = kinetic + mass * Matrix3.outer(velocity, velocity)
    }
    return (Units.massVelocitySquared / frame.volume) * kinetic - evaluation.stress
  }

  private var stressedCell: StressedCell {
    StressedCell(
      lattice: frame.lattice, pressure: pressureTensor,
      thermalEnergy: Units.boltzmann * (targetTemperature ?? 0))
  }
}
