import Atomistics
import Dynamics
import Foundation
import Potentials
import Testing
import Workflows

private let argon = LennardJones([Element("Ar")!: .init(epsilon: 0.0104, sigma: 3.4)], cutoff: 6)

/// 60 steps of equilibration and 240 of production, a frame every 10 and a checkpoint every 50.
private func settings() -> DynamicsSettings {
  var settings = DynamicsSettings(temperature: 80, equilibration: 300, production: 1200, seed: 3)
  settings.timestep = 5
  settings.sampleInterval = 50
  settings.checkpointInterval = 250
  return settings
}

private func crystal() -> Structure {
  let a = 5.4
  return Structure(
    lattice: Lattice(Vector3(a, 0, 0), Vector3(0, a, 0), Vector3(0, 0, a)),
    species: Array(repeating: Element("Ar")!, count: 4),
    fractional: [
      .zero, Vector3(0, 0.5, 0.5), Vector3(0.5, 0, 0.5), Vector3(0.5, 0.5, 0),
    ]
  ).supercell(2, 2, 2)
}

private let names = [
  "trajectory.extxyz", "equilibration.extxyz", "thermo.csv", "checkpoint.bin",
  "checkpoint.previous.bin",
]

/// A directory for a run, which goes when the test is over.
private final class RunDirectory {
  let url: URL
  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-kept-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(at: url) }

  subscript(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// Runs to the end, or until so many steps of this session are done; gives what was said.
  @discardableResult
  func run(_ settings: DynamicsSettings = settings(), steps: Int = .max) throws -> [String] {
    var (said, count): ([String], Int) = ([], 0)
    let run = DynamicsRun(
      directory: url, structure: crystal(), calculator: argon, settings: settings)
    do {
      try run.run(
        say: { said.append($0) },
        shouldStop: {
          count += 1
          return count >= steps
        })
    } catch let error as WorkflowsError where error.kind == .stopped {}
    return said
  }

  /// What a run with that name refuses to do, and that it touches nothing.
  func refusal(_ settings: DynamicsSettings = settings()) throws -> String {
    let before = try contents()
    var message = ""
    do {
      try run(settings)
      Issue.record("it went on")
    } catch let error as any ReportableError {
      #expect(error.kind == .badData)
      message = error.description
    }
    #expect(try contents() == before)
    return message
  }

  func contents() throws -> [String: Data] {
    let found = try FileManager.default.contentsOfDirectory(atPath: url.path)
    return try Dictionary(uniqueKeysWithValues: found.map { ($0, try Data(contentsOf: self[$0])) })
  }

  func change(_ name: String, _ body: (inout Data) -> Void) throws {
    var data = try Data(contentsOf: self[name])
    body(&data)
    try data.write(to: self[name])
  }
}

private func whole() throws -> [Data] {
  let directory = try RunDirectory()
  try directory.run()
  return try names.map { try Data(contentsOf: directory[$0]) }
}

@Suite struct KeptFilesTests {
  @Test(arguments: ["trajectory.extxyz", "equilibration.extxyz", "thermo.csv"])
  func whatWasEditedIsNotGoneOnWith(name: String) throws {
    let directory = try RunDirectory()
    try directory.run(steps: 180)
    try directory.change(name) { $0[$0.count / 3] ^= 1 }
    let message = try directory.refusal()
    #expect(message.contains(name) && message.contains("edited or damaged"))
    #expect(message.components(separatedBy: name).count == 2, "told once: \(message)")
    // Back as it was, the run goes on to the same bytes.
    try directory.change(name) { $0[$0.count / 3] ^= 1 }
    #expect(try directory.run().contains("going on after step 180 of 300"))
    #expect(try names.map { try Data(contentsOf: directory[$0]) } == whole())
  }

  @Test(arguments: ["trajectory.extxyz", "equilibration.extxyz", "thermo.csv"])
  func whatWasLostIsNotGoneOnWith(name: String) throws {
    let directory = try RunDirectory()
    try directory.run(steps: 180)
    let all = try Data(contentsOf: directory[name])
    try all.prefix(100).write(to: directory[name])
    #expect(try directory.refusal().contains("its end is lost"))
    try FileManager.default.removeItem(at: directory[name])
    #expect(try directory.refusal().contains(name))
  }

