import Atomistics
import Dynamics
import Testing

/// What every thermostat must pass: canonical kinetic energy and positions of a system for which
/// both are known.
///
/// Eight atoms in coupled anharmonic wells, N_f = 24:
/// ⟨K⟩ = N_f k_B T/2, var K/⟨K⟩² = 2/N_f, equipartition of every element, and the virial
/// −⟨Σ u F⟩ = N_f k_B T, which holds for whatever potential.
///
/// The tolerances are five times the scatter over ten seeds; the elements scatter more than the
/// whole because a chain acts on all atoms alike and leaves the mixing to the springs.
func checkCanonical(_ thermostat: any Thermostat, steps: Int, seed: UInt64) throws {
  let temperature = thermostat.temperature!
  let thermal = Units.boltzmann * temperature
  var run = try coupledWells(thermostat, seed: seed)
  let wells = run.calculator as! Wells
  for _ in 0..<2_000 { try run.step() }
  var heat = Moments()
  var species: [Element: Moments] = [:]
  var virials = [Vector3](repeating: .zero, count: 8)
  for _ in 0..<steps {
    try run.step()
    heat.add(run.motion.kineticEnergy)
    let structure = run.structure
    for k in 0..<8 {
      let v = run.motion.velocities[k]
      species[structure.species[k], default: Moments()].add(
        run.motion.masses[k] * v.lengthSquared * Units.massVelocitySquared / (3 * thermal))
      let u = structure.positions[k] - wells.sites[k]
      virials[k] -= u * run.evaluation.forces[k] / (thermal * Double(steps))
    }
  }
  let freedom = 24.0
  #expect(abs(heat.mean / (freedom * thermal / 2) - 1) < 0.02)
  #expect(abs(heat.variance / (heat.mean * heat.mean) * freedom / 2 - 1) < 0.1)
  for (element, moments) in species {
    #expect(abs(moments.mean - 1) < 0.2, "equipartition of \(element)")
  }
  let together = virials.reduce(0) { $0 + $1.x + $1.y + $1.z } / freedom
  #expect(abs(together - 1) < 0.03)
}

/// Eight atoms of three elements in wells of different stiffness, all 24 coordinates thermal.
func coupledWells(
  _ thermostat: any Thermostat, seed: UInt64, timestep: Double = 2
) throws -> MolecularDynamics {
  var generator = RandomGenerator(seed: seed, stage: "wells")
  let elements = ["Li", "S", "Cl"].map { Element($0)! }
  let sites: [Vector3] = (0..<8).map {
    let corner = Vector3(Double($0 & 1), Double(($0 >> 1) & 1), Double($0 >> 2))
    return 4 * corner + Vector3(1, 1, 1)
  }
  let springs = (0..<8).map { _ in
    Vector3(1 + 3 * generator.uniform(), 1 + 3 * generator.uniform(), 1 + 3 * generator.uniform())
  }
  let structure = Structure(
    lattice: Lattice(Vector3(8, 0, 0), Vector3(0, 8, 0), Vector3(0, 0, 8)),
    species: (0..<8).map { elements[$0 % 3] }, positions: sites)
  return try MolecularDynamics(
    structure, calculator: Wells(sites: sites, springs: springs, coupling: 60),
    thermostat: thermostat, timestep: timestep, random: RandomGenerator(seed: seed),
    netMomentum: .kept)
}
