/// The polynomial Σ c_k u^k of a degree that is nearest to points (u, y) in the least squares, by
/// Householder's reflections.
struct PolynomialFit: Sendable {
  /// c_k, the constant first.
  let coefficients: [Double]
  /// The root of the mean square of what is left.
  let residual: Double

  /// - Returns: nil for fewer points than coefficients, or where they do not fix one.
  init?(_ points: [(u: Double, y: Double)], degree: Int) {
    let count = degree + 1
    guard points.count >= count, points.allSatisfy({ $0.u.isFinite && $0.y.isFinite }) else {
      return nil
    }
    // Columns of the order of one.
    let scale = points.reduce(0) { max($0, abs($1.u)) }
    guard scale > 0 else { return nil }
    var a = points.map { point in Self.powers(point.u / scale, count) }
    var b = points.map(\.y)
    for k in 0..<count {
      let norm = a[k...].reduce(0) { $0 + $1[k] * $1[k] }.squareRoot()
      guard norm > 1e-12 else { return nil }
      let head = a[k][k] > 0 ? -norm : norm
      var v = a.map { $0[k] }
      for i in 0..<k { v[i] = 0 }
      v[k] -= head
      let length = v.reduce(0) { $0 + $1 * $1 }
      guard length > 0 else { continue }
      for j in k..<count {
        let factor = 2 * zip(v, a).reduce(0) { $0 + $1.0 * $1.1[j] } / length
        for i in k..<a.count { a[i][j] -= factor * v[i] }
      }
      let factor = 2 * zip(v, b).reduce(0) { $0 + $1.0 * $1.1 } / length
      for i in k..<b.count { b[i] -= factor * v[i] }
    }
    var c = [Double](repeating: 0, count: count)
    for k in (0..<count).reversed() {
      let known = ((k + 1)..<max(k + 1, count)).reduce(0) { $0 + a[k][$1] * c[$1] }
      c[k] = (b[k] - known) / a[k][k]
    }
    residual =
      (b[count...].reduce(0) { $0 + $1 * $1 } / Double(points.count)).squareRoot()
    coefficients = zip(c, Self.powers(1 / scale, count)).map { $0 * $1 }
  }

  private static func powers(_ x: Double, _ count: Int) -> [Double] {
    var result = [1.0]
    for _ in 1..<max(1, count) { result.append(result.last! * x) }
    return result
  }

  /// The `order`-th derivative at u.
  func derivative(_ order: Int, at u: Double) -> Double {
    coefficients.indices.reversed().filter { $0 >= order }.reduce(0) { sum, k in
      let factor = (0..<order).reduce(1.0) { $0 * Double(k - $1) }
      return sum * u + factor * coefficients[k]
    }
  }
}
