import Atomistics
import Dynamics
import Potentials
import Testing

/// As in `CanonicalTests`: the probability of what was seen if the barostat were right.
private let limit = 1e-4

/// Stochastic cell rescaling with a noise of its own size, and none for the weak coupling of
/// Berendsen, which the tests must find out.
private struct WrongNoise: Barostat {
  let right: StochasticCellRescaling
  let factor: Double
  var name: String { "wrong noise" }
  func validate(_ structure: Structure) throws {}
  func initialVariables() -> [Double] { [0] }
  func energy(_ variables: [Double], volume: Double) -> Double { 0 }
  func account(for step: CellStep, _ variables: inout [Double]) {}
  func strain(
    of cell: StressedCell, for duration: Double, random: inout RandomGenerator
  ) -> Matrix3 {
    let cold = StressedCell(lattice: cell.lattice, pressure: cell.pressure, thermalEnergy: 0)
    var twin = random
    let noisy = right.strain(of: cell, for: duration, random: &random)
    let quiet = right.strain(of: cold, for: duration, random: &twin)
    return quiet + factor * (noisy - quiet)
  }
}

/// Whether the volumes of the gas have p(V) ∝ V^(shape − 1) exp(−P₀ V/k_B T).
private func gasProbabilities(
  _ thermostat: any Thermostat, _ barostat: any Barostat, shape: Double
) throws -> [Double] {
  gammaProbabilities(try GasInACell.volumes(thermostat, barostat, seed: 100), shape: shape)
}

@Suite struct BarostatTests {
  /// Zero total momentum, N_f = 3N − 3: shape N.
  @Test(arguments: StochasticCellRescaling.Mode.allCases)
  func volumeOfAGasAtZeroMomentum(mode: StochasticCellRescaling.Mode) throws {
    let found = try gasProbabilities(
      BussiThermostat(temperature: 300), GasInACell.barostat(mode), shape: 8)
    #expect(found.allSatisfy { $0 > limit }, "\(mode): \(found)")
  }

  /// N_f = 3N: shape N + 1.
  @Test(arguments: [StochasticCellRescaling.Mode.isotropic, .flexible])
  func volumeOfAGasThatDrifts(mode: StochasticCellRescaling.Mode) throws {
    let found = try gasProbabilities(
      LangevinThermostat(temperature: 300), GasInACell.barostat(mode), shape: 9)
    #expect(found.allSatisfy { $0 > limit }, "\(mode): \(found)")
  }

  @Test func volumeOfAGasUnderAChain() throws {
    let found = try gasProbabilities(
      NoseHooverChain(temperature: 300), GasInACell.barostat(.isotropic), shape: 8)
    #expect(found.allSatisfy { $0 > limit }, "\(found)")
  }

  @Test(arguments: [0, 0.7]) func wrongNoiseIsFoundOut(factor: Double) throws {
    let wrong = WrongNoise(right: GasInACell.barostat(.isotropic), factor: factor)
    let found = try gasProbabilities(BussiThermostat(temperature: 300), wrong, shape: 8)
    #expect(found[1] < limit && found[2] < limit, "\(found)")
  }

