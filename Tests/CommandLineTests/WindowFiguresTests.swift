import Foundation
import Testing

@Suite struct WindowFiguresTests {
  private let phases = InterphaseProcess.root.appending(path: "Data/phases.csv").path

  /// Rows of a figure's data by series.
  private func series(_ url: URL) throws -> [String: [(x: Double, y: Double)]] {
    var result: [String: [(x: Double, y: Double)]] = [:]
    for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n").dropFirst() {
      let fields = line.split(separator: ",")
      guard fields.count >= 3, let x = Double(fields[1]), let y = Double(fields[2]) else {
        continue
      }
      result[String(fields[0]), default: []].append((x, y))
    }
    return result
  }

  @Test func bothBasesInOneFigure() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "figures-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try InterphaseProcess(
      "window", "Li6PS5(BH4)", "--entries", phases, "--excess", "8.6meV/atom", "--over",
      "Li3PS4 + Li2S + LiBH4", "--intact", "LiBH4", "--json", "--figures", folder.path)
    try #require(run.status == 0)
    #expect(run.errors.contains("uptake-Li6PS5BH4.svg"))
    // The key of the numbered plateaus, in the units of the table.
    #expect(run.errors.contains("5 Li₂S + Li₃P + LiB + 4 LiH"))
    let steps = try #require(try run.json()["steps"] as? [[String: Any]])
    let uptake = try series(folder.appending(path: "uptake-Li6PS5BH4.csv"))
    let energy = try series(folder.appending(path: "decomposition-energy-Li6PS5BH4.csv"))
    #expect(Set(uptake.keys) == ["elements as vertices", "LiBH₄ as a vertex"])
    let drawn = try #require(uptake["LiBH₄ as a vertex"])
    let curve = try #require(energy["LiBH₄ as a vertex"])
    #expect(drawn.count == steps.count + 1)
    for (step, (point, height)) in zip(steps, zip(drawn, curve)) {
      #expect(abs(point.x - (step["from_V"] as! Double)) < 1e-9)
      #expect(abs(point.y - (step["uptake"] as! Double)) < 1e-9)
      #expect(abs(height.y - (step["decompositionEnergy_eV_per_atom"] as! Double)) < 1e-9)
    }
    // Between its ends each line has the slope of its uptake, beyond the last break point too.
    for (index, step) in steps.enumerated() {
      let (a, b) = (curve[index], curve[index + 1])
      #expect(abs((b.y - a.y) / (b.x - a.x) - (step["uptake"] as! Double) / 17) < 1e-6)
    }
  }

  @Test func withoutAnEnergyOnlyTheUptake() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "figures-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    let run = try InterphaseProcess(
      "window", "Li6PS5(CN)", "--entries", phases, "--figures", folder.path)
    #expect(run.status == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(Set(names) == ["uptake-Li6PS5CN.csv", "uptake-Li6PS5CN.gp", "uptake-Li6PS5CN.svg"])
  }
}
