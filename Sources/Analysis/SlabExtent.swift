import Atomistics

/// Where the chosen centres and partners lie across the cell, gathered frame by frame.
///
/// Atoms spread evenly over a thickness L have the variance L²/12; so L = √12 s with s² the sample
/// variance, averaged over frames. Unlike the span from the lowest to the highest atom it does not
/// grow with one atom that leaves.
struct SlabExtent: Sendable {
  private var frames = 0.0
  private var centerVariance = 0.0
  private var partnerVariance = 0.0
  private var offset = 0.0
  private var inverseArea = 0.0
  private var inverseVolume = 0.0
  private var height = 0.0

  /// - Parameter measures: whether heights are asked for, or the cell's volume alone.
  mutating func add(_ structure: Structure, centers: [Int], partners: [Int], measures: Bool) {
    inverseVolume += 1 / structure.volume
    frames += 1
    guard measures else { return }
    let axis = NormalAxis(structure)
    let z = structure.fractionalPositions.map(\.z)
    let center = Self.moments(centers.map { z[$0] }, axis)
    let partner = Self.moments(partners.map { z[$0] }, axis)
    centerVariance += center.variance
    partnerVariance += partner.variance
    var distance = partner.mean - center.mean
    if axis.isPeriodic { distance -= (distance / axis.height).rounded() * axis.height }
    // Followed from frame to frame, so that half a period up and half a period down do not cancel.
    if axis.isPeriodic && frames > 1 {
      let before = offset / (frames - 1)
      distance -= ((distance - before) / axis.height).rounded() * axis.height
    }
    offset += distance
    inverseArea += 1 / axis.area
    height += axis.height
  }

  func density(_ normalization: RadialNormalization, periodic: Bool) -> EvenDensity {
    switch normalization {
    case .cell: EvenDensity(shape: .cell(volume: frames / inverseVolume))
    case .slab:
      EvenDensity(
        shape: .slab(
          EvenDensity.Slab(
            centerThickness: thickness(centerVariance, periodic),
            partnerThickness: thickness(partnerVariance, periodic), offset: offset / frames,
            area: frames / inverseArea, period: periodic ? height / frames : nil)))
    }
  }

  private func thickness(_ variance: Double, _ periodic: Bool) -> Double {
    let thickness = (12 * variance / frames).squareRoot()
    return periodic ? min(thickness, height / frames) : thickness
  }

  private static func moments(
    _ coordinates: [Double], _ axis: NormalAxis
  ) -> (mean: Double, variance: Double) {
    let cut = axis.isPeriodic ? NormalAxis.widestGap(coordinates).cut : 0
    let z = coordinates.map {
      (axis.isPeriodic ? NormalAxis.fold($0, above: cut) : $0) * axis.height
    }
    let mean = z.reduce(0, +) / Double(z.count)
    guard z.count > 1 else { return (mean, 0) }
    let squares = z.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, squares / Double(z.count - 1))
  }
}