  /// What came after the older checkpoint is computed again.
  @Test func aDamagedEndGivesWayToTheCheckpointBefore() throws {
    let directory = try RunDirectory()
    try directory.run(steps: 185)
    for name in ["trajectory.extxyz", "thermo.csv"] {
      try directory.change(name) { $0[$0.count - 20] ^= 1 }
    }
    let said = try directory.run()
    #expect(said.contains { $0.contains("edited or damaged") })
    #expect(said.contains { $0.contains("checkpoint.previous.bin") })
    #expect(said.contains("going on after step 150 of 300"))
    #expect(try names.map { try Data(contentsOf: directory[$0]) } == whole())
  }

  @Test func aFinishedRunIsLookedAtToo() throws {
    let directory = try RunDirectory()
    try directory.run()
    try directory.change("trajectory.extxyz") { $0[$0.count / 2] ^= 1 }
    #expect(try directory.refusal().contains("edited or damaged"))
  }

  @Test func anEmptyCheckpointGivesWayToTheOneBefore() throws {
    let directory = try RunDirectory()
    try directory.run(steps: 120)
    try Data().write(to: directory["checkpoint.bin"])
    let said = try directory.run()
    #expect(said.contains { $0.contains("0 bytes long") })
    #expect(said.contains("going on after step 100 of 300"))
    #expect(try names.map { try Data(contentsOf: directory[$0]) } == whole())
  }

  @Test func aCheckpointOfAnotherFormatSaysSo() throws {
    let directory = try RunDirectory()
    try directory.run(steps: 120)
    for name in ["checkpoint.bin", "checkpoint.previous.bin"] {
      try SealedRecord.seal(Data("old".utf8), magic: "IPHCHKPT", version: 1)
        .write(to: directory[name])
    }
    let message = try directory.refusal()
    #expect(message.contains("version 1") && message.contains("the program that wrote it"))
  }

  @Test func aCheckpointOfAnotherRunIsFoundOut() throws {
    let (directory, other) = (try RunDirectory(), try RunDirectory())
    var changed = settings()
    changed.seed = 4
    try directory.run(steps: 120)
    try other.run(changed, steps: 120)
    for name in ["checkpoint.bin", "checkpoint.previous.bin"] {
      try Data(contentsOf: other[name]).write(to: directory[name])
    }
    // The other run's files may be longer, too.
    #expect(
      try directory.refusal().contains("bytes are not those that were written")
        || directory.refusal().contains("its end is lost"))
  }

  @Test(arguments: ["trajectory.extxyz", "thermo.csv", "checkpoint.bin", "blown-up.extxyz"])
  func filesOfSomethingElseAreLeftAlone(name: String) throws {
    let directory = try RunDirectory()
    try Data("mine".utf8).write(to: directory[name])
    try Data().write(to: directory[".lock"])
    let message = try directory.refusal()
    #expect(message.contains("no run.json") && message.contains(name))
  }

  @Test func whatBlewUpIsNotTriedAgainInSilence() throws {
    let directory = try RunDirectory()
    var wild = settings()
    wild.timestep = 250
    wild.temperature = 2000
    wild.equilibration = 0
    wild.production = 300_000
    wild.sampleInterval = 250
    let first = #expect(throws: DynamicsError.self) { try directory.run(wild) }
    let path = directory["blown-up.extxyz"].path
    #expect(try #require(first).description.contains(path))
    let frame = try String(contentsOfFile: path, encoding: .utf8)
    #expect(frame.contains(" reason=\"atom ") && frame.contains("likely reasons"))
    let message = try directory.refusal(wild)
    #expect(message.contains(path) && message.contains("another directory"))
    try FileManager.default.removeItem(atPath: path)
    let again = #expect(throws: DynamicsError.self) { try directory.run(wild) }
    #expect(again?.description == first?.description)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == frame)
  }
}
