import Foundation

/// From shares of the vertices to the plane of the picture.
///
/// A triangle is equilateral. A tetrahedron is regular and seen in slight perspective; the view is
/// chosen among some hundreds so that points and lines stand apart best.
struct CompositionProjection {
  /// A point in the plane, y downwards, in lengths of an edge, and how near it is to the eye.
  struct Projected {
    let point: Point
    /// 0 at the front, 1 at the back.
    let distance: Double
  }

  let vertices: [Projected]
  /// Edges, by vertex, that the body itself hides.
  let hiddenEdges: Set<[Int]>
  private let corners: [SIMD3<Double>]
  private let eye: Double?

  static let edges = [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]]

  init(_ diagram: CompositionDiagram) {
    if diagram.vertices.count == 3 {
      let height = 0.75.squareRoot()
      self.init(
        corners: [SIMD3(0, 0, 0), SIMD3(1, 0, 0), SIMD3(0.5, height, 0)], eye: nil)
    } else {
      self = CompositionProjection.best(for: diagram)
    }
  }

  /// Corners as the eye sees them: x to the right, y upwards, z towards it.
  private init(corners: [SIMD3<Double>], eye: Double?) {
    (self.corners, self.eye) = (corners, eye)
    let depths = corners.map(\.z)
    let range = (depths.min() ?? 0, depths.max() ?? 0)
    vertices = corners.map { Self.projected($0, eye: eye, range: range) }
    hiddenEdges = eye.map { Self.hidden(corners, eye: $0) } ?? []
  }

  func callAsFunction(_ shares: [Double]) -> Projected {
    let place = zip(shares, corners).reduce(SIMD3<Double>()) { $0 + $1.0 * $1.1 }
    let depths = corners.map(\.z)
    return Self.projected(place, eye: eye, range: (depths.min() ?? 0, depths.max() ?? 0))
  }

  private static func projected(
    _ place: SIMD3<Double>, eye: Double?, range: (Double, Double)
  ) -> Projected {
    let scale = eye.map { $0 / ($0 - place.z) } ?? 1
    let span = range.1 - range.0
    return Projected(
      point: Point(x: place.x * scale, y: -place.y * scale),
      distance: span > 1e-9 ? (range.1 - place.z) / span : 0)
  }

  /// Edges between two faces that both look away from the eye.
  private static func hidden(_ corners: [SIMD3<Double>], eye: Double) -> Set<[Int]> {
    let away = (0..<4).filter { opposite in
      let face = (0..<4).filter { $0 != opposite }.map { corners[$0] }
      var normal = cross(face[1] - face[0], face[2] - face[0])
      if ((corners[opposite] - face[0]) * normal).sum() > 0 { normal = -normal }
      return (normal * (SIMD3(0, 0, eye) - face[0])).sum() <= 0
    }
    // An edge lies in the two faces opposite the vertices that it has not.
    return Set(
      edges.filter { edge in (0..<4).allSatisfy { edge.contains($0) || away.contains($0) } })
  }

  private static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }

  // MARK: The view of a tetrahedron

  private static func best(for diagram: CompositionDiagram) -> CompositionProjection {
    var best: (cost: Double, view: CompositionProjection)?
    for top in [3, 0, 1, 2] {
      for elevation in stride(from: 10.0, through: 34, by: 4) {
        for azimuth in stride(from: 0.0, to: 360, by: 6) {
          let view = CompositionProjection(top: top, azimuth: azimuth, elevation: elevation)
          guard view.showsItsShape else { continue }
          let cost = view.crowding(diagram)
          if cost < (best?.cost ?? .infinity) - 1e-9 { best = (cost, view) }
        }
      }
    }
    return best?.view ?? CompositionProjection(top: 3, azimuth: 20, elevation: 18)
  }

  /// A regular tetrahedron with one vertex on top, turned by `azimuth` and seen from `elevation`
  /// degrees above its middle.
  private init(top: Int, azimuth: Double, elevation: Double) {
    let radius = 1 / 3.0.squareRoot()
    let height = (2.0 / 3).squareRoot()
    let (tilt, turn) = (elevation * .pi / 180, azimuth * .pi / 180)
    let base = (0..<4).filter { $0 != top }
    let corners = (0..<4).map { index -> SIMD3<Double> in
      var place = SIMD3(0, 0, 0.75 * height)
      if let k = base.firstIndex(of: index) {
        let angle = turn + Double(k) * 2 * .pi / 3
        place = SIMD3(radius * cos(angle), radius * sin(angle), -0.25 * height)
      }
      return SIMD3(
        place.x, place.z * cos(tilt) + place.y * sin(tilt),
        place.z * sin(tilt) - place.y * cos(tilt))
    }
    self.init(corners: corners, eye: 5)
  }

  /// Whether it looks like a body: a quadrangle with one hidden edge, no vertex close to another or
  /// to an edge.
  private var showsItsShape: Bool {
    guard hiddenEdges.count == 1 else { return false }
    let points = vertices.map(\.point)
    return Self.edges.allSatisfy { edge in
      let segment = Segment(start: points[edge[0]], end: points[edge[1]])
      return hypot(segment.end.x - segment.start.x, segment.end.y - segment.start.y) > 0.42
        && (0..<4).allSatisfy { edge.contains($0) || segment.distance(to: points[$0]) > 0.16 }
    }
  }

  /// How close points come to other points and to lines that are not theirs.
  private func crowding(_ diagram: CompositionDiagram) -> Double {
    let places = diagram.nodes.map { self($0.coordinates).point }
    let points = places + vertices.map(\.point)
    var cost = 0.0
    for i in points.indices {
      for j in points.indices where j > i {
        let square = pow(points[i].x - points[j].x, 2) + pow(points[i].y - points[j].y, 2)
        cost += 1 / (square + 0.004)
      }
    }
    // On the outline there is room beside a point for its name.
    let outline = Self.edges.filter { edge in
      let line = Segment(start: vertices[edge[0]].point, end: vertices[edge[1]].point)
      let sides = (0..<4).filter { !edge.contains($0) }.map { line.side(of: vertices[$0].point) }
      return sides[0] * sides[1] > 0
    }
    cost +=
      120
      * Double(
        diagram.nodes.count { node in
          !outline.contains { edge in
            node.coordinates.indices.allSatisfy { edge.contains($0) || node.coordinates[$0] < 1e-9 }
          }
        })
    let ends = diagram.lines.map { [$0.first, $0.second] }
    for end in ends {
      let segment = Segment(start: places[end[0]], end: places[end[1]])
      for i in places.indices where !end.contains(i) {
        let distance = segment.distance(to: places[i])
        cost += 0.1 / (distance * distance + 0.002)
      }
    }
    return cost
  }
}

extension Segment {
  /// The distance of a point from the nearest one of the segment.
  func distance(to point: Point) -> Double {
    let (dx, dy) = (end.x - start.x, end.y - start.y)
    let square = dx * dx + dy * dy
    let t =
      square > 0
      ? min(max(((point.x - start.x) * dx + (point.y - start.y) * dy) / square, 0), 1) : 0
    return hypot(point.x - start.x - t * dx, point.y - start.y - t * dy)
  }

  /// Whether two segments cross between their ends.
  func crosses(_ other: Segment) -> Bool {
    side(of: other.start) * side(of: other.end) < 0
      && other.side(of: start) * other.side(of: end) < 0
  }

  /// Of one sign on one side of the line through both ends, of the other on the other side.
  func side(of point: Point) -> Double {
    (end.x - start.x) * (point.y - start.y) - (end.y - start.y) * (point.x - start.x)
  }
}
