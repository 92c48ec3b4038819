/// The rotation invariants of the expansion coefficients A_nlm and their slopes.
///
///     three-body  q_nl    = Σ_m A_nlm²
///     four-body   q_n222  = Σ (2 2 2; m1 m2 m3) A A A = −(3√3/2) √(2/35) det M_n
///     five-body   q_n1111 = (1/3 + 2/15) q_n1²
///
/// A are the coefficients on real, orthonormal harmonics. The five with l = 2 make up a symmetric
/// traceless matrix M, whose determinant is the one invariant of third order, so that the sum over
/// Wigner's 3j symbols needs no table: with A_20 alone it is (2 2 2; 0 0 0) A_20³ = −√(2/35) A_20³,
/// and det M = (2/3√3) A_20³. The five-body sum couples l = 1 twice to L = 0 and L = 2, whose
/// squared 3j symbols are 1/3 and 2/15.
///
/// Source: Fan et al., J. Chem. Phys. 157, 114801 (2022), doi 10.1063/5.0106617, Sec. II C.
struct AngularInvariants: Sendable {
  let harmonics: RealHarmonics
  /// Components for one l or one higher order: n_max + 1.
  let channels: Int
  let hasFourBody: Bool
  let hasFiveBody: Bool
  private let l2: (m0: Int, c1: Int, s1: Int, c2: Int, s2: Int)
  private let l1: (m0: Int, c1: Int, s1: Int)

  private static let fourBody = -1.5 * 3.0.squareRoot() * (2.0 / 35).squareRoot()
  private static let fiveBody = 7.0 / 15

  init(harmonics: RealHarmonics, channels: Int, hasFourBody: Bool, hasFiveBody: Bool) {
    self.harmonics = harmonics
    self.channels = channels
    self.hasFourBody = hasFourBody
    self.hasFiveBody = hasFiveBody
    let top = harmonics.maximumL
    l1 = (0, top, 2 * top)
    l2 = (1, top + 1, 2 * top + 1, 3 * top, 4 * top - 1)
  }

  /// Fills `q` (component l, then n) from A of all channels, a row of `stride` numbers per channel.
  @inline(__always)
  func values(
    _ a: UnsafePointer<Double>, stride: Int, into q: UnsafeMutablePointer<Double>
  ) {
    let top = harmonics.maximumL
    for d in 0..<(top * channels) { q[d] = 0 }
    for n in 0..<channels {
      let row = a + n * stride
      for (k, l) in harmonics.degrees.enumerated() { q[(l - 1) * channels + n] += row[k] * row[k] }
      var block = top * channels + n
      if hasFourBody {
        q[block] = Self.fourBody * determinant(row)
        block += channels
      }
      if hasFiveBody { q[block] = Self.fiveBody * q[n] * q[n] }
    }
  }

  /// Fills `slopes` with dU/dA from dU/dq and the values.
  @inline(__always)
  func slopes(
    _ a: UnsafePointer<Double>, stride: Int, q: UnsafePointer<Double>,
    weights: UnsafePointer<Double>, into slopes: UnsafeMutablePointer<Double>
  ) {
    let top = harmonics.maximumL
    for n in 0..<channels {
      let row = a + n * stride
      let slope = slopes + n * stride
      for (k, l) in harmonics.degrees.enumerated() {
        slope[k] = 2 * weights[(l - 1) * channels + n] * row[k]
      }
      var block = top * channels + n
      if hasFourBody {
        addDeterminantSlope(row, Self.fourBody * weights[block], to: slope)
        block += channels
      }
      if hasFiveBody {
        let w = weights[block] * Self.fiveBody * 4 * q[n]
        slope[l1.m0] += w * row[l1.m0]
        slope[l1.c1] += w * row[l1.c1]
        slope[l1.s1] += w * row[l1.s1]
      }
    }
  }

  /// det M with M = [[c2 − t, s2, c1], [s2, −c2 − t, s1], [c1, s1, 2t]], t = A_20/√3.
  @inline(__always)
  private func determinant(_ row: UnsafePointer<Double>) -> Double {
    let t = row[l2.m0] / 3.0.squareRoot()
    let (c1, s1, c2, s2) = (row[l2.c1], row[l2.s1], row[l2.c2], row[l2.s2])
    return 2 * t * (t * t - c2 * c2 - s2 * s2) + 2 * s2 * c1 * s1 - (c2 - t) * s1 * s1
      + (c2 + t) * c1 * c1
  }

  @inline(__always)
  private func addDeterminantSlope(
    _ row: UnsafePointer<Double>, _ w: Double, to slope: UnsafeMutablePointer<Double>
  ) {
    let t = row[l2.m0] / 3.0.squareRoot()
    let (c1, s1, c2, s2) = (row[l2.c1], row[l2.s1], row[l2.c2], row[l2.s2])
    let dt = 6 * t * t - 2 * (c2 * c2 + s2 * s2) + s1 * s1 + c1 * c1
    slope[l2.m0] += w * dt / 3.0.squareRoot()
    slope[l2.c1] += w * (2 * s2 * s1 + 2 * (c2 + t) * c1)
    slope[l2.s1] += w * (2 * s2 * c1 - 2 * (c2 - t) * s1)
    slope[l2.c2] += w * (-4 * t * c2 - s1 * s1 + c1 * c1)
    slope[l2.s2] += w * (-4 * t * s2 + 2 * c1 * s1)
  }
}
