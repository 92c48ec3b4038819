import Foundation
import Report
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// What a picture shows, read back from its SVG.
struct DrawnDiagram {
  struct Rectangle {
    let left, top, right, bottom: Double

    func overlaps(_ other: Rectangle) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }

    /// The distance of a point from it.
    func distance(x: Double, y: Double) -> Double {
      let (dx, dy) = (x - min(max(x, left), right), y - min(max(y, top), bottom))
      return (dx * dx + dy * dy).squareRoot()
    }
  }

  let svg: String
  let labels: [Rectangle]
  let nodes: [(x: Double, y: Double, radius: Double)]

  init(_ diagram: CompositionDiagram) {
    svg = diagram.svg()
    labels = svg.matches(of: /data-box="([^"]*)"/).map { match in
      let n = match.output.1.split(separator: " ").compactMap { Double($0) }
      return Rectangle(left: n[0], top: n[1], right: n[0] + n[2], bottom: n[1] + n[3])
    }
    nodes = svg.matches(of: /class="node" cx="([^"]*)" cy="([^"]*)" r="([^"]*)"/).map {
      (Double($0.output.1) ?? 0, Double($0.output.2) ?? 0, Double($0.output.3) ?? 0)
    }
  }

  func count(_ name: String) -> Int { svg.split(separator: "class=\"\(name)\"").count - 1 }

  /// Pairs of labels that cover one another, and labels that cover a point or leave the picture.
  var clashes: [String] {
    var found: [String] = []
    for (i, label) in labels.enumerated() {
      for (j, other) in labels.enumerated() where j > i && label.overlaps(other) {
        found.append("labels \(i) and \(j)")
      }
      for (k, node) in nodes.enumerated()
      where label.distance(x: node.x, y: node.y) < node.radius { found.append("\(i) on node \(k)") }
      if label.left < 0 || label.right > 760 || label.top < 0 { found.append("\(i) is outside") }
    }
    return found
  }
}

@Suite struct CompositionDiagramTests {
  private static let sample = CompositionDiagram(
    vertices: ["Li2S", "P2S5", "LiCl"],
    nodes: [
      .init("Li2S", at: [1, 0, 0]), .init("P2S5", at: [0, 1, 0]), .init("LiCl", at: [0, 0, 1]),
      .init("Li3PS4", at: [0.75, 0.25, 0]),
      .init("Li6PS5Cl", at: [0.625, 0.125, 0.25], kind: .target, color: Palette.system("Cl")),
      .init("Li7P3S11", at: [0.7, 0.3, 0], kind: .unstable, note: "+23 & more"),
    ],
    lines: [.init(2, 3), .init(0, 3), .init(4, 0, kind: .decomposition)],
    regions: [
      .init(
        corners: [[1, 0, 0], [0.75, 0.25, 0], [0, 0, 1]], phases: ["Li2S", "Li3PS4", "LiCl"],
        isLabelled: false),
      .init(
        corners: [[0.75, 0.25, 0], [0, 1, 0], [0, 0, 1]], phases: ["Li3PS4", "P", "LiS4"],
        isLabelled: true),
    ], title: "one < two", description: "A \"section\".")

  @Test func everythingIsDrawn() {
    let drawn = DrawnDiagram(Self.sample)
    #expect(drawn.count("node") == 6)
    #expect(drawn.count("edge") == 3)
    // The line along the edge is the edge.
    #expect(drawn.count("tie") == 1)
    #expect(drawn.count("decomposition") == 1)
    #expect(drawn.count("region") == 2)
    // Three corners, which name their nodes, three more nodes and one region.
    #expect(drawn.labels.count == 7)
    #expect(drawn.clashes.isEmpty)
    #expect(drawn.svg.contains("one &lt; two"))
    #expect(drawn.svg.contains("role=\"img\" aria-label=\"A &quot;section&quot;.\""))
    #expect(drawn.svg.contains("+23 &amp; more"))
    #expect(drawn.svg.contains("Li<tspan font-size=\"72%\" dy=\"0.3em\">3</tspan>"))
  }

