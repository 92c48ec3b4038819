import Foundation
import Testing

/// `interphase learn select`, run as a person would.
struct LearnSelectCommandTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("select-\(UUID().uuidString.prefix(8))")
  private static let potential = InterphaseProcess.root
    .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep3.nep.txt").path

  /// Rattled and strained Li2S.
  private func pool() throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let crystal = InterphaseProcess.root.appendingPathComponent("Data/Structures/Li2S.cif").path
    let out = path("pool.extxyz")
    let run = try InterphaseProcess(
      "learn", "sample", crystal, "--max-atoms", "12", "--rattles", "8", "-o", out, "--quiet")
    #expect(run.status == 0, "\(run.errors)")
    return out
  }

  private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  @Test func itChoosesAndKnowsWhatIsKnown() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let pool = try pool()
    let words = ["learn", "select", pool, "--potential", Self.potential, "--json"]
    let first = try InterphaseProcess(words + ["--count", "4", "-o", path("a.extxyz")])
    #expect(first.status == 0, "\(first.errors)")
    let keys = try first.json()
    let chosen = try #require(keys["chosen"] as? [[String: Any]])
    #expect(chosen.count == 4 && keys["frames"] as? Int == 17)
    #expect(chosen[0]["reason"] as? String == "first Li" && chosen[0]["distance"] == nil)
    let distances = chosen.dropFirst().compactMap { $0["distance"] as? Double }
    #expect(distances == distances.sorted(by: >) && distances.count == 3)
    #expect(FileManager.default.fileExists(atPath: path("a.csv")))
    let rest = try InterphaseProcess(
      words + ["--known", path("a.extxyz"), "--count", "1", "-o", path("b.extxyz")]
    ).json()
    #expect(rest["duplicates"] as? Int == 4)
    let next = try #require((rest["chosen"] as? [[String: Any]])?.first?["distance"] as? Double)
    #expect(abs(next - (keys["farthest_left"] as? Double ?? 0)) < 1e-6)
  }

  @Test func gradesLeaveOutWhatIsWithin() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let pool = try pool()
    let set = try InterphaseProcess(
      "potential", "active-set", Self.potential, pool, "-o", path("set.json"), "--quiet")
    #expect(set.status == 0, "\(set.errors)")
    let words = [
      "learn", "select", pool, "--potential", Self.potential, "--active-set", path("set.json"),
      "-o", path("a.extxyz"), "--json", "--grade",
    ]
    // No frame that a set is made of lies above it.
    let none = try InterphaseProcess(words + ["1.01"]).json()
    #expect((none["chosen"] as? [Any])?.isEmpty == true && none["within_grade"] as? Int == 17)
    let some = try InterphaseProcess(words + ["0.5"]).json()
    let chosen = try #require(some["chosen"] as? [[String: Any]])
    #expect(!chosen.isEmpty && chosen.allSatisfy { ($0["grade"] as? Double ?? 0) > 0.5 })
  }

  @Test func wrongUsageAndBadInput() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let pool = try pool()
    func run(_ words: String...) throws -> InterphaseProcess {
      try InterphaseProcess(["learn", "select"] + words)
    }
    let out = path("a.extxyz")
    #expect(try run(pool).status == 64)
    #expect(try run(pool, "--grade", "2", "-o", out).status == 64)
    #expect(try run(pool, "--count", "0", "-o", out).status == 64)
    #expect(try run(path("none.extxyz"), "-o", out).status == 66)
    let known = try run(pool, "--known", pool, "-o", out)
    #expect(known.status == 65 && known.errors.contains("none of the 17 frames is left"))
    let text = try String(contentsOfFile: pool, encoding: .utf8)
    try Data(text.replacingOccurrences(of: "\nS ", with: "\nU ").utf8)
      .write(to: URL(fileURLWithPath: path("u.extxyz")))
    let stranger = try run(path("u.extxyz"), "--potential", Self.potential, "-o", out)
    #expect(stranger.status == 69 && stranger.errors.contains("does not know U"))
    #expect(!FileManager.default.fileExists(atPath: out))
  }
}
