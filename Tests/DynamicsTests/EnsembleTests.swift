import Atomistics
import Dynamics
import Potentials
import Testing

/// 32 atoms of argon, a quarter of them krypton and metal, in five layers.
private func contact(a: Double = 5.4) -> Structure {
  var structure = argonCrystal(2, a: a)
  structure.regions = (0..<32).map { $0 < 8 ? .metal : .electrolyte }
  structure.layers = (0..<32).map { $0 % 5 - 1 }
  for k in 0..<8 { structure.species[k] = Element("Kr")! }
  return structure
}

private func start(
  _ ensemble: Ensemble, _ structure: Structure = contact(), timestep: Double = 5, seed: UInt64 = 3
) throws -> MolecularDynamics {
  try MolecularDynamics(
    structure, calculator: rareGas, ensemble: ensemble, timestep: timestep,
    random: RandomGenerator(seed: seed))
}

@Suite struct EnsembleTests {
  @Test func programIsPiecewiseLinear() throws {
    let ramp = try TemperatureProgram.ramp(from: 300, to: 600, over: 1000, after: 200)
    #expect(ramp.temperature(at: -5) == 300 && ramp.temperature(at: 200) == 300)
    #expect(abs(ramp.temperature(at: 700) - 450) < 1e-9)
    #expect(ramp.temperature(at: 1200) == 600 && ramp.temperature(at: 1e9) == 600)
    let anneal = try TemperatureProgram([
      .init(time: 0, temperature: 100), .init(time: 10, temperature: 200),
      .init(time: 30, temperature: 100),
    ])
    #expect(anneal.temperature(at: 20) == 150)
    for wrong in [
      [], [.init(time: 0, temperature: 0)], [.init(time: 0, temperature: .nan)],
      [.init(time: 5, temperature: 1), .init(time: 5, temperature: 2)],
    ] as [[TemperatureProgram.Point]] {
      #expect(throws: DynamicsError.self) { try TemperatureProgram(wrong) }
    }
  }

  /// The atoms follow the target, and the conserved energy does not see it move.
  @Test func rampIsFollowed() throws {
    let thermostats: [any Thermostat] = [
      NoseHooverChain(temperature: 20), BussiThermostat(temperature: 20),
      LangevinThermostat(temperature: 20),
    ]
    for thermostat in thermostats {
      var ensemble = Ensemble(thermostat)
      ensemble.program = try .ramp(from: 20, to: 60, over: 20_000, after: 2_000)
      var run = try start(ensemble)
      var (middle, end, conserved) = (Moments(), Moments(), Moments())
      for step in 0..<8_000 {
        try run.step()
        conserved.add(run.observables.conservedEnergy)
        if (2_200..<2_600).contains(step) { middle.add(run.motion.temperature) }
        if step >= 5_000 { end.add(run.motion.temperature) }
      }
      #expect(run.targetTemperature == 60)
      #expect(abs(middle.mean - 40) < 5, "\(thermostat.name): \(middle.mean)")
      #expect(abs(end.mean - 60) < 2.5, "\(thermostat.name): \(end.mean)")
      #expect(conserved.variance.squareRoot() < 5e-3, "\(thermostat.name)")
    }
  }

  @Test func frozenAtomsStayAndCountForNothing() throws {
    var ensemble = Ensemble(NoseHooverChain(temperature: 60))
    ensemble.frozen = [.region(.metal), .atoms([30, 31])]
    var run = try start(ensemble)
    let before = run.structure.positions
    #expect(run.motion.degreesOfFreedom == 3 * 22)
    var moments = Moments()
    for step in 0..<6_000 {
      try run.step()
      if step > 500 { moments.add(run.motion.temperature) }
    }
    for atom in Array(0..<8) + [30, 31] {
      #expect(run.structure.positions[atom] == before[atom])
      #expect(run.motion.velocities[atom] == .zero)
    }
    #expect(run.structure.positions[12] != before[12])
    let seen = run.observables
    #expect(seen.metalTemperature == nil)
    #expect(abs(seen.electrolyteTemperature! - seen.temperature) < 1e-9)
    #expect(abs(moments.mean - 60) < 3)
    let width = moments.variance / (moments.mean * moments.mean) * 66 / 2
    #expect(abs(width - 1) < 0.35)
  }

  /// Two sides held apart: each has its temperature, the heat flows, momentum stays.
  @Test func regionsHoldTheirOwnTemperatures() throws {
    for cold in [
      BussiThermostat(temperature: 30, timeConstant: 50),
      NoseHooverChain(temperature: 30, timeConstant: 50),
    ] as [any Thermostat] {
      var ensemble = Ensemble(cold)
      ensemble.regions = [
        ThermostattedRegion(.region(.metal), BussiThermostat(temperature: 60, timeConstant: 50))
      ]
      var run = try start(ensemble)
      #expect(run.motion.degreesOfFreedom == 3 * 32 - 3)
      var (hot, other) = (Moments(), Moments())
      for step in 0..<8_000 {
        try run.step()
        guard step > 400 else { continue }
        hot.add(run.observables.metalTemperature!)
        other.add(run.observables.electrolyteTemperature!)
        #expect(run.observables.groupTemperatures == [run.observables.metalTemperature!])
      }
      #expect(hot.mean - other.mean > 20, "\(cold.name): \(hot.mean), \(other.mean)")
      #expect(abs(other.mean - 30) < 5 && abs(hot.mean - 60) < 8)
      #expect(run.motion.momentum.length < 1e-9)
    }
  }

