/// The picture of a landscape as SVG: tiles (`class="tile"`), low values light, marks, and a scale of
/// the colours.
extension Landscape {
  private static var width: Double { 760 }
  private static var margin: Double { 24 }
  /// Room on the right for the scale of the colours.
  private static var scaleRoom: Double { 130 }

  /// From pale yellow over green to dark blue: even in lightness, and so in print without colour.
  private static var ramp: [Color] {
    [
      Color(0xFFFFD9), Color(0xC7E9B4), Color(0x7FCDBB), Color(0x41B6C4), Color(0x1D91C0),
      Color(0x225EA8), Color(0x0C2C84),
    ]
  }

  /// The whole document.
  public func svg() -> String {
    let corners = [SIMD2(0, 0), a, a + b, b]
    let halfTile = 0.5 * (a / Double(divisions.x) + b / Double(divisions.y))
    let (left, right) = (corners.map(\.x).min() ?? 0, corners.map(\.x).max() ?? 1)
    let (low, high) = (corners.map(\.y).min() ?? 0, corners.map(\.y).max() ?? 1)
    let room = Self.width - 2 * Self.margin - Self.scaleRoom
    let scale = min(min(room, 420) / max(right - left, 1e-9), 250 / max(high - low, 1e-9))
    let height = max((high - low) * scale, 190) + 2 * Self.margin + 20
    let indent = Self.margin + (room - (right - left) * scale) / 2
    // A tile begins at the place of its value; the mark stands in its middle.
    func pixel(_ p: SIMD2<Double>) -> String {
      let x = indent + (p.x - left) * scale
      let y = height - Self.margin - 20 - (p.y - low) * scale
      return "\(svgNumber(x)),\(svgNumber(y))"
    }
    let tiles = values.indices.map { index in
      let p = place(index)
      let (u, v) = (a / Double(divisions.x), b / Double(divisions.y))
      let points = [p, p + u, p + u + v, p + v].map(pixel).joined(separator: " ")
      return """
        <polygon class="tile" points="\(points)" fill="\(color(values[index]).hex)" \
        stroke="#ffffff" stroke-width="0.5"/>
        """
    }
    let marks = marked.enumerated().map { rank, index in
      let center = pixel(place(index) + halfTile).split(separator: ",")
      return """
        <circle class="mark" cx="\(center[0])" cy="\(center[1])" r="\(rank == 0 ? 7 : 4)" \
        fill="none" stroke="#c0392b" stroke-width="2"/>
        """
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" width="\(svgNumber(Self.width))" \
      height="\(svgNumber(height))" viewBox="0 0 \(svgNumber(Self.width)) \(svgNumber(height))" \
      font-family="Arial, Liberation Sans, Helvetica, sans-serif" font-size="13" \
      fill="\(Palette.ink.hex)">
      <rect width="100%" height="100%" fill="#ffffff"/>
      \(tiles.joined(separator: "\n"))
      <polygon points="\(corners.map(pixel).joined(separator: " "))" fill="none" \
      stroke="\(Palette.ink.hex)" stroke-width="1"/>
      \(marks.joined(separator: "\n"))
      \(colorScale(height: height))
      \(lengthBar(from: indent, scale: scale, height: height))
      </svg>

      """
  }

  private var range: ClosedRange<Double> {
    let finite = values.filter(\.isFinite)
    return (finite.min() ?? 0)...(finite.max() ?? 0)
  }

  private func color(_ value: Double) -> Color {
    guard value.isFinite else { return Color(0xD0D0D0) }
    let span = range.upperBound - range.lowerBound
    return Self.shade(span > 0 ? (value - range.lowerBound) / span : 0)
  }

  /// 0 is the low end.
  private static func shade(_ share: Double) -> Color {
    let position = min(max(share, 0), 1) * Double(ramp.count - 1)
    let step = min(Int(position), ramp.count - 2)
    return ramp[step].mixed(with: ramp[step + 1], fraction: position - Double(step))
  }

  /// From the highest value on top to the lowest.
  private func colorScale(height: Double) -> String {
    let (x, top) = (Self.width - Self.scaleRoom + 8, Self.margin + 34)
    let (bar, steps) = (120.0, 40)
    let step = bar / Double(steps)
    let stripes = (0..<steps).map { index in
      let fill = Self.shade(1 - (Double(index) + 0.5) / Double(steps)).hex
      return """
        <rect x="\(svgNumber(x))" y="\(svgNumber(top + Double(index) * step))" width="16" \
        height="\(svgNumber(step + 0.5))" fill="\(fill)"/>
        """
    }
    let ends = [(range.upperBound, top + 9), (range.lowerBound, top + bar)].map { value, y in
      "<text x=\"\(svgNumber(x + 22))\" y=\"\(svgNumber(y))\">\(Self.short(value))</text>"
    }
    return """
      <text x="\(svgNumber(x))" y="\(svgNumber(Self.margin + 2))">\(Markup.escaped(quantity))</text>
      <text x="\(svgNumber(x))" y="\(svgNumber(Self.margin + 20))">(\(Markup.escaped(unit)))</text>
      \(stripes.joined(separator: "\n"))
      \(ends.joined(separator: "\n"))
      """
  }

  private func lengthBar(from start: Double, scale: Double, height: Double) -> String {
    let lengths = [0.1, 0.2, 0.5, 1.0, 2, 5, 10, 20, 50]
    let length = lengths.last { $0 * scale <= 110 } ?? 0.1
    let y = height - 16
    let end = start + length * scale
    return """
      <line x1="\(svgNumber(start))" y1="\(svgNumber(y))" x2="\(svgNumber(end))" \
      y2="\(svgNumber(y))" stroke="\(Palette.ink.hex)" stroke-width="2.5"/>\
      <text x="\(svgNumber(end + 8))" y="\(svgNumber(y + 4))">\(Self.short(length)) \
      \(Markup.escaped(lengthUnit))</text>
      """
  }

  /// A number with three digits.
  private static func short(_ value: Double) -> String {
    guard value != 0 else { return "0" }
    let size = abs(value)
    let decimals = size >= 100 ? 1.0 : size >= 10 ? 10 : size >= 1 ? 100 : 1000
    let rounded = (value * decimals).rounded() / decimals
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }
}
