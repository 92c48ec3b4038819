import Atomistics
import Dynamics
import FileFormats
import Foundation
import Potentials
import Testing
import Workflows

private let argon = LennardJones([Element("Ar")!: .init(epsilon: 0.0104, sigma: 3.4)], cutoff: 6)

private func crystal() -> Structure {
  let a = 5.6
  var structure = Structure(
    lattice: Lattice(Vector3(a, 0, 0), Vector3(0, a, 0), Vector3(0, 0, a)),
    species: Array(repeating: Element("Ar")!, count: 4),
    fractional: [
      .zero, Vector3(0, 0.5, 0.5), Vector3(0.5, 0, 0.5), Vector3(0.5, 0.5, 0),
    ]
  ).supercell(2, 2, 2)
  structure.regions = (0..<32).map { $0 < 10 ? .metal : .electrolyte }
  return structure
}

/// 200 steps of equilibration and 300 of production; checkpoints do not fall on frames.
private func settings() -> DynamicsSettings {
  var settings = DynamicsSettings(
    temperature: 150, equilibration: 1000, production: 1500, seed: 7)
  settings.timestep = 5
  settings.sampleInterval = 50
  settings.checkpointInterval = 185
  return settings
}

private func run(_ directory: URL, _ settings: DynamicsSettings = settings()) -> DynamicsRun {
  DynamicsRun(
    directory: directory, structure: crystal(), calculator: argon, settings: settings,
    inputs: ["potential": "abc"])
}

/// A directory that goes when the test is over.
private final class Scratch {
  let url: URL
  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(at: url) }
  subscript(_ name: String) -> URL { url.appendingPathComponent(name) }
}

private let names = ["trajectory.extxyz", "equilibration.extxyz", "thermo.csv", "checkpoint.bin"]

private func contents(_ directory: URL) throws -> [Data] {
  try names.map { try Data(contentsOf: directory.appendingPathComponent($0)) }
}

@Suite struct DynamicsRunTests {
  @Test func writesFramesAndRows() throws {
    let scratch = try Scratch()
    let state = try run(scratch["run"]).run(shouldStop: { false })
    #expect(state.step == 500)
    let production = try Frames.count(scratch["run/trajectory.extxyz"])
    let equilibration = try Frames.count(scratch["run/equilibration.extxyz"])
    #expect(production == 31 && equilibration == 20)
    let rows = try String(contentsOf: scratch["run/thermo.csv"], encoding: .utf8)
      .split(separator: "\n")
    #expect(rows.count == 52)
    #expect(rows[0].hasPrefix("step,time_ps,phase,T_K,"))
    #expect(rows[21].hasPrefix("200,1.0,production,"))
    #expect(rows[51].split(separator: ",").count == 10)
  }

  @Test func heavyHydrogenIsWrittenIntoEveryFrame() throws {
    let scratch = try Scratch()
    var heavy = settings()
    heavy.hydrogenMass = 2
    try run(scratch["run"], heavy).run(shouldStop: { false })
    let frames = try String(contentsOf: scratch["run/trajectory.extxyz"], encoding: .utf8)
    #expect(frames.components(separatedBy: "hydrogen_mass_u=2.0").count == 32)
    let record = try String(contentsOf: scratch["run/run.json"], encoding: .utf8)
    #expect(record.contains("\"hydrogenMass\""))
    #expect(throws: WorkflowsError.self) { try run(scratch["run"]).run(shouldStop: { false }) }
  }

