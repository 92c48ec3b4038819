import Atomistics
import Dynamics
import FileFormats
import Foundation
import Potentials

/// Total energy and momentum along runs at constant energy, all from one equilibrated start.
struct ConservationBench {
  /// One run: time step, duration, and the time from one sample to the next, in fs.
  struct Section {
    let timestep: Double
    let duration: Double
    let interval: Double
  }

  struct Run: Encodable {
    let timestep_fs: Double
    let interval_fs: Double
    /// E + K of every sample, the start included.
    let totalEnergy_eV: [Double]
    let temperature_K: [Double]
    /// The longest total momentum of any sample.
    let largestMomentum_u_A_per_fs: Double
    let wall_s: Double
  }

  struct Result: Encodable {
    let atoms: Int
    let mass_u: Double
    let runs: [Run]
  }

  let structure: String
  let potential: String
  let threads: Int
  /// The crystal's roundest supercell of at most so many atoms is doubled along each axis.
  let largestCube: Int
  let temperature: Double
  let equilibration: Double
  let sections: [Section]

  func run() throws -> Result {
    let calculator = Precision.single.calculator(
      try NEPPotential(path: potential, threads: threads))
    let crystal = try StructureFile.read(structure)
      .roundestSupercell(maximumAtoms: largestCube).supercell(2, 2, 2)
    let start = try equilibrated(crystal, calculator)
    let runs = try sections.map { try run($0, from: start, calculator) }
    return Result(atoms: start.count, mass_u: start.masses.reduce(0, +), runs: runs)
  }

  private func equilibrated(
    _ crystal: Structure, _ calculator: any Calculator
  ) throws -> Structure {
    var dynamics = try MolecularDynamics(
      crystal, calculator: calculator, thermostat: NoseHooverChain(temperature: temperature),
      timestep: 1, random: RandomGenerator(seed: 1, stage: "conservation"))
    while Double(dynamics.stepCount) < equilibration { try dynamics.step() }
    return dynamics.structure
  }

  private func run(
    _ section: Section, from start: Structure, _ calculator: any Calculator
  ) throws -> Run {
    var dynamics = try MolecularDynamics(
      start, calculator: calculator, thermostat: NoThermostat(), timestep: section.timestep,
      random: RandomGenerator(seed: 1, stage: "conservation"))
    let every = Int((section.interval / section.timestep).rounded())
    let total = Int((section.duration / section.timestep).rounded())
    var energies = [totalEnergy(dynamics)]
    var temperatures = [dynamics.motion.temperature]
    var momentum = dynamics.motion.momentum.length
    let (seconds, _) = try timed(1) {
      while dynamics.stepCount < total {
        try dynamics.step()
        guard dynamics.stepCount.isMultiple(of: every) else { continue }
        energies.append(totalEnergy(dynamics))
        temperatures.append(dynamics.motion.temperature)
        momentum = max(momentum, dynamics.motion.momentum.length)
      }
    }
    return Run(
      timestep_fs: section.timestep, interval_fs: section.interval, totalEnergy_eV: energies,
      temperature_K: temperatures, largestMomentum_u_A_per_fs: momentum, wall_s: seconds[0])
  }

  private func totalEnergy(_ dynamics: MolecularDynamics) -> Double {
    dynamics.evaluation.energy + dynamics.motion.kineticEnergy
  }
}
