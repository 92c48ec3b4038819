import Atomistics

/// Real spherical harmonics of 1 ≤ l ≤ l_max on a unit vector **u**, and their gradients.
///
/// Without normalisation and sign, with A_m + i B_m = (x + i y)^m and Π_lm = d^m P_l/dz^m:
///
///     y_l0 = Π_l0(z),   y_lm^c = Π_lm(z) A_m,   y_lm^s = Π_lm(z) B_m
///
/// They stand in the order m = 0 (l = 1 ... l_max), m = 1 cosine (l = 1 ...), m = 1 sine,
/// m = 2 cosine (l = 2 ...), and so on: l_max (l_max + 2) numbers.
///
/// | symbol | name | shape |
/// |---|---|---|
/// | N_lm | `norms`: N y is orthonormal on the sphere | `count` |
/// | l | `degrees` | `count` |
struct RealHarmonics: Sendable {
  let maximumL: Int
  let count: Int
  let norms: [Double]
  let degrees: [Int]
  /// Factors of the recursion Π_lm = a z Π_{l−1,m} − b Π_{l−2,m}, a and b for every m, l.
  private let recursion: FlatTable

  init(maximumL: Int) {
    self.maximumL = maximumL
    count = maximumL * (maximumL + 2)
    var norms: [Double] = []
    var degrees: [Int] = []
    for m in 0...maximumL {
      for _ in 0..<(m == 0 ? 1 : 2) {
        for l in max(m, 1)...maximumL {
          norms.append(Self.norm(l, m))
          degrees.append(l)
        }
      }
    }
    self.norms = norms
    self.degrees = degrees
    let stride = maximumL + 1
    recursion = FlatTable(count: 2 * stride * stride) { table in
      for m in 0...maximumL {
        for l in (m + 1)..<max(m + 1, stride) {
          table[2 * (m * stride + l)] = Double(2 * l - 1) / Double(l - m)
          table[2 * (m * stride + l) + 1] = Double(l + m - 1) / Double(l - m)
        }
      }
    }
  }

  /// How many numbers `values` keeps for `gradient`: Π_lm for m ≤ l_max + 1, A_m, B_m.
  var workspace: Int { (maximumL + 2) * (maximumL + 1) + 2 * (maximumL + 1) }

  private static func norm(_ l: Int, _ m: Int) -> Double {
    var ratio = Double(2 * l + 1) / (4 * Double.pi) * (m == 0 ? 1 : 2)
    if m > 0 { for k in (l - m + 1)...(l + m) { ratio /= Double(k) } }
    return ratio.squareRoot()
  }

  /// Fills `harmonics` with y_lm(**u**), and `work` with what `gradient` needs.
  @inline(__always)
  func values(
    _ u: Vector3, into harmonics: UnsafeMutablePointer<Double>,
    work: UnsafeMutablePointer<Double>
  ) {
    let stride = maximumL + 1
    let a = work + (maximumL + 2) * stride
    let b = a + stride
    a[0] = 1
    b[0] = 0
    for m in 1...maximumL {
      a[m] = a[m - 1] * u.x - b[m - 1] * u.y
      b[m] = a[m - 1] * u.y + b[m - 1] * u.x
    }
    fillLegendre(u.z, work)
    var y = harmonics
    for l in 1...maximumL { y[l - 1] = work[l] }
    y += maximumL
    for m in 1...maximumL {
      let row = work + m * stride
      let n = stride - m
      for l in m...maximumL {
        y[l - m] = row[l] * a[m]
        y[l - m + n] = row[l] * b[m]
      }
      y += 2 * n
    }
  }

  @inline(__always)
  private func fillLegendre(_ z: Double, _ work: UnsafeMutablePointer<Double>) {
    let stride = maximumL + 1
    var diagonal = 1.0
    for m in 0...maximumL {
      let row = work + m * stride
      let factors = recursion.base + 2 * m * stride
      row[m] = diagonal
      if m < maximumL {
        row[m + 1] = factors[2 * (m + 1)] * z * diagonal
        var l = m + 2
        while l <= maximumL {
          row[l] = factors[2 * l] * z * row[l - 1] - factors[2 * l + 1] * row[l - 2]
          l += 1
        }
      }
      diagonal *= Double(2 * m + 1)
    }
  }

  /// Σ_lm w_lm ∇y_lm, with y_lm taken as a polynomial of free x, y, z; the part along **u** has no
  /// meaning and is for the caller to project out.
  @inline(__always)
  func gradient(
    _ weights: UnsafePointer<Double>, work: UnsafePointer<Double>
  ) -> Vector3 {
    let stride = maximumL + 1
    let a = work + (maximumL + 2) * stride
    let b = a + stride
    var w = weights
    var (x, y, z) = (0.0, 0.0, 0.0)
    for l in 1...maximumL { z += w[l - 1] * work[stride + l] }
    w += maximumL
    for m in 1...maximumL {
      let row = work + m * stride
      let n = stride - m
      var (alpha, beta, alphaSlope, betaSlope) = (0.0, 0.0, 0.0, 0.0)
      for l in m...maximumL {
        let (c, s) = (w[l - m], w[l - m + n])
        alpha += c * row[l]
        beta += s * row[l]
        // dΠ_lm/dz = Π_{l,m+1}, which is zero for l = m.
        alphaSlope += c * row[stride + l]
        betaSlope += s * row[stride + l]
      }
      x += Double(m) * (alpha * a[m - 1] + beta * b[m - 1])
      y += Double(m) * (beta * a[m - 1] - alpha * b[m - 1])
      z += alphaSlope * a[m] + betaSlope * b[m]
      w += 2 * n
    }
    return Vector3(x, y, z)
  }
}
