/// The eigenvalues of a symmetric matrix by Jacobi's rotations (J. reine angew. Math. 30, 51 (1846)),
/// which find small ones as well as large ones; the work grows as n³.
struct SymmetricEigenvalues: Sendable {
  /// Ascending.
  let values: [Double]

  init(_ rows: [[Double]]) {
    let n = rows.count
    precondition(rows.allSatisfy { $0.count == n }, "as many columns as rows")
    var a = rows.flatMap { $0 }
    let whole = a.reduce(0) { $0 + $1 * $1 }
    for _ in 0..<60 {
      var off = 0.0
      for i in 0..<n { for j in 0..<i { off += a[i * n + j] * a[i * n + j] } }
      // What is left moves no eigenvalue by more than its square over a gap.
      if off <= 1e-34 * whole { break }
      for p in 0..<max(0, n - 1) {
        for q in (p + 1)..<n where a[p * n + q] != 0 { Self.rotate(&a, n, p, q) }
      }
    }
    values = (0..<n).map { a[$0 * n + $0] }.sorted()
  }

  /// Turns the axes p and q so that the element between them vanishes.
  private static func rotate(_ a: inout [Double], _ n: Int, _ p: Int, _ q: Int) {
    let theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q])
    let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    for k in 0..<n {
      let (x, y) = (a[k * n + p], a[k * n + q])
      (a[k * n + p], a[k * n + q]) = (c * x - s * y, s * x + c * y)
    }
    for k in 0..<n {
      let (x, y) = (a[p * n + k], a[q * n + k])
      (a[p * n + k], a[q * n + k]) = (c * x - s * y, s * x + c * y)
    }
    (a[p * n + q], a[q * n + p]) = (0, 0)
  }
}
