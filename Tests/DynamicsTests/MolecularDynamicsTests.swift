import Atomistics
import Dynamics
import Potentials
import Testing

private func start(
  _ thermostat: any Thermostat, timestep: Double, temperature: Double = 60, seed: UInt64 = 1
) throws -> MolecularDynamics {
  try MolecularDynamics(
    argonCrystal(3), calculator: rareGas, thermostat: thermostat, timestep: timestep,
    temperature: temperature, random: RandomGenerator(seed: seed))
}

@Suite struct MolecularDynamicsTests {
  @Test func energyFluctuatesAsTheSquareOfTheTimeStep() throws {
    func spread(_ timestep: Double) throws -> (deviation: Double, drift: Double) {
      var run = try start(NoThermostat(), timestep: timestep)
      for _ in 0..<Int(1000 / timestep) { try run.step() }
      var moments = Moments()
      let before = run.observables.conservedEnergy
      for _ in 0..<Int(6000 / timestep) {
        try run.step()
        moments.add(run.observables.conservedEnergy)
      }
      return (
        moments.variance.squareRoot(), abs(run.observables.conservedEnergy - before)
      )
    }
    let results = try [4.0, 8, 16].map { try spread($0) }
    for (fine, coarse) in zip(results, results.dropFirst()) {
      let slope = naturalLogarithm(coarse.deviation / fine.deviation) / naturalLogarithm(2)
      #expect(abs(slope - 2) < 0.2)
    }
    // 1e-6 eV per atom over the 6 ps, at 4 fs: no drift.
    #expect(results[0].drift / 108 < 1e-6)
  }

  @Test func runsBackwards() throws {
    var forward = try start(NoThermostat(), timestep: 5)
    let begin = forward.structure
    for _ in 0..<300 { try forward.step() }
    var turned = forward.structure
    turned.velocities = turned.velocities!.map { -$0 }
    #expect((turned.positions[7] - begin.positions[7]).length > 0.05)
    var backward = try MolecularDynamics(
      turned, calculator: rareGas, thermostat: NoThermostat(), timestep: 5,
      random: RandomGenerator(seed: 1))
    for _ in 0..<300 { try backward.step() }
    for k in 0..<begin.count {
      #expect((backward.structure.positions[k] - begin.positions[k]).length < 1e-8)
      #expect((backward.motion.velocities[k] + begin.velocities![k]).length < 1e-10)
    }
  }

  @Test func momentumStaysZeroAndRegionsShareTheFreedom() throws {
    var structure = argonCrystal(2)
    structure.regions = (0..<32).map { $0 < 12 ? .metal : .electrolyte }
    for k in 0..<12 { structure.species[k] = Element("Kr")! }
    var run = try MolecularDynamics(
      structure, calculator: rareGas, thermostat: NoseHooverChain(temperature: 60), timestep: 5,
      random: RandomGenerator(seed: 8))
    for _ in 0..<500 { try run.step() }
    #expect(run.motion.momentum.length < 1e-9)
    let seen = run.observables
    let (metal, electrolyte) = (seen.metalTemperature!, seen.electrolyteTemperature!)
    // The regions' degrees of freedom add up to 3N − 3 and their energies to the whole.
    let masses = run.motion.masses
    let metalShare = 3 * masses[..<12].reduce(0, +) / masses.reduce(0, +)
    let total = (36 - metalShare) * metal + (60 - 3 + metalShare) * electrolyte
    #expect(abs(total / 93 - seen.temperature) < 1e-9 * seen.temperature)
    #expect(abs(seen.time - 2500) < 1e-9)
  }

  @Test func momentumIsConserved() throws {
    for thermostat in [NoThermostat(), BussiThermostat(temperature: 60)] as [any Thermostat] {
      var run = try start(thermostat, timestep: 10)
      for _ in 0..<2000 { try run.step() }
      #expect(run.motion.momentum.length < 1e-9, "\(thermostat.name)")
    }
  }

  @Test func pressureOfAnIdealGas() throws {
    let free = LennardJones([Element("Ar")!: .init(epsilon: 0, sigma: 3)], cutoff: 3)
    let run = try MolecularDynamics(
      argonCrystal(3), calculator: free, thermostat: NoThermostat(), timestep: 1,
      temperature: 300, random: RandomGenerator(seed: 1))
    let seen = run.observables
    let expected = Double(321) / 3 * Units.boltzmann * seen.temperature / run.structure.volume
    #expect(abs(seen.pressure / expected - 1) < 1e-12)
  }

  @Test func givenVelocitiesAreUsed() throws {
    var structure = argonCrystal(1)
    structure.velocities = [
      Vector3(0.001, 0, 0), Vector3(-0.001, 0, 0), Vector3(0, 0.002, 0), Vector3(0, -0.002, 0),
    ]
    let run = try MolecularDynamics(
      structure, calculator: rareGas, thermostat: NoseHooverChain(temperature: 300), timestep: 1,
      random: RandomGenerator(seed: 1))
    #expect(run.motion.velocities == structure.velocities)
    structure.velocities![1].x = .nan
    #expect(throws: DynamicsError.self) {
      try MolecularDynamics(
        structure, calculator: rareGas, thermostat: NoThermostat(), timestep: 1,
        random: RandomGenerator(seed: 1))
    }
  }

  @Test func tooLongATimeStepBlowsUpWithAReason() throws {
    var run = try start(NoThermostat(), timestep: 400, temperature: 300)
    let error = #expect(throws: DynamicsError.self) {
      for _ in 0..<1000 { try run.step() }
    }
    let text = try #require(error).description
    #expect(text.contains("blew up in step \(run.stepCount)") && text.contains("time step"))
  }

  @Test func hotStartBlowsUp() throws {
    var structure = argonCrystal(2)
    structure.positions[0] = structure.positions[1] + Vector3(1.1, 0.9, 1)
    var run = try MolecularDynamics(
      structure, calculator: rareGas, thermostat: NoseHooverChain(temperature: 60), timestep: 1,
      random: RandomGenerator(seed: 1))
    #expect(throws: DynamicsError.self) { for _ in 0..<100 { try run.step() } }
    let finite = run.structure.positions.allSatisfy { $0.isFinite }
    #expect(finite)
  }

  @Test func oneAtomAloneIsRefused() {
    #expect(throws: DynamicsError.self) {
      try MolecularDynamics(
        primitiveArgon(a: 5.3), calculator: rareGas, thermostat: NoThermostat(), timestep: 1,
        random: RandomGenerator(seed: 1))
    }
  }
}
