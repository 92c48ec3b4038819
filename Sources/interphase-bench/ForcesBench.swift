import Atomistics
import Dynamics
import FileFormats
import Potentials

/// Energies and forces of a frame as molecular dynamics gets them, and what the number of
/// operations depends on: the model's shape and how many neighbours its atoms have.
struct ForcesBench {
  struct Result: Encodable {
    let atoms: Int
    let energies_eV: [Double]
    let forces_eV_per_A: [[Double]]
    let model: Shape
    /// Means over the atoms: neighbours within the radial and the angular range, and how many
    /// different species are among the former.
    let radialNeighbors: Double
    let angularNeighbors: Double
    let neighborSpecies: Double
  }

  struct Shape: Encodable {
    let radialFunctions: Int
    let angularFunctions: Int
    let radialBasis: Int
    let angularBasis: Int
    let maximumL: Int
    let fourBody: Bool
    let fiveBody: Bool
    let descriptors: Int
    let neurons: Int
  }

  let structure: String
  let potential: String

  func run() throws -> Result {
    let calculator = try NEPPotential(path: potential)
    let frame = try StructureFile.read(structure)
    let dynamics = try MolecularDynamics(
      frame, calculator: Precision.single.calculator(calculator), thermostat: NoThermostat(),
      timestep: 1,
      random: RandomGenerator(seed: 1, stage: "bench"))
    let found = dynamics.evaluation
    let counts = neighborCounts(frame, calculator.header)
    return Result(
      atoms: frame.count, energies_eV: found.energies ?? [],
      forces_eV_per_A: found.forces.map { [$0.x, $0.y, $0.z] }, model: shape(calculator.header),
      radialNeighbors: counts.radial, angularNeighbors: counts.angular,
      neighborSpecies: counts.species)
  }

  private func shape(_ header: NEPHeader) -> Shape {
    Shape(
      radialFunctions: header.radialCount, angularFunctions: header.angularCount,
      radialBasis: header.radialBasis + 1, angularBasis: header.angularBasis + 1,
      maximumL: header.maximumL, fourBody: header.hasFourBody, fiveBody: header.hasFiveBody,
      descriptors: header.descriptorCount, neurons: header.neurons)
  }

  private func neighborCounts(
    _ frame: Structure, _ header: NEPHeader
  ) -> (radial: Double, angular: Double, species: Double) {
    let cutoffs = zip(header.radialCutoffs, header.angularCutoffs)
    let ranges = Dictionary(uniqueKeysWithValues: zip(header.species, cutoffs))
    let list = NeighborList(frame, cutoff: header.radialCutoffs.max()!)
    var (radial, angular, species) = (0, 0, 0)
    for i in 0..<frame.count {
      var seen: Set<Element> = []
      for pair in list.pairs(of: i) {
        let j = Int(list.neighbors[pair])
        let (mine, other) = (ranges[frame.species[i]]!, ranges[frame.species[j]]!)
        let distance = list.vector(pair, from: i, in: frame).length
        if distance < (mine.0 + other.0) / 2 {
          radial += 1
          seen.insert(frame.species[j])
        }
        if distance < (mine.1 + other.1) / 2 { angular += 1 }
      }
      species += seen.count
    }
    let atoms = Double(frame.count)
    return (Double(radial) / atoms, Double(angular) / atoms, Double(species) / atoms)
  }
}
