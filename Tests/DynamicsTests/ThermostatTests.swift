import Atomistics
import Dynamics
import Potentials
import Testing

@Suite struct ThermostatTests {
  @Test(arguments: [1, 2] as [UInt64]) func noseHooverChainIsCanonical(seed: UInt64) throws {
    try checkCanonical(
      NoseHooverChain(temperature: 300, timeConstant: 50), steps: 200_000, seed: seed)
  }

  @Test(arguments: [1, 2] as [UInt64]) func langevinIsCanonical(seed: UInt64) throws {
    try checkCanonical(
      LangevinThermostat(temperature: 300, timeConstant: 50), steps: 200_000, seed: seed)
  }

  @Test(arguments: [1, 2] as [UInt64]) func rescalingIsCanonical(seed: UInt64) throws {
    try checkCanonical(
      BussiThermostat(temperature: 300, timeConstant: 50), steps: 200_000, seed: seed)
  }

  /// One atom, three stiffnesses: the case that one Nose-Hoover thermostat without a chain gets
  /// wrong.
  @Test func singleOscillatorIsCanonical() throws {
    let springs = Vector3(1, 1.7, 2.9)
    let structure = Structure(
      lattice: Lattice(Vector3(9, 0, 0), Vector3(0, 9, 0), Vector3(0, 0, 9)),
      species: [Element("S")!], positions: [.zero])
    var run = try MolecularDynamics(
      structure, calculator: Wells(sites: [.zero], springs: [springs]),
      thermostat: NoseHooverChain(temperature: 400, timeConstant: 20, links: 4), timestep: 2,
      random: RandomGenerator(seed: 3), netMomentum: .kept)
    let thermal = Units.boltzmann * 400
    var squares = Vector3.zero
    var fourths = Vector3.zero
    let steps = 400_000
    for _ in 0..<steps {
      try run.step()
      let u = run.structure.positions[0]
      squares += springs * u * u / thermal
      fourths += (springs * u * u / thermal) * (springs * u * u / thermal)
    }
    for axis in 0..<3 {
      #expect(abs(squares[axis] / Double(steps) - 1) < 0.12)
      #expect(abs(fourths[axis] / Double(steps) / 3 - 1) < 0.3)
    }
  }

  @Test func chainConservesItsQuantityToSecondOrder() throws {
    func spread(_ timestep: Double) throws -> Double {
      var run = try coupledWells(
        NoseHooverChain(temperature: 300, timeConstant: 50), seed: 9, timestep: timestep)
      var moments = Moments()
      for _ in 0..<Int(20_000 / timestep) {
        try run.step()
        moments.add(run.observables.conservedEnergy)
      }
      return moments.variance.squareRoot()
    }
    let (coarse, fine) = (try spread(4), try spread(1))
    // A factor of 4 in the time step is one of 16 in the fluctuation.
    #expect(coarse / fine > 11 && coarse / fine < 22)
    #expect(coarse < 0.02)
  }

  @Test func chainHoldsARealCrystalAtItsTemperature() throws {
    var run = try MolecularDynamics(
      argonCrystal(3), calculator: rareGas, thermostat: NoseHooverChain(temperature: 40),
      timestep: 5, random: RandomGenerator(seed: 4))
    for _ in 0..<1000 { try run.step() }
    var moments = Moments()
    for _ in 0..<12_000 {
      try run.step()
      moments.add(run.motion.temperature)
    }
    #expect(abs(moments.mean - 40) < 0.8)
    let freedom = Double(3 * 108 - 3)
    #expect(abs(moments.variance / (moments.mean * moments.mean) * freedom / 2 - 1) < 0.35)
    #expect(run.motion.momentum.length < 1e-9)
  }

  @Test func maxwellAndBoltzmannsVelocities() {
    var random = RandomGenerator(seed: 2)
    let masses = [Double](repeating: 6.94, count: 20_000) + Array(repeating: 32.06, count: 20_000)
    let velocities = MaxwellBoltzmann.velocities(masses: masses, temperature: 300, random: &random)
    for range in [0..<20_000, 20_000..<40_000] {
      var moments = Moments()
      var fourth = Moments()
      for k in range {
        for axis in 0..<3 {
          let x =
            velocities[k][axis] / MaxwellBoltzmann.width(mass: masses[k], temperature: 300)
          moments.add(x)
          fourth.add(x * x * x * x)
        }
      }
      #expect(abs(moments.mean) < 0.02)
      #expect(abs(moments.variance - 1) < 0.03)
      #expect(abs(fourth.mean - 3) < 0.2)
    }
  }
}
