import Atomistics

/// A symmetric 6 × 6 matrix in Voigt's order xx, yy, zz, yz, xz, xy.
struct VoigtMatrix: Sendable {
  let rows: [[Double]]

  init(_ rows: [[Double]]) {
    precondition(rows.count == 6 && rows.allSatisfy { $0.count == 6 }, "six rows of six")
    self.rows = rows
  }

  subscript(i: Int, j: Int) -> Double { rows[i][j] }

  /// The same tensor in Kelvin's (Mandel's) form, whose eigenvalues do not depend on the axes: a
  /// factor √2 for every index of a shear.
  var kelvin: VoigtMatrix {
    func factor(_ i: Int) -> Double { i < 3 ? 1 : 2.0.squareRoot() }
    return VoigtMatrix(
      (0..<6).map { i in (0..<6).map { j in factor(i) * factor(j) * rows[i][j] } })
  }

  /// The eigenvalues, ascending, by Jacobi's rotations.
  var eigenvalues: [Double] {
    var a = rows
    for _ in 0..<60 {
      let off = (0..<6).reduce(0.0) { sum, i in
        (0..<i).reduce(sum) { $0 + a[i][$1] * a[i][$1] }
      }
      if off == 0 { break }
      for p in 0..<5 {
        for q in (p + 1)..<6 where a[p][q] != 0 { Self.rotate(&a, p, q) }
      }
    }
    return (0..<6).map { a[$0][$0] }.sorted()
  }

  /// Turns the axes p and q so that the element between them vanishes.
  private static func rotate(_ a: inout [[Double]], _ p: Int, _ q: Int) {
    let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
    let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    for k in 0..<6 { (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]) }
    for k in 0..<6 { (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]) }
    (a[p][q], a[q][p]) = (0, 0)
  }

  /// The inverse of a positive definite matrix; nil where a pivot is not above zero.
  var inverseIfPositive: VoigtMatrix? {
    var left = rows
    var right = (0..<6).map { i in (0..<6).map { $0 == i ? 1.0 : 0 } }
    for k in 0..<6 {
      let pivot = left[k][k]
      guard pivot > 0 else { return nil }
      for i in 0..<6 where i != k {
        let factor = left[i][k] / pivot
        for j in 0..<6 {
          left[i][j] -= factor * left[k][j]
          right[i][j] -= factor * right[k][j]
        }
      }
    }
    return VoigtMatrix((0..<6).map { i in right[i].map { $0 / left[i][i] } })
  }
}
