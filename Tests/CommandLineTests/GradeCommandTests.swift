import Foundation
import Testing

private let fixtures = InterphaseProcess.root.appendingPathComponent(
  "Tests/PotentialsTests/Fixtures")
private let potential = fixtures.appendingPathComponent("nep4_zbl.nep.txt").path

private let atoms = """
  8
  Lattice="8 0 0 0 8 0 0 0 8" Properties=species:S:1:pos:R:3 pbc="T T T"
  Li 0.1 0.0 0.0
  B 0.0 4.0 0.0
  F 4.0 0.1 0.0
  Li 4.0 4.0 0.2
  B 0.2 0.0 4.0
  Li 0.2 4.1 4.0
  Li 4.2 0.0 4.0
  F 4.2 4.0 4.1

  """

/// A directory with a structure and the active set that is made of it.
private final class Scratch {
  let url: URL
  let made: InterphaseProcess

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-grade-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    try Data(atoms.utf8).write(to: url.appendingPathComponent("cell.extxyz"))
    made = try InterphaseProcess([
      "potential", "active-set", potential, url.appendingPathComponent("cell.extxyz").path,
      "--json", "-o", url.appendingPathComponent("set.json").path,
    ])
  }
  deinit { try? FileManager.default.removeItem(at: url) }

  subscript(_ name: String) -> URL { url.appendingPathComponent(name) }

  func md(_ name: String, _ more: [String]) throws -> InterphaseProcess {
    try InterphaseProcess(
      [
        "md", self["cell.extxyz"].path, "--potential", potential, "--time", "0.05 ps", "--every",
        "0.01 ps", "--temperature", "600 K", "--threads", "1", "--json", "-o", self[name].path,
      ] + more)
  }

  func activeSet(_ model: String, _ file: String) throws -> InterphaseProcess {
    try InterphaseProcess([
      "potential", "active-set", model, self[file].path, "-o", self["other.json"].path,
    ])
  }
}

@Suite struct GradeCommandTests {
  @Test func aRunReportsItsLargestGradeOrNull() throws {
    let scratch = try Scratch()
    #expect(scratch.made.status == 0, "\(scratch.made.errors)")
    #expect(try scratch.made.json()["frames"] as? Int == 1)
    let graded = try scratch.md(
      "graded", ["--active-set", scratch["set.json"].path, "--grade-threshold", "1.01"])
    #expect(graded.status == 0, "\(graded.errors)")
    let found = try graded.json()
    let grade = try #require(found["grade_max"] as? Double)
    #expect(grade > 1.01)
    #expect(found["grade_step"] is Int && found["grade_atom"] is Int)
    let kept = try String(contentsOf: scratch["graded/extrapolating.extxyz"], encoding: .utf8)
    #expect(
      found["frames_kept"] as? Int == kept.components(separatedBy: "grade_max=").count - 1)
    let plain = try scratch.md("plain", [])
    #expect(plain.status == 0 && plain.errors.isEmpty, "\(plain.errors)")
    #expect(try plain.json()["grade_max"] is NSNull)
    let info = try InterphaseProcess("potential", "info", potential)
    #expect(info.output.contains("not available; `interphase potential active-set`"))
  }

  @Test func badSetsHaveTheirCodes() throws {
    let scratch = try Scratch()
    let set = scratch["set.json"]
    let good = try Data(contentsOf: set)
    let absent = try scratch.md("run", ["--active-set", scratch["absent.json"].path])
    #expect(absent.status == 66 && absent.errors.contains("absent.json"), "\(absent.errors)")
    try good.prefix(good.count / 2).write(to: set)
    let cut = try scratch.md("run", ["--active-set", set.path])
    #expect(cut.status == 65 && cut.errors.contains("no active set"), "\(cut.errors)")
    let text = String(decoding: good, as: UTF8.self)
    let digits = "\"environments\":"
    try Data(text.replacingOccurrences(of: digits, with: digits + "9").utf8).write(to: set)
    let changed = try scratch.md("run", ["--active-set", set.path])
    #expect(changed.status == 65 && changed.errors.contains("damaged"), "\(changed.errors)")
    // The same potential with a line more is another one.
    try good.write(to: set)
    let other = scratch["other.nep.txt"]
    try (Data(contentsOf: URL(fileURLWithPath: potential)) + Data("\n".utf8)).write(to: other)
    let wrong = try InterphaseProcess([
      "md", scratch["cell.extxyz"].path, "--potential", other.path, "--time", "0.01 ps",
      "--active-set", set.path, "-o", scratch["run"].path,
    ])
    #expect(wrong.status == 65 && wrong.errors.contains("SHA-256"), "\(wrong.errors)")
    #expect(try scratch.md("run", ["--grade-stop", "3"]).status == 64)
    #expect(!FileManager.default.fileExists(atPath: scratch["run"].path))
  }

  @Test func badFramesHaveTheirCodes() throws {
    let scratch = try Scratch()
    try Data().write(to: scratch["empty.extxyz"])
    let empty = try scratch.activeSet(potential, "empty.extxyz")
    #expect(empty.status == 65 && empty.errors.contains("no frames"), "\(empty.errors)")
    let absent = try scratch.activeSet(potential, "absent.extxyz")
    #expect(absent.status == 66 && absent.errors.contains("absent.extxyz"), "\(absent.errors)")
    try Data(atoms.replacingOccurrences(of: "B 0.0", with: "Qq 0.0").utf8)
      .write(to: scratch["odd.extxyz"])
    let odd = try scratch.activeSet(potential, "odd.extxyz")
    #expect(odd.status == 65 && odd.errors.contains("Qq"), "\(odd.errors)")
    #expect(!FileManager.default.fileExists(atPath: scratch["other.json"].path))
  }
}
