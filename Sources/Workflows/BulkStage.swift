import Atomistics
import Dynamics
import FileFormats
import Foundation
import Potentials

/// What became of a crystal when it was relaxed with the potential.
public struct BulkResult: Codable, Sendable {
  public let name: String
  public let formula: String
  public let atoms: Int
  public let energy_eV_per_atom: Double
  /// The cube root of the volume's ratio to the start's, minus one.
  public let linearChange: Double
  public let lengths_A: [Double]
  public let angles_deg: [Double]
  public let largestForce_eV_per_A: Double
  public let largestStress_GPa: Double
  public let steps: Int
  public let converged: Bool
  /// Bonds of each cluster before and after: a cluster that broke makes another compound.
  public let clusterBonds: [String: [Int]]
}

extension StudyRun {
  /// Positions and cell of a crystal relaxed with the potential that the dynamics will use, so that
  /// no slab starts under gigapascals.
  func bulkStage(_ crystal: StudyConfiguration.Crystal) throws -> Stage {
    let file = try study.input(crystal.structure)
    let relaxation = Relaxation(cell: .flexible)
    let most = study.configuration.references.maximumAtoms
    var settings = [
      "largestForce": "\(relaxation.largestForce)",
      "largestStress": "\(relaxation.largestStress)", "mostSteps": "\(relaxation.mostSteps)",
    ]
    if let substitution = crystal.substitution {
      settings["replace"] = "\(substitution), at most \(most) atoms"
    }
    return try Stage(
      "relax \(crystal.name)", in: study.results("bulk", crystal.name), revision: 3,
      settings: settings,
      inputs: ["structure": SHA256Digest.hex(ofFile: file.path), "potential": potentialHash]
        .merging(clusterInput) { a, _ in a },
      outputs: ["relaxed.extxyz", "relaxation.json"]
    ) { directory in
      var start = try StructureFile.read(file.path)
      if let substitution = crystal.substitution {
        var generator = RandomGenerator(seed: 1, stage: "solid solution \(crystal.name)")
        start = try SolidSolution(
          start.roundestSupercell(maximumAtoms: most), substitution,
          compensatedBy: study.configuration.workingIon, &generator
        ).structure
      }
      let result = try relax(start, by: relaxation, in: directory)
      try StructureFile.write(
        result.structure, to: directory.appendingPathComponent("relaxed.extxyz").path)
      try writeJSON(
        bulkResult(crystal.name, start: start, result), to: directory, "relaxation.json")
    }
  }

  private func bulkResult(_ name: String, start: Structure, _ result: RelaxationResult)
    -> BulkResult
  {
    let end = result.structure
    let ratio = end.volume / start.volume
    let lengths = end.lattice.lengths
    let angles = end.lattice.angles
    let clusters = Cluster.present(in: start, of: study.configuration.clusters)
    return BulkResult(
      name: name, formula: end.composition.reduced.formula, atoms: end.count,
      energy_eV_per_atom: result.energy / Double(end.count),
      linearChange: exponential(naturalLogarithm(ratio) / 3) - 1,
      lengths_A: [lengths.x, lengths.y, lengths.z], angles_deg: [angles.x, angles.y, angles.z],
      largestForce_eV_per_A: result.largestForce,
      largestStress_GPa: result.largestStress * Units.gigapascal, steps: result.steps,
      converged: result.converged,
      clusterBonds: Dictionary(
        uniqueKeysWithValues: clusters.map {
          ($0.name, [$0.bonds(in: start).count, $0.bonds(in: end).count])
        }))
  }
}

/// A value rounded to so many decimals, for people.
func rounded(_ value: Double, _ decimals: Int) -> String {
  String(format: "%.\(decimals)f", value)
}

/// Writes a result as JSON with sorted keys, whole or not at all.
func writeJSON(_ value: some Encodable, to directory: URL, _ name: String) throws {
  try AtomicFile.write(
    Data((try canonicalJSON(value, pretty: true) + "\n").utf8),
    to: directory.appendingPathComponent(name).path)
}

/// Reads back what a stage wrote.
func readJSON<T: Decodable>(_ type: T.Type, from directory: URL, _ name: String) throws -> T {
  let path = directory.appendingPathComponent(name).path
  do {
    return try JSONDecoder().decode(type, from: try InputFile.read(path))
  } catch let error as DecodingError {
    throw WorkflowsError.stageFailed(
      stage: "reading \(path)",
      reason: "it is not what this version writes (\(error)); remove it and run again",
      kind: .badData)
  }
}
