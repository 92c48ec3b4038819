/// Vectors that others are made of: b = Σ_k x_k a_k.
///
/// Orthogonalised (Gram and Schmidt, twice over), not by normal equations, so that phases of almost
/// one composition, such as C and LiC120, lose no digits.
struct Combination {
  private let columns: [[Double]]
  private let orthonormal: [[Double]]
  /// Upper triangle: `triangle[k][i]` is the part of column k along direction i.
  private let triangle: [[Double]]

  /// nil if the vectors depend linearly on one another: if less than `least` of the length of one is
  /// left when what the others before it make up is taken away.
  init?(_ columns: [[Double]], least: Double = 1e-9) {
    var directions: [[Double]] = []
    var triangle: [[Double]] = []
    for column in columns {
      var rest = column
      var parts = [Double](repeating: 0, count: directions.count + 1)
      for _ in 0..<2 {
        for (i, direction) in directions.enumerated() {
          let part = scalarProduct(rest, direction)
          parts[i] += part
          for k in rest.indices { rest[k] -= part * direction[k] }
        }
      }
      let length = scalarProduct(rest, rest).squareRoot()
      guard length > least * scalarProduct(column, column).squareRoot() else { return nil }
      parts[directions.count] = length
      directions.append(rest.map { $0 / length })
      triangle.append(parts)
    }
    self.columns = columns
    orthonormal = directions
    self.triangle = triangle
  }

  /// The amounts x, of either sign; nil where b is no combination of the vectors: where one of its
  /// numbers is missed by more than the tolerance, by default 1e-9 of b's length.
  func amounts(of b: [Double], tolerance: Double? = nil) -> [Double]? {
    var x = orthonormal.map { scalarProduct($0, b) }
    for k in x.indices.reversed() {
      x[k] /= triangle[k][k]
      for i in 0..<k { x[i] -= triangle[k][i] * x[k] }
    }
    let allowed = tolerance ?? 1e-9 * scalarProduct(b, b).squareRoot()
    for i in b.indices {
      let made = zip(x, columns).reduce(0) { $0 + $1.0 * $1.1[i] }
      guard abs(made - b[i]) <= allowed else { return nil }
    }
    return x
  }
}

func scalarProduct(_ a: [Double], _ b: [Double]) -> Double {
  zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
}
