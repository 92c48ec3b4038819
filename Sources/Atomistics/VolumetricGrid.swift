/// A number at every point of a regular grid over a structure's cell, such as its electron density.
///
/// Point (i, j, k) lies at **r** = (i/n_a) **a** + (j/n_b) **b** + (k/n_c) **c**, and the grid
/// repeats with the cell along all three.
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | n | `counts` | points | along a, b, c |
/// | ρ | `values` | as given; e/Å³ for a density | n_a n_b n_c, in the order of `fastestAxis` |
/// | V/N | `pointVolume` | Å³ | |
public struct VolumetricGrid: Sendable {
  /// Which index runs fastest in `values`; the middle one is always b's.
  public enum FastestAxis: Sendable, Hashable {
    /// As VASP writes.
    case a
    /// As cube files have it.
    case c
  }

  public let structure: Structure
  public let counts: SIMD3<Int>
  public let fastestAxis: FastestAxis
  public private(set) var values: [Double]

  public init(
    structure: Structure, counts: SIMD3<Int>, fastestAxis: FastestAxis = .c, values: [Double]
  ) {
    precondition(counts.min() > 0, "at least one point along each axis")
    precondition(values.count == counts.x * counts.y * counts.z, "one value per point")
    self.structure = structure
    self.counts = counts
    self.fastestAxis = fastestAxis
    self.values = values
  }

  /// The volume in Å³ that belongs to one point.
  public var pointVolume: Double { structure.volume / Double(values.count) }

  /// The axes 0 to 2 (a to c) from the slowest in `values` to the fastest.
  public var storageAxes: [Int] { fastestAxis == .c ? [0, 1, 2] : [2, 1, 0] }

  /// Where a point of `values` lies: its indices along a, b, c.
  public func indices(of point: Int) -> SIMD3<Int> {
    let axes = storageAxes
    var result = SIMD3<Int>.zero
    result[axes[2]] = point % counts[axes[2]]
    result[axes[1]] = point / counts[axes[2]] % counts[axes[1]]
    result[axes[0]] = point / (counts[axes[2]] * counts[axes[1]])
    return result
  }

  /// Where a point of `values` lies, in Å.
  public func position(of point: Int) -> Vector3 {
    structure.lattice.cartesian(Vector3(indices(of: point)) / Vector3(counts))
  }

  /// Whether the other grid has the same points in the same order: counts, storage and cell, within
  /// 1e-3 of a point's spacing.
  public func hasPoints(of other: VolumetricGrid) -> Bool {
    guard counts == other.counts, fastestAxis == other.fastestAxis else { return false }
    let (mine, theirs) = (structure.lattice.matrix, other.structure.lattice.matrix)
    return (0..<3).allSatisfy { axis in
      (mine[axis] - theirs[axis]).length < 1e-3 * mine[axis].length / Double(counts[axis])
    }
  }

  /// Adds the values of another grid, point by point.
  public mutating func add(_ other: VolumetricGrid) {
    precondition(hasPoints(of: other), "grids with the same points")
    for point in values.indices { values[point] += other.values[point] }
  }
}
