/// What stands around the atoms: the cell's box, planes, the legend and the scale bar.
extension Scene {
  struct LegendEntry: Hashable {
    let label: String
    let color: Color
    let isPolyhedron: Bool
  }

  /// Each species once, in the order of first appearance, then the polyhedra.
  var legendEntries: [LegendEntry] {
    var seen: Set<LegendEntry> = []
    let species = atoms.map { LegendEntry(label: $0.label, color: $0.color, isPolyhedron: false) }
    let groups = polyhedra.map { LegendEntry(label: $0.label, color: $0.color, isPolyhedron: true) }
    return (species + groups).filter { seen.insert($0).inserted }
  }

  /// The edges of the box at the back, or those at the front.
  func box(_ projection: SceneProjection, isFront: Bool) -> String {
    guard cell != nil else { return "" }
    let corners = SceneProjection.corners(cell)
    let middle = corners.map { projection.depth($0) }.reduce(0, +) / 8
    var lines: [String] = []
    for i in 0..<8 {
      for axis in 0..<3 where i >> axis & 1 == 0 {
        let ends = (corners[i], corners[i | 1 << axis])
        let depth = (projection.depth(ends.0) + projection.depth(ends.1)) / 2
        guard (depth > middle) == isFront else { continue }
        let (from, to) = (projection.pixel(ends.0), projection.pixel(ends.1))
        lines.append(
          """
          <line x1="\(svgNumber(from.x))" y1="\(svgNumber(from.y))" x2="\(svgNumber(to.x))" \
          y2="\(svgNumber(to.y))" stroke="#777777" stroke-width="0.8"/>
          """)
      }
    }
    return lines.joined(separator: "\n")
  }

  func drawn(plane: ScenePlane, _ projection: SceneProjection) -> String {
    let x = projection.x(across: plane.position)
    let half = TextMeasure.width(of: plane.label, size: 12) / 2
    let center = min(max(x, half + 4), projection.width - half - 4)
    return """
      <line class="plane" x1="\(svgNumber(x))" y1="\(svgNumber(SceneProjection.head - 6))" \
      x2="\(svgNumber(x))" y2="\(svgNumber(projection.height - SceneProjection.foot + 4))" \
      stroke="#c0392b" stroke-width="1.4" stroke-dasharray="6 4"/>\
      <text x="\(svgNumber(center))" y="14" font-size="12" text-anchor="middle" \
      fill="#a93226">\(Markup.escaped(plane.label))</text>
      """
  }

  /// The legend on the left, the scale bar on the right.
  func footer(_ legend: [LegendEntry], _ projection: SceneProjection) -> String {
    let y = projection.height - 22
    var (x, parts) = (SceneProjection.margin + 8, [String]())
    for entry in legend {
      let text = ChemicalText.unicode(entry.label)
      let fill = entry.color.hex
      let edge = entry.color.mixed(with: .black, fraction: 0.4).hex
      let (cx, cy) = (svgNumber(x), svgNumber(y))
      if entry.isPolyhedron {
        parts.append(
          """
          <polygon points="\(svgNumber(x - 9)),\(svgNumber(y + 7)) \(svgNumber(x + 9)),\
          \(svgNumber(y + 7)) \(cx),\(svgNumber(y - 9))" fill="\(fill)" fill-opacity="0.5" \
          stroke="\(edge)" stroke-width="0.8"/>
          """)
      } else {
        parts.append(
          """
          <circle class="key" cx="\(cx)" cy="\(cy)" r="8" fill="\(fill)" stroke="\(edge)" \
          stroke-width="0.8"/>
          """)
      }
      parts.append(
        """
        <text x="\(svgNumber(x + 14))" y="\(svgNumber(y + 5))" font-size="14" \
        fill="\(Palette.ink.hex)">\(Markup.escaped(text))</text>
        """)
      x += 14 + TextMeasure.width(of: text, size: 14) + 24
    }
    return (parts + [scaleBar(projection, y: y)]).joined(separator: "\n")
  }

  private func scaleBar(_ projection: SceneProjection, y: Double) -> String {
    let lengths: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500]
    let length = lengths.last { $0 * projection.scale <= 150 } ?? 1
    let right = projection.width - SceneProjection.margin
    let left = right - length * projection.scale
    return """
      <line x1="\(svgNumber(left))" y1="\(svgNumber(y + 6))" x2="\(svgNumber(right))" \
      y2="\(svgNumber(y + 6))" stroke="\(Palette.ink.hex)" stroke-width="2.5"/>\
      <text x="\(svgNumber((left + right) / 2))" y="\(svgNumber(y - 2))" font-size="13" \
      text-anchor="middle" fill="\(Palette.ink.hex)">\(Int(length)) Å</text>
      """
  }
}

/// A coordinate with two decimals.
func svgNumber(_ value: Double) -> String {
  let rounded = (value * 100).rounded() / 100
  return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
}
