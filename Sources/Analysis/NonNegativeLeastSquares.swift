/// The x ≥ 0 that make |A x − b|² least, sums of some of them at most so much.
///
/// By active sets on the normal equations G = AᵀA, c = Aᵀb (C. L. Lawson and R. J. Hanson, Solving
/// Least Squares Problems, Prentice-Hall 1974, chapter 23). A limit that the solution without it
/// exceeds becomes an equation with a slack of its own, Σ x + s = limit, weighed so that it holds to
/// about 1e-7. For a few tens of unknowns.
public struct NonNegativeLeastSquares: Sendable {
  /// Σ of these unknowns ≤ `most`.
  public struct Limit: Sendable {
    public let unknowns: [Int]
    public let most: Double

    public init(_ unknowns: [Int], most: Double) {
      self.unknowns = unknowns
      self.most = most
    }
  }

  public let solution: [Double]

  /// - Parameters:
  ///   - gram: G, a square, rows one after the other.
  ///   - moments: c.
  public init(gram: [Double], moments: [Double], limits: [Limit] = []) {
    precondition(gram.count == moments.count * moments.count, "a square of equations")
    let free = Self.solve(gram, moments)
    let exceeded = limits.contains { limit in
      limit.unknowns.reduce(0) { $0 + free[$1] } > limit.most
    }
    guard exceeded else {
      solution = free
      return
    }
    let (count, size) = (moments.count, moments.count + limits.count)
    let weight = 1e7 * (gram.max() ?? 1)
    var wide = Array(repeating: 0.0, count: size * size)
    for i in 0..<count {
      for j in 0..<count { wide[i * size + j] = gram[i * count + j] }
    }
    var right = moments + Array(repeating: 0, count: limits.count)
    for (index, limit) in limits.enumerated() {
      let unknowns = limit.unknowns + [count + index]
      for i in unknowns {
        right[i] += weight * max(0, limit.most)
        for j in unknowns { wide[i * size + j] += weight }
      }
    }
    solution = Array(Self.solve(wide, right).prefix(count))
  }

  private static func solve(_ gram: [Double], _ moments: [Double]) -> [Double] {
    let size = moments.count
    var x = Array(repeating: 0.0, count: size)
    var isFree = Array(repeating: false, count: size)
    let tolerance = 1e-11 * (moments.map(abs).max() ?? 0)
    // Each round adds one unknown or ends; the bound only guards against rounding.
    for _ in 0..<(10 * size + 10) {
      let slope = (0..<size).map { i in
        isFree[i]
          ? 0 : moments[i] - (0..<size).reduce(0) { $0 + gram[i * size + $1] * x[$1] }
      }
      guard let next = slope.indices.max(by: { slope[$0] < slope[$1] }),
        slope[next] > tolerance
      else { break }
      isFree[next] = true
      var trial = solved(gram, moments, isFree)
      while let step = (0..<size).filter({ isFree[$0] && trial[$0] <= 0 })
        .map({ x[$0] > 0 ? x[$0] / (x[$0] - trial[$0]) : 0 }).min()
      {
        for i in 0..<size where isFree[i] { x[i] += step * (trial[i] - x[i]) }
        for i in 0..<size where isFree[i] && x[i] <= 1e-14 { (isFree[i], x[i]) = (false, 0) }
        trial = solved(gram, moments, isFree)
      }
      x = trial
    }
    return x
  }

  /// The unknowns that are free, by Cholesky's factors; the others 0. A pivot that rounding left
  /// nothing of is of an unknown that the others stand for already: it stays 0.
  private static func solved(_ gram: [Double], _ moments: [Double], _ isFree: [Bool]) -> [Double] {
    let size = moments.count
    let free = (0..<size).filter { isFree[$0] }
    let n = free.count
    var factor = Array(repeating: 0.0, count: n * n)
    var y = Array(repeating: 0.0, count: n)
    for i in 0..<n {
      for j in 0...i {
        var sum = gram[free[i] * size + free[j]]
        for k in 0..<j { sum -= factor[i * n + k] * factor[j * n + k] }
        if i == j {
          factor[i * n + i] =
            sum > 1e-13 * gram[free[i] * size + free[i]] ? sum.squareRoot() : .infinity
        } else {
          factor[i * n + j] = sum / factor[j * n + j]
        }
      }
      let sum = (0..<i).reduce(moments[free[i]]) { $0 - factor[i * n + $1] * y[$1] }
      y[i] = sum / factor[i * n + i]
    }
    var x = Array(repeating: 0.0, count: size)
    for i in (0..<n).reversed() {
      let sum = (i + 1..<n).reduce(y[i]) { $0 - factor[$1 * n + i] * x[free[$1]] }
      x[free[i]] = sum / factor[i * n + i]
    }
    return x
  }
}
