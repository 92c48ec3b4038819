import Atomistics

/// The Voronoi cell of a lattice's points: which neighbours it touches, and how widely.
///
/// The lattice is brought to an obtuse superbase **v**₀ … **v**₃ (Selling: while **v**_i · **v**_j > 0,
/// turn **v**_i around and add it to the other two). The cell's faces then belong to sums of one, two
/// or three of the four vectors (Voronoi), 14 at most, and each is the plane half-way to its
/// neighbour cut by all others.
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | s | `step`, the neighbour in whole lattice vectors | 1 | 3 |
/// | A | `area` of the face | Å² | |
/// | l | `distance` of the neighbour | Å | |
///
/// Faces come in pairs ±s next to one another. ∑ A l / 6 is the cell's volume.
/// Source: J. H. Conway and N. J. A. Sloane, Proc. R. Soc. Lond. A 436, 55 (1992).
public struct VoronoiCell: Sendable {
  public struct Face: Sendable {
    /// The neighbour, in whole lattice vectors.
    public let step: SIMD3<Int>
    /// In Å².
    public let area: Double
    /// Of the neighbour, in Å.
    public let distance: Double
  }

  public let faces: [Face]

  /// - Parameter vectors: the lattice's three, in Å, not in one plane.
  public init(_ vectors: [Vector3]) {
    let steps = Self.candidates(vectors)
    let points = steps.map { Self.point($0, vectors) }
    let volume = abs(vectors[0].dot(vectors[1].cross(vectors[2])))
    faces = steps.indices.compactMap { k in
      let area = Self.faceArea(k, points)
      // What is cut to an edge or a corner has no area but for rounding.
      guard area * points[k].length > 1e-9 * volume else { return nil }
      return Face(step: steps[k], area: area, distance: points[k].length)
    }
  }

  private static func point(_ step: SIMD3<Int>, _ vectors: [Vector3]) -> Vector3 {
    Double(step.x) * vectors[0] + Double(step.y) * vectors[1] + Double(step.z) * vectors[2]
  }

  /// The sums of one, two or three vectors of the obtuse superbase, each followed by its negative.
  private static func candidates(_ vectors: [Vector3]) -> [SIMD3<Int>] {
    let base = superbase(vectors)
    let sums = base + [base[0] &+ base[1], base[0] &+ base[2], base[0] &+ base[3]]
    return sums.flatMap { [$0, 0 &- $0] }
  }

  /// Three short vectors that span the lattice, at angles of 90° or more: the shortest of the obtuse
  /// superbase, in whole lattice vectors.
  static func shortVectors(_ vectors: [Vector3]) -> [SIMD3<Int>] {
    let base = superbase(vectors)
    let longest = base.indices.max {
      point(base[$0], vectors).length < point(base[$1], vectors).length
    }
    return base.indices.filter { $0 != longest }.map { base[$0] }
  }

  private static func superbase(_ vectors: [Vector3]) -> [SIMD3<Int>] {
    var base = [
      SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1), SIMD3(-1, -1, -1),
    ]
    let scale = vectors.map(\.lengthSquared).max() ?? 1
    func product(_ i: Int, _ j: Int) -> Double {
      point(base[i], vectors).dot(point(base[j], vectors))
    }
    func acute() -> (Int, Int)? {
      for i in 0..<4 {
        for j in (i + 1)..<4 where product(i, j) > 1e-12 * scale { return (i, j) }
      }
      return nil
    }
    while let (i, j) = acute() {
      for k in 0..<4 where k != i && k != j { base[k] = base[k] &+ base[i] }
      base[i] = 0 &- base[i]
    }
    return base
  }

  /// The area of the plane r · p = p²/2 that lies on the near side of all the other planes.
  private static func faceArea(_ k: Int, _ points: [Vector3]) -> Double {
    let p = points[k]
    let normal = p.normalized
    let helper = abs(normal.x) < 0.6 ? Vector3(1, 0, 0) : Vector3(0, 1, 0)
    let u = normal.cross(helper).normalized
    let w = normal.cross(u)
    let far = 10 * (points.map(\.length).max() ?? 1)
    var polygon = [(far, far), (-far, far), (-far, -far), (far, -far)].map {
      0.5 * p + $0.0 * u + $0.1 * w
    }
    for (j, q) in points.enumerated() where j != k {
      polygon = clipped(polygon, by: q)
    }
    guard polygon.count > 2 else { return 0 }
    var twice = Vector3.zero
    for i in 1..<(polygon.count - 1) {
      twice += (polygon[i] - polygon[0]).cross(polygon[i + 1] - polygon[0])
    }
    return 0.5 * twice.length
  }

  /// The part of a convex polygon with r · q ≤ q²/2.
  private static func clipped(_ polygon: [Vector3], by q: Vector3) -> [Vector3] {
    let heights = polygon.map { $0.dot(q) - 0.5 * q.lengthSquared }
    // A corner that lies on the plane but for rounding is kept.
    let kept = heights.map { $0 <= 1e-12 * q.lengthSquared }
    var result: [Vector3] = []
    for i in polygon.indices {
      let j = (i + 1) % polygon.count
      if kept[i] { result.append(polygon[i]) }
      if kept[i] != kept[j] {
        let t = max(0, min(1, heights[i] / (heights[i] - heights[j])))
        result.append(polygon[i] + t * (polygon[j] - polygon[i]))
      }
    }
    return result
  }
}
