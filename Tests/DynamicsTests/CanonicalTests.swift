import Atomistics
import Dynamics
import Potentials
import Testing

/// The canonical distribution, tested as one tests any hypothesis: each number below is the
/// probability of what was seen if the thermostat were right. A right thermostat falls below the
/// limit once in 10,000 tests; the seeds are fixed, so that what passes once passes always.
private let limit = 1e-4

/// The weakly coupled rescaling of Berendsen et al., J. Chem. Phys. 81, 3684 (1984): the mean is
/// right, the fluctuation is not. The tests must find it out.
struct WeakCoupling: Thermostat {
  let target: Double
  let timeConstant: Double
  var name: String { "weak coupling" }
  var temperature: Double? { target }
  var placement: ThermostatPlacement { .outside }
  var conservesMomentum: Bool { true }
  func holding(_ temperature: Double) -> WeakCoupling {
    WeakCoupling(target: temperature, timeConstant: timeConstant)
  }
  func initialVariables() -> [Double] { [] }
  func energy(_ variables: [Double], degreesOfFreedom: Int) -> Double { 0 }
  func act(on atoms: inout ThermalMotion, for duration: Double) {
    let scale = (1 + duration / timeConstant * (target / atoms.temperature - 1)).squareRoot()
    for k in atoms.velocities.indices { atoms.velocities[k] *= scale }
  }
}

private let thermostats: [any Thermostat] = [
  NoseHooverChain(temperature: 300, timeConstant: 50),
  LangevinThermostat(temperature: 300, timeConstant: 50),
  BussiThermostat(temperature: 300, timeConstant: 50),
]

/// What the kinetic energy of eight coupled atoms says: its mean N_f k_B T/2, its variance
/// N_f (k_B T)²/2, and its whole distribution, gamma of shape N_f/2.
private func kineticProbabilities(_ thermostat: any Thermostat, seed: UInt64) throws -> [Double] {
  let thermal = Units.boltzmann * thermostat.temperature!
  var run = try coupledWells(thermostat, seed: seed, timestep: 1)
  for _ in 0..<2_000 { try run.step() }
  var samples: [Double] = []
  for _ in 0..<20_000 {
    for _ in 0..<10 { try run.step() }
    samples.append(run.motion.kineticEnergy / thermal)
  }
  return gammaProbabilities(Series(samples), shape: 12)
}

/// Mean, variance and distribution of a series that should be gamma distributed with scale one:
/// mean a, variance a, and the squared deviation's own variance 2 a² + 6 a.
func gammaProbabilities(_ series: Series, shape: Double) -> [Double] {
  let squares = Series(series.values.map { ($0 - shape) * ($0 - shape) })
  return [
    series.probability(ofMean: shape, variance: shape),
    squares.probability(ofMean: shape, variance: 2 * shape * shape + 6 * shape),
    series.probability { gammaDistribution(shape, $0) },
  ]
}

/// The energies of one atom's three oscillators in k_B T, each an exponential number.
private func oscillatorEnergies(_ thermostat: any Thermostat, seed: UInt64) throws -> [Series] {
  let thermal = Units.boltzmann * thermostat.temperature!
  let springs = Vector3(1, 1.7, 2.9)
  let structure = Structure(
    lattice: Lattice(Vector3(9, 0, 0), Vector3(0, 9, 0), Vector3(0, 0, 9)),
    species: [Element("S")!], positions: [.zero])
  var run = try MolecularDynamics(
    structure, calculator: Wells(sites: [.zero], springs: [springs]), thermostat: thermostat,
    timestep: 1, random: RandomGenerator(seed: seed), netMomentum: .kept)
  let mass = run.motion.masses[0] * Units.massVelocitySquared
  var energies: [[Double]] = [[], [], []]
  for _ in 0..<40_000 {
    for _ in 0..<20 { try run.step() }
    let (u, v) = (run.structure.positions[0], run.motion.velocities[0])
    let energy = 0.5 * (springs * u * u + mass * v * v) / thermal
    for axis in 0..<3 { energies[axis].append(energy[axis]) }
  }
  return energies.map(Series.init)
}

