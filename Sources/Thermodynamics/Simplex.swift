/// The state of the simplex method: which columns are in the basis.
///
/// Columns from `columnCount` on are artificial, one unit vector per row; they only start it off.
struct Simplex {
  private let rows: Int
  private let columns: [Double]
  private let columnCount: Int
  private let rhs: [Double]
  private var enabled: [Bool]
  private var basis: [Int]

  init(rowCount: Int, columns: [Double], rhs: [Double]) {
    rows = rowCount
    self.columns = columns
    columnCount = columns.count / rowCount
    self.rhs = rhs
    enabled = Array(repeating: true, count: columnCount)
    let first = columns.count / rowCount
    basis = (first..<(first + rowCount)).map { $0 }
  }

  /// Finds amounts that fulfil the constraints, starting from the cheapest pure components.
  mutating func findFeasible(costs: [Double]) throws(LinearProgram.Failure) {
    for j in 0..<columnCount {
      guard let row = onlyRow(of: j) else { continue }
      let scale = columns[j * rows + row]
      let old = basis[row]
      if old >= columnCount || costs[j] / scale < costs[old] / columns[old * rows + row] {
        basis[row] = j
      }
    }
    guard basis.contains(where: { $0 >= columnCount }) else { return }
    let shortage = Array(repeating: 0.0, count: columnCount)
    try optimize(shortage, artificialCost: 1)
    let rest = zip(basis, levels()).filter { $0.0 >= columnCount }.reduce(0) { $0 + $1.1 }
    guard rest < 1e-9 * rhs.reduce(0, +) else { throw .infeasible }
  }

  /// Leaves only the columns that some optimum uses, so that a second cost decides among these.
  mutating func keepOnlyOptimal(_ costs: [Double]) {
    guard let matrix = factored() else { return }
    let prices = matrix.solveTransposed(basis.map { cost($0, costs, 0) })
    let tolerance = 100 * Self.tolerance(costs)
    for j in 0..<columnCount where reducedCost(j, costs, prices) > tolerance { enabled[j] = false }
    for j in basis where j < columnCount { enabled[j] = true }
  }

  /// Moves to the cheapest basis.
  mutating func optimize(
    _ costs: [Double], artificialCost: Double = 0
  ) throws(LinearProgram.Failure) {
    let tolerance = Self.tolerance(costs + [artificialCost])
    var idle = 0
    for _ in 0..<(2000 + 50 * (rows + columnCount)) {
      guard let matrix = factored() else { throw .notConverged }
      let prices = matrix.solveTransposed(basis.map { cost($0, costs, artificialCost) })
      let careful = idle > 3 * rows + 10
      guard
        let entering = entering(costs, prices, tolerance: tolerance, firstOnly: careful)
      else { return }
      let direction = matrix.solve(column(entering))
      let level = matrix.solve(rhs)
      let phaseOne = artificialCost > 0
      guard
        let leaving = leaving(direction, level, phaseOne: phaseOne, lowestIndex: careful)
      else { throw .notConverged }
      idle = level[leaving] / direction[leaving] > 1e-12 ? 0 : idle + 1
      basis[leaving] = entering
    }
    throw .notConverged
  }

  /// The columns in the basis and their amounts, none negative, zeros left out.
  func amounts() -> [(column: Int, amount: Double)] {
    let scale = rhs.reduce(0, +)
    return zip(basis, levels()).filter { $0.0 < columnCount && $0.1 > 1e-10 * scale }
      .map { (column: $0.0, amount: $0.1) }.sorted { $0.column < $1.column }
  }

  /// The dual solution that belongs to the basis.
  func prices(_ costs: [Double]) -> [Double] {
    factored()?.solveTransposed(basis.map { cost($0, costs, 0) }) ?? []
  }

  private static func tolerance(_ costs: [Double]) -> Double {
    1e-12 * max(1, costs.reduce(0) { max($0, abs($1)) })
  }

  private func entering(
    _ costs: [Double], _ prices: [Double], tolerance: Double, firstOnly: Bool
  ) -> Int? {
    var best: Int?
    var lowest = -tolerance
    for j in 0..<columnCount where enabled[j] {
      let value = reducedCost(j, costs, prices)
      if value < lowest, !basis.contains(j) {
        if firstOnly { return j }
        (best, lowest) = (j, value)
      }
    }
    return best
  }

  /// The row whose column leaves: the first to run out. Once the start is over, an artificial
  /// column left in the basis stands at zero and must not grow again, so it leaves at once.
  private func leaving(
    _ direction: [Double], _ level: [Double], phaseOne: Bool, lowestIndex: Bool
  ) -> Int? {
    var best: Int?
    var least = Double.infinity
    for i in 0..<rows {
      let artificial = basis[i] >= columnCount
      if !phaseOne, artificial, abs(direction[i]) > 1e-9 { return i }
      guard direction[i] > 1e-11 else { continue }
      let ratio = max(level[i], 0) / direction[i]
      guard let current = best else {
        (best, least) = (i, ratio)
        continue
      }
      let tie = abs(ratio - least) <= 1e-13
      let better =
        tie
        ? (lowestIndex ? basis[i] < basis[current] : direction[i] > direction[current])
        : ratio < least
      if better { (best, least) = (i, ratio) }
    }
    return best
  }

  private func onlyRow(of j: Int) -> Int? {
    let filled = (0..<rows).filter { columns[j * rows + $0] > 0 }
    return filled.count == 1 ? filled[0] : nil
  }

  private func column(_ j: Int) -> [Double] {
    if j < columnCount { return Array(columns[(j * rows)..<((j + 1) * rows)]) }
    return (0..<rows).map { $0 == j - columnCount ? 1 : 0 }
  }

  private func cost(_ j: Int, _ costs: [Double], _ artificialCost: Double) -> Double {
    j < columnCount ? costs[j] : artificialCost
  }

  @inline(__always)
  private func reducedCost(_ j: Int, _ costs: [Double], _ prices: [Double]) -> Double {
    var value = costs[j]
    for k in 0..<rows { value -= prices[k] * columns[j * rows + k] }
    return value
  }

  private func factored() -> LinearSystem? {
    LinearSystem(size: rows, columnMajor: basis.flatMap(column))
  }

  private func levels() -> [Double] { factored()?.solve(rhs) ?? [] }
}
