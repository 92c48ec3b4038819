import Atomistics

/// Ways up a density from one grid point to another: steepest steps, and near-grid paths.
///
/// See `NearGridAscent` for the equations.
struct GridPaths: @unchecked Sendable {
  // Unchecked because of the pointers, to memory that nobody writes to.

  /// The 26 neighbours.
  let stencil: GridStencil
  let reference: UnsafePointer<Double>
  /// G in 1/Å².
  private let metric: Matrix3
  /// The vectors that steps are counted along: the shortest that span the grid.
  private let axes: (SIMD3<Int>, SIMD3<Int>, SIMD3<Int>)

  init(_ grid: VolumetricGrid, _ reference: UnsafePointer<Double>) {
    self.reference = reference
    stencil = .around(grid)
    let vectors = GridStencil.vectors(grid)
    let matrix = Matrix3(vectors[0], vectors[1], vectors[2])
    let short = VoronoiCell.shortVectors(vectors)
    axes = (short[0], short[1], short[2])
    let reciprocal = Matrix3(
      Vector3(short[0]) * matrix, Vector3(short[1]) * matrix, Vector3(short[2]) * matrix
    ).inverse
    metric = reciprocal.transpose * reciprocal
  }

  /// The neighbour with the largest rise over distance, or the point itself if none is higher; of
  /// equals the one with the lower number counts as higher, so that plateaus have an end.
  @inline(__always) func steepest(_ point: Int, _ place: SIMD3<Int>) -> Int {
    let own = reference[point]
    var best = point
    var slope = 0.0
    let isInside = stencil.isInside(place)
    for k in 0..<stencil.count {
      let other = isInside ? point &+ stencil.offsets[k] : stencil.neighbor(place, k)
      let rise = (reference[other] - own) * stencil.coefficients[k]
      if rise > slope || (rise == 0 && slope == 0 && other < best) {
        best = other
        slope = rise
      }
    }
    return best
  }

  /// Follows the near-grid path from a point to a maximum, or to the first point where it may stop.
  @inline(__always) func path(from start: Int, until isEnough: (Int) -> Bool) -> Int {
    var point = start
    var correction = Vector3.zero
    while !isEnough(point) {
      let place = stencil.place(point)
      let gradient = gradient(point, place)
      let largest = max(abs(gradient.x), max(abs(gradient.y), abs(gradient.z)))
      if largest > 0 {
        let step = gradient / largest
        var whole = Self.rounded(step)
        correction += step - whole
        let back = Self.rounded(correction)
        whole += back
        correction -= back
        let (x, y, z) = (axes.0 &* Int(whole.x), axes.1 &* Int(whole.y), axes.2 &* Int(whole.z))
        let next = stencil.point(place, x &+ y &+ z)
        if reference[next] > reference[point] {
          point = next
          continue
        }
      }
      let next = steepest(point, place)
      if next == point { return point }
      point = next
      correction = .zero
    }
    return point
  }

  /// Components to the nearest whole number, for such between −1.5 and 1.5.
  @inline(__always) private static func rounded(_ v: Vector3) -> Vector3 {
    Vector3.zero.replacing(with: 1, where: v .>= 0.5).replacing(with: -1, where: v .<= -0.5)
  }

  /// Which way the gradient points, in steps along the axes.
  @inline(__always) private func gradient(_ point: Int, _ place: SIMD3<Int>) -> Vector3 {
    let own = reference[point]
    @inline(__always) func slope(_ axis: SIMD3<Int>) -> Double {
      let ahead = reference[stencil.point(place, axis)]
      let behind = reference[stencil.point(place, 0 &- axis)]
      // On a ridge the way goes along it.
      return ahead < own && behind < own ? 0 : 0.5 * (ahead - behind)
    }
    let derivative = Vector3(slope(axes.0), slope(axes.1), slope(axes.2))
    return derivative * metric
  }
}
