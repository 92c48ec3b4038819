import Foundation
import Testing

/// `interphase entries compute`, with a small potential of Li, B and F.
@Suite struct EntriesComputeTests {
  private static let potential = InterphaseProcess.root
    .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep4_zbl.nep.txt").path

  /// Cells of sixteen atoms that the potential holds together, one atom moved a little.
  private final class Scratch {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-entries-\(UUID().uuidString)")
    var files: [String] = []

    init(_ count: Int) throws {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      for index in 0..<count {
        let file = url.appendingPathComponent("cell\(index).xyz")
        try Data(Self.cell(moved: 0.1 + 0.1 * Double(index)).utf8).write(to: file)
        files.append(file.path)
      }
    }
    deinit { try? FileManager.default.removeItem(at: url) }

    static func cell(moved: Double) -> String {
      """
      16
      Lattice="8 0 0 0 8 0 0.4 0 8" Properties=species:S:1:pos:R:3 pbc="T T T"
      Li 0.1 0.0 0.0
      B 0.0 4.0 0.0
      F 4.0 \(moved) 0.0
      Li 4.0 4.0 0.2
      B 0.2 0.0 4.0
      Li 0.2 4.1 4.0
      Li 4.2 0.0 4.0
      F 4.2 4.0 4.1
      Li 2.0 2.0 2.0
      Li 2.0 6.0 2.1
      B 6.0 2.0 2.0
      Li 6.1 6.0 2.0
      Li 2.2 2.0 6.0
      F 2.2 6.0 6.0
      Li 6.2 2.1 6.0
      Li 6.2 6.0 6.0

      """
    }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
    func data(_ name: String) throws -> Data {
      try Data(contentsOf: url.appendingPathComponent(name))
    }

    func compute(_ table: String, _ more: String...) -> [String] {
      ["entries", "compute"] + files
        + ["--potential", EntriesComputeTests.potential, "-o", path(table), "--fixed-cell"] + more
    }
  }

  @Test func energiesAreThoseOfRelax() throws {
    let scratch = try Scratch(2)
    let run = try InterphaseProcess(
      scratch.compute("table.csv", "--json", "--structures", scratch.path("relaxed")))
    #expect(run.status == 0, "\(run.errors)")
    let entries = try #require(try run.json()["entries"] as? [[String: Any]])
    #expect(entries.count == 2)
    for (entry, file) in zip(entries, scratch.files) {
      let relaxed = try InterphaseProcess(
        ["relax", file, "--potential", Self.potential, "--json"]
      ).json()
      let energy = try #require(relaxed["energy_eV"] as? Double)
      #expect(abs(try #require(entry["energy_eV_per_atom"] as? Double) - energy / 16) < 1e-12)
      #expect(entry["formula"] as? String == "Li10B3F3")
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path("relaxed"))
    #expect(names.sorted() == ["cell0.xyz-relaxed.extxyz", "cell1.xyz-relaxed.extxyz"])
    // The table is one of entries to the other verbs; here it lacks elements, which they say.
    let hull = try InterphaseProcess([
      "hull", "--entries", scratch.path("table.csv"), "--system", "Li-B-F",
    ])
    #expect(hull.status == 65 || hull.output.contains("Li10B3F3"), "\(hull.errors)")
    #expect(!hull.errors.contains("table.csv, line"))
  }

  @Test func theTableDoesNotDependOnThreadsNorOnBeingStopped() throws {
    let scratch = try Scratch(12)
    let whole = try InterphaseProcess(scratch.compute("whole.csv", "--threads", "1"))
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(try InterphaseProcess(scratch.compute("wide.csv", "--threads", "3")).status == 0)
    #expect(try scratch.data("whole.csv") == scratch.data("wide.csv"))
    let ended = try InterphaseProcess.interrupt(
      scratch.compute("parts.csv", "--threads", "1"), with: SIGINT
    ) { FileManager.default.fileExists(atPath: scratch.path("parts.csv")) }
    #expect(ended.status == 75 && ended.reason == .exit)
    #expect(try scratch.data("parts.csv").count < scratch.data("whole.csv").count)
    let rest = try InterphaseProcess(scratch.compute("parts.csv", "--json"))
    let kept = try #require(try rest.json()["kept"] as? Int)
    #expect(rest.status == 0 && kept > 0, "\(rest.errors)")
    #expect(try scratch.data("whole.csv") == scratch.data("parts.csv"))
  }

  @Test func changedStructuresAreComputedAnewOthersAreKept() throws {
    let scratch = try Scratch(2)
    #expect(try InterphaseProcess(scratch.compute("table.csv")).status == 0)
    let before = try scratch.data("table.csv")
    try Data(Scratch.cell(moved: 0.6).utf8).write(to: URL(fileURLWithPath: scratch.files[1]))
    let run = try InterphaseProcess(scratch.compute("table.csv", "--json"))
    #expect(try run.json()["kept"] as? Int == 1)
    #expect(try scratch.data("table.csv") != before)
    #expect(try run.json()["entries"].map { ($0 as? [Any])?.count } == 2)
  }

  @Test func whatDoesNotConvergeGetsNoRow() throws {
    let scratch = try Scratch(2)
    let run = try InterphaseProcess(scratch.compute("table.csv", "--steps", "2"))
    #expect(run.status == 65 && run.errors.contains("not converged after 2 steps"))
    #expect(run.errors.contains("cell0.xyz") && run.errors.contains("cell1.xyz"))
    #expect(!FileManager.default.fileExists(atPath: scratch.path("table.csv")))
  }

  @Test func anotherTableIsLeftAlone() throws {
    let scratch = try Scratch(1)
    let text = Data("formula,energy_eV_per_atom\nLi,-1.9\n".utf8)
    try text.write(to: scratch.url.appendingPathComponent("mine.csv"))
    let run = try InterphaseProcess(scratch.compute("mine.csv"))
    #expect(run.status == 65 && run.errors.contains("left alone"))
    #expect(try scratch.data("mine.csv") == text)
    #expect(try InterphaseProcess(scratch.compute("table.csv")).status == 0)
    let flexible = scratch.compute("table.csv").filter { $0 != "--fixed-cell" }
    let other = try InterphaseProcess(flexible)
    #expect(other.status == 65 && other.errors.contains("do not go together"))
    let missing = scratch.compute("new.csv").map { $0.hasSuffix("cell0.xyz") ? $0 + "z" : $0 }
    #expect(try InterphaseProcess(missing).status == 66)
    #expect(
      try InterphaseProcess(["entries", "compute", scratch.files[0], "--potential", "x"]).status
        == 64)
  }
}