  @Test func energyWithTheBathIsConserved() throws {
    for mode in StochasticCellRescaling.Mode.allCases {
      for thermostat in [
        BussiThermostat(temperature: 60), LangevinThermostat(temperature: 60),
        NoseHooverChain(temperature: 60),
      ] as [any Thermostat] {
        func spread(_ timestep: Double) throws -> (width: Double, bath: Double) {
          var run = try crystal(
            thermostat, StochasticCellRescaling(mode, pressure: 3e-4), timestep: timestep)
          for _ in 0..<Int(400 / timestep) { try run.step() }
          var (moments, volumes) = (Moments(), Moments())
          for _ in 0..<Int(3000 / timestep) {
            try run.step()
            moments.add(run.observables.conservedEnergy)
            volumes.add(run.observables.potentialEnergy + run.observables.kineticEnergy)
          }
          return (moments.variance.squareRoot(), volumes.variance.squareRoot())
        }
        let (coarse, fine) = (try spread(20), try spread(5))
        #expect(
          fine.width < coarse.width / 3 && coarse.width < 0.02 * coarse.bath,
          "\(mode), \(thermostat.name): \(coarse), \(fine)")
      }
    }
  }

  /// An independent Monte Carlo, `Reference/generate_npt.py`, with what it printed.
  @Test func crystalHasTheReferencesVolume() throws {
    let reference = (
      mean: 1272.558, meanError: 0.221, deviation: 20.964, deviationError: 0.106
    )
    let series = try volumes(LangevinThermostat(temperature: 40), gigapascal: 0.05)
    let squares = Series(
      series.values.map { ($0 - reference.mean) * ($0 - reference.mean) })
    let error = (series.variance * series.inefficiency / series.count).squareRoot()
    let squareError = (squares.variance * squares.inefficiency / squares.count).squareRoot()
    let difference = series.mean - reference.mean
    let squareDifference = squares.mean - reference.deviation * reference.deviation
    let referenceError = 2 * reference.deviation * reference.deviationError
    // Four standard errors: wrong once in 16,000 times.
    #expect(
      abs(difference) < 4
        * (error * error + reference.meanError * reference.meanError).squareRoot(),
      "\(difference) ± \(error)")
    #expect(
      abs(squareDifference)
        < 4 * (squareError * squareError + referenceError * referenceError).squareRoot(),
      "\(squareDifference) ± \(squareError)")
  }

  /// var V = −k_B T d⟨V⟩/dP, two ways to the compressibility.
  @Test func fluctuationGivesTheCompressibility() throws {
    let thermostat = BussiThermostat(temperature: 40)
    let all = try [0.02, 0.05, 0.08].map { try volumes(thermostat, gigapascal: $0) }
    let slope = (all[2].mean - all[0].mean) / (0.06 / Units.gigapascal)
    let fluctuation = all[1].variance / (Units.boltzmann * 40)
    #expect(abs(-slope / fluctuation - 1) < 0.25, "\(slope), \(fluctuation)")
  }

  @Test func stressComesToItsTarget() throws {
    let target =
      (1 / Units.gigapascal)
      * Matrix3(
        Vector3(-0.10, 0.02, 0), Vector3(0.02, -0.05, -0.03), Vector3(0, -0.03, 0.02))
    var run = try crystal(
      BussiThermostat(temperature: 40),
      StochasticCellRescaling(
        .flexible, stress: target, timeConstant: 250, compressibility: 0.5 * Units.gigapascal),
      timestep: 5)
    for _ in 0..<1500 { try run.step() }
    var samples = [[Double]](repeating: [], count: 9)
    for _ in 0..<4_000 {
      for _ in 0..<3 { try run.step() }
      let stress = run.observables.stress
      for k in 0..<9 { samples[k].append(stress[k / 3, k % 3]) }
    }
    for k in 0..<9 {
      let series = Series(samples[k])
      let error = (series.variance * series.inefficiency / series.count).squareRoot()
      let off = series.mean - target[k / 3, k % 3]
      #expect(error * Units.gigapascal < 0.01)
      // 4.5 standard errors for nine numbers: wrong once in 16,000 times.
      #expect(abs(off) < 4.5 * error, "\(k): \(off * Units.gigapascal) GPa")
    }
  }

  @Test func whatAModeKeepsIsKept() throws {
    func after(_ mode: StochasticCellRescaling.Mode) throws -> (Structure, Structure) {
      var start = shakenMixture(seed: 4, by: 0.1)
      start.periodic = mode == .inPlane ? [true, true, false] : [true, true, true]
      var ensemble = Ensemble(BussiThermostat(temperature: 40))
      ensemble.barostat = StochasticCellRescaling(mode, pressure: 1e-3, timeConstant: 200)
      var run = try MolecularDynamics(
        start, calculator: rareGas, ensemble: ensemble, timestep: 4,
        random: RandomGenerator(seed: 2))
      for _ in 0..<400 { try run.step() }
      return (start, run.structure)
    }
    for mode in StochasticCellRescaling.Mode.allCases {
      let (start, end) = try after(mode)
      let (a, b) = (start.lattice, end.lattice)
      #expect(abs(b.volume / a.volume - 1) > 1e-4)
      // Orientation: a along its old direction, b in the old plane.
      #expect((a.a.normalized - b.a.normalized).length < 1e-12)
      let normal = a.a.cross(a.b).normalized
      #expect(abs(b.b.dot(normal)) < 1e-10)
      switch mode {
      case .isotropic: #expect((a.angles - b.angles).length < 1e-9)
      case .flexible: #expect((a.angles - b.angles).length > 1e-3)
      case .inPlane:
        #expect(abs(b.c.dot(normal) / a.c.dot(normal) - 1) < 1e-12)
        #expect(abs(a.angles.z - b.angles.z) > 1e-4)
      case .normal:
        #expect((a.a - b.a).length < 1e-10 && (a.b - b.b).length < 1e-10)
        #expect(abs(b.c.dot(normal) / a.c.dot(normal) - 1) > 1e-4)
      }
    }
  }

  @Test func contradictionsAreRefused() throws {
    func start(_ change: (inout Ensemble, inout Structure) -> Void) throws {
      var ensemble = Ensemble(BussiThermostat(temperature: 40))
      ensemble.barostat = StochasticCellRescaling(.flexible)
      var structure = argonCrystal(2)
      change(&ensemble, &structure)
      _ = try MolecularDynamics(
        structure, calculator: rareGas, ensemble: ensemble, timestep: 4,
        random: RandomGenerator(seed: 2))
    }
    try start { _, _ in }
    #expect(throws: DynamicsError.self) { try start { $1.periodic[2] = false } }
    #expect(throws: DynamicsError.self) { try start { e, _ in e.thermostat = NoThermostat() } }
    #expect(throws: DynamicsError.self) { try start { e, _ in e.frozen = [.atoms([1])] } }
    #expect(throws: DynamicsError.self) {
      try start { ensemble, structure in
        ensemble.barostat = StochasticCellRescaling(.inPlane)
        structure.periodic = [true, false, true]
      }
    }
    try start { ensemble, structure in
      ensemble.barostat = StochasticCellRescaling(.inPlane)
      structure.periodic[2] = false
    }
  }

  @Test func farFromTheTargetTheCellBlowsUp() throws {
    var run = try crystal(
      BussiThermostat(temperature: 40),
      StochasticCellRescaling(.isotropic, pressure: -1, timeConstant: 20), timestep: 4)
    let error = #expect(throws: DynamicsError.self) {
      for _ in 0..<2000 { try run.step() }
    }
    let text = try #require(error).description
    #expect(text.contains("cell") && text.contains("pressure"))
  }

  private func crystal(
    _ thermostat: any Thermostat, _ barostat: any Barostat, timestep: Double
  ) throws -> MolecularDynamics {
    var ensemble = Ensemble(thermostat)
    ensemble.barostat = barostat
    return try MolecularDynamics(
      argonCrystal(2, a: 5.4), calculator: rareGas, ensemble: ensemble, timestep: timestep,
      random: RandomGenerator(seed: 17))
  }

  /// Volumes of 32 argon atoms at 40 K.
  private func volumes(_ thermostat: any Thermostat, gigapascal: Double) throws -> Series {
    // The crystal's own compressibility is about 0.5 per GPa; the cell answers within 0.25 ps.
    let barostat = StochasticCellRescaling(
      .isotropic, pressure: gigapascal / Units.gigapascal, timeConstant: 250,
      compressibility: 0.5 * Units.gigapascal)
    var run = try crystal(thermostat, barostat, timestep: 5)
    for _ in 0..<1000 { try run.step() }
    var samples: [Double] = []
    for _ in 0..<4000 {
      for _ in 0..<5 { try run.step() }
      samples.append(run.structure.volume)
    }
    return Series(samples)
  }
}
