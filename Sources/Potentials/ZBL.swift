import Atomistics

/// The screened nuclear repulsion of Ziegler, Biersack and Littmark, switched off smoothly.
///
///     φ(r) = (e²/4πε0) (Z_i Z_j / r) Σ_k a_k exp(−b_k r/a) f(r),
///     a = 0.46848 Å / (Z_i^0.23 + Z_j^0.23)
///
/// with f = 1 up to `inner`, ½ [1 + cos(π (r − inner)/(outer − inner))] up to `outer`, 0 beyond.
///
/// Source: Ziegler, Biersack, Littmark, The Stopping and Range of Ions in Matter (1985); the way
/// NEP switches it: Liu et al., Phys. Rev. B 108, 054312 (2023), doi 10.1103/PhysRevB.108.054312.
struct ZBL: Sendable {
  /// e²/4πε0 in eV Å.
  private static let coulomb = 14.399645
  /// a_k, b_k of the universal screening function.
  private static let universal: [Double] = [
    0.18175, 3.1998, 0.50986, 0.94229, 0.28022, 0.4029, 0.02817, 0.20162,
  ]
  /// 1/0.46848 Å⁻¹ with the digits that NEP models were trained with.
  private static let inverseLength = 2.134563
  private static let stride = 12

  private let table: FlatTable
  private let speciesCount: Int
  /// The longest outer cut-off in Å.
  let cutoff: Double

  /// One inner and one outer cut-off (Å) for all pairs.
  init(_ species: [Element], inner: Double, outer: Double) {
    self.init(species) { _, _ in [inner, outer] + Self.universal }
  }

  /// Outer cut-offs by the pair's radii, `factor` times their sum but at most `outer` (Å); the
  /// switch begins at nothing.
  init(_ species: [Element], factor: Double, outer: Double) {
    // What has no radius reaches as far as it may.
    let radii = species.map { DispersionRadius.scaled($0) ?? .infinity }
    self.init(species) { i, j in
      [0, min(factor * (radii[i] + radii[j]), outer)] + Self.universal
    }
  }

  /// Ten numbers per pair of species: inner, outer, a_1, b_1, ... a_4, b_4.
  init(_ species: [Element], pair: (Int, Int) -> [Double]) {
    let count = species.count
    speciesCount = count
    var longest = 0.0
    table = FlatTable(count: count * count * Self.stride) { table in
      for i in 0..<count {
        for j in 0..<count {
          let row = table + (i * count + j) * Self.stride
          let numbers = i <= j ? pair(i, j) : pair(j, i)
          let (zi, zj) = (Double(species[i].atomicNumber), Double(species[j].atomicNumber))
          for k in 0..<10 { row[k] = numbers[k] }
          row[10] = Self.coulomb * zi * zj
          row[11] = (power(zi, 0.23) + power(zj, 0.23)) * Self.inverseLength
          longest = max(longest, numbers[1])
        }
      }
    }
    cutoff = longest
  }

  /// What the table holds of a pair of species: inner, outer, a_k and b_k in turn, e² Z_i Z_j/4πε0,
  /// 1/a.
  func row(_ i: Int, _ j: Int) -> [Double] {
    (0..<Self.stride).map { table.base[(i * speciesCount + j) * Self.stride + $0] }
  }

  /// φ and dφ/dr of a pair of species at r, or nil beyond the outer cut-off.
  @inline(__always)
  func evaluate(_ i: Int, _ j: Int, at r: Double) -> (energy: Double, slope: Double)? {
    let row = table.base + (i * speciesCount + j) * Self.stride
    let (inner, outer) = (row[0], row[1])
    guard r < outer else { return nil }
    let x = r * row[11]
    var (screening, screeningSlope) = (0.0, 0.0)
    for k in 0..<4 {
      let term = row[2 + 2 * k] * exponential(-row[3 + 2 * k] * x)
      screening += term
      screeningSlope -= row[3 + 2 * k] * row[11] * term
    }
    let coulomb = row[10] / r
    let energy = coulomb * screening
    let slope = coulomb * (screeningSlope - screening / r)
    guard r > inner else { return (energy, slope) }
    let phase = Double.pi / (outer - inner)
    let f = 0.5 * (1 + cosine(phase * (r - inner)))
    let fSlope = -0.5 * phase * sine(phase * (r - inner))
    return (energy * f, slope * f + energy * fSlope)
  }
}
