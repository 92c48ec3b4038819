import Atomistics

/// The radial functions of NEP and their slopes.
///
///     f_k(r) = ½ [T_k(x) + 1] f_c(r),  x = 2 (r/r_c − 1)² − 1,  f_c = ½ [1 + cos(π r/r_c)]
///
/// with Chebyshev's polynomials T_k, for r < r_c. Written with the half angle, f_c = cos² h and
/// f_c' = −(π/r_c) sin h cos h with h = π r / 2 r_c, nothing cancels near the cut-off.
///
/// Source: Fan et al., Phys. Rev. B 104, 104309 (2021), doi 10.1103/PhysRevB.104.104309.
@inline(__always)
func chebyshevBasis(
  at r: Double, cutoff: Double, count: Int,
  values: UnsafeMutablePointer<Double>, slopes: UnsafeMutablePointer<Double>
) {
  let half = 0.5 * Double.pi * r / cutoff
  let c = cosine(half)
  let s = sine(half)
  let envelope = c * c
  let envelopeSlope = -(Double.pi / cutoff) * c * s
  let t = r / cutoff - 1
  let x = 2 * t * t - 1
  let halfXSlope = 2 * t / cutoff
  values[0] = envelope
  slopes[0] = envelopeSlope
  // T_k and U_k together: T_k' = k U_{k−1}.
  var (previousT, t1) = (1.0, x)
  var (previousU, u1) = (0.0, 1.0)
  for k in 1..<max(count, 1) {
    let polynomial = 0.5 * (t1 + 1)
    values[k] = polynomial * envelope
    slopes[k] = Double(k) * u1 * halfXSlope * envelope + polynomial * envelopeSlope
    (previousT, t1) = (t1, 2 * x * t1 - previousT)
    (previousU, u1) = (u1, 2 * x * u1 - previousU)
  }
}
