import Atomistics
import Dynamics
import Potentials
import Testing

@Suite struct BlowUpTests {
  /// An atom that leaves a slab through the vacuum.
  @Test(arguments: [true, false]) func lostAtomStopsTheRun(periodic: Bool) throws {
    var slab = argonCrystal(2)
    let matrix = slab.lattice.matrix
    slab.lattice = Lattice(matrix[0], matrix[1], Vector3(0, 0, 60))
    slab.periodic[2] = periodic
    slab.velocities = Array(repeating: .zero, count: 32)
    let top = slab.positions.indices.max { slab.positions[$0].z < slab.positions[$1].z }!
    slab.velocities![top] = Vector3(0, 0, 0.02)
    var run = try MolecularDynamics(
      slab, calculator: rareGas, thermostat: NoThermostat(), timestep: 5,
      random: RandomGenerator(seed: 1))
    let error = #expect(throws: DynamicsError.self) {
      for _ in 0..<1000 { try run.step() }
    }
    let text = try #require(error).description
    #expect(text.contains("atom \(top + 1) (Ar) is lost") && text.contains("vacuum"))
    // The frame shows it: just out of the potential's reach.
    let heights = run.structure.positions.indices.filter { $0 != top }
      .map { run.structure.positions[$0].z }
    let distance = run.structure.positions[top].z - heights.max()!
    #expect(distance > 5.5 && distance < 8)
  }

  @Test func crystalWithoutForcesIsNotLost() throws {
    var rest = argonCrystal(3)
    rest.velocities = Array(repeating: .zero, count: rest.count)
    var run = try MolecularDynamics(
      rest, calculator: rareGas, thermostat: NoThermostat(), timestep: 5,
      random: RandomGenerator(seed: 1))
    for _ in 0..<3 { try run.step() }
  }

  @Test func largeForceNamesTheAtomsAndTheirDistance() throws {
    var structure = argonCrystal(2)
    structure.velocities = Array(repeating: .zero, count: 32)
    structure.positions[0] = structure.positions[1] + Vector3(2.2, 0, 0)
    var run = try MolecularDynamics(
      structure, calculator: rareGas, thermostat: NoThermostat(), timestep: 0.001,
      random: RandomGenerator(seed: 1))
    run.limits.largestForce = 5
    let error = #expect(throws: DynamicsError.self) { try run.step() }
    let text = try #require(error).description
    #expect(text.contains("Å from atom") && text.contains("relax it first"), "\(text)")
  }

  @Test func frozenAtomsMayFeelAnyForce() throws {
    var structure = argonCrystal(2)
    structure.positions[0] = structure.positions[1] + Vector3(2.2, 0, 0)
    var ensemble = Ensemble(NoThermostat())
    ensemble.frozen = [.atoms([0, 1])]
    var run = try MolecularDynamics(
      structure, calculator: rareGas, ensemble: ensemble, timestep: 0.001,
      random: RandomGenerator(seed: 1))
    run.limits.largestForce = 5
    try run.step()
  }
}
