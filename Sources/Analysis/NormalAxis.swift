import Atomistics

/// The direction across the layers of a cell: the normal of a and b, along which c repeats.
///
/// With s_c the fractional coordinate along c, z = s_c h is the height above the plane of a and b,
/// h being the cell's height.
struct NormalAxis {
  let height: Double
  let area: Double
  let isPeriodic: Bool

  init(_ structure: Structure) {
    height = structure.lattice.heights.z
    area = structure.volume / height
    isPeriodic = structure.periodic[2]
  }

  /// Where a cell is best cut open: in the middle of the widest stretch along c without atoms.
  ///
  /// Returns the fractional coordinate of the cut and the width of the gap in cells.
  static func widestGap(_ coordinates: [Double]) -> (cut: Double, width: Double) {
    let sorted = coordinates.map { $0 - $0.rounded(.down) }.sorted()
    guard let first = sorted.first, let last = sorted.last else { return (0, 1) }
    var best = (cut: last + (first + 1 - last) / 2, width: first + 1 - last)
    for (low, high) in zip(sorted, sorted.dropFirst()) where high - low > best.width {
      best = (cut: low + (high - low) / 2, width: high - low)
    }
    return best
  }

  /// The coordinate's image in [cut, cut + 1).
  static func fold(_ coordinate: Double, above cut: Double) -> Double {
    coordinate - (coordinate - cut).rounded(.down)
  }
}
