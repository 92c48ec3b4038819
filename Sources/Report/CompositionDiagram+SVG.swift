/// The picture of a composition diagram as SVG.
///
/// | class | what it is |
/// |---|---|
/// | `node` | a phase; stable ones filled, unstable ones hollow diamonds, targets stars |
/// | `tie`, `decomposition` | a line between two of them |
/// | `edge` | of the triangle or the tetrahedron; hidden ones dashed |
/// | `region` | a polygon |
/// | `label` | a text; `data-box` is the room that it takes: left, top, width and height |
extension CompositionDiagram {
  /// The whole document.
  public func svg() -> String {
    let layout = CompositionLayout(self)
    let key = CompositionKey(layout.keys)
    let legend = layout.legend(top: layout.bottom)
    let height = layout.bottom + 30 + (key.entries.isEmpty ? 0 : key.height + 12)
    let size = "\(svgNumber(CompositionLayout.width)) \(svgNumber(height))"
    let spoken = Markup.escaped(description.isEmpty ? title : description)
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" width="\(svgNumber(CompositionLayout.width))" \
      height="\(svgNumber(height))" viewBox="0 0 \(size)" \
      font-family="Arial, Liberation Sans, Helvetica, sans-serif" font-size="13" \
      fill="\(Palette.ink.hex)" role="img" aria-label="\(spoken)">
      <title>\(spoken)</title>
      <rect width="100%" height="100%" fill="#ffffff"/>
      \(heading)
      \(layout.drawnRegions)
      \(layout.drawnEdges(hidden: true))
      \(layout.drawnTies)
      \(layout.drawnEdges(hidden: false))
      \(layout.drawnNodes)
      \(layout.drawnLabels)
      \(legend)
      \(key.markup(top: layout.bottom + 30))
      </svg>

      """
  }

  private var heading: String {
    guard !title.isEmpty else { return "" }
    return "<text x=\"14\" y=\"22\" font-size=\"14\">\(Markup.escaped(title))</text>"
  }

  /// Nodes that a target turns into, by target.
  func products(of target: Int) -> Set<Int> {
    Set(lines.filter { $0.kind == .decomposition && $0.first == target }.map(\.second))
  }

  var targets: [Int] { nodes.indices.filter { nodes[$0].kind == .target } }
}

extension CompositionLayout {
  /// Dark enough for print in grey, neither a species' nor a system's colour.
  private static let nodeColor = Color(0x3F5F7F)

  fileprivate var drawnRegions: String {
    let sets = diagram.targets.map { target in
      (
        Set(diagram.products(of: target).map { diagram.nodes[$0].name }),
        diagram.nodes[target].color
      )
    }
    return diagram.regions.map { region in
      let fill =
        sets.first { $0.0 == Set(region.phases) }?.1.mixed(with: .white, fraction: 0.82).hex
        ?? (region.isLabelled ? "#f7f7f4" : "none")
      let points = region.corners.map { corner in
        let point = pixel(corner)
        return "\(svgNumber(point.x)),\(svgNumber(point.y))"
      }
      return """
        <polygon class="region" points="\(points.joined(separator: " "))" fill="\(fill)" \
        stroke="#9aa0a6" stroke-width="1" stroke-linejoin="round"/>
        """
    }.joined(separator: "\n")
  }

  fileprivate func drawnEdges(hidden: Bool) -> String {
    var lines: [String] = []
    for i in corners.indices {
      for j in corners.indices where j > i && projection.hiddenEdges.contains([i, j]) == hidden {
        let style =
          hidden
          ? "stroke=\"#8c8c8c\" stroke-width=\"1\" stroke-dasharray=\"5 4\""
          : "stroke=\"\(Palette.ink.hex)\" stroke-width=\"1.6\" stroke-linecap=\"round\""
        lines.append(drawn(Segment(start: corners[i], end: corners[j]), "edge", style))
      }
    }
    return lines.joined(separator: "\n")
  }

  private func drawn(_ segment: Segment, _ name: String, _ style: String) -> String {
    """
    <line class="\(name)" x1="\(svgNumber(segment.start.x))" y1="\(svgNumber(segment.start.y))" \
    x2="\(svgNumber(segment.end.x))" y2="\(svgNumber(segment.end.y))" \(style)/>
    """
  }

  /// From the back to the front, each with a pale rim that parts it from those behind.
  fileprivate var drawnTies: String {
    let ordered = drawnLines.enumerated().sorted {
      let (a, b) = (distance($0.element), distance($1.element))
      return a == b ? $0.offset < $1.offset : a > b
    }.map(\.element)
    return ordered.map { line in
      let segment = segment(line)
      let distance = distance(line)
      if line.kind == .decomposition {
        let color = diagram.nodes[line.first].color.hex
        return drawn(
          segment, "decomposition",
          "stroke=\"\(color)\" stroke-width=\"1.6\" stroke-dasharray=\"2 3\"")
      }
      let owner = diagram.targets.first {
        diagram.products(of: $0).isSuperset(of: [line.first, line.second])
      }
      let color =
        owner.map { diagram.nodes[$0].color.hex }
        ?? Color(0x55606B).mixed(with: .white, fraction: 0.6 * distance).hex
      let width = (owner == nil ? 1.3 : 2.2) * (1 - 0.35 * distance)
      let rim =
        corners.count == 4
        ? drawn(shortened(segment), "rim", "stroke=\"#ffffff\" stroke-width=\"4\"") : ""
      return rim
        + drawn(segment, "tie", "stroke=\"\(color)\" stroke-width=\"\(svgNumber(width))\"")
    }.joined(separator: "\n")
  }

  private func distance(_ line: CompositionDiagram.Line) -> Double {
    (discs[line.first].distance + discs[line.second].distance) / 2
  }

  /// Without the ends, where lines that meet would cut one another.
  private func shortened(_ segment: Segment) -> Segment {
    let (dx, dy) = (segment.end.x - segment.start.x, segment.end.y - segment.start.y)
    let share = min(0.5, 14 / max(1, (dx * dx + dy * dy).squareRoot()))
    return Segment(
      start: Point(x: segment.start.x + share * dx, y: segment.start.y + share * dy),
      end: Point(x: segment.end.x - share * dx, y: segment.end.y - share * dy))
  }

  fileprivate var drawnNodes: String {
    let products = diagram.targets.map { ($0, diagram.products(of: $0)) }
    return discs.sorted { ($1.distance, $0.node) < ($0.distance, $1.node) }.map { disc in
      let node = diagram.nodes[disc.node]
      let ring = products.first { $0.1.contains(disc.node) }.map { diagram.nodes[$0.0].color }
      let edge = (ring ?? Palette.ink).hex
      return Self.mark(
        node.kind, at: disc.center, radius: disc.radius,
        fill: node.kind == .target
          ? node.color : Self.nodeColor.mixed(with: .white, fraction: 0.5 * disc.distance),
        edge: edge, width: ring == nil ? 1 : 2.4)
    }.joined(separator: "\n")
  }

  private static func mark(
    _ kind: CompositionDiagram.Node.Kind, at center: Point, radius: Double, fill: Color,
    edge: String, width: Double
  ) -> String {
    let (x, y) = (svgNumber(center.x), svgNumber(center.y))
    switch kind {
    case .stable:
      return """
        <circle class="node" cx="\(x)" cy="\(y)" r="\(svgNumber(radius))" fill="\(fill.hex)" \
        stroke="\(edge)" stroke-width="\(svgNumber(width))"/>
        """
    case .unstable:
      let corners = [(0.0, -1.0), (1, 0), (0, 1), (-1, 0)]
      return polygon(corners, center, radius, "fill=\"#ffffff\" stroke=\"#777777\"")
    case .target:
      let corners = starCorners
      return polygon(
        corners, center, radius, "fill=\"\(fill.hex)\" stroke=\"#ffffff\" stroke-width=\"1\"")
    }
  }

  private static func polygon(
    _ corners: [(Double, Double)], _ center: Point, _ radius: Double, _ style: String
  ) -> String {
    let points = corners.map {
      "\(svgNumber(center.x + $0.0 * radius)),\(svgNumber(center.y + $0.1 * radius))"
    }
    return "<polygon class=\"node\" points=\"\(points.joined(separator: " "))\" \(style)/>"
  }

  /// A star of five points, its outer radius 1.
  private static let starCorners: [(Double, Double)] = [
    (0, -1), (0.247, -0.34), (0.951, -0.309), (0.4, 0.13), (0.588, 0.809), (0, 0.42),
    (-0.588, 0.809), (-0.4, 0.13), (-0.951, -0.309), (-0.247, -0.34),
  ]

  fileprivate var drawnLabels: String {
    labels.map { label in
      let box = label.box
      let leader =
        label.leader.map {
          drawn($0, "leader", "stroke=\"#777777\" stroke-width=\"0.8\"")
            + "<circle cx=\"\(svgNumber($0.start.x))\" cy=\"\(svgNumber($0.start.y))\" r=\"1.3\" "
            + "fill=\"#777777\"/>"
        } ?? ""
      let bounds = [box.left, box.bottom, box.width, box.height].map(svgNumber)
      // The base line stands so that capitals are in the middle of the box.
      let baseline = box.center.y + 0.34 * label.size
      return """
        \(leader)<g class="label" data-box="\(bounds.joined(separator: " "))">\
        <text x="\(svgNumber(box.center.x))" y="\(svgNumber(baseline))" text-anchor="middle" \
        font-size="\(svgNumber(label.size))"\(label.isBold ? " font-weight=\"bold\"" : "") \
        fill="\(label.color.hex)" stroke="#ffffff" stroke-width="3" stroke-linejoin="round" \
        paint-order="stroke">\(label.markup)</text></g>
        """
    }.joined(separator: "\n")
  }

  /// Which mark means what, in one row.
  fileprivate func legend(top: Double) -> String {
    var entries: [(kind: CompositionDiagram.Node.Kind, text: String, fill: Color)] = []
    if diagram.nodes.contains(where: { $0.kind == .stable }) {
      entries.append((.stable, "stable phase", Self.nodeColor))
    }
    if diagram.nodes.contains(where: { $0.kind == .unstable }) {
      let hasNotes = diagram.nodes.contains { $0.kind == .unstable && !$0.note.isEmpty }
      entries.append(
        (.unstable, hasNotes ? "unstable (meV/atom above the hull)" : "unstable", .white))
    }
    for index in diagram.targets {
      entries.append((.target, diagram.nodes[index].name, diagram.nodes[index].color))
    }
    var x = 30.0
    return entries.map { entry in
      let mark = Self.mark(
        entry.kind, at: Point(x: x, y: top + 12),
        radius: entry.kind == .unstable ? 4.5 : entry.kind == .target ? 8.5 : 6,
        fill: entry.fill, edge: Palette.ink.hex, width: 1)
      let isFormula = entry.kind == .target
      let text = isFormula ? ChemicalText.svg(entry.text) : Markup.escaped(entry.text)
      let start = x + 12
      x = start + ChemicalText.width(entry.text, size: 13) + 28
      return mark.replacing("class=\"node\"", with: "class=\"key\"")
        + "<text class=\"key\" x=\"\(svgNumber(start))\" y=\"\(svgNumber(top + 16.5))\">\(text)</text>"
    }.joined(separator: "\n")
  }
}
