import Atomistics
import Dynamics
import Potentials
import Testing

/// A run that was saved and restored has the bits of the run that never stopped, in every ensemble.
@Suite struct RestartTests {
  private static let thermostats: [any Thermostat] = [
    NoseHooverChain(temperature: 100), LangevinThermostat(temperature: 100),
    BussiThermostat(temperature: 100),
  ]

  private func check(_ ensemble: Ensemble, cut: Int) throws {
    var structure = argonCrystal(2, a: 5.7)
    structure.regions = (0..<32).map { $0 < 8 ? .metal : .electrolyte }
    structure.layers = (0..<32).map { $0 % 5 - 1 }
    structure.species[3] = Element("Kr")!
    func start() throws -> MolecularDynamics {
      try MolecularDynamics(
        structure, calculator: rareGas, ensemble: ensemble, timestep: 5,
        random: RandomGenerator(seed: 21))
    }
    var whole = try start()
    for _ in 0..<150 { try whole.step() }
    var first = try start()
    for _ in 0..<cut { try first.step() }
    var second = try MolecularDynamics(
      restoring: DynamicsState(encoded: first.state.encoded()), calculator: rareGas,
      ensemble: ensemble)
    #expect(second.observables == first.observables, "\(ensemble.name)")
    for _ in cut..<150 { try second.step() }
    #expect(second.state == whole.state, "\(ensemble.name)")
    #expect(second.observables == whole.observables, "\(ensemble.name)")
    #expect(second.state.encoded() == whole.state.encoded(), "\(ensemble.name)")
    if ensemble.barostat != nil { #expect(whole.structure.lattice != structure.lattice) }
  }

  @Test(arguments: StochasticCellRescaling.Mode.allCases)
  func pressure(mode: StochasticCellRescaling.Mode) throws {
    for (index, thermostat) in Self.thermostats.enumerated() {
      var ensemble = Ensemble(thermostat)
      ensemble.barostat = StochasticCellRescaling(mode, pressure: 1e-4, timeConstant: 300)
      try check(ensemble, cut: 40 + 31 * index)
    }
  }

  @Test(arguments: [1, 60, 149]) func rampsAndRegions(cut: Int) throws {
    for thermostat in Self.thermostats {
      var ensemble = Ensemble(thermostat)
      ensemble.program = try .ramp(from: 100, to: 150, over: 431, after: 77)
      try check(ensemble, cut: cut)
      ensemble.regions = [
        ThermostattedRegion(.region(.metal), LangevinThermostat(temperature: 120)),
        ThermostattedRegion(.atoms([20, 21, 22]), BussiThermostat(temperature: 80)),
      ]
      try check(ensemble, cut: cut)
      ensemble.barostat = StochasticCellRescaling(.flexible, timeConstant: 300)
      try check(ensemble, cut: cut)
      ensemble.barostat = nil
      ensemble.frozen = [.layers([0])]
      try check(ensemble, cut: cut)
    }
  }

  @Test func otherEnsemblesAreRefused() throws {
    var ensemble = Ensemble(BussiThermostat(temperature: 100))
    ensemble.barostat = StochasticCellRescaling(.isotropic)
    let run = try MolecularDynamics(
      argonCrystal(2), calculator: rareGas, ensemble: ensemble, timestep: 5,
      random: RandomGenerator(seed: 1))
    let changes: [(inout Ensemble) -> Void] = [
      { $0.barostat = nil }, { $0.barostat = StochasticCellRescaling(.isotropic, pressure: 1e-5) },
      { $0.thermostat = BussiThermostat(temperature: 101) },
      { $0.program = try? .ramp(from: 100, to: 101, over: 1) },
      { $0.regions = [ThermostattedRegion(.atoms([1, 2]), BussiThermostat(temperature: 9))] },
      { $0.hydrogenMass = 2 },
    ]
    for change in changes {
      var other = ensemble
      change(&other)
      #expect(throws: DynamicsError.self) {
        try MolecularDynamics(restoring: run.state, calculator: rareGas, ensemble: other)
      }
    }
  }
}