@Suite struct CanonicalTests {
  @Test(arguments: [0, 1, 2]) func kineticEnergyIsCanonical(index: Int) throws {
    let thermostat = thermostats[index]
    let found = try kineticProbabilities(thermostat, seed: 31)
    #expect(found.allSatisfy { $0 > limit }, "\(thermostat.name): \(found)")
  }

  @Test(arguments: [0, 1, 2]) func oscillatorsEnergyIsCanonical(index: Int) throws {
    // A chain needs to be short against the oscillators to mix three that do not see one another.
    let thermostat: any Thermostat =
      index == 0
      ? NoseHooverChain(temperature: 300, timeConstant: 20, links: 4) : thermostats[index]
    let energies = try oscillatorEnergies(thermostat, seed: 8)
    for (axis, series) in energies.enumerated() {
      let found = gammaProbabilities(series, shape: 1)
      #expect(
        found.allSatisfy { $0 > limit },
        "\(thermostat.name), axis \(axis), inefficiency \(series.inefficiency): \(found)")
    }
  }

  @Test func weakCouplingIsFoundOut() throws {
    let weak = WeakCoupling(target: 300, timeConstant: 50)
    let kinetic = try kineticProbabilities(weak, seed: 31)
    // Its mean passes; variance and distribution do not.
    #expect(kinetic[0] > limit && kinetic[1] < 1e-9 && kinetic[2] < 1e-9, "\(kinetic)")
  }

  /// A step of any length is exact: ten relaxation times at once give independent numbers.
  @Test(arguments: [0.01, 0.5, 10]) func rescalingIsExactForAnyStep(ratio: Double) {
    let thermostat = BussiThermostat(temperature: 300, timeConstant: 100)
    for count in [1, 2, 7] {
      var motion = ThermalMotion(
        masses: Array(repeating: 7, count: count), degreesOfFreedom: 3 * count,
        velocities: Array(repeating: Vector3(0.01, 0, 0.002), count: count),
        variables: thermostat.initialVariables(), random: RandomGenerator(seed: 77))
      let start = motion.kineticEnergy
      var samples: [Double] = []
      for _ in 0..<200 { thermostat.act(on: &motion, for: 100) }
      for _ in 0..<40_000 {
        thermostat.act(on: &motion, for: ratio * 100)
        samples.append(motion.kineticEnergy / (Units.boltzmann * 300))
      }
      let found = gammaProbabilities(Series(samples), shape: 1.5 * Double(count))
      #expect(found.allSatisfy { $0 > limit }, "\(count) atoms, \(ratio): \(found)")
      #expect(abs(motion.kineticEnergy + motion.variables[0] - start) < 1e-9)
    }
  }

  @Test func rescalingLeavesVelocitiesAtRestAndMomentumAlone() {
    let thermostat = BussiThermostat(temperature: 300)
    var rest = ThermalMotion(
      masses: [7, 32], degreesOfFreedom: 3, velocities: [.zero, .zero], variables: [0],
      random: RandomGenerator(seed: 1))
    thermostat.act(on: &rest, for: 1)
    #expect(rest.velocities == [.zero, .zero])
    var pair = ThermalMotion(
      masses: [7, 14], degreesOfFreedom: 3,
      velocities: [Vector3(0.02, 0, 0), Vector3(-0.01, 0, 0)], variables: [0],
      random: RandomGenerator(seed: 1))
    for _ in 0..<1000 { thermostat.act(on: &pair, for: 5) }
    #expect(pair.momentum.length < 1e-12)
  }

  /// The energy with the bath's is conserved to the error of the integrator, of second order.
  @Test func rescalingConservesItsQuantity() throws {
    func spread(_ timestep: Double) throws -> Double {
      var run = try coupledWells(
        BussiThermostat(temperature: 300, timeConstant: 50), seed: 9, timestep: timestep)
      var moments = Moments()
      for _ in 0..<Int(4_000 / timestep) {
        try run.step()
        moments.add(run.observables.conservedEnergy)
      }
      return moments.variance.squareRoot()
    }
    let (coarse, fine) = (try spread(4), try spread(1))
    #expect(coarse < 0.05 && fine < coarse / 8, "\(coarse), \(fine)")
  }
}
