import Atomistics
import FileFormats
import Foundation
import Potentials
import Synchronization
import Testing
import Workflows

let repositoryRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()
/// Knows Li, P and S.
let nep4 = repositoryRoot.appendingPathComponent("Tests/PotentialsTests/Fixtures/nep4.nep.txt").path

/// Another calculator with energies, forces and stress times a factor, which may be stopped.
final class ScaledCalculator: Calculator {
  let name = "scaled"
  let potential: NEPPotential
  let factor: Double
  let most: Int
  private let calls = Mutex(0)

  init(_ factor: Double, most: Int = .max) throws {
    potential = try NEPPotential(path: nep4)
    (self.factor, self.most) = (factor, most)
  }

  struct Killed: Error {}
  var evaluations: Int { calls.withLock { $0 } }
  var range: Double? { potential.range }
  func validate(_ species: some Sequence<Element>) throws { try potential.validate(species) }

  func evaluate(_ structure: Structure) throws -> Evaluation {
    try calls.withLock { calls in
      guard calls < most else { throw Killed() }
      calls += 1
    }
    let found = try potential.evaluate(structure)
    return Evaluation(
      energy: factor * found.energy, forces: found.forces.map { factor * $0 },
      stress: factor * found.stress)
  }

  func evaluator(for structure: Structure, skin: Double) -> any Evaluator { fatalError("unused") }
}

/// Every atom of a crystal on a spring to its place, U = Σ k u²/2, without stress.
struct TetheredCalculator: Calculator {
  let name = "tethered"
  let places: [Vector3]
  let k: Double
  var range: Double? { nil }
  func validate(_ species: some Sequence<Element>) throws {}

  func evaluate(_ structure: Structure) throws -> Evaluation {
    let off = zip(structure.positions, places).map { $0 - $1 }
    return Evaluation(
      energy: off.reduce(0) { $0 + k * $1.lengthSquared / 2 }, forces: off.map { -k * $0 },
      stress: .zero)
  }

  func evaluator(for structure: Structure, skin: Double) -> any Evaluator { fatalError("unused") }
}

struct ValidationFolder {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("validation-\(UUID().uuidString.prefix(8))")

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }
  func remove() { try? FileManager.default.removeItem(at: url) }
  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  func table(_ name: String) throws -> CSVTable { try CSVTable(path: path(name)) }

  /// Sulfur in a simple cubic cell, at rest by `nep4`.
  func sulfur() throws -> String {
    try write(
      "S.extxyz",
      """
      1
      Lattice="4.1 0 0 0 4.1 0 0 0 4.1" Properties=species:S:1:pos:R:3 pbc="T T T"
      S 0 0 0

      """)
  }

  /// What it holds by name, without what a run leaves for the next.
  func contents() throws -> [String: Data] {
    let all = FileManager.default.enumerator(at: url, includingPropertiesForKeys: nil)
    let files = (all?.compactMap { $0 as? URL } ?? []).filter { $0.lastPathComponent != ".lock" }
    return Dictionary(
      uniqueKeysWithValues: try files.filter { !$0.hasDirectoryPath }.map {
        (String($0.path.dropFirst(url.path.count)), try Data(contentsOf: $0))
      })
  }
}

extension CSVTable {
  /// The number in a column of the row whose first field is that.
  func value(_ row: String, _ column: String) throws -> Double {
    let k = try #require(rows.firstIndex { $0[0] == row })
    return try number(row: k, column: requiredColumn(column))
  }
}

func dataCrystal(_ name: String) -> String {
  repositoryRoot.appendingPathComponent("Data/Structures/\(name)").path
}

/// Frames of Li and S, E = a + b E_nep4 of each trajectory, forces as they are but for `push` along y.
func validationLabels(
  _ trajectories: [(name: String, group: String, frames: Int, offset: Double, factor: Double)],
  push: Double = 0
) throws -> String {
  let potential = try NEPPotential(path: nep4)
  var random = RandomGenerator(seed: 7)
  return try trajectories.flatMap { trajectory in
    try (0..<trajectory.frames).map { _ in
      let positions = [Vector3.zero, Vector3(2.4, 0, 0), Vector3(0, 2.5, 0.2)].map {
        $0 + Vector3(0.2 * random.uniform(), 0.2 * random.uniform(), 0.2 * random.uniform())
      }
      let structure = Structure(
        lattice: Lattice(Vector3(6, 0, 0), Vector3(0, 6, 0), Vector3(0, 0, 6)),
        species: ["Li", "S", "Li"].map { Element($0)! }, positions: positions)
      let found = try potential.evaluate(structure)
      return ExtendedXYZ.text(
        of: structure, energy: trajectory.offset + trajectory.factor * found.energy,
        forces: found.forces.map { $0 + Vector3(0, push, 0) },
        info: [("config_type", trajectory.group), ("traj", trajectory.name)])
    }
  }.joined()
}

func plainValidation() throws -> Validation {
  Validation(potential: try PotentialFile(nep4))
}
