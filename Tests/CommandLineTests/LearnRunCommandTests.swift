import Foundation
import Testing

/// `interphase learn init` and `run`, run as a person would.
struct LearnRunCommandTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("learning-\(UUID().uuidString.prefix(8))")
  private static let potential = InterphaseProcess.root
    .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep3.nep.txt").path

  /// Li2S and Li labelled by a potential of ours: a minute's work in a second.
  private func project(_ name: String = "p", _ changes: [(String, String)] = []) throws -> URL {
    let directory = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    var text = """
      title: small
      calculator: "potential: \(Self.potential)"
      clients: 1
      largest_force: 1000
      seed: 3
      structures: [Structures/Li2S.cif, Structures/Li.cif]
      mixtures: [Structures/Li2S.cif]
      test: [copy.cif]
      sample:
        image_distance: 4 Å
        max_atoms: 12
        rattles: 6
        displacements: [0.05 Å]
        volumes: 4
        volume_change: 0.05
        every: 0.01 ps
        timestep: 0.5 fs
        metal: Li
        metal_atoms: [2]
        melt: 400 K
      train: {epochs: 4, last_epochs: 8, hold_out: 0.2}
      rounds:
        - {temperatures: [100 K], time: 0.02 ps, count: 14}
        - {temperatures: [100 K, 200 K], time: 0.04 ps, count: 5}
      stop: {grade: 1.5, share: 0, most_rounds: 2}
      """
    for (old, new) in changes {
      #expect(text.contains(old))
      text = text.replacingOccurrences(of: old, with: new)
    }
    try text.write(
      to: directory.appendingPathComponent("learn.yaml"), atomically: true, encoding: .utf8)
    try? FileManager.default.copyItem(
      at: InterphaseProcess.root.appendingPathComponent("Data/Structures/Li2S.cif"),
      to: directory.appendingPathComponent("copy.cif"))
    return directory
  }

  private func data(_ directory: URL, _ name: String) throws -> Data {
    try Data(contentsOf: directory.appendingPathComponent(name))
  }

  private func words(_ directory: URL, _ more: String...) -> [String] {
    ["learn", "run", directory.path, "--threads", "1"] + more
  }

  @Test func roundsLabelWhatThePotentialExtrapolatesTo() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = try project()
    let run = try InterphaseProcess(words(directory, "--json"))
    #expect(run.status == 0, "\(run.errors)")
    let keys = try run.json()
    let rounds = try #require(keys["rounds"] as? [[String: Any]])
    #expect(rounds.count == 2 && rounds[0]["labelled"] as? Int == 14)
    #expect(rounds[0]["extrapolating"] == nil)
    let (candidates, outside) = (
      try #require(rounds[1]["candidates"] as? Int),
      try #require(rounds[1]["extrapolating"] as? Int)
    )
    #expect(outside <= candidates && rounds[1]["labelled"] as? Int == min(5, outside))
    let test = try #require(keys["test"] as? [[String: Any]])
    #expect(test.first?["set"] as? String == "test" && (test.first?["frames"] as? Int ?? 0) > 0)

    // What stands in the directory is what the last training gave.
    let model = try data(directory, "nep.txt")
    #expect(model == (try data(directory, "last/training/nep.txt")))
    #expect(!(try data(directory, "active-set.json")).isEmpty)
    let table = String(decoding: try data(directory, "rounds.csv"), as: UTF8.self)
    #expect(table.split(separator: "\n").count == 3)

    // Nothing is done twice, and words for people say the same.
    let again = try InterphaseProcess(words(directory))
    #expect(again.status == 0 && !again.errors.contains("training"), "\(again.errors)")
    #expect(again.output.contains("test: "), "\(again.output)")
    #expect(try data(directory, "nep.txt") == model)
  }

  @Test func stoppedAndKilledItEndsWithTheSameBytes() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let longer = [("last_epochs: 8", "last_epochs: 3000")]
    let (whole, part) = (try project("whole", longer), try project("part", longer))
    #expect(try InterphaseProcess(words(whole)).status == 0)
    func has(_ name: String) -> Bool {
      FileManager.default.fileExists(atPath: part.appendingPathComponent(name).path)
    }
    let stopped = try InterphaseProcess.interrupt(
      words(part), with: SIGTERM, when: { has("round-0/labels/labelled.extxyz") })
    #expect(stopped.status == 75, "\(stopped.errors)")
    let killed = try InterphaseProcess.interrupt(
      words(part), with: SIGKILL, when: { has("last/training/training.json") })
    #expect(killed.reason == .uncaughtSignal)
    let last = try InterphaseProcess(words(part))
    #expect(last.status == 0, "\(last.errors)")
    for name in ["nep.txt", "active-set.json", "rounds.csv", "last/test/errors.csv"] {
      #expect(try data(part, name) == (try data(whole, name)), "\(name)")
    }
  }

  @Test(arguments: [
    ("clients: 1", "clients: 0", "at least one"), ("rattles: 6", "rattle: 6", "unknown key"),
    ("melt: 400 K", "melt: 400", "melt"), ("seed: 3", "seed: x", "whole number"),
    ("hold_out: 0.2", "hold_out: 1", "between 0 and 1"),
    ("[copy.cif]", "[Structures/Li.cif]", "among the structures"),
    ("[copy.cif]", "[Structures/Li3P.cif]", "has P"),
    ("mixtures: [Structures/Li2S.cif]", "mixtures: [other.cif]", "not among"),
  ])
  func whatCannotBeMeantIsTold(old: String, new: String, message: String) throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = try project("p", [(old, new)])
    let run = try InterphaseProcess(words(directory))
    #expect(run.status == 65 && run.errors.contains(message), "\(run.errors)")
    #expect(
      !FileManager.default.fileExists(atPath: directory.appendingPathComponent("round-0").path))
  }

  @Test func startsFromACommentedFile() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let directory = folder.appendingPathComponent("new")
    #expect(try InterphaseProcess("learn", "run", directory.path).status == 66)
    let made = try InterphaseProcess("learn", "init", directory.path)
    #expect(made.status == 0 && made.output.contains("learn run"), "\(made.errors)")
    #expect(try InterphaseProcess("learn", "init", directory.path).status == 65)
    // The example can be read, and says what labels without a program that is not there.
    let text = String(decoding: try data(directory, "learn.yaml"), as: UTF8.self)
    #expect(text.contains("calculator: sevennet-l3i5"))
  }

  @Test func labelsOfTwoCalculatorsDoNotMix() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let own = ("potential: \(Self.potential)", "potential: ../nep.txt")
    let directory = try project("p", [own, ("most_rounds: 2", "most_rounds: 1")])
    let copy = folder.appendingPathComponent("nep.txt")
    try FileManager.default.copyItem(atPath: Self.potential, toPath: copy.path)
    #expect(try InterphaseProcess(words(directory)).status == 0)
    // The potential's file changes before the second round.
    let text = try String(contentsOf: copy, encoding: .utf8)
    try (text + "\n").write(to: copy, atomically: true, encoding: .utf8)
    _ = try project("p", [own])
    let next = try InterphaseProcess(words(directory))
    #expect(next.status == 65 && next.errors.contains("one calculator"), "\(next.errors)")
  }
}
