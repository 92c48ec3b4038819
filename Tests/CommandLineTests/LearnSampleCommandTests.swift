import Foundation
import Testing

/// `interphase learn sample`, run as a person would.
struct LearnSampleCommandTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("sample-\(UUID().uuidString.prefix(8))")
  private static let potential = InterphaseProcess.root
    .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep3.nep.txt").path

  private static func crystal(_ name: String) -> String {
    InterphaseProcess.root.appendingPathComponent("Data/Structures/\(name)").path
  }

  private func output(_ name: String = "frames.extxyz") throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.appendingPathComponent(name).path
  }

  @Test func crystalsWithoutAPotential() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let out = try output()
    let words = ["learn", "sample", Self.crystal("Li2S.cif"), Self.crystal("LiCN.cif"), "-o", out]
    let run = try InterphaseProcess(words + ["--json"])
    #expect(run.status == 0, "\(run.errors)")
    let keys = try run.json()
    let groups = try #require(keys["groups"] as? [String: Int])
    let dropped = try #require(keys["dropped"] as? [String: Int])
    #expect(
      groups["eos"] == 18 && groups.keys.sorted() == ["eos", "rattled", "stretched", "turned"])
    let made = groups.values.reduce(0, +)
    let left = dropped.values.reduce(0, +)
    #expect(made + left == 53)
    let text = try String(contentsOfFile: out, encoding: .utf8)
    #expect(text.contains("traj=Li2S/rattled") && text.contains("traj=LiCN/stretched bond=C-N"))
    let again = try InterphaseProcess(words)
    #expect(again.status == 0 && again.output.contains("from before"), "\(again.output)")
    #expect(try String(contentsOfFile: out, encoding: .utf8) == text)
  }

  @Test func motionStopsAtASignalAndGoesOnToTheSameBytes() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let words = [
      "learn", "sample", Self.crystal("Li2S.cif"), "--dynamics", "--potential", Self.potential,
      "--temperatures", "20, 30, 40, 50, 60, 70 K", "--equilibrate", "0 ps", "--time", "1 ps",
      "--every", "0.1 ps", "--max-atoms", "24", "--threads", "1", "--quiet",
    ]
    let size = { (path: String) -> Int in
      (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
    }
    let (whole, part) = (try output("whole.extxyz"), try output("part.extxyz"))
    let first = try InterphaseProcess(words + ["-o", whole])
    #expect(first.status == 0 && size(whole) > 0, "\(first.errors)")
    let stopped = try InterphaseProcess.interrupt(
      words + ["-o", part], with: SIGTERM, when: { size(part) > 0 })
    #expect(stopped.status == 75 && stopped.errors.contains("goes on"), "\(stopped.errors)")
    let killed = try InterphaseProcess.interrupt(
      words + ["-o", part], with: SIGKILL, when: { [before = size(part)] in size(part) > before })
    #expect(killed.reason == .uncaughtSignal)
    #expect(try InterphaseProcess(words + ["-o", part]).status == 0)
    #expect(
      FileManager.default.contents(atPath: part) == FileManager.default.contents(atPath: whole))
  }

  @Test func wrongUsageAndBadInput() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let (out, lithium) = (try output(), Self.crystal("Li.cif"))
    func run(_ words: String...) throws -> InterphaseProcess {
      try InterphaseProcess(["learn", "sample"] + words)
    }
    #expect(try run(lithium).status == 64)
    #expect(try run("-o", out).status == 64)
    #expect(try run(lithium, "--dynamics", "-o", out).status == 64)
    let bare = try run(lithium, "--rattled", "--displacements", "0.1", "-o", out)
    #expect(bare.status == 64 && bare.errors.contains("a length with Å"), "\(bare.errors)")
    #expect(try run(lithium, "--rattled", "--deviator", "-1", "-o", out).status == 64)
    #expect(try run(folder.path + "/none.cif", "-o", out).status == 66)
    let stranger = try run(
      Self.crystal("LiBH4.cif"), "--dynamics", "--potential", Self.potential, "-o", out)
    #expect(stranger.status == 69 && stranger.errors.contains("does not know"))
    let nothing = try run(lithium, "--stretched", "-o", out)
    #expect(nothing.status == 65 && nothing.errors.contains("has no whole cluster"))
    #expect(!FileManager.default.fileExists(atPath: out))
    try Data("my notes\n".utf8).write(to: URL(fileURLWithPath: out))
    let foreign = try run(lithium, "-o", out)
    #expect(foreign.status == 65 && foreign.errors.contains("left alone"), "\(foreign.errors)")
  }
}
