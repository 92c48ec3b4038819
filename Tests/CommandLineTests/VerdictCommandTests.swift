import Foundation
import Testing

/// `interphase verdict` on trajectories of made-up contacts.
@Suite struct VerdictCommandTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// PS4 units on a grid, in layers of eight; those of `lost` (unit: frame) lose all their sulphur.
  private func trajectory(_ name: String, units: Int, frames: Int, lost: [Int: Int]) throws
    -> String
  {
    var text = ""
    let arms = [
      (1.18, 1.18, 1.18), (-1.18, -1.18, 1.18), (-1.18, 1.18, -1.18), (1.18, -1.18, -1.18),
    ]
    for frame in 0..<frames {
      text +=
        "\(units * 5)\nLattice=\"40 0 0 0 20 0 0 0 100\" "
        + "Properties=species:S:1:pos:R:3:region:S:1:layer:I:1 Time=\(Double(frame) * 100) pbc=\"T T T\"\n"
      for unit in 0..<units {
        let (x, y, z) = (
          Double(unit % 4) * 10 + 5, Double(unit / 4 % 2) * 10 + 5, Double(unit / 8) * 10 + 5
        )
        let reach = frame >= lost[unit] ?? .max ? 3.0 : 1.0
        text += "P \(x) \(y) \(z) electrolyte \(unit / 8)\n"
        for (a, b, c) in arms {
          text += "S \(x + reach * a) \(y + reach * b) \(z + reach * c) electrolyte \(unit / 8)\n"
        }
      }
    }
    let url = scratch.url.appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  private func contact(
    _ name: String, seeds: Int = 3, units: Int = 24, lost: (Int) -> [Int: Int]
  ) throws -> String {
    let files = try (0..<seeds).map {
      try trajectory("\(name)-\($0).extxyz", units: units, frames: 60, lost: lost($0))
    }
    return "\(name): " + files.joined(separator: " ")
  }

  @Test func contactsAreJudgedAndRanked() throws {
    let still = try contact("still") { _ in [:] }
    // Eight of the first layer within the first tenth of the run, then four of the second at once, no more.
    let stopped = try contact("stopped") { seed in
      Dictionary(uniqueKeysWithValues: (0..<12).map { ($0, 1 + ($0 * 7 + seed) % 5) })
    }
    let all = try contact("all") { seed in
      Dictionary(uniqueKeysWithValues: (0..<24).map { ($0, 2 + ($0 * 2 + seed) % 50) })
    }
    let run = try InterphaseProcess(
      "verdict", "--contact", all, "--contact", still, "--contact", stopped, "--reference", "all",
      "--json")
    #expect(run.status == 0, "\(run.errors)")
    let output = try run.json()
    #expect((output["caveat"] as? String)?.contains("carries no electrons") == true)
    let ranking = try #require(output["ranking"] as? [String: Any])
    let rows = try #require(ranking["rows"] as? [[String: Any]])
    #expect(rows.map { $0["name"] as? String } == ["still", "stopped", "all"])
    let outcomes = rows.map { ($0["verdict"] as? [String: Any])?["outcome"] as? String }
    #expect(outcomes == ["stable", "passivating", "reacting"])
    // Eight square nanometres; twelve clusters.
    let lost = try #require(rows[1]["lost_per_nm2"] as? [Double])
    #expect(abs(lost[0] - 12 / 8) < 0.3 && lost[1] < lost[0] && lost[0] < lost[2])

    let text = try InterphaseProcess(
      "verdict", "--contact", all, "--contact", still, "--reference", "all"
    ).output
    #expect(text.contains("still: stable") && text.contains("carries no electrons"))
  }

  @Test func tooFewSeedsAreNoEvidence() throws {
    let two = try contact("two", seeds: 2) { _ in [:] }
    let run = try InterphaseProcess("verdict", "--contact", two)
    #expect(run.status == 0 && run.output.contains("not enough evidence"), "\(run.errors)")
    #expect(run.output.contains("2 of at least 3"))
  }

  /// Parts of a run that count from zero each follow one another.
  @Test func partsOfOneRunAreJoined() throws {
    let parts = try (0..<3).map { seed in
      let first = try trajectory("a\(seed).extxyz", units: 24, frames: 30, lost: [0: 20])
      let second = try trajectory("b\(seed).extxyz", units: 24, frames: 30, lost: [0: 0, 1: 10])
      return "\(first)+\(second)"
    }
    let run = try InterphaseProcess(
      "verdict", "--contact", "joined: " + parts.joined(separator: " "), "--json")
    let ranking = try #require(try run.json()["ranking"] as? [String: Any])
    let row = try #require((ranking["rows"] as? [[String: Any]])?.first)
    let evidence = try #require((row["verdict"] as? [String: Any])?["evidence"] as? [String: Any])
    #expect(evidence["clustersLost"] as? Double == 6)
    // 60 frames of 0.1 ps, less the lifetime.
    #expect(abs((evidence["duration_ps"] as? Double ?? 0) - 5.7) < 1e-9)
  }

  @Test func wrongUseIsTold() throws {
    let one = try contact("one", seeds: 1) { _ in [:] }
    for (arguments, says) in [
      ([], "--contact"), (["--contact", "x"], "NAME: FILE"),
      (["--contact", one, "--reference", "other"], "other"),
      (["--contact", one, "--contact", one], "one name"),
      (["--contact", one, "--contacts", "0"], "1 or more"),
      (["--contact", one, "--cluster", "XY"], "XY"),
    ] {
      let run = try InterphaseProcess(["verdict"] + arguments)
      #expect(run.status == 64 && run.errors.contains(says), "\(arguments) \(run.errors)")
    }
    #expect(try InterphaseProcess("verdict", "--contact", "gone: no.extxyz").status == 66)
  }
}

private final class Scratch {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-verdict-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
