import Foundation
import Testing

@Suite struct WindowConductivityTests {
  private let phases = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data/phases.csv").path

  private func products(_ arguments: String...) throws -> [[String: Any]] {
    let run = try InterphaseProcess(
      ["window", "Li6PS5(BH4)", "--entries", phases, "--json"] + arguments)
    let steps = try #require(try run.json()["steps"] as? [[String: Any]])
    return try steps.map { try #require($0["products"] as? [String: Any]) }
  }

  @Test func eachStepTellsItsClass() throws {
    let elements = try products()
    #expect(elements[0]["class"] as? String == "conducting")
    #expect(elements[0]["phases"] as? [String] == ["LiB"])
    #expect(elements[0]["gapThreshold_eV"] as? Double == 0.5)
    #expect(elements[1]["class"] as? String == "unknown")
    #expect(elements[1]["phases"] as? [String] == ["LiB3"])
    let intact = try products("--intact", "LiBH4")
    #expect(intact.allSatisfy { $0["class"] as? String == "insulating" })
    let strict = try products("--intact", "LiBH4", "--gap-threshold", "900 meV")
    #expect(strict[0]["class"] as? String == "conducting")
    #expect(strict[0]["phases"] as? [String] == ["Li3P"])
    #expect(strict[0]["gapThreshold_eV"] as? Double == 0.9)
  }

  @Test func theTableHasAColumnWhereGapsAreKnown() throws {
    let run = try InterphaseProcess("window", "Li6PS5(BH4)", "--entries", phases)
    #expect(run.output.contains("conducting: LiB"))
    #expect(run.output.contains("band gap below 0.5 eV"))
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let table = folder.appending(path: "t.csv")
    try Data("formula,energy_eV_per_atom\nLi,-1.9\nLi2S,-4\nS,-4\n".utf8).write(to: table)
    let plain = try InterphaseProcess("window", "Li2S", "--entries", table.path)
    #expect(plain.status == 0 && !plain.output.contains("products"), "\(plain.output)")
    try Data("formula,energy_eV_per_atom,band_gap_eV\nLi,-1.9,0\nLi2S,-4,-3\nS,-4,\n".utf8)
      .write(to: table)
    let bad = try InterphaseProcess("window", "Li2S", "--entries", table.path)
    #expect(bad.status == 65 && bad.errors.contains("line 3"), "\(bad.errors)")
  }

  @Test(arguments: ["0", "-1 eV", "0 eV", "nan", "half", "0.5 K", ""])
  func aThresholdIsAnEnergyAboveZero(_ threshold: String) throws {
    let run = try InterphaseProcess(
      "window", "Li6PS5Cl", "--entries", phases, "--gap-threshold", threshold)
    #expect(run.status != 0 && run.output.isEmpty, "\(run.output)")
    #expect(run.errors.contains("gap") || run.errors.contains("energy"), "\(run.errors)")
  }
}
