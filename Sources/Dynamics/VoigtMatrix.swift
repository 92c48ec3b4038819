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

  /// The eigenvalues, ascending.
  var eigenvalues: [Double] { SymmetricEigenvalues(rows).values }

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
