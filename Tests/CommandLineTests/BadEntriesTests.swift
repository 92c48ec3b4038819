import Foundation
import Testing

/// Entries that cannot be used, given to every verb that reads entries.
@Suite struct BadEntriesTests {
  private static let verbs: [[String]] = [
    ["window", "Li2S"], ["hull", "--system", "Li-S"], ["react", "2 Li + S -> Li2S"],
    ["reactivity", "Li", "S"], ["diagram", "--system", "Li-S"], ["entries", "collect"],
  ]

  struct Damage: Sendable, CustomTestStringConvertible {
    let file: String
    let bytes: Data
    /// What the message holds besides the file: place, formula, reason.
    let parts: [String]
    var status: Int32 = 65
    var testDescription: String { file }

    init(_ file: String, _ text: String, _ parts: String..., status: Int32 = 65) {
      self.file = file
      bytes = Data(text.utf8)
      self.parts = parts
      self.status = status
    }
  }

  private static let head = "formula,energy_eV_per_atom\nLi,-1.9\nS,-4.1\n"
  private static let lithium = "[{\"composition\":{\"Li\":1},\"energy\":-1.9},"

  private static func optimade(_ attributes: String) -> String {
    "{\"data\":[{\"id\":\"q7\",\"attributes\":{\(attributes)}}]}"
  }

