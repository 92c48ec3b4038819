import Foundation
import Testing

@Suite struct DiagramVerbTests {
  private let phases = InterphaseProcess.root.appending(path: "Data/phases.csv").path

  @Test func aPictureItsDataAndItsNumbers() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "diagram-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("section.svg").path
    let run = try InterphaseProcess(
      "diagram", "--entries", phases, "--system", "Li-P-S-Cl", "--section", "Li2S, P2S5,LiCl",
      "--target", "Li6PS5Cl", "--show-unstable", "50 meV/atom", "-o", path, "--json")
    try #require(run.status == 0)
    let json = try run.json()
    #expect(json["corners"] as? [String] == ["Li2S", "P2S5", "LiCl"])
    #expect(json["files"] as? [String] == ["section.csv", "section.svg"])
    let nodes = try #require(json["nodes"] as? [[String: Any]])
    let target = try #require(nodes.first { $0["kind"] as? String == "target" })
    #expect(target["fractions"] as? [Double] == [0.625, 0.125, 0.25])
    #expect(nodes.contains { $0["formula"] as? String == "Li7P3S11" })
    let regions = try #require(json["regions"] as? [[String: Any]])
    #expect(abs(regions.compactMap { $0["area"] as? Double }.reduce(0, +) - 1) < 1e-9)
    let svg = try String(contentsOfFile: path, encoding: .utf8)
    #expect(svg.hasSuffix("</svg>\n"))
    #expect(
      FileManager.default.fileExists(atPath: folder.appendingPathComponent("section.csv").path))
  }

  @Test func mistakes() throws {
    let many = try InterphaseProcess(
      "diagram", "--entries", phases, "--system", "Li-P-S-B-H", "-o", "x.svg")
    #expect(many.status == 65)
    #expect(many.errors.contains("--section"))
    let name = try InterphaseProcess(
      "diagram", "--entries", phases, "--system", "Li-P-S", "-o", "picture.png")
    #expect(name.status == 64)
    #expect(name.errors.contains(".svg"))
    let formula = try InterphaseProcess(
      "diagram", "--entries", phases, "--system", "Li-P-S", "--section", "Li2S,,P2S5")
    #expect(formula.status != 0)
  }
}
