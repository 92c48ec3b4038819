import Atomistics
import FileFormats
import Foundation
import Potentials
import Synchronization
import Testing
import Workflows

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()
/// Knows Li, P and S.
private let path = root.appendingPathComponent("Tests/PotentialsTests/Fixtures/nep4.nep.txt").path

/// Another calculator with energies, forces and stress times a factor, which may be stopped.
private final class Scaled: Calculator {
  let name = "scaled"
  let potential: NEPPotential
  let factor: Double
  let most: Int
  private let calls = Mutex(0)

  init(_ factor: Double, most: Int = .max) throws {
    potential = try NEPPotential(path: path)
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
private struct Tethered: Calculator {
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

private struct Folder {
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
  fileprivate func value(_ row: String, _ column: String) throws -> Double {
    let k = try #require(rows.firstIndex { $0[0] == row })
    return try number(row: k, column: requiredColumn(column))
  }
}

private func crystal(_ name: String) -> String {
  root.appendingPathComponent("Data/Structures/\(name)").path
}

/// Frames of Li and S, E = a + b E_nep4 of each trajectory, forces as they are but for `push` along y.
private func labels(
  _ trajectories: [(name: String, group: String, frames: Int, offset: Double, factor: Double)],
  push: Double = 0
) throws -> String {
  let potential = try NEPPotential(path: path)
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

private func validation() throws -> Validation {
  Validation(potential: try PotentialFile(path))
}

@Suite struct ValidationLabelTests {
  private func errors(_ text: String, threads: Int = 1, seed: UInt64 = 1) throws -> LabelErrors {
    let folder = try Folder()
    defer { folder.remove() }
    let frames = try TrainingFrame.read([try folder.write("labels.extxyz", text)])
    return try #require(
      try LabelErrors(frames, of: try NEPPotential(path: path), threads: threads, seed: seed))
  }

  @Test func errorsAreThoseOfAHandSum() throws {
    let found = try errors(
      try labels(
        [("a", "md", 6, 0.3, 1), ("b", "md", 5, -0.6, 1), ("c", "eos", 1, 0.9, 1)], push: 0.03))
    #expect(found.groups.map(\.name) == ["all", "eos", "md"])
    #expect(found.groups.map(\.frames) == [12, 1, 11] && found.groups.map(\.atoms) == [36, 3, 33])
    #expect(found.groups.map(\.trajectories) == [3, 1, 2])
    let md = found.groups[2]
    // Per atom 0.1 in six frames, 0.2 in five.
    let (square, mean): (Double, Double) = ((6 * 0.01 + 5 * 0.04) / 11, (6 * 0.1 + 5 * 0.2) / 11)
    #expect(abs(md.energy.rms - square.squareRoot()) < 1e-9)
    #expect(abs(md.energy.mae - mean) < 1e-9)
    #expect(abs(md.energy.largest - 0.2) < 1e-9 && md.energy.count == 11)
    #expect(try #require(md.shiftedEnergy) < 1e-9)
    #expect(found.groups[1].shiftedEnergy == nil && found.groups[1].forceInterval == nil)
    // One component of three is off.
    #expect(abs(md.force.rms - 0.03 / 3.0.squareRoot()) < 1e-9 && md.force.count == 99)
    #expect(abs(md.force.mae - 0.01) < 1e-9 && abs(md.force.largest - 0.03) < 1e-9)
    #expect(md.virial == nil)
    #expect(found.trajectories.map(\.name) == ["a", "b", "c"])
    let interval = try #require(md.forceInterval)
    #expect(interval.units == 2 && interval.isOfTrajectories)
    #expect(abs(interval.low - md.force.rms) < 1e-9 && abs(interval.high - md.force.rms) < 1e-9)
    #expect(try #require(found.trajectories[0].forceInterval).isOfTrajectories == false)
  }

  /// Labels whose energies go half again as far: two thirds of every difference is there.
  @Test func slopesAreThoseOfTheLabels() throws {
    let found = try errors(
      try labels([
        ("a", "md", 9, 3, 1.5), ("b", "md", 7, -8, 1.5), ("few", "md", 4, 0, 9),
        ("c", "slab", 6, 1, 0.8),
      ]))
    let md = try #require(found.groups[1].slope)
    #expect(abs(md.slope - 1 / 1.5) < 1e-9 && md.standardError < 1e-7)
    #expect(abs(md.determination - 1) < 1e-9 && md.frames == 16 && md.trajectories == 2)
    let slab = try #require(found.groups[2].slope)
    #expect(abs(slab.slope - 1.25) < 1e-9)
    #expect(found.trajectories.first { $0.name == "few" }?.slope == nil)
    #expect(
      abs(try #require(found.trajectories.first { $0.name == "b" }?.slope).slope - 1 / 1.5) < 1e-9)
  }

  @Test func aSlopeWithNoiseHasItsTextbookError() throws {
    let x = [0.0, 1, 2, 3, 4, 5]
    let y = [0.1, 0.9, 2.2, 2.8, 4.1, 4.9]
    let found = try #require(EnergySlope([zip(x, y).map { (label: $0, found: $1) }]))
    // Of the textbook: x̄ = 2.5, ȳ = 2.5.
    var (xx, xy, left) = (0.0, 0.0, 0.0)
    for k in 0..<6 {
      xx += (x[k] - 2.5) * (x[k] - 2.5)
      xy += (x[k] - 2.5) * (y[k] - 2.5)
    }
    let slope = xy / xx
    for k in 0..<6 {
      let off = y[k] - 2.5 - slope * (x[k] - 2.5)
      left += off * off
    }
    #expect(abs(found.slope - slope) < 1e-12)
    #expect(abs(found.standardError - (left / 4 / xx).squareRoot()) < 1e-12)
    #expect(EnergySlope([[(1, 1), (1, 2), (1, 3), (1, 4), (1, 5)]]) == nil)
    #expect(EnergySlope([]) == nil)
  }

  /// Trajectories of different errors: the interval is theirs, seeded, and holds the value.
  @Test func intervalsHoldTheirValueAndFollowTheSeed() throws {
    let text = try (0..<8).map { k in
      try labels([("t\(k)", "md", 3, 0, 1)], push: 0.01 * Double(k + 1))
    }.joined()
    let first = try #require(try errors(text).groups[1].forceInterval)
    let rms = try errors(text).groups[1].force.rms
    #expect(first.low < rms && rms < first.high && first.units == 8)
    #expect(first.low > 0.01 / 3.0.squareRoot() && first.high < 0.08 / 3.0.squareRoot())
    #expect(try errors(text, threads: 3).groups[1].forceInterval == first)
    #expect(try errors(text, seed: 2).groups[1].forceInterval != first)
  }
}

@Suite struct ValidationCrystalTests {
  /// All energies 1.3 times those of the potential: lattices are equal, and everything else is known.
  @Test func aScaledReferenceGivesKnownRatios() throws {
    let folder = try Folder()
    defer { folder.remove() }
    var validation = try validation()
    validation.crystals = [crystal("Li.cif"), crystal("Li2S.cif"), try folder.sulfur()]
    validation.reactions = ["2 Li + S -> Li2S", "Li2S -> S, Li"]
    validation.reference = .init(calculator: try Scaled(1.3), name: "scaled", sha256: "ab")
    let result = try validation.run([], in: folder.url)
    #expect(result.troubles.isEmpty, "\(result.troubles)")

    let lattice = try folder.table("lattice.csv")
    #expect(abs(try lattice.value("Li2S", "a_difference_percent")) < 0.01)
    #expect(abs(try lattice.value("Li", "volume_difference_percent")) < 0.05)
    let edges = try ["a", "b", "c"].map { try lattice.value("S", "\($0)_difference_percent") }
    let largest = try lattice.value("S", "largest_difference_percent")
    #expect(largest == edges.max { abs($0) < abs($1) })
    let experiment = try folder.table("experiment.csv")
    #expect(experiment.rows.map { $0[0] } == ["Li", "Li2S"])
    // Twelve atoms fill the cube.
    let cube = 12 * (try lattice.value("Li2S", "volume_potential_A3_per_atom"))
    let a = power(cube, 1.0 / 3)
    #expect(abs(try experiment.value("Li2S", "a_potential_percent") - 100 * (a / 5.708 - 1)) < 1e-6)

    let formation = try folder.table("formation.csv")
    let e = try ["Li", "S", "Li2S"].map { try formation.value($0, "energy_potential_eV_per_atom") }
    let hand = e[2] - (2 * e[0] + e[1]) / 3
    #expect(abs(try formation.value("Li2S", "formation_potential_eV_per_atom") - hand) < 1e-12)
    #expect(abs(try formation.value("Li2S", "formation_reference_eV_per_atom") - 1.3 * hand) < 1e-4)

    let reactions = try folder.table("reactions.csv")
    #expect(abs(try reactions.value("2 Li + S -> Li2S", "potential_eV_per_atom") - hand) < 1e-12)
    #expect(
      abs(try reactions.value("2 Li + S -> Li2S", "difference_meV_per_atom") + 300 * hand) < 0.1)
    #expect(abs(try reactions.value("Li2S -> S + 2 Li", "potential_eV_per_atom") + hand) < 1e-12)

    let eos = try folder.table("eos.csv")
    let b = try eos.value("Li", "B0_potential_GPa")
    #expect(abs(try eos.value("Li", "B0_reference_GPa") / b - 1.3) < 0.01)
    let elastic = try folder.table("elastic.csv")
    let row = try #require(elastic.rows.first { $0[0] == "Li" && $0[2] == "C11" })
    #expect(abs(Double(row[4])! / Double(row[3])! - 1.3) < 0.01)
    // The bulk modulus of both ways.
    let k = try #require(elastic.rows.first { $0[0] == "Li" && $0[2] == "K" })
    #expect(abs(Double(k[3])! / b - 1) < 0.1)
    let phonons = try folder.table("phonons.csv")
    let f = try phonons.value("Li", "highest_potential_THz")
    #expect(abs(try phonons.value("Li", "highest_reference_THz") / f - 1.3.squareRoot()) < 0.005)
    #expect(try phonons.value("Li", "translations_potential_THz") < 0.05)
    #expect(FileManager.default.fileExists(atPath: folder.path("validation.html")))
    let card = try String(contentsOfFile: folder.path("model-card.md"), encoding: .utf8)
    #expect(card.contains("## Not tested") && card.contains("2 Li + S -> Li2S"))
    #expect(card.contains(try SHA256Digest.hex(ofFile: path)))
  }

  @Test func aBondOnASpringHasItsStiffness() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let structure = try StructureFile.read(crystal("Li3PS4.cif"))
    var validation = try validation()
    validation.crystals = [crystal("Li3PS4.cif")]
    validation.mostAtoms = 0
    validation.reference = .init(
      calculator: Tethered(places: structure.positions, k: 17), name: "springs", sha256: "cd")
    let result = try validation.run([], in: folder.url)
    let bonds = try folder.table("bonds.csv")
    #expect(abs(try bonds.value("Li3PS4", "k_reference_eV_per_A2") - 17) < 1e-6)
    #expect(abs(try bonds.value("Li3PS4", "minimum_reference_A")) < 1e-9)
    #expect(abs(try bonds.value("Li3PS4", "energy_at_1.2_A_reference_eV") - 0.5 * 17 * 1.44) < 1e-6)
    #expect(abs(try bonds.value("Li3PS4", "length_reference_A") - 2.05) < 0.05)
    // Above the limit.
    #expect(!FileManager.default.fileExists(atPath: folder.path("phonons.csv")))
    #expect(result.untested.contains { $0.contains("above 0 atoms: Li3PS4") })
  }

  /// The same forces from the same start: the same motion, but for the last bits.
  @Test func equalForcesGiveEqualRadialDistributions() throws {
    let folder = try Folder()
    defer { folder.remove() }
    var validation = try validation()
    validation.crystals = [crystal("Li.cif")]
    validation.mostAtoms = 0
    validation.motion = try MotionSettings(duration: 250, temperature: 300)
    validation.reference = .init(calculator: try Scaled(1), name: "scaled", sha256: "ab")
    let result = try validation.run([], in: folder.url)
    let table = try folder.table("rdf.csv")
    #expect(table.rows.count == 1 && table.rows[0][2] == "Li-Li")
    #expect(try table.value("Li", "overlap") > 0.995)
    #expect(try table.value("Li", "overlap_of_halves") < 0.995)
    // Below the edge of the cell, 4.194 Å.
    #expect(try folder.table("rdf-curves.csv").rows.count == 41)
    #expect(!result.untested.contains { $0.contains("in motion") })
    #expect(throws: AtomisticsError.self) { try MotionSettings(duration: 5, temperature: 300) }
    #expect(throws: AtomisticsError.self) { try MotionSettings(duration: 500, temperature: 0) }
  }

  /// Sulfur collapses with nep3; that is told, and everything else is there.
  @Test func aCrystalThatFallsApartIsAResult() throws {
    let folder = try Folder()
    defer { folder.remove() }
    let other = root.appendingPathComponent("Tests/PotentialsTests/Fixtures/nep3.nep.txt").path
    var validation = Validation(potential: try PotentialFile(other))
    validation.crystals = [crystal("Li.cif"), try folder.sulfur()]
    validation.mostAtoms = 0
    validation.reference = .init(calculator: try Scaled(1), name: "scaled", sha256: "ab")
    let result = try validation.run([], in: folder.url)
    #expect(
      result.troubles.contains { $0.hasPrefix("S by the potential: relaxation: ") },
      "\(result.troubles)")
    let lattice = try folder.table("lattice.csv")
    let row = try #require(lattice.rows.first { $0[0] == "S" })
    #expect(row[try lattice.requiredColumn("a_potential_A")] == "")
    #expect(abs(try lattice.value("Li", "a_reference_A") - 4.194) < 0.01)
    #expect(try lattice.value("Li", "a_potential_A") > 1)
    #expect(abs(try lattice.value("S", "a_reference_A") - 4.101) < 0.01)
    let card = try String(contentsOfFile: folder.path("model-card.md"), encoding: .utf8)
    #expect(card.contains("## What failed"))
  }
}

@Suite struct ValidationRestartTests {
  private func prepared(_ folder: Folder, _ reference: Scaled) throws -> (Validation, [String]) {
    var validation = try validation()
    validation.crystals = [crystal("Li.cif"), crystal("Li2S.cif")]
    validation.reference = .init(calculator: reference, name: "scaled", sha256: "ab")
    let frames = folder.path("labels")
    try Data(try labels([("a", "md", 6, 0, 1.2), ("b", "md", 3, 1, 1)], push: 0.1).utf8)
      .write(to: URL(fileURLWithPath: frames + ".extxyz"))
    return (validation, [frames + ".extxyz"])
  }

