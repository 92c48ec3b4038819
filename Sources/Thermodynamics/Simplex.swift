/// The revised simplex method for few rows and many columns, which may be added as it goes.
///
/// min Σ c_j x_j, Σ a_kj x_j = b_k, x ≥ 0, where each row has a column that holds nothing else.
///
/// | symbol | name | shape |
/// |---|---|---|
/// | a | `matrix` | rows × capacity, row by row |
/// | B⁻¹ | `inverse`, of the basis's columns | rows × rows |
/// | x_B = B⁻¹ b | `levels` | rows |
/// | y = c_B B⁻¹ | `prices` | rows |
///
/// Each step costs one pass over the matrix, rows × columns. An optimum counts only if a basis that
/// was inverted anew and refined confirms it. Rules: steepest reduced cost (Dantzig); after many
/// steps without gain, Bland's rule, which cannot cycle (Math. Oper. Res. 2, 103 (1977), doi
/// 10.1287/moor.2.2.103).
struct Simplex {
  /// The columns in the basis, how much of each, and what each row's component is worth.
  struct Optimum {
    let basis: [Int]
    let levels: [Double]
    let prices: [Double]
  }

  private let rows: Int
  private let stride: Int
  private(set) var count = 0
  private var matrix: [Double]
  private var costs: [Double]
  private var tolerance = 1e-12
  private var basis: [Int] = []
  private var inverse: [Double]
  private var levels: [Double]
  private var prices: [Double]
  private var direction: [Double]

  /// Room for `capacity` columns of `rowCount` numbers.
  init(rowCount: Int, capacity: Int) {
    rows = rowCount
    stride = (capacity + 3) & ~3
    matrix = Array(repeating: 0, count: rowCount * stride)
    // A column that is not there, or not allowed, costs endlessly much and never enters.
    costs = Array(repeating: .infinity, count: stride)
    inverse = Array(repeating: 0, count: rowCount * rowCount)
    levels = Array(repeating: 0, count: rowCount)
    prices = levels
    direction = levels
  }

  mutating func append(_ column: some Collection<Double>, cost: Double = .infinity) {
    for (k, value) in column.enumerated() { matrix[k * stride + count] = value }
    costs[count] = cost
    count += 1
    if cost.isFinite { tolerance = max(tolerance, 1e-12 * abs(cost)) }
  }

  /// The costs of all columns, in the order they were added.
  mutating func setCosts(_ values: [Double]) {
    tolerance = 1e-12
    for j in 0..<count {
      costs[j] = values[j]
      tolerance = max(tolerance, 1e-12 * abs(values[j]))
    }
  }

  /// Leaves only the columns that some optimum uses, and lets other costs decide among these.
  mutating func keepOnlyOptimal(_ second: [Double], prices: [Double]) {
    let threshold = 100 * tolerance
    let optimal = (0..<count).map { j in
      basis.contains(j)
        || (0..<rows).reduce(costs[j]) { $0 - prices[$1] * matrix[$1 * stride + j] }
          <= threshold
    }
    setCosts(second)
    for j in 0..<count where !optimal[j] { costs[j] = .infinity }
  }

  /// The optimum for a right-hand side, from the basis at hand if that can make it up.
  mutating func optimize(_ rhs: [Double]) throws(LinearProgram.Failure) -> Optimum {
    if basis.isEmpty || !restart(rhs) { startFromPure() }
    var idle = 0
    var sinceInversion = 0
    for _ in 0..<(2000 + 50 * (rows + count)) {
      setLevelsAndPrices(rhs)
      let careful = idle > 3 * rows + 10
      guard let entering = careful ? firstEntering() : steepestEntering() else {
        if sinceInversion > 0 {
          guard invert() else { throw .notConverged }
          sinceInversion = 0
          continue
        }
        refine(rhs)
        return Optimum(basis: basis, levels: levels, prices: prices)
      }
      setDirection(entering)
      guard let leaving = leaving(lowestIndex: careful) else {
        guard sinceInversion > 0, invert() else { throw .notConverged }
        sinceInversion = 0
        continue
      }
      idle = levels[leaving] / direction[leaving] > 1e-12 ? 0 : idle + 1
      replace(leaving, with: entering)
      sinceInversion += 1
      if sinceInversion == 40 {
        guard invert() else { throw .notConverged }
        sinceInversion = 0
      }
    }
    throw .notConverged
  }

  // MARK: The basis

  /// The cheapest column of each row that holds nothing else.
  private mutating func startFromPure() {
    var pure = Array(repeating: -1, count: rows)
    for j in 0..<count where costs[j].isFinite {
      guard let row = onlyRow(of: j) else { continue }
      let best = pure[row]
      if best < 0
        || costs[j] / matrix[row * stride + j] < costs[best] / matrix[row * stride + best]
      {
        pure[row] = j
      }
    }
    precondition(!pure.contains(-1), "each row has a column that holds nothing else")
    basis = pure
    for i in inverse.indices { inverse[i] = 0 }
    for k in 0..<rows { inverse[k * rows + k] = 1 / matrix[k * stride + pure[k]] }
  }

  /// Whether the basis at hand can go on: its columns are allowed and make up the right-hand side.
  private mutating func restart(_ rhs: [Double]) -> Bool {
    guard basis.allSatisfy({ costs[$0].isFinite }) else { return false }
    setLevelsAndPrices(rhs)
    return levels.allSatisfy { $0 > -1e-13 }
  }

