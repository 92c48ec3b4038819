import Foundation
import Testing

/// A small potential of Li, B and F that holds such a crystal together.
private let potential = InterphaseProcess.root
  .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep4_zbl.nep.txt").path

/// Eight atoms in the places of caesium chloride, a little off them; `more` are further atoms.
private func cell(_ more: [String] = [], height: Double = 5.8) -> String {
  var rows: [String] = []
  for site in 0..<4 {
    let (x, y) = (2.9 * Double(site & 1), 2.9 * Double(site >> 1))
    rows.append("Li \(x + 0.05) \(y) 0.1")
    rows.append("F \(x + 1.45) \(y + 1.5) 1.45")
    rows.append("Li \(x) \(y + 0.04) 2.9")
    rows.append("F \(x + 1.4) \(y + 1.45) 4.35")
  }
  rows += more
  let lattice = "Lattice=\"5.8 0 0 0 5.8 0 0 0 \(height)\""
  return "\(rows.count)\n\(lattice) Properties=species:S:1:pos:R:3 pbc=\"T T T\"\n"
    + rows.joined(separator: "\n") + "\n"
}

private final class Scratch {
  let url: URL
  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-killed-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    try Data(cell().utf8).write(to: self["cell.xyz"])
  }
  deinit { try? FileManager.default.removeItem(at: url) }
  subscript(_ name: String) -> URL { url.appendingPathComponent(name) }

  /// A row of the table at every step, a checkpoint every 200.
  func md(_ name: String, _ more: String...) -> [String] {
    [
      "md", self["cell.xyz"].path, "--potential", potential, "--time", "30 ps", "--every", "1 fs",
      "--checkpoint", "0.2 ps", "--threads", "1", "-o", self[name].path,
    ] + more
  }

  /// The step of the last whole row of the table.
  func lastStep(_ name: String) throws -> Int {
    let text = try String(
      contentsOf: self[name].appendingPathComponent("thermo.csv"), encoding: .utf8)
    let whole = text[..<(text.lastIndex(of: "\n") ?? text.startIndex)]
    return Int(whole.split(separator: "\n").last?.split(separator: ",").first ?? "") ?? 0
  }

  func size(_ path: String) -> Int {
    let attributes = try? FileManager.default.attributesOfItem(atPath: self[path].path)
    return attributes?[.size] as? Int ?? 0
  }

  func contents(_ name: String) throws -> [Data] {
    try ["trajectory.extxyz", "thermo.csv", "checkpoint.bin"].map {
      try Data(contentsOf: self[name].appendingPathComponent($0))
    }
  }
}

@Suite struct KilledRunTests {
  /// Twenty kills: after any time since the start, and after any number of steps.
  @Test func killsLoseAtMostOneIntervalEach() throws {
    let scratch = try Scratch()
    var random = SystemRandomNumberGenerator()
    var (reached, lost, kills): (Int, [Int], Int) = (0, [], 0)
    while kills < 20 {
      let began = ContinuousClock.now
      let (size, wait) = (scratch.size("run/thermo.csv"), Int.random(in: 0..<60, using: &random))
      let growth = kills == 0 ? 40_000 : Int.random(in: 0..<150_000, using: &random)
      let leg = try InterphaseProcess.interrupt(
        scratch.md("run", "--resume"), with: SIGKILL
      ) {
        kills % 4 == 3
          ? ContinuousClock.now - began > .milliseconds(wait)
          : scratch.size("run/thermo.csv") > size + growth
      }
      if let from = goneOnFrom(leg.errors) {
        lost.append(reached - from)
        reached = try scratch.lastStep("run")
      } else if kills == 0 {
        reached = try scratch.lastStep("run")
      }
      guard leg.reason == .uncaughtSignal else { break }
      kills += 1
    }
    #expect(kills >= 10 && lost.count >= 5, "the run was over after \(kills) kills")
    #expect(lost.allSatisfy { (0...200).contains($0) }, "steps lost: \(lost)")
    let rest = try InterphaseProcess(scratch.md("run", "--resume"))
    #expect(rest.status == 0, "\(rest.errors)")
    let from = try #require(goneOnFrom(rest.errors))
    #expect((0...200).contains(reached - from))
    #expect(try InterphaseProcess(scratch.md("whole")).status == 0)
    let (parts, whole) = (try scratch.contents("run"), try scratch.contents("whole"))
    #expect(parts == whole)
  }

