import Foundation
import Testing

private let potential = InterphaseProcess.root
  .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep3.nep.txt").path

/// `interphase learn`, run as a person would.
struct LearnCommandTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("learn-\(UUID().uuidString.prefix(8))")

  /// So many frames of Li and S, the last one with an element that the potential lacks if wished.
  private func frames(_ count: Int, stranger: Bool = false) throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = (0..<count).map { k in
      """
      2
      Lattice="4 0 0 0.5 4 0 0 -0.3 4" Properties=species:S:1:pos:R:3 pbc="T T T" traj=t\(k / 3)
      \(stranger && k == count - 1 ? "U" : "Li") 0 0 0
      S 2 2 \(2.1 + 0.001 * Double(k))

      """
    }.joined()
    let file = folder.appendingPathComponent("frames.extxyz")
    try Data(text.utf8).write(to: file)
    return file.path
  }

  private var output: String { folder.appendingPathComponent("labelled.extxyz").path }

  @Test func labelsAndGoesOn() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try frames(12)
    let words = ["learn", "label", file, "--potential", potential, "-o", output]
    let first = try InterphaseProcess(words + ["--json"])
    #expect(first.status == 0, "\(first.errors)")
    let keys = try first.json()
    #expect(keys["labelled"] as? Int == 12 && keys["kept"] as? Int == 0)
    #expect((keys["failed"] as? [Any])?.isEmpty == true)
    let text = try String(contentsOfFile: output, encoding: .utf8)
    #expect(text.components(separatedBy: "virial=\"").count == 13 && text.contains("traj=t3"))
    let second = try InterphaseProcess(words)
    #expect(second.status == 0 && second.output.contains("12 from before"), "\(second.output)")
    #expect(try String(contentsOfFile: output, encoding: .utf8) == text)
  }

  @Test func whatCannotBeLabelledLeavesWith65() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try InterphaseProcess(
      "learn", "label", try frames(6), "--potential", potential, "--largest-force", "1e-9", "-o",
      output)
    #expect(run.status == 65 && run.errors.contains("above 1e-09 eV/Å"), "\(run.errors)")
  }

  @Test func wrongUsageAndUnknownElements() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try frames(3, stranger: true)
    #expect(try InterphaseProcess("learn", "label", file, "--potential", potential).status == 64)
    #expect(try InterphaseProcess("learn", "label", file, "-o", output).status == 64)
    let stranger = try InterphaseProcess(
      "learn", "label", file, "--potential", potential, "-o", output)
    #expect(stranger.status == 69 && stranger.errors.contains("does not know U"))
    #expect(!FileManager.default.fileExists(atPath: output))
    let missing = try InterphaseProcess(
      "learn", "label", folder.path + "/none.extxyz", "--potential", potential, "-o", output)
    #expect(missing.status == 66)
  }

  @Test func itStopsAtASignalAndGoesOn() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = try frames(6000)
    let words = [
      "learn", "label", file, "--potential", potential, "--threads", "1", "-o", output, "--quiet",
    ]
    let size = { () -> Int in
      let found = try? FileManager.default.attributesOfItem(atPath: self.output)[.size]
      return (found as? Int) ?? 0
    }
    let stopped = try InterphaseProcess.interrupt(words, with: SIGTERM, when: { size() > 20_000 })
    #expect(stopped.status == 75 && stopped.errors.contains("goes on"), "\(stopped.errors)")
    let killed = try InterphaseProcess.interrupt(
      words, with: SIGKILL, when: { [before = size()] in size() > before + 20_000 })
    #expect(killed.reason == .uncaughtSignal)
    let end = try InterphaseProcess(words + ["--json"])
    let keys = try end.json()
    #expect(end.status == 0 && keys["frames"] as? Int == 6000)
    #expect(try #require(keys["kept"] as? Int) > 50)
    let text = try String(contentsOfFile: output, encoding: .utf8)
    #expect(text.components(separatedBy: "frame_sha256=").count == 6001)
  }
}
