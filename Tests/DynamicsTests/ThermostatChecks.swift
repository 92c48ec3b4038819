import Atomistics
import Dynamics
import Testing

/// What every thermostat must pass: canonical kinetic energy and positions of a system for which
/// both are known.
///
/// Eight atoms in anisotropic harmonic wells, 24 degrees of freedom:
/// ⟨K⟩ = N_f k_B T/2, var K/⟨K⟩² = 2/N_f, ⟨k x²⟩ = k_B T and ⟨x⁴⟩ = 3⟨x²⟩² for every coordinate.
///
/// The tolerances are about five standard errors of the runs (estimated from ten seeds), so that a
/// correct thermostat fails one seed in a million.
func checkCanonical(_ thermostat: any Thermostat, steps: Int, seed: UInt64) throws {
  let temperature = thermostat.temperature!
  let thermal = Units.boltzmann * temperature
  var run = try einsteinCrystal(thermostat, seed: seed)
  let wells = run.calculator as! HarmonicWells
  for _ in 0..<2_000 { try run.step() }
  var heat = Moments()
  var species: [Element: Moments] = [:]
  var spreads = [Moments](repeating: Moments(), count: 24)
  var fourths = [Moments](repeating: Moments(), count: 24)
  for _ in 0..<steps {
    try run.step()
    heat.add(run.motion.kineticEnergy)
    let structure = run.structure
    for k in 0..<8 {
      let v = run.motion.velocities[k]
      species[structure.species[k], default: Moments()].add(
        run.motion.masses[k] * v.lengthSquared * Units.massVelocitySquared / (3 * thermal))
      let u = structure.positions[k] - wells.sites[k]
      for axis in 0..<3 {
        let q = wells.springs[k][axis] * u[axis] * u[axis] / thermal
        spreads[3 * k + axis].add(q)
        fourths[3 * k + axis].add(q * q)
      }
    }
  }
  let freedom = 24.0
  #expect(abs(heat.mean / (freedom * thermal / 2) - 1) < 0.02)
  #expect(abs(heat.variance / (heat.mean * heat.mean) * freedom / 2 - 1) < 0.1)
  for (element, moments) in species {
    #expect(abs(moments.mean - 1) < 0.06, "equipartition of \(element)")
  }
  for (k, spread) in spreads.enumerated() {
    #expect(abs(spread.mean - 1) < 0.2, "position spread of coordinate \(k)")
    #expect(abs(fourths[k].mean / 3 - 1) < 0.5, "fourth moment of coordinate \(k)")
  }
  let together = spreads.reduce(0) { $0 + $1.mean } / 24
  #expect(abs(together - 1) < 0.03)
}

/// Eight atoms of three elements in wells of different stiffness, all 24 coordinates thermal.
func einsteinCrystal(
  _ thermostat: any Thermostat, seed: UInt64, timestep: Double = 2
) throws -> MolecularDynamics {
  var generator = RandomGenerator(seed: seed, stage: "wells")
  let elements = ["Li", "S", "Cl"].map { Element($0)! }
  let sites = (0..<8).map {
    Vector3(Double($0 & 1), Double(($0 >> 1) & 1), Double($0 >> 2)) * 4 + Vector3(1, 1, 1)
  }
  let springs = (0..<8).map { _ in
    Vector3(1 + 3 * generator.uniform(), 1 + 3 * generator.uniform(), 1 + 3 * generator.uniform())
  }
  let structure = Structure(
    lattice: Lattice(Vector3(8, 0, 0), Vector3(0, 8, 0), Vector3(0, 0, 8)),
    species: (0..<8).map { elements[$0 % 3] }, positions: sites)
  return try MolecularDynamics(
    structure, calculator: HarmonicWells(sites: sites, springs: springs), thermostat: thermostat,
    timestep: timestep, random: RandomGenerator(seed: seed), netMomentum: .kept)
}
