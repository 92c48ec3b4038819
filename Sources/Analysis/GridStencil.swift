import Atomistics

/// Neighbours of a grid's points, and a number for each of them.
///
/// Axes here go from the slowest to the fastest in memory. Neighbours come in pairs of opposite steps,
/// 2k and 2k + 1. The loops over all points read nothing else, so this is plain memory without
/// reference counts, which threads would wait for; whoever makes one calls `deallocate`.
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | - | `steps` | points | one per neighbour, slow to fast |
/// | - | `offsets` of the point's number where no border lies between | points | one per neighbour |
/// | - | `coefficients` | as the stencil says | one per neighbour |
struct GridStencil: @unchecked Sendable {
  // Unchecked because of the pointers, to memory that is written once.
  let counts: SIMD3<Int>
  let count: Int
  let steps: UnsafeMutablePointer<SIMD3<Int>>
  let offsets: UnsafeMutablePointer<Int>
  let coefficients: UnsafeMutablePointer<Double>
  /// The farthest a step goes along each axis.
  let reach: SIMD3<Int>

  private init(_ grid: VolumetricGrid, _ neighbors: [(step: SIMD3<Int>, coefficient: Double)]) {
    let axes = grid.storageAxes
    counts = SIMD3(grid.counts[axes[0]], grid.counts[axes[1]], grid.counts[axes[2]])
    count = neighbors.count
    steps = .allocate(capacity: count)
    offsets = .allocate(capacity: count)
    coefficients = .allocate(capacity: count)
    var reach = SIMD3<Int>.zero
    for (k, neighbor) in neighbors.enumerated() {
      let step = neighbor.step
      (steps + k).initialize(to: step)
      (offsets + k).initialize(to: (step.x * counts.y + step.y) * counts.z + step.z)
      (coefficients + k).initialize(to: neighbor.coefficient)
      for axis in 0..<3 { reach[axis] = max(reach[axis], abs(step[axis])) }
    }
    self.reach = reach
  }

  /// The neighbours whose Voronoi cells touch; the coefficient is the face over the distance, A/l in Å.
  static func faces(_ grid: VolumetricGrid) -> GridStencil {
    GridStencil(
      grid, VoronoiCell(vectors(grid)).faces.map { ($0.step, $0.area / $0.distance) })
  }

  /// The 26 points around, along the shortest vectors that span the grid; the coefficient is one over
  /// the distance, in 1/Å.
  static func around(_ grid: VolumetricGrid) -> GridStencil {
    let vectors = vectors(grid)
    let matrix = Matrix3(vectors[0], vectors[1], vectors[2])
    let short = VoronoiCell.shortVectors(vectors)
    var neighbors: [(step: SIMD3<Int>, coefficient: Double)] = []
    for x in -1...1 {
      for y in -1...1 {
        for z in -1...1 {
          // One of each opposite pair: that whose first step that is not zero goes up.
          guard 9 * x + 3 * y + z > 0 else { continue }
          let step: SIMD3<Int> = (short[0] &* x) &+ (short[1] &* y) &+ (short[2] &* z)
          let cartesian: Vector3 = Vector3(step) * matrix
          let inverse = 1 / cartesian.length
          neighbors.append((step, inverse))
          neighbors.append((0 &- step, inverse))
        }
      }
    }
    return GridStencil(grid, neighbors)
  }

  /// The steps of the grid in Å, from the slowest to the fastest.
  static func vectors(_ grid: VolumetricGrid) -> [Vector3] {
    grid.storageAxes.map { grid.structure.lattice.matrix[$0] / Double(grid.counts[$0]) }
  }

  func deallocate() {
    steps.deallocate()
    offsets.deallocate()
    coefficients.deallocate()
  }

  /// The place of a point along the three axes.
  @inline(__always) func place(_ point: Int) -> SIMD3<Int> {
    // Short division is several times as fast.
    let short = UInt32(truncatingIfNeeded: point)
    let (middle, fast) = (
      UInt32(truncatingIfNeeded: counts.y), UInt32(truncatingIfNeeded: counts.z)
    )
    let row = short / fast
    let plane = row / middle
    return SIMD3(Int(plane), Int(row &- plane &* middle), Int(short &- row &* fast))
  }

  /// Whether no neighbour lies across a border of the cell, or of the planes and rows given.
  @inline(__always)
  func isInside(_ place: SIMD3<Int>, planes: Range<Int>, rows: Range<Int>) -> Bool {
    place.x >= planes.lowerBound &+ reach.x && place.x < planes.upperBound &- reach.x
      && place.y >= rows.lowerBound &+ reach.y && place.y < rows.upperBound &- reach.y
      && place.z >= reach.z && place.z < counts.z &- reach.z
  }

  @inline(__always) func isInside(_ place: SIMD3<Int>) -> Bool {
    isInside(place, planes: 0..<counts.x, rows: 0..<counts.y)
  }

  /// The point a step away, across the cell's borders.
  @inline(__always) func point(_ place: SIMD3<Int>, _ step: SIMD3<Int>) -> Int {
    let x = wrapped(place.x &+ step.x, counts.x)
    let y = wrapped(place.y &+ step.y, counts.y)
    let z = wrapped(place.z &+ step.z, counts.z)
    return (x &* counts.y &+ y) &* counts.z &+ z
  }

  @inline(__always) func neighbor(_ place: SIMD3<Int>, _ k: Int) -> Int {
    point(place, steps[k])
  }

  /// The neighbour in the opposite direction.
  @inline(__always) func opposite(_ k: Int) -> Int { k ^ 1 }
}

/// The remainder of a coordinate, for coordinates mostly less than one period outside.
@inline(__always) func wrapped(_ value: Int, _ count: Int) -> Int {
  if value < 0 { return value &+ count >= 0 ? value &+ count : (value % count + count) % count }
  return value < count ? value : value % count
}