  @Test func aKilledRunEndsWithTheSameBytes() throws {
    let (whole, broken, source) = (try Folder(), try Folder(), try Folder())
    defer { for folder in [whole, broken, source] { folder.remove() } }
    let undisturbed = try Scaled(1.3)
    let (first, frames) = try prepared(source, undisturbed)
    _ = try first.run(frames, in: whole.url)
    let total = undisturbed.evaluations
    #expect(total > 150)

    let killed = try Scaled(1.3, most: 90)
    #expect(throws: Scaled.Killed.self) {
      try prepared(source, killed).0.run(frames, in: broken.url)
    }
    // Half a line, as a kill in the middle of writing leaves.
    let kept = broken.path("reference.evaluations")
    let text = try String(contentsOfFile: kept, encoding: .utf8)
    #expect(text.split(separator: "\n").count == 91)
    try Data(text.dropLast(40).utf8).write(to: URL(fileURLWithPath: kept))
    let rest = try Scaled(1.3)
    _ = try prepared(source, rest).0.run(frames, in: broken.url)
    #expect(rest.evaluations == total - 89)
    let (a, b) = (try whole.contents(), try broken.contents())
    #expect(a.count > 15 && Set(a.keys) == Set(b.keys))
    for (name, data) in a { #expect(b[name] == data, "\(name)") }
    // Nothing is asked again.
    let again = try Scaled(1.3)
    _ = try prepared(source, again).0.run(frames, in: broken.url)
    #expect(again.evaluations == 0)
    for (name, data) in try broken.contents() { #expect(a[name] == data, "\(name)") }
  }

  @Test func aStopIsKeptAndAnotherReferenceRefused() throws {
    let (folder, source) = (try Folder(), try Folder())
    defer { for folder in [folder, source] { folder.remove() } }
    let (stopped, frames) = try prepared(source, try Scaled(1.3))
    let asked = Mutex(0)
    #expect {
      try stopped.run(frames, in: folder.url, progress: { _ in }) {
        asked.withLock { asked in
          asked += 1
          return asked > 120
        }
      }
    } throws: {
      ($0 as? WorkflowsError)?.kind == .stopped && "\($0)".contains("goes on")
    }
    var other = try validation()
    other.crystals = [crystal("Li.cif")]
    other.reference = .init(calculator: try Scaled(1), name: "another", sha256: "ef")
    _ = try prepared(source, try Scaled(1.3)).0.run(frames, in: folder.url)
    #expect {
      try other.run([], in: folder.url)
    } throws: {
      ($0 as? WorkflowsError)?.kind == .badData && "\($0)".contains("another calculator")
    }
  }