  private static let damages: [Damage] = [
    .init("a.csv", head + "Xx2,-1\n", "line 4", "Xx2"),
    .init("b.csv", head + "Li2S),-1\n", "line 4", "Li2S)"),
    .init("c.csv", head + "Li2S,nan\n", "line 4", "Li2S", "finite"),
    .init("d.csv", head + "Li2S,-inf\n", "line 4", "Li2S", "finite"),
    .init("e.csv", head + "Li2S,-1e300\n", "line 4", "Li2S", "finite"),
    .init("f.csv", head + "Li-2S,-4\n", "line 4", "Li-2S"),
    .init("g.csv", head + "Li99999999999S,-4\n", "line 4", "Li99999999999S", "scale"),
    .init("h.csv", head + "Li0S,-4\n", "line 4", "Li0S"),
    .init("i.csv", "formula,energy_eV_per_atom,formula\nLi,-1,Li\n", "line 1", "twice"),
    .init("j.csv", "", "empty"),
    .init("k.csv", head + "Li2S\n", "line 4", "1 fields"),
    .init("a.json", lithium + "{\"composition\":{\"Xx\":2},\"energy\":-1}]", "entry 2", "Xx"),
    .init("b.json", lithium + "{\"composition\":\"Li2S)\",\"energy\":-1}]", "entry 2", "Li2S)"),
    .init(
      "c.json", lithium + "{\"composition\":{\"Li\":2,\"S\":1},\"energy\":NaN}]", "entry 2 (Li2S)",
      "energy is nan"),
    .init(
      "d.json",
      lithium + "{\"entry_id\":\"m\",\"composition\":{\"Li\":2,\"S\":1},"
        + "\"energy\":-Infinity}]", "entry 2 (Li2S, m)", "finite"),
    .init(
      "e.json", lithium + "{\"composition\":{\"Li\":-2,\"S\":1},\"energy\":-1}]", "entry 2",
      "Li is -2"),
    .init(
      "f.json", lithium + "{\"composition\":{\"Li\":1e300,\"S\":1},\"energy\":-1}]", "entry 2",
      "scale"),
    .init(
      "g.json", lithium + "\n{\"composition\":{\"Li\":1},\"energy\":1,\"energy\":2}]", "line 2",
      "'energy' occurs twice"),
    .init("h.json", lithium + "7]", "entry 2", "a number"),
    .init("i.json", "[]", "empty"),
    .init("j.json", String(repeating: "[", count: 10_000), "nests too deeply"),
    .init(
      "k.json",
      String(repeating: "{\"a\":", count: 10_000) + "1"
        + String(repeating: "}", count: 10_000), "nests too deeply"),
    .init("l.json", lithium + "{\"composition\":{\"Li\":1}", "cut off"),
    .init(
      "m.json", optimade("\"chemical_formula_reduced\":\"Xx2\",\"_oqmd_delta_e\":-1"), "entry 1",
      "Xx2", "q7"),
    .init(
      "n.json", optimade("\"chemical_formula_reduced\":\"LiCl\",\"_oqmd_delta_e\":NaN"),
      "entry 1 (LiCl, q7)", "finite"),
    .init(
      "o.json", optimade("\"elements\":[\"Li\"],\"elements_ratios\":[-1],\"_oqmd_delta_e\":-1"),
      "entry 1 (q7)", "above 0"),
    .init("p.json", optimade("\"chemical_formula_reduced\":\"LiCl\""), "entry 1 (LiCl, q7)"),
    .init("a.extxyz", "1\nenergy=nan\nLi 0 0 0\n", "line 2", "finite"),
    .init("b.extxyz", "1\nenergy=-1\nXx 0 0 0\n", "line 3", "Xx"),
    .init("c.extxyz", "1\nenergy=-1 energy=-2\nLi 0 0 0\n", "line 2", "twice"),
    .init("d.extxyz", "1\nenergy=-1e300\nLi 0 0 0\n", "frame 1 (Li)"),
    .init("e.extxyz", "1\nenergy=-1\nLi 0 0 0\n1\nid=x\nS 0 0 0\n", "frame 2 (S)", "no energy"),
    .init("f.extxyz", "3\nenergy=-1\nLi 0 0 0\n", "cut off"),
    .init("a.xml", "<modeling></modeling>", "no ionic step"),
    .init("b.xml", "<modeling><generator>", "cut off"),
    .init("nowhere/missing.csv", "", "no such file", status: 66),
    .init("nowhere", "", "directory", status: 66),
  ]

  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(
      at: folder.appending(path: "nowhere"), withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  private func check(_ damage: Damage, at path: String, in folder: URL) throws {
    for verb in Self.verbs {
      let isCollect = verb == ["entries", "collect"]
      let table = folder.appending(path: "out.csv").path
      let run = try InterphaseProcess(
        verb + (isCollect ? [path, "-o", table] : ["--entries", path]))
      let note: Comment = "\(verb[0]) \(damage.file): \(run.status) \(run.errors)"
      #expect(run.status == damage.status && run.output.isEmpty, note)
      #expect(run.errors.contains(path), note)
      for part in damage.parts { #expect(run.errors.contains(part), note) }
      #expect(!FileManager.default.fileExists(atPath: table), note)
    }
  }

  @Test(arguments: damages)
  func isRefused(damage: Damage) throws {
    try inFolder { folder in
      let path = folder.appending(path: damage.file).path
      if damage.status == 65 { try damage.bytes.write(to: URL(filePath: path)) }
      try check(damage, at: path, in: folder)
    }
  }

  @Test func bytesThatAreNoText() throws {
    try inFolder { folder in
      let path = folder.appending(path: "t.csv").path
      try (Data(Self.head.utf8) + Data([0x4C, 0xFF, 0xFE])).write(to: URL(filePath: path))
      try check(.init("t.csv", "", "UTF-8"), at: path, in: folder)
    }
  }

  @Test func gzipThatIsCutOff() throws {
    try inFolder { folder in
      let path = folder.appending(path: "t.csv").path
      try Data((Self.head + "Li2S,-4.2\n").utf8).write(to: URL(filePath: path))
      try gzip(path)
      let whole = try Data(contentsOf: URL(filePath: path + ".gz"))
      try whole.prefix(whole.count - 12).write(to: URL(filePath: path + ".gz"))
      try check(.init("t.csv.gz", "", "cut off"), at: path + ".gz", in: folder)
    }
  }

  @Test(arguments: [
    (["window", "Li2S"], "pure S"), (["hull", "--system", "Li-S"], "pure S"),
    (["diagram", "--system", "Li-S"], "pure S"), (["reactivity", "Li", "Li2S"], "pure S"),
    (["window", "Li2S)"], "Li2S)"), (["reactivity", "Li2S", "Xx2"], "Xx2"),
    (["react", "2 Li -> Xx2"], "Xx2"), (["react", "2 Li -> Li3"], "2 Li on the left"),
    (["react", "Li2S -> 2 Li + S"], "no energy of S"),
    (["hull", "--system", "Li-S", "--intact", "Li2S", "Li4S2"], "linearly dependent"),
    (["hull", "--system", "Li-S", "--intact", "Na2S"], "Na2S"),
    (["window", "Li2S", "--intact", "Li2S", "Li4S2"], "Li4S2"),
    (["window", "Li2S", "--energy=-1e300"], "Li2S"),
  ])
  func questionsWithoutAnAnswer(arguments: [String], part: String) throws {
    try inFolder { folder in
      let path = folder.appending(path: "t.csv").path
      let text = "formula,energy_eV_per_atom\nLi,-1.9\nLi2S,-4.2\n"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let run = try InterphaseProcess(arguments + ["--entries", path])
      #expect(run.status == 65 && run.output.isEmpty, "\(run.status) \(run.errors)")
      #expect(run.errors.contains(part), "\(run.errors)")
      if part == "pure S" { #expect(run.errors.contains("Li2S"), "\(run.errors)") }
    }
  }

  /// A packed run of VASP among the files of a window; it is refused beside corrected energies.
  @Test func packedRunOfVASP() throws {
    let run = InterphaseProcess.root.appending(
      path: "Tests/FileFormatsTests/Fixtures/vasprun/relaxation.xml")
    try inFolder { folder in
      let path = folder.appending(path: "vasprun.xml").path
      try FileManager.default.copyItem(atPath: run.path, toPath: path)
      try gzip(path)
      let table = folder.appending(path: "t.csv").path
      let rows = "Li,-1.9\nS,-4\n"
      try ("formula,energy_eV_per_atom\n" + rows).write(
        toFile: table, atomically: true, encoding: .utf8)
      let window = try InterphaseProcess(
        "window", "Li2S", "--entries", path + ".gz", table, "--json")
      #expect(window.status == 0, "\(window.errors)")
      #expect(try window.json()["hullDistance_eV_per_atom"] as? Double == 0)
      try ("formula,energy_eV_per_atom,correction_scheme\nLi,-1.9,mp2020\n").write(
        toFile: table, atomically: true, encoding: .utf8)
      let mixed = try InterphaseProcess("window", "Li2S", "--entries", path + ".gz", table)
      #expect(mixed.status == 65 && mixed.output.isEmpty)
      #expect(mixed.errors.contains("1 mp2020 (Li); 1 uncorrected (Li2S)"), "\(mixed.errors)")
    }
  }

  private func gzip(_ path: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", path]
    try process.run()
    process.waitUntilExit()
  }
}
