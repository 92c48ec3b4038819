import Atomistics
import Dynamics
import FileFormats
import Potentials

/// The time and the memory of molecular dynamics in a supercell: NVT with a Nose-Hoover chain, with
/// whatever the library does by default.
///
/// Some steps go before the clock starts; then several blocks of steps are timed one after the
/// other. Blocks must be long beside the life of a neighbour list, so that each holds its share of
/// building it.
struct DynamicsBench {
  struct Result: Encodable {
    let potential: String
    let atoms: Int
    let threads: Int
    let stepsPerBlock: Int
    /// Microseconds per atom and step of each block: on the clock, and processor time of all threads.
    let wall_us: [Double]
    let cpu_us: [Double]
    /// How often the neighbour list was built in the steps before the clock started.
    let listsBuilt: Int
    let stepsCounted: Int
    let temperature_K: Double
    /// Resident memory with the potential read but no atoms yet, and the most from there on.
    let before_bytes: Int?
    let peak_bytes: Int?
  }

  let structure: String
  let potential: String
  let threads: Int
  let cells: (Int, Int, Int)
  let warmUp: Int
  let steps: Int
  let blocks: Int

  static let temperature = 300.0
  static let timestep = 1.0

  func run() throws -> Result {
    let calculator = Precision.single.calculator(
      try NEPPotential(path: potential, threads: threads))
    let cell = try StructureFile.read(structure)
    ProcessUsage.forgetPeak()
    let before = ProcessUsage.resident
    var dynamics = try start(cell, calculator)
    let built = try listsBuilt(in: &dynamics)
    let count = dynamics.motion.masses.count
    let perAtomAndStep = 1e6 / Double(count * steps)
    var (wall, cpu): ([Double], [Double]) = ([], [])
    for _ in 0..<blocks {
      let start = ProcessUsage.cpuSeconds
      let (seconds, _) = try timed(1) { for _ in 0..<steps { try dynamics.step() } }
      cpu.append((ProcessUsage.cpuSeconds - start) * perAtomAndStep)
      wall.append(seconds[0] * perAtomAndStep)
    }
    return Result(
      potential: calculator.name, atoms: count, threads: threads, stepsPerBlock: steps,
      wall_us: wall, cpu_us: cpu, listsBuilt: built, stepsCounted: warmUp,
      temperature_K: dynamics.motion.temperature, before_bytes: before,
      peak_bytes: ProcessUsage.peak)
  }

  private func start(
    _ cell: Structure, _ calculator: any Calculator
  ) throws -> MolecularDynamics {
    try MolecularDynamics(
      cell.supercell(cells.0, cells.1, cells.2), calculator: calculator,
      thermostat: NoseHooverChain(temperature: Self.temperature), timestep: Self.timestep,
      random: RandomGenerator(seed: 1, stage: "bench"))
  }

  /// Does the steps before the clock starts and counts how often the list's origin changed.
  private func listsBuilt(in dynamics: inout MolecularDynamics) throws -> Int {
    var built = 0
    var origin = dynamics.state.listOrigin
    for _ in 0..<warmUp {
      try dynamics.step()
      let now = dynamics.state.listOrigin
      if now != origin { built += 1 }
      origin = now
    }
    return built
  }
}