  @Test(arguments: [1, 100, 185, 199, 200, 371, 499]) func stoppedAndResumedHasTheSameBytes(
    at stop: Int
  ) throws {
    let scratch = try Scratch()
    try run(scratch["whole"]).run(shouldStop: { false })
    var count = 0
    let error = #expect(throws: WorkflowsError.self) {
      try run(scratch["parts"]).run(shouldStop: {
        count += 1
        return count >= stop
      })
    }
    #expect(try #require(error).kind == .stopped)
    #expect(count == stop)
    try run(scratch["parts"]).run(shouldStop: { false })
    let (parts, whole) = (try contents(scratch["parts"]), try contents(scratch["whole"]))
    #expect(parts == whole)
  }

  /// A copy of the directory between two steps is what SIGKILL leaves.
  @Test(arguments: [20, 60, 250, 444]) func killedAndResumedHasTheSameBytes(at kill: Int) throws {
    let scratch = try Scratch()
    var count = 0
    var copied: Void?
    try run(scratch["whole"]).run(shouldStop: {
      count += 1
      if count == kill {
        copied = try? FileManager.default.copyItem(at: scratch["whole"], to: scratch["killed"])
      }
      return false
    })
    try #require(copied != nil)
    // The last write was cut off in the middle of a frame.
    let handle = try FileHandle(forWritingTo: scratch["killed/trajectory.extxyz"])
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("32\nLattice=\"1 0 ".utf8))
    try handle.close()
    try run(scratch["killed"]).run(shouldStop: { false })
    let (killed, whole) = (try contents(scratch["killed"]), try contents(scratch["whole"]))
    #expect(killed == whole)
  }

  @Test func checkpointCutInHalfGivesWayToTheOneBefore() throws {
    let scratch = try Scratch()
    try run(scratch["whole"]).run(shouldStop: { false })
    stopAfter(300, scratch["cut"])
    try cut(scratch["cut/checkpoint.bin"])
    var told: [String] = []
    try run(scratch["cut"]).run(say: { told.append($0) }, shouldStop: { false })
    #expect(told.joined().contains("checkpoint.bin") && told.joined().contains("cut off"))
    let (parts, whole) = (try contents(scratch["cut"]), try contents(scratch["whole"]))
    #expect(parts == whole)
  }

  @Test func withoutAWholeCheckpointNothingIsTouched() throws {
    let scratch = try Scratch()
    stopAfter(300, scratch["cut"])
    try cut(scratch["cut/checkpoint.bin"])
    try cut(scratch["cut/checkpoint.previous.bin"])
    let before = try contents(scratch["cut"])
    let error = #expect(throws: WorkflowsError.self) {
      try run(scratch["cut"]).run(shouldStop: { false })
    }
    #expect(try #require(error).kind == .badData)
    #expect(try #require(error).description.contains("cut off"))
    let after = try contents(scratch["cut"])
    #expect(after == before)
  }

  @Test func changedSettingsAreRefused() throws {
    let scratch = try Scratch()
    stopAfter(250, scratch["run"])
    var changed = settings()
    changed.temperature = 160
    let error = #expect(throws: WorkflowsError.self) {
      try run(scratch["run"], changed).run(shouldStop: { false })
    }
    #expect(try #require(error).description.contains("temperature in K 150.0, now 160.0"))
  }

  @Test func failureToWriteKeepsTheLastCheckpoint() throws {
    let scratch = try Scratch()
    try run(scratch["whole"]).run(shouldStop: { false })
    var count = 0
    let error = #expect(throws: FileFormatsError.self) {
      try run(scratch["full"]).run(shouldStop: {
        count += 1
        // From now on no checkpoint can be written.
        if count == 260 {
          try? FileManager.default.createDirectory(
            at: scratch["full/checkpoint.new.bin"], withIntermediateDirectories: false)
        }
        return false
      })
    }
    #expect(try #require(error).kind == .cannotWrite)
    try FileManager.default.removeItem(at: scratch["full/checkpoint.new.bin"])
    try run(scratch["full"]).run(shouldStop: { false })
    let (parts, whole) = (try contents(scratch["full"]), try contents(scratch["whole"]))
    #expect(parts == whole)
  }

  @Test func completeRunReturnsAtOnce() throws {
    let scratch = try Scratch()
    let first = try run(scratch["run"]).run(shouldStop: { false })
    var asked = false
    let again = try run(scratch["run"]).run(shouldStop: {
      asked = true
      return false
    })
    #expect(!asked && again == first)
  }

  @Test func blowingUpLeavesTheFrame() throws {
    let scratch = try Scratch()
    var wild = settings()
    wild.timestep = 400
    wild.temperature = 2000
    wild.equilibration = 0
    wild.production = 400_000
    wild.sampleInterval = 4000
    wild.checkpointInterval = 4000
    #expect(throws: DynamicsError.self) { try run(scratch["run"], wild).run() }
    #expect(try Frames.count(scratch["run/blown-up.extxyz"]) == 1)
  }

  @Test func settingsThatCannotBeMeant() throws {
    let scratch = try Scratch()
    let changes: [(inout DynamicsSettings) -> Void] = [
      { $0.timestep = 0 }, { $0.timestep = .nan }, { $0.temperature = -1 },
      { $0.production = -5 }, { $0.sampleInterval = 2 }, { $0.checkpointInterval = 0 },
      { $0.production = 1e300 }, { $0.production = 7 },
    ]
    for change in changes {
      var wrong = settings()
      change(&wrong)
      #expect(throws: AtomisticsError.self) { try run(scratch["run"], wrong).run() }
    }
    #expect(!FileManager.default.fileExists(atPath: scratch["run"].path))
  }

  private func stopAfter(_ steps: Int, _ directory: URL) {
    var count = 0
    #expect(throws: WorkflowsError.self) {
      try run(directory).run(shouldStop: {
        count += 1
        return count == steps
      })
    }
  }

  private func cut(_ file: URL) throws {
    let data = try Data(contentsOf: file)
    try data.prefix(data.count / 2).write(to: file)
  }
}

private enum Frames {
  static func count(_ url: URL) throws -> Int {
    try String(contentsOf: url, encoding: .utf8).components(separatedBy: "Lattice=").count - 1
  }
}
