import Atomistics
import Dynamics
import Potentials

/// Atoms that do not see one another.
struct IdealGas: ShortRangeCalculator {
  var name: String { "ideal gas" }
  var cutoff: Double { 0.1 }
  func validate(_ species: some Sequence<Element>) throws {}

  func evaluate(_ structure: Structure, neighbors: NeighborList) -> Evaluation {
    Evaluation(
      energies: Array(repeating: 0, count: structure.count),
      forces: Array(repeating: .zero, count: structure.count), stress: .zero)
  }

  /// Without a neighbour list, which would be built again at every step of so thin a gas.
  func evaluator(for structure: Structure, skin: Double) -> any Evaluator { Free(structure) }

  private struct Free: Evaluator {
    let listOrigin: ListOrigin
    private let evaluation: Evaluation

    init(_ structure: Structure) {
      listOrigin = ListOrigin(structure)
      evaluation = Evaluation(
        energies: Array(repeating: 0, count: structure.count),
        forces: Array(repeating: .zero, count: structure.count), stress: .zero)
    }

    mutating func evaluate(_ structure: Structure) -> Evaluation { evaluation }
  }
}

/// Eight atoms of an ideal gas at 300 K whose mean volume is about 8 nm³, in a triclinic cell; the
/// cell answers within 100 fs.
enum GasInACell {
  static let count = 8
  static let thermalEnergy = Units.boltzmann * 300
  static let pressure = thermalEnergy / 1000

  static func barostat(_ mode: StochasticCellRescaling.Mode) -> StochasticCellRescaling {
    StochasticCellRescaling(
      mode, pressure: pressure, timeConstant: 100, compressibility: 1 / pressure)
  }

  static func run(
    _ thermostat: any Thermostat, _ barostat: any Barostat, seed: UInt64
  ) throws -> MolecularDynamics {
    var ensemble = Ensemble(thermostat)
    ensemble.barostat = barostat
    let corners = (0..<8).map {
      Vector3(Double($0 & 1), Double(($0 >> 1) & 1), Double($0 >> 2)) * 0.5
    }
    let structure = Structure(
      lattice: Lattice(Vector3(20, 0, 0), Vector3(3, 19, 0), Vector3(-2, 4, 21)),
      species: (0..<8).map { Element($0 % 2 == 0 ? "Ar" : "Li")! }, fractional: corners)
    var run = try MolecularDynamics(
      structure, calculator: IdealGas(), ensemble: ensemble, timestep: 1,
      random: RandomGenerator(seed: seed))
    run.limits.loneliest = nil
    run.limits.largestStrain = 1
    run.limits.volumeChange = 1e9
    return run
  }

  /// P₀V/k_B T along twenty-four runs: the shape of a gas has no equilibrium, and must not wander too far.
  static func volumes(
    _ thermostat: any Thermostat, _ barostat: any Barostat, seed: UInt64
  ) throws -> Series {
    var samples: [Double] = []
    for part in 0..<24 {
      var run = try run(thermostat, barostat, seed: seed + UInt64(part))
      for _ in 0..<1000 { try run.step() }
      for _ in 0..<400 {
        for _ in 0..<25 { try run.step() }
        samples.append(run.structure.volume * pressure / thermalEnergy)
      }
    }
    return Series(samples)
  }
}