  /// Tables of another call do not stay beside those of this one.
  @Test func tablesThatNoLongerApplyGo() throws {
    let (folder, source) = (try Folder(), try Folder())
    defer { for folder in [folder, source] { folder.remove() } }
    let (both, frames) = try prepared(source, try Scaled(1.3))
    _ = try both.run(frames, in: folder.url)
    #expect(FileManager.default.fileExists(atPath: folder.path("eos.csv")))
    _ = try validation().run(frames, in: folder.url)
    #expect(!FileManager.default.fileExists(atPath: folder.path("eos.csv")))
    #expect(FileManager.default.fileExists(atPath: folder.path("errors.csv")))
    #expect(!FileManager.default.fileExists(atPath: folder.path("figures/equations-of-state.svg")))
  }
}

@Suite struct ValidationInputTests {
  private func expectBad(
    _ change: (inout Validation, Folder) throws -> [String], _ expected: String,
    kind: FailureKind = .badData
  ) throws {
    let folder = try Folder()
    defer { folder.remove() }
    var validation = try validation()
    validation.crystals = [crystal("Li.cif"), crystal("Li2S.cif")]
    validation.reference = .init(calculator: try Scaled(1, most: 0), name: "scaled", sha256: "ab")
    let labels = try change(&validation, folder)
    let output = folder.url.appendingPathComponent("out")
    #expect {
      try validation.run(labels, in: output)
    } throws: { error in
      "\(error)".contains(expected) && (error as? any ReportableError)?.kind == kind
    }
    // Before anything is computed or written.
    #expect(!FileManager.default.fileExists(atPath: output.path))
  }

  @Test func badReactionsAreTold() throws {
    try expectBad(
      { v, _ in
        v.reactions = ["Li + S -> Li2S"]; return []
      }, "Li")
    try expectBad(
      { v, _ in
        v.reactions = ["2 Li -> Li -> Li"]; return []
      }, "one '->'")
    try expectBad(
      { v, _ in
        v.reactions = ["2 Li + S -> Li2S"]; return []
      }, "needs a crystal of S")
    try expectBad(
      { v, _ in
        v.reactions = ["2 Xy -> Li2S"]; return []
      }, "Xy")
  }

  @Test func badLabelsAreTold() throws {
    let frame = """
      1
      Lattice="6 0 0 0 6 0 0 0 6" Properties=species:S:1:pos:R:3 pbc="T T T" FIRST
      Li 0 0 0

      """
    try expectBad({ _, f in [try f.write("l.extxyz", "")] }, "no frames")
    try expectBad({ _, f in [try f.write("l.extxyz", frame)] }, "has no energy")
    try expectBad(
      { _, f in
        [try f.write("l.extxyz", frame.replacingOccurrences(of: "FIRST", with: "energy=1"))]
      }, "has no forces")
    let uranium = """
      1
      Lattice="6 0 0 0 6 0 0 0 6" Properties=species:S:1:pos:R:3:forces:R:3 pbc="T T T" energy=1
      U 0 0 0 0 0 0

      """
    try expectBad(
      { _, f in [try f.write("l.extxyz", uranium)] }, "does not know U", kind: .unavailable)
    try expectBad({ _, f in [f.path("none.extxyz")] }, "none.extxyz", kind: .missingInput)
  }

  @Test func badCrystalsAreTold() throws {
    try expectBad(
      { v, _ in
        v.crystals = [crystal("LiF.cif")]; return []
      }, "does not know F", kind: .unavailable)
    try expectBad(
      { v, _ in
        v.reference = nil; return []
      }, "with a reference")
    try expectBad(
      { v, f in
        v.crystals = [
          try f.write(
            "slab.extxyz",
            """
            1
            Lattice="3 0 0 0 3 0 0 0 9" Properties=species:S:1:pos:R:3 pbc="T T F"
            Li 0 0 0

            """)
        ]
        return []
      }, "no crystal")
    try expectBad(
      { v, _ in
        v.crystals = [crystal("Li.cif"), crystal("Li.cif")]; return []
      }, "have one name")
  }
}
