import Foundation
import Report

/// A folder of its own for each test, gone afterwards.
struct TemporaryFolder: ~Copyable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent(
      "report-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func text(_ name: String) throws -> String {
    try String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}

enum Sample {
  static let volts = Axis("Voltage", unit: "V against Li⁺/Li", range: 0...3.5)
  static let uptake = Axis("Li uptake", unit: "per formula unit")

  static let stairs = Series(
    name: "elements", x: [0, 0.87, 1.72, 2.14, 3.5], y: [8, 5, 0, -1.75, -1.75], style: .steps,
    color: Palette.reference)

  static let chart = Chart(
    x: volts, y: uptake,
    series: [
      stairs,
      Series(
        name: "it's \"x\", 50% \\n {a_b}", x: [0, 1, 2, 3], y: [1, .nan, 1.0 / 3.0, 0.1],
        style: .dashed, color: Palette.system("BH4"),
        band: .init(low: [0.5, .nan, 0.2, 0], high: [1.5, .nan, 0.5, 0.3])),
      Series(
        name: "points", x: [0.5, 1.5], y: [2, 3], style: .points, color: Palette.system("CN")),
    ], shaded: [ShadedRange(1.72...2.14, label: "window", color: Palette.system("Cl"))],
    lines: [ReferenceLine(y: 0)])

  static func curve(_ name: String) -> Series {
    let x = (0..<40).map { Double($0) * 0.1 }
    return Series(name: name, x: x, y: x.map { $0 * $0 }, color: Palette.element("S"))
  }

  static let tetrahedron: [SIMD3<Double>] = [
    SIMD3(1, 1, 1), SIMD3(1, -1, -1), SIMD3(-1, 1, -1), SIMD3(-1, -1, 1),
  ]

  static let scene = Scene(
    atoms: [SceneAtom(element: "P", position: SIMD3(0, 0, 0))]
      + tetrahedron.map { SceneAtom(element: "S", position: $0) },
    bonds: (1...4).map { SceneBond(0, $0) },
    polyhedra: [
      ScenePolyhedron(corners: tetrahedron, color: Palette.cluster("PS4"), label: "PS4")
    ], cell: [SIMD3(4, 0, 0), SIMD3(0, 4, 0), SIMD3(0, 0, 4)],
    planes: [ScenePlane(at: 0.5, label: "contact <plane>")])
}