  @Test func theSameEveryTime() { #expect(Self.sample.svg() == Self.sample.svg()) }

  @Test func filesAndData() throws {
    let folder = try TemporaryFolder()
    let file = try FigureFile(.composition(Self.sample), name: "section", in: folder.url)
    #expect(file.files == ["section.csv", "section.svg"])
    let lines = try folder.text("section.csv").split(separator: "\n")
    #expect(lines[0] == "item,number,kind,name,note,Li2S,P2S5,LiCl")
    #expect(lines.count == 1 + 6 + 2 * 3 + 6)
    #expect(lines.contains("node,5,target,Li6PS5Cl,,0.625,0.125,0.25"))
    #expect(lines.contains("region,2,,Li3PS4 + P + LiS4,,0.0,1.0,0.0"))
    #expect(XMLParser(data: Data(file.svg.utf8)).parse())
    // Within a page it says what the caption says, once.
    let page = Page(
      title: "t",
      sections: [Section("s", blocks: [.figure(PageFigure(file, caption: "c"))])])
    #expect(XMLParser(data: Data(page.html.utf8)).parse())
    #expect(page.html.split(separator: "aria-label=").count - 1 == 1)
  }

  @Test func nothingToDraw() throws {
    let folder = try TemporaryFolder()
    #expect(throws: ReportError.self) {
      try FigureFile(
        .composition(CompositionDiagram(vertices: ["A", "B", "C"], nodes: [])), name: "empty",
        in: folder.url)
    }
  }

  /// A tetrahedron is drawn with three faces to be seen or two, never with all edges in front.
  @Test func tetrahedraHideAnEdge() {
    var generator = Seeded(7)
    for _ in 0..<10 {
      let drawn = DrawnDiagram(generator.diagram(vertices: 4, nodes: 12))
      #expect(drawn.count("edge") == 6)
      #expect(drawn.svg.split(separator: "stroke-dasharray=\"5 4\"").count - 1 == 1)
    }
  }

  @Test(arguments: 0..<40)
  func labelsNeverOverlap(seed: Int) {
    var generator = Seeded(UInt64(seed) + 1)
    let diagram = generator.diagram(vertices: 3 + seed % 2, nodes: 3 + seed)
    let drawn = DrawnDiagram(diagram)
    #expect(drawn.clashes.isEmpty, "\(drawn.clashes)")
    // Every node has its name or a number, whatever the crowd.
    let lettered = diagram.regions.count { $0.isLabelled }
    #expect(drawn.labels.count == diagram.vertices.count + diagram.nodes.count + lettered)
    let numbers = drawn.svg.matches(of: /class="key" x="[^"]*" y="[^"]*" text-anchor="end"/).count
    #expect(numbers <= diagram.nodes.count + lettered)
  }

  /// Points all but on top of one another get numbers and a key, none over another.
  @Test func aCrowdIsNumbered() {
    let nodes = (0..<30).map { k in
      let shift = 0.002 * Double(k)
      return CompositionDiagram.Node(
        "Li\(k)P3S11Cl\(k)", at: [0.4 + shift, 0.3, 0.3 - shift])
    }
    let drawn = DrawnDiagram(CompositionDiagram(vertices: ["Li", "P", "S"], nodes: nodes))
    #expect(drawn.labels.count == 33)
    for (i, label) in drawn.labels.enumerated() {
      #expect(!drawn.labels.dropFirst(i + 1).contains { label.overlaps($0) })
    }
  }
}

/// Random diagrams from a seed (splitmix64).
private struct Seeded {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  private mutating func next() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) / 0x1p53
  }

  /// Small whole numbers of each vertex, as formulas have, so that many points lie on edges.
  mutating func diagram(vertices: Int, nodes count: Int) -> CompositionDiagram {
    let names = ["Li", "P", "S", "Cl"].prefix(vertices)
    var seen: Set<[Double]> = []
    var nodes: [CompositionDiagram.Node] = []
    while nodes.count < count {
      let amounts = names.map { _ in next() < 0.4 ? 0 : Double(Int(next() * 6)) + 1 }
      let total = amounts.reduce(0, +)
      let place = amounts.map { $0 / total }
      guard amounts.count(where: { $0 > 0 }) > 1, seen.insert(place).inserted else { continue }
      let name = zip(names, amounts).filter { $0.1 > 0 }.map { "\($0.0)\(Int($0.1))" }.joined()
      nodes.append(.init(name, at: place, note: next() < 0.2 ? "+\(Int(next() * 99))" : ""))
    }
    let lines = (0..<(2 * count)).map { _ in
      CompositionDiagram.Line(Int(next() * Double(count)), Int(next() * Double(count)))
    }
    let shares: [(Double, Double)] = (0..<6).map { (Double($0) / 6, Double($0 + 1) / 6) }
    let regions: [CompositionDiagram.Region] = shares.enumerated().map { k, share in
      CompositionDiagram.Region(
        corners: [[1, 0, 0], [0, 1 - share.0, share.0], [0, 1 - share.1, share.1]],
        phases: ["Li2S", "P\(k)"], isLabelled: k % 2 == 0)
    }
    return CompositionDiagram(
      vertices: Array(names), nodes: nodes, lines: lines,
      regions: vertices == 4 ? [] : regions)
  }
}
