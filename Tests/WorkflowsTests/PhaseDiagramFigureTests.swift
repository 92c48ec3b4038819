import Atomistics
import Foundation
import Report
import Testing
import Thermodynamics
import Workflows

@Suite struct PhaseDiagramFigureTests {
  private static let phases = repositoryRoot.appendingPathComponent("Data/phases.csv").path

  struct System: Sendable {
    let elements: String
    var intact: [String] = []
    var corners: [String] = []
    var targets: [String] = []
    var voltage: Double?
  }

  static let systems = [
    System(elements: "Li-P-S"), System(elements: "Li-B-H"), System(elements: "Li-C-N"),
    System(elements: "P-S-Cl"), System(elements: "Li-B-F"),
    System(elements: "Li-P-S-Cl", targets: ["Li6PS5Cl"]),
    System(elements: "Li-P-S-B-H", intact: ["LiBH4"], targets: ["Li6PS5(BH4)"]),
    System(elements: "Li-P-S-B-F", intact: ["LiBF4"], targets: ["Li6PS5(BF4)"]),
    System(elements: "Li-P-S-C-N", intact: ["LiCN"], targets: ["Li6PS5(CN)"]),
    System(elements: "Li-P-B-H"), System(elements: "Li-C-N-S"),
    System(elements: "Li-P-S-Cl", corners: ["Li2S", "P2S5", "LiCl"], targets: ["Li6PS5Cl"]),
    System(elements: "Li-P-S-Cl", corners: ["Li3P", "Li2S", "LiCl"]),
    System(elements: "Li-P-S-Cl", corners: ["Li", "Li6PS5Cl", "S"]),
    System(elements: "Li-P-S-B-H", corners: ["Li2S", "Li3P", "LiBH4"]),
    System(elements: "Li-P-S-B-H", corners: ["Li", "Li6PS5BH4", "S"]),
    System(elements: "Li-P-S-B-H", corners: ["Li", "P2S5", "LiBH4", "Li2S"]),
    System(elements: "Li-P-S-Cl", targets: ["Li6PS5Cl"], voltage: 1.9),
    System(elements: "Li-P-S-B-H", voltage: 2.4),
  ]

  private func figure(_ system: System, unstable: Double?) throws -> PhaseDiagramFigure {
    let elements = system.elements.split(separator: "-").compactMap { Element(String($0)) }
    let table = try EntryTable(path: Self.phases, scheme: .mp2020)
    let diagram = try PhaseDiagram(
      entries: table.entries(withElements: elements),
      basis: ComponentBasis(
        system: elements, workingIon: elements[0], intact: system.intact),
      open: system.voltage.map {
        OpenSpecies(element: elements[0], voltage: $0, reference: 0)
      })
    return try PhaseDiagramFigure(
      of: diagram, corners: system.corners.isEmpty ? nil : components(system.corners),
      targets: components(system.targets), showingUnstable: unstable)
  }

  private func components(_ formulas: [String]) throws -> [ComponentBasis.Component] {
    try formulas.map {
      ComponentBasis.Component(formula: $0, composition: try Composition(formula: $0))
    }
  }

  /// Boxes of all labels: left, top, width, height.
  private func boxes(_ svg: String) -> [[Double]] {
    svg.matches(of: /data-box="([^"]*)"/).map {
      $0.output.1.split(separator: " ").compactMap { Double($0) }
    }
  }

  @Test(arguments: 0..<19, [nil, 0.03] as [Double?])
  func everyPhaseIsNamedAndNoLabelOverlaps(index: Int, unstable: Double?) throws {
    #expect(Self.systems.count == 19)
    let figure = try figure(Self.systems[index], unstable: unstable)
    guard case .composition(let diagram) = try figure.figure else {
      Issue.record("three or four corners are no chart")
      return
    }
    let svg = diagram.svg()
    let boxes = boxes(svg)
    for (i, a) in boxes.enumerated() {
      for b in boxes.dropFirst(i + 1) {
        let overlap =
          a[0] < b[0] + b[2] && b[0] < a[0] + a[2] && a[1] < b[1] + b[3] && b[1] < a[1] + a[3]
        #expect(!overlap)
      }
      #expect(a[0] >= 0 && a[0] + a[2] <= 760 && a[1] >= 0)
    }
    let named = diagram.nodes.filter { node in
      !(node.coordinates.firstIndex { $0 > 1 - 1e-9 }.map { diagram.vertices[$0] == node.name }
        ?? false)
    }
    let lettered = diagram.regions.count { $0.isLabelled }
    #expect(boxes.count == diagram.vertices.count + named.count + lettered)
    #expect(!diagram.nodes.isEmpty)
  }

  @Test func theTargetAndItsProducts() throws {
    let figure = try figure(Self.systems[6], unstable: nil)
    guard case .composition(let diagram) = try figure.figure else { return }
    let target = try #require(diagram.nodes.firstIndex { $0.kind == .target })
    let products = diagram.lines.filter { $0.kind == .decomposition && $0.first == target }
      .map { diagram.nodes[$0.second].name }
    #expect(Set(products) == ["Li2S", "Li3PS4", "LiBH4"])
    #expect(figure.caption.contains("mole fractions"))
  }

  @Test func twoCornersGiveTheHull() throws {
    let figure = try figure(System(elements: "Li-P"), unstable: 0.1)
    guard case .chart(let chart) = try figure.figure else {
      Issue.record("two corners are a chart")
      return
    }
    let hull = try #require(chart.series.first)
    // LiP in the middle, and its energy of formation as in the table.
    let middle = try #require(hull.x.firstIndex { abs($0 - 0.5) < 1e-12 })
    let entry = try #require(
      EntryTable(path: Self.phases, scheme: .mp2020).entries.first { $0.formula == "LiP" })
    #expect(abs(hull.y[middle] - entry.energyPerAtom) < 1e-12)
    #expect(hull.y.first == 0 && hull.y.last == 0)
    // Convex.
    let slopes = zip(zip(hull.x, hull.y), zip(hull.x, hull.y).dropFirst()).map {
      ($1.1 - $0.1) / ($1.0 - $0.0)
    }
    #expect(zip(slopes, slopes.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test func whatCannotBeDrawn() throws {
    let many = #expect(throws: ThermodynamicsError.self) {
      try figure(System(elements: "Li-P-S-B-H"), unstable: nil)
    }
    #expect(many?.description.contains("--section") == true)
    #expect(throws: ThermodynamicsError.self) {
      try figure(System(elements: "Li-P-S", targets: ["LiCl"]), unstable: nil)
    }
    #expect(throws: ThermodynamicsError.self) {
      try figure(
        System(elements: "Li-P-S-Cl", corners: ["Li2S", "P2S5", "LiCl"], targets: ["Li3P"]),
        unstable: nil)
    }
  }

  @Test func filesAndBadNames() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "diagram-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let figure = try figure(Self.systems[0], unstable: nil)
    let path = folder.appendingPathComponent("Li-P-S.svg").path
    #expect(try figure.write(to: path) == ["Li-P-S.csv", "Li-P-S.svg"])
    #expect(FileManager.default.fileExists(atPath: path))
    for name in ["Li-P-S.png", "a b.svg", ".svg", "x\u{E9}.svg"] {
      let error = #expect(throws: WorkflowsError.self) {
        try figure.write(to: folder.appendingPathComponent(name).path)
      }
      #expect(error?.kind == .usage)
    }
  }
}
