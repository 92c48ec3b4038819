/// A small square matrix in LU form with partial pivoting.
///
/// Complexity: n³/3 to factor, n² for each solution; n is the number of components.
struct LinearSystem {
  private let size: Int
  private var lu: [Double]
  private var order: [Int]

  /// Factors the matrix that has the given columns, each of `size` numbers; nil if it is singular.
  init?(size n: Int, columnMajor: [Double]) {
    size = n
    lu = columnMajor
    order = Array(0..<n)
    for k in 0..<n {
      var pivot = k
      for i in k..<n where abs(lu[k * n + i]) > abs(lu[k * n + pivot]) { pivot = i }
      guard abs(lu[k * n + pivot]) > 1e-13 else { return nil }
      if pivot != k {
        for j in 0..<n { lu.swapAt(j * n + k, j * n + pivot) }
        order.swapAt(k, pivot)
      }
      let inverse = 1 / lu[k * n + k]
      for i in (k + 1)..<max(n, k + 1) {
        lu[k * n + i] *= inverse
        let factor = lu[k * n + i]
        if factor == 0 { continue }
        for j in (k + 1)..<n { lu[j * n + i] -= factor * lu[j * n + k] }
      }
    }
  }

  /// x with A x = b.
  func solve(_ b: [Double]) -> [Double] {
    var x = order.map { b[$0] }
    for k in 0..<size {
      for i in (k + 1)..<max(size, k + 1) { x[i] -= lu[k * size + i] * x[k] }
    }
    for k in stride(from: size - 1, through: 0, by: -1) {
      x[k] /= lu[k * size + k]
      for i in 0..<k { x[i] -= lu[k * size + i] * x[k] }
    }
    return x
  }
}