  /// "going on after step N of M", if it came that far.
  private func goneOnFrom(_ errors: String) -> Int? {
    errors.split(separator: "\n").first { $0.hasPrefix("going on after step ") }
      .flatMap { Int($0.split(separator: " ")[4]) }
  }

  /// A terminal or a pipe that is gone must not turn a clean stop into a crash.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func whatCannotBeToldIsDoneAllTheSame() throws {
    let scratch = try Scratch()
    let ended = try InterphaseProcess.interrupt(
      scratch.md("run"), with: SIGTERM, shell: "exec 2>/dev/full"
    ) { scratch.size("run/checkpoint.bin") > 0 }
    #expect(ended.status == 75 && ended.reason == .exit)
  }

  @Test func startedTwiceAtOnceOneOfThemRuns() throws {
    let scratch = try Scratch()
    let command = scratch.md("run", "--time", "2 ps").map { "'\($0)'" }.joined(separator: " ")
    let binary = "'\(InterphaseProcess.binary.path)'"
    let both = try InterphaseProcess(
      ["--version"],
      shell: "(\(binary) \(command); echo code $?) & (\(binary) \(command); echo code $?) & wait")
    let codes = both.output.split(separator: "\n").filter { $0.hasPrefix("code ") }.sorted()
    // The other one comes before or after `run.json`.
    #expect(codes == ["code 0", "code 64"] || codes == ["code 0", "code 74"], "\(codes)")
    #expect(try InterphaseProcess(scratch.md("one", "--time", "2 ps")).status == 0)
    let (run, one) = (try scratch.contents("run"), try scratch.contents("one"))
    #expect(run == one)
  }

  @Test func anAtomThrownIntoTheVacuumIsToldByName() throws {
    let scratch = try Scratch()
    try Data(cell(["Li 2.9 2.9 14"], height: 40).utf8).write(to: scratch["cell.xyz"])
    let run = try InterphaseProcess(scratch.md("run", "--thermostat", "none"))
    #expect(run.status == 65 && run.errors.contains("atom 17 (Li) is lost"), "\(run.errors)")
    #expect(run.errors.contains("run/blown-up.extxyz"))
    let again = try InterphaseProcess(scratch.md("run", "--thermostat", "none", "--resume"))
    #expect(again.status == 65 && again.errors.contains("would blow up again"))
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func elasticStopsWithinAStep(signal: Int32) throws {
    let scratch = try Scratch()
    // Enough atoms to be at work when the signal comes, and none in its place.
    let rows = (0..<2000).map { n -> String in
      let (i, j, k) = (Double(n / 2 % 10), Double(n / 20 % 10), Double(n / 200))
      let (off, half) = (0.1 * sin(Double(n * n)), n % 2 == 0 ? 0.0 : 0.5)
      let places = [i, j, k].map { "\(2.9 * ($0 + half) + off)" }
      return "\(n % 2 == 0 ? "Li" : "F") \(places.joined(separator: " "))"
    }
    let text =
      "2000\nLattice=\"29 0 0 0 29 0 0 0 29\" Properties=species:S:1:pos:R:3 pbc=\"T T T\"\n"
      + rows.joined(separator: "\n") + "\n"
    try Data(text.utf8).write(to: scratch["large.xyz"])
    let arguments = ["elastic", scratch["large.xyz"].path, "--potential", potential, "--relax"]
    let began = ContinuousClock.now
    var sent = began
    let ended = try InterphaseProcess.interrupt(arguments, with: signal) {
      sent = ContinuousClock.now
      return sent - began > .milliseconds(600)
    }
    #expect(ended.status == 75 && ended.reason == .exit)
    #expect(ended.errors.contains("nothing") && ContinuousClock.now - sent < .seconds(5))
  }
}
