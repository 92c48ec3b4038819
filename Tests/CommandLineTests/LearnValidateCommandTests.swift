import Foundation
import Testing

/// `interphase learn validate`, run as a person would.
struct LearnValidateCommandTests {
  private let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("validate-\(UUID().uuidString.prefix(8))")
  private static func fixture(_ name: String) -> String {
    InterphaseProcess.root
      .appendingPathComponent("Tests/PotentialsTests/Fixtures/\(name).nep.txt").path
  }
  private static func crystal(_ name: String) -> String {
    InterphaseProcess.root.appendingPathComponent("Data/Structures/\(name)").path
  }
  private let potential = fixture("nep4_zbl")
  private let reference = fixture("nep4_zbl_covalent")
  private var output: String { folder.appendingPathComponent("out").path }

  /// Twelve frames of Li, F and B in two trajectories, labelled by another potential.
  private func labels() throws -> String {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let text = (0..<12).map { k in
      """
      3
      Lattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3 pbc="T T T" traj=t\(k / 6) config_type=md
      Li 0 0 0
      F 1.9 0 \(0.05 * Double(k))
      Li 0 2.2 0

      """
    }.joined()
    let file = folder.appendingPathComponent("frames.extxyz")
    try Data(text.utf8).write(to: file)
    let labelled = folder.appendingPathComponent("labelled.extxyz").path
    let run = try InterphaseProcess(
      "learn", "label", file.path, "--potential", reference, "-o", labelled, "--quiet")
    #expect(run.status == 0, "\(run.errors)")
    return labelled
  }

  private func files(_ directory: String) throws -> [String: Data] {
    let names = try FileManager.default.subpathsOfDirectory(atPath: directory)
    return Dictionary(
      uniqueKeysWithValues: names.filter { !$0.hasPrefix(".") }.compactMap { name in
        FileManager.default.contents(atPath: directory + "/" + name).map { (name, $0) }
      })
  }

  @Test func labelsAloneGiveErrorsAPageAndACard() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let words = ["learn", "validate", try labels(), "--potential", potential, "-o", output]
    let run = try InterphaseProcess(words + ["--json"])
    #expect(run.status == 0, "\(run.errors)")
    let keys = try run.json()
    let tables = try #require(keys["tables"] as? [String: [[String: Any]]])
    #expect(tables["errors"]?.map { $0["group"] as? String } == ["all", "md"])
    #expect(tables["errors"]?.first?["frames"] as? Int == 12)
    #expect(tables["trajectories"]?.count == 2 && tables["lattice"] == nil)
    #expect(
      (keys["not_tested"] as? [String])?.contains { $0.contains("none were compared") } == true)
    let names = Set(try files(output).keys)
    #expect(
      names.isSuperset(of: ["errors.csv", "trajectories.csv", "model-card.md", "validation.html"]))
    let page = try String(contentsOfFile: output + "/validation.html", encoding: .utf8)
    #expect(page.contains("<svg") && !page.contains("http-equiv") && !page.contains("<script"))
    let text = try InterphaseProcess(words)
    #expect(text.status == 0 && text.output.contains("force eV/Å") && text.output.contains("slope"))
  }

  @Test func aKilledRunGoesOnToTheSameBytes() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let labels = try labels()
    func words(_ directory: String) -> [String] {
      [
        "learn", "validate", labels, "--potential", potential, "--crystals",
        Self.crystal("LiF.cif"), "--reference-potential", reference, "--quiet", "--threads", "1",
        "-o", directory,
      ]
    }
    let whole = folder.appendingPathComponent("whole").path
    let undisturbed = try InterphaseProcess(words(whole))
    #expect(undisturbed.status == 0, "\(undisturbed.errors)")
    let size = { () -> Int in
      let found = try? FileManager.default.attributesOfItem(
        atPath: self.output + "/reference.evaluations")[.size]
      return (found as? Int) ?? 0
    }
    let killed = try InterphaseProcess.interrupt(
      words(output), with: SIGKILL, when: { size() > 20_000 })
    #expect(killed.reason == .uncaughtSignal)
    let end = try InterphaseProcess(words(output))
    #expect(end.status == 0, "\(end.errors)")
    let (a, b) = (try files(whole), try files(output))
    #expect(Set(a.keys) == Set(b.keys) && a["phonons.csv"] != nil)
    for (name, data) in a { #expect(b[name] == data, "\(name)") }
  }

  @Test func wrongUsageAndBadInput() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let labels = try labels()
    func run(_ words: String...) throws -> InterphaseProcess {
      try InterphaseProcess(["learn", "validate"] + words)
    }
    #expect(try run(labels, "--potential", potential).status == 64)
    #expect(try run("--potential", potential, "-o", output).status == 64)
    #expect(try run(labels, "-o", output).status == 64)
    let alone = try run(
      labels, "--potential", potential, "--crystals", Self.crystal("LiF.cif"), "-o", output)
    #expect(alone.status == 64 && alone.errors.contains("a reference"))
    #expect(
      try run(
        labels, "--potential", potential, "--reactions", "Li -> Li", "-o", output
      ).status == 64)
    let unlabelled = try run(
      folder.appendingPathComponent("frames.extxyz").path, "--potential", potential, "-o", output)
    #expect(unlabelled.status == 65 && unlabelled.errors.contains("label it first"))
    let unbalanced = try run(
      labels, "--potential", potential, "--crystals", Self.crystal("LiF.cif"),
      Self.crystal("Li.cif"), "--reference-potential", reference, "--reactions",
      "2 LiF -> Li", "-o", output)
    #expect(unbalanced.status == 65, "\(unbalanced.errors)")
    let without = try run(
      labels, "--potential", potential, "--crystals", Self.crystal("LiF.cif"),
      "--reference-potential", reference, "--reactions", "2 LiF -> 2 Li + F2", "-o", output)
    #expect(without.status == 65 && without.errors.contains("needs a crystal of"))
    let stranger = try run(
      labels, "--potential", Self.fixture("nep4"), "-o", output)
    #expect(stranger.status == 69 && stranger.errors.contains("does not know F"))
    let unknown = try run(
      labels, "--potential", potential, "--crystals", Self.crystal("LiF.cif"), "--calculator",
      "nothing", "-o", output)
    #expect(unknown.status == 64 && unknown.errors.contains("no calculator"))
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  /// The line that installs it is shown, and nothing is written.
  @Test func aCalculatorThatIsNotThereLeavesWith69() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try InterphaseProcess(
      [
        "learn", "validate", try labels(), "--potential", potential, "--crystals",
        Self.crystal("LiF.cif"), "--calculator", "chgnet", "-o", output,
      ],
      shell: "export INTERPHASE_ENGINES=\(folder.path)/none; unset INTERPHASE_PYTHON")
    #expect(run.status == 69 && run.errors.contains("install it with"), "\(run.errors)")
    #expect(!FileManager.default.fileExists(atPath: output))
  }
}