  private func onlyRow(of j: Int) -> Int? {
    var found: Int?
    for k in 0..<rows where matrix[k * stride + j] > 0 {
      if found != nil { return nil }
      found = k
    }
    return found
  }

  /// B⁻¹ by Gauss and Jordan with row pivoting; false if the basis is singular.
  private mutating func invert() -> Bool {
    var work = basisMatrix()
    for i in inverse.indices { inverse[i] = 0 }
    for k in 0..<rows { inverse[k * rows + k] = 1 }
    for k in 0..<rows {
      var pivot = k
      for i in k..<rows where abs(work[i * rows + k]) > abs(work[pivot * rows + k]) { pivot = i }
      guard abs(work[pivot * rows + k]) > 1e-13 else { return false }
      if pivot != k {
        for j in 0..<rows {
          work.swapAt(pivot * rows + j, k * rows + j)
          inverse.swapAt(pivot * rows + j, k * rows + j)
        }
      }
      let scale = 1 / work[k * rows + k]
      for j in 0..<rows {
        work[k * rows + j] *= scale
        inverse[k * rows + j] *= scale
      }
      for i in 0..<rows where i != k {
        let factor = work[i * rows + k]
        if factor == 0 { continue }
        for j in 0..<rows {
          work[i * rows + j] -= factor * work[k * rows + j]
          inverse[i * rows + j] -= factor * inverse[k * rows + j]
        }
      }
    }
    return true
  }

  private func basisMatrix() -> [Double] {
    var b = Array(repeating: 0.0, count: rows * rows)
    for k in 0..<rows {
      for (i, j) in basis.enumerated() { b[k * rows + i] = matrix[k * stride + j] }
    }
    return b
  }

  /// The entering column takes the place of the leaving one in B⁻¹ (product form).
  private mutating func replace(_ leaving: Int, with entering: Int) {
    let scale = 1 / direction[leaving]
    for j in 0..<rows { inverse[leaving * rows + j] *= scale }
    for i in 0..<rows where i != leaving {
      let factor = direction[i]
      if factor == 0 { continue }
      for j in 0..<rows { inverse[i * rows + j] -= factor * inverse[leaving * rows + j] }
    }
    basis[leaving] = entering
  }

  private mutating func setLevelsAndPrices(_ rhs: [Double]) {
    for k in 0..<rows { prices[k] = 0 }
    for i in 0..<rows {
      var level = 0.0
      let cost = costs[basis[i]]
      for k in 0..<rows {
        level += inverse[i * rows + k] * rhs[k]
        prices[k] += cost * inverse[i * rows + k]
      }
      levels[i] = level
    }
  }

  /// One step of iterative refinement: x += B⁻¹ (b - B x), y += (c_B - y B) B⁻¹.
  private mutating func refine(_ rhs: [Double]) {
    let b = basisMatrix()
    var missing = rhs
    var unpaid = basis.map { costs[$0] }
    for k in 0..<rows {
      for i in 0..<rows {
        missing[k] -= b[k * rows + i] * levels[i]
        unpaid[i] -= b[k * rows + i] * prices[k]
      }
    }
    for i in 0..<rows {
      for k in 0..<rows {
        levels[i] += inverse[i * rows + k] * missing[k]
        prices[k] += inverse[i * rows + k] * unpaid[i]
      }
    }
  }

  // MARK: Steps

  private mutating func setDirection(_ entering: Int) {
    for i in 0..<rows {
      var sum = 0.0
      for k in 0..<rows { sum += inverse[i * rows + k] * matrix[k * stride + entering] }
      direction[i] = sum
    }
  }

  /// The column with the most negative reduced cost c_j - Σ_k y_k a_kj, if there is one.
  private func steepestEntering() -> Int? {
    matrix.withUnsafeBytes { matrix in
      costs.withUnsafeBytes { costs in
        var lowest = SIMD4(repeating: -tolerance)
        var place = SIMD4(repeating: -1.0)
        var index = SIMD4(0.0, 1, 2, 3)
        for j in Swift.stride(from: 0, to: count, by: 4) {
          var value = costs.loadUnaligned(fromByteOffset: 8 * j, as: SIMD4<Double>.self)
          for k in 0..<rows {
            value -=
              prices[k]
              * matrix.loadUnaligned(fromByteOffset: 8 * (k * stride + j), as: SIMD4<Double>.self)
          }
          let better = value .< lowest
          lowest.replace(with: value, where: better)
          place.replace(with: index, where: better)
          index += 4
        }
        var best: Int?
        for lane in 0..<4 where place[lane] >= 0 {
          if let b = best, lowest[lane] >= lowest[b & 3] { continue }
          best = Int(place[lane])
        }
        return best
      }
    }
  }

  /// The first column that would gain anything (Bland).
  private func firstEntering() -> Int? {
    (0..<count).first { j in
      let value = (0..<rows).reduce(costs[j]) { $0 - prices[$1] * matrix[$1 * stride + j] }
      return value < -tolerance && !basis.contains(j)
    }
  }

  /// The row whose column leaves: the first to run out.
  private func leaving(lowestIndex: Bool) -> Int? {
    var best: Int?
    var least = Double.infinity
    for i in 0..<rows where direction[i] > 1e-11 {
      let ratio = max(levels[i], 0) / direction[i]
      guard let current = best else {
        (best, least) = (i, ratio)
        continue
      }
      let better =
        abs(ratio - least) <= 1e-13
        ? (lowestIndex ? basis[i] < basis[current] : direction[i] > direction[current])
        : ratio < least
      if better { (best, least) = (i, ratio) }
    }
    return best
  }
}