  /// Equal targets are equilibrium: two thermostats sample what one would.
  @Test func regionsAtOneTemperatureAreCanonical() throws {
    var ensemble = Ensemble(LangevinThermostat(temperature: 60))
    ensemble.regions = [
      ThermostattedRegion(.region(.metal), BussiThermostat(temperature: 60))
    ]
    var run = try start(ensemble)
    #expect(run.motion.degreesOfFreedom == 96)
    for _ in 0..<500 { try run.step() }
    var samples: [Double] = []
    for _ in 0..<3_000 {
      for _ in 0..<5 { try run.step() }
      samples.append(run.motion.kineticEnergy / (Units.boltzmann * 60))
    }
    let found = gammaProbabilities(Series(samples), shape: 48)
    #expect(found.allSatisfy { $0 > 1e-4 }, "\(found)")
  }

  @Test func velocitiesStartAtTheTargetsOfTheirRegions() throws {
    var big = contact().supercell(4, 4, 4)
    big.layers = nil
    var ensemble = Ensemble(BussiThermostat(temperature: 100))
    ensemble.regions = [
      ThermostattedRegion(.region(.metal), LangevinThermostat(temperature: 400))
    ]
    let run = try start(ensemble, big)
    #expect(abs(run.temperature(of: .metal)! - 400) < 50)
    #expect(abs(run.temperature(of: .electrolyte)! - 100) < 8)
  }

  @Test func selectionsAreReadAndChecked() throws {
    let structure = contact()
    #expect(try AtomSelection("metal").indices(in: structure) == Array(0..<8))
    #expect(try AtomSelection("atoms 1-3,32").indices(in: structure) == [0, 1, 2, 31])
    #expect(try AtomSelection("layers 0,2").indices(in: structure).count == 13)
    for text in ["metal", "electrolyte", "layers 0-2", "atoms 1-3,32", "layers -1"] {
      #expect("\(try AtomSelection(text))" == text)
    }
    for text in ["", "lithium", "atoms", "atoms 0", "atoms 3-1", "layers x", "atoms 1,,2"] {
      #expect(throws: AtomisticsError.self) { try AtomSelection(text) }
    }
    for text in ["atoms 33", "layers 9"] {
      #expect(throws: DynamicsError.self) { try AtomSelection(text).indices(in: structure) }
    }
    for text in ["metal", "layers 0"] {
      #expect(throws: DynamicsError.self) { try AtomSelection(text).indices(in: argonCrystal(1)) }
    }
  }

  @Test func contradictionsAreRefused() {
    let changes: [(inout Ensemble) -> Void] = [
      { $0.frozen = [.region(.metal), .region(.electrolyte)] },
      { $0.frozen = [.atoms([99])] },
      { $0.frozen = [.atoms(Array(0..<31))] },
      {
        $0.regions = [
          ThermostattedRegion(.region(.metal), BussiThermostat(temperature: 10)),
          ThermostattedRegion(.atoms([7]), LangevinThermostat(temperature: 10)),
        ]
      },
      { $0.regions = [ThermostattedRegion(.atoms([7]), BussiThermostat(temperature: 10))] },
      {
        $0.frozen = [.region(.metal)]
        $0.regions = [ThermostattedRegion(.region(.metal), BussiThermostat(temperature: 10))]
      },
      {
        $0.thermostat = NoThermostat()
        $0.program = try? .ramp(from: 1, to: 2, over: 3)
      },
    ]
    for (index, change) in changes.enumerated() {
      var ensemble = Ensemble(BussiThermostat(temperature: 60))
      change(&ensemble)
      if index == 2 {
        // One free atom against frozen ones is a system of three degrees of freedom.
        #expect(throws: Never.self) { try start(ensemble) }
      } else {
        #expect(throws: DynamicsError.self, "change \(index)") { try start(ensemble) }
      }
    }
  }

  @Test func hydrogenTakesMassFromItsNeighbour() throws {
    let h = 1.2 / 3.0.squareRoot()
    let anion = Structure(
      lattice: Lattice(Vector3(8, 0, 0), Vector3(0, 8, 0), Vector3(0, 0, 8)),
      species: ["B", "H", "H", "H", "H", "Li"].map { Element($0)! },
      positions: [
        .zero, Vector3(h, h, h), Vector3(-h, -h, h), Vector3(h, -h, -h), Vector3(-h, h, -h),
        Vector3(4, 4, 4),
      ])
    let masses = try MassRepartition.masses(of: anion, hydrogenMass: 2)
    #expect(masses[1...4].allSatisfy { $0 == 2 } && masses[5] == anion.masses[5])
    let (new, old) = (masses.reduce(0, +), anion.masses.reduce(0, +))
    #expect(abs(new - old) < 1e-12 && masses[0] < 7)
    #expect(throws: DynamicsError.self) { try MassRepartition.masses(of: anion, hydrogenMass: 4) }
    #expect(throws: DynamicsError.self) {
      try MassRepartition.masses(of: anion, hydrogenMass: 0.5)
    }
    var alone = anion
    alone.positions[1] = Vector3(4, 4, 1)
    #expect(throws: DynamicsError.self) { try MassRepartition.masses(of: alone, hydrogenMass: 2) }
    #expect(
      try MassRepartition.masses(of: argonCrystal(1), hydrogenMass: 2) == argonCrystal(1).masses)
    var ensemble = Ensemble(BussiThermostat(temperature: 60))
    ensemble.hydrogenMass = 2
    let gas = IdealGas()
    let run = try MolecularDynamics(
      anion, calculator: gas, ensemble: ensemble, timestep: 1, random: RandomGenerator(seed: 1))
    #expect(run.motion.masses == masses && run.state.masses == masses)
    let restored = try MolecularDynamics(
      restoring: DynamicsState(encoded: run.state.encoded()), calculator: gas, ensemble: ensemble)
    #expect(restored.motion.masses == masses)
  }
}
