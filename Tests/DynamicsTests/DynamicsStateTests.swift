import Atomistics
import Dynamics
import Foundation
import Potentials
import Testing

private let chain = NoseHooverChain(temperature: 200)

private func hotRun(_ thermostat: any Thermostat = chain) throws -> MolecularDynamics {
  var structure = argonCrystal(2, a: 5.8)
  structure.regions = (0..<32).map { $0 < 8 ? .metal : .electrolyte }
  structure.layers = (0..<32).map { $0 % 5 - 1 }
  structure.formalCharges = (0..<32).map { Double($0 % 3) / 2 - 0.5 }
  structure.species[3] = Element("Kr")!
  return try MolecularDynamics(
    structure, calculator: rareGas, thermostat: thermostat, timestep: 5,
    random: RandomGenerator(seed: 21))
}

@Suite struct DynamicsStateTests {
  @Test(arguments: [1, 37, 100, 163]) func restoredRunHasTheSameBits(cut: Int) throws {
    let others: [any Thermostat] = [
      LangevinThermostat(temperature: 200), BussiThermostat(temperature: 200),
    ]
    for thermostat in [chain] + others {
      var whole = try hotRun(thermostat)
      var rebuilds: Set<Vector3> = []
      for _ in 0..<200 {
        try whole.step()
        rebuilds.insert(whole.state.listOrigin.positions[0])
      }
      #expect(rebuilds.count > 2)
      var first = try hotRun(thermostat)
      for _ in 0..<cut { try first.step() }
      let bytes = first.state.encoded()
      var second = try MolecularDynamics(
        restoring: DynamicsState(encoded: bytes), calculator: rareGas, thermostat: thermostat)
      #expect(second.evaluation.forces == first.evaluation.forces)
      for _ in cut..<200 { try second.step() }
      #expect(second.state == whole.state)
      #expect(second.observables == whole.observables)
      #expect(second.state.encoded() == whole.state.encoded())
    }
  }

  @Test func stateAndBytesAreTheSame() throws {
    var run = try hotRun()
    for _ in 0..<20 { try run.step() }
    let state = run.state
    let back = try DynamicsState(encoded: state.encoded())
    #expect(back == state)
    #expect(back.structure.layers == state.structure.layers)
    #expect(back.structure.regions == state.structure.regions)
    let json = try JSONEncoder().encode(state)
    let decoded = try JSONDecoder().decode(DynamicsState.self, from: json)
    #expect(decoded == state)
  }

  @Test func everyCutIsFound() throws {
    let bytes = try hotRun().state.encoded()
    for length in stride(from: 0, to: bytes.count, by: 7) {
      #expect(throws: DynamicsError.self) { try DynamicsState(encoded: bytes.prefix(length)) }
    }
    let error = #expect(throws: DynamicsError.self) {
      try DynamicsState(encoded: bytes.prefix(bytes.count / 2))
    }
    #expect(try #require(error).description.contains("cut off"))
  }

  @Test func everyChangedByteIsFound() throws {
    let bytes = try hotRun().state.encoded()
    for index in stride(from: 0, to: bytes.count, by: 11) {
      var damaged = bytes
      damaged[index] ^= 0x10
      #expect(throws: DynamicsError.self) { try DynamicsState(encoded: damaged) }
    }
  }

  @Test func anotherPotentialOrThermostatIsRefused() throws {
    let state = try hotRun().state
    let other = LennardJones([Element("Ar")!: .init(epsilon: 0.01, sigma: 3)], cutoff: 7)
    #expect(throws: DynamicsError.self) {
      try MolecularDynamics(restoring: state, calculator: other, thermostat: chain)
    }
    #expect(throws: DynamicsError.self) {
      try MolecularDynamics(
        restoring: state, calculator: rareGas, thermostat: NoseHooverChain(temperature: 201))
    }
  }
}
