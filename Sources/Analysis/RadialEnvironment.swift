/// The density of partners at a distance from centres of one kind, kept apart by centre.
///
///     ρ_u(r) = ⟨partners of the centres u in [r, r + Δr)⟩ / (what of the shell lies where partners are)
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | r | `r_A`, the middle of each bin | Å | bins |
/// | u | one centre; a few that follow one another where there are more than 256 | - | |
/// | - | `sizes`, the centres of u | count | units |
/// | ρ_u(r) | `densities` | Å⁻³ | units × bins |
///
/// In a bulk the mean of ρ_u over all centres is the density of partners times g(r). Unlike g it
/// adds up: where a share w_k of the centres lives in phase k, the mean is Σ w_k ρ_k(r).
public struct RadialEnvironment: Sendable, Hashable {
  public let pair: [String]
  public let r_A: [Double]
  public let binWidth_A: Double
  public let sizes: [Int]
  public let densities: [[Double]]

  public init(
    pair: [String], r_A: [Double], binWidth_A: Double, sizes: [Int], densities: [[Double]]
  ) {
    precondition(
      sizes.count == densities.count && densities.allSatisfy { $0.count == r_A.count },
      "one row of bins a unit")
    self.pair = pair
    self.r_A = r_A
    self.binWidth_A = binWidth_A
    self.sizes = sizes
    self.densities = densities
  }

  /// Centres in all.
  public var centers: Int { sizes.reduce(0, +) }

  /// ρ(r) of the centres, each unit as often as `counts` says (once if nil).
  func mean(_ counts: [Int]? = nil) -> [Double] {
    var sum = Array(repeating: 0.0, count: r_A.count)
    var weight = 0.0
    for (unit, row) in densities.enumerated() {
      let times = Double(counts?[unit] ?? 1) * Double(sizes[unit])
      guard times > 0 else { continue }
      weight += times
      for bin in row.indices { sum[bin] += times * row[bin] }
    }
    return weight > 0 ? sum.map { $0 / weight } : sum
  }

  /// Whether at least every second centre has a partner within that distance (Å).
  func hasBonds(within distance: Double) -> Bool {
    let partners = zip(partners(in: 0...distance), sizes).reduce(0) { $0 + $1.0 * Double($1.1) }
    return partners > 0.5 * Double(centers)
  }

  /// The lower edge of the first bin with a partner; the end of the last one where there is none.
  var firstPartner: Double {
    let bin = mean().firstIndex { $0 > 0 } ?? r_A.count
    // Without the rounding of the product: 1.95, not 1.9500000000000002.
    return (Double(bin) * binWidth_A * 1e9).rounded() / 1e9
  }

  /// The squared standard error of ρ(r), from what differs between units.
  func squaredError() -> [Double] {
    let weights = sizes.map(Double.init)
    return r_A.indices.map { bin in
      WeightedMean(densities.map { $0[bin] }, weights: weights).squaredError ?? 0
    }
  }

  /// Partners of a centre within a window of radii (Å), by bins whose middle is in it, were the
  /// centre surrounded on all sides; one number a unit.
  func partners(in window: ClosedRange<Double>) -> [Double] {
    let shells = r_A.map { r in
      window.contains(r) ? 4 * Double.pi * r * r * binWidth_A : 0
    }
    return densities.map { row in zip(row, shells).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}
