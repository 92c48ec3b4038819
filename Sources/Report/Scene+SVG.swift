/// The picture of a scene as SVG.
///
/// Atoms are discs with a highlight, `class="atom"`, one for each; bonds are sticks in the colours
/// of their ends; the faces of polyhedra are translucent. All are drawn from the back to the front.
extension Scene {
  /// The whole document.
  public func svg() -> String {
    let projection = SceneProjection(self)
    let (width, height) = (svgNumber(projection.width), svgNumber(projection.height))
    let legend = legendEntries
    var items = atoms.indices.map { drawn(atom: $0, projection) }
    items += bonds.flatMap { drawn(bond: $0, projection) }
    items += polyhedra.flatMap { drawn(polyhedron: $0, projection) }
    // Ties keep the order in which things were given.
    let ordered = items.enumerated().sorted {
      ($0.element.depth, $0.offset) < ($1.element.depth, $1.offset)
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-family="Arial, Liberation Sans, Helvetica, sans-serif">
      <rect width="\(width)" height="\(height)" fill="#ffffff"/>
      <defs>
      \(gradients)
      </defs>
      \(box(projection, isFront: false))
      \(ordered.map(\.element.markup).joined(separator: "\n"))
      \(box(projection, isFront: true))
      \(planes.map { drawn(plane: $0, projection) }.joined(separator: "\n"))
      \(footer(legend, projection))
      </svg>

      """
  }

  private struct Item {
    let depth: Double
    let markup: String
  }

  /// Levels of paleness with distance.
  private static var levels: Int { 6 }

  private func level(_ position: SIMD3<Double>, _ projection: SceneProjection) -> Int {
    min(Int(projection.distance(position) * Double(Scene.levels)), Scene.levels - 1)
  }

  private func faded(_ color: Color, level: Int) -> Color {
    color.mixed(with: .white, fraction: 0.52 * Double(level) / Double(Scene.levels - 1))
  }

  private var gradients: String {
    let colors = Set(atoms.map(\.color)).sorted { $0.hex < $1.hex }
    return colors.flatMap { color in
      (0..<Scene.levels).map { level in
        let base = faded(color, level: level)
        return """
          <radialGradient id="atom-\(base.hex.dropFirst())-\(level)" cx="0.36" cy="0.32" r="0.75">\
          <stop offset="0" stop-color="\(base.mixed(with: .white, fraction: 0.55).hex)"/>\
          <stop offset="0.45" stop-color="\(base.hex)"/>\
          <stop offset="1" stop-color="\(base.mixed(with: .black, fraction: 0.28).hex)"/>\
          </radialGradient>
          """
      }
    }.joined(separator: "\n")
  }

  private func drawn(atom index: Int, _ projection: SceneProjection) -> Item {
    let atom = atoms[index]
    let (point, level) = (projection.pixel(atom.position), level(atom.position, projection))
    let base = faded(atom.color, level: level)
    let markup = """
      <circle class="atom" cx="\(svgNumber(point.x))" cy="\(svgNumber(point.y))" \
      r="\(svgNumber(atom.radius * projection.scale))" \
      fill="url(#atom-\(base.hex.dropFirst())-\(level))" \
      stroke="\(base.mixed(with: .black, fraction: 0.5).hex)" stroke-width="0.6"/>
      """
    return Item(depth: projection.depth(atom.position), markup: markup)
  }

  private func drawn(bond: SceneBond, _ projection: SceneProjection) -> [Item] {
    let ends = [atoms[bond.first], atoms[bond.second]]
    let middle = (ends[0].position + ends[1].position) / 2
    return ends.map { end in
      let (from, to) = (projection.pixel(end.position), projection.pixel(middle))
      let color = faded(end.color, level: level(end.position, projection))
      let line = """
        x1="\(svgNumber(from.x))" y1="\(svgNumber(from.y))" x2="\(svgNumber(to.x))" \
        y2="\(svgNumber(to.y))"
        """
      let wide = svgNumber(0.26 * projection.scale)
      let narrow = svgNumber(0.19 * projection.scale)
      let edge = color.mixed(with: .black, fraction: 0.45).hex
      return Item(
        depth: projection.depth((end.position + middle) / 2),
        markup: "<line \(line) stroke=\"\(edge)\" stroke-width=\"\(wide)\"/>"
          + "<line \(line) stroke=\"\(color.hex)\" stroke-width=\"\(narrow)\"/>")
    }
  }

  private func drawn(polyhedron: ScenePolyhedron, _ projection: SceneProjection) -> [Item] {
    polyhedron.faces.map { face in
      let center = (face[0] + face[1] + face[2]) / 3
      let color = faded(polyhedron.color, level: level(center, projection))
      let points = face.map { corner in
        let point = projection.pixel(corner)
        return "\(svgNumber(point.x)),\(svgNumber(point.y))"
      }
      return Item(
        depth: projection.depth(center),
        markup: """
          <polygon class="face" points="\(points.joined(separator: " "))" fill="\(color.hex)" \
          fill-opacity="0.38" stroke="\(color.mixed(with: .black, fraction: 0.25).hex)" \
          stroke-width="0.7" stroke-linejoin="round"/>
          """)
    }
  }
}

extension ScenePolyhedron {
  /// The triangles of the convex hull: those with all other corners on one side.
  fileprivate var faces: [[SIMD3<Double>]] {
    var result: [[SIMD3<Double>]] = []
    for i in corners.indices {
      for j in corners.indices where j > i {
        for k in corners.indices where k > j {
          let (a, b, c) = (corners[i], corners[j], corners[k])
          let normal = cross(b - a, c - a)
          let sides = corners.indices.filter { $0 != i && $0 != j && $0 != k }
            .map { ((corners[$0] - a) * normal).sum() }
          if sides.allSatisfy({ $0 >= -1e-9 }) || sides.allSatisfy({ $0 <= 1e-9 }) {
            result.append([a, b, c])
          }
        }
      }
    }
    return result
  }

  private func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }
}
