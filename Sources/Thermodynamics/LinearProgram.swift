/// min Σ c_j x_j subject to Σ a_kj x_j = b_k, x_j ≥ 0, with all a and b ≥ 0: the lowest energy that
/// phases j reach with given amounts b of components k.
///
/// | symbol | name | shape |
/// |---|---|---|
/// | a | `columns`, amounts of the components in each phase | `rowCount` numbers per phase |
/// | b | `rhs` | `rowCount` |
/// | c | `costs` | one per phase |
///
/// Every component has a phase that holds nothing else, so that there is always an answer.
struct LinearProgram: Sendable {
  let rowCount: Int
  /// Column-major, `rowCount` numbers per column.
  let columns: [Double]
  /// Bit k of a column's support: it holds some of component k.
  let supports: [UInt64]

  init(rowCount: Int, columns: [Double]) {
    precondition(rowCount <= 64, "a basis has at most 64 components")
    self.rowCount = rowCount
    self.columns = columns
    supports = (0..<(rowCount == 0 ? 0 : columns.count / rowCount)).map { j in
      Self.support((0..<rowCount).map { columns[j * rowCount + $0] })
    }
  }

  struct Solution: Sendable {
    /// The columns that take part and how much of each, down to rounding.
    let amounts: [(column: Int, amount: Double)]
    let objective: Double
    /// The dual solution: what one more of each row's component would cost; -∞ for a row with
    /// nothing to make.
    let prices: [Double]
  }

  enum Failure: Error {
    case notConverged
  }

  /// Which amounts are not nothing.
  static func support(_ amounts: [Double]) -> UInt64 {
    amounts.indices.reduce(0) { amounts[$1] > 1e-12 ? $0 | (1 << UInt64($1)) : $0 }
  }

  /// The columns that a composition with these components can be made of.
  ///
  /// A component of which there is nothing allows no phase that holds it: with a, b ≥ 0 dropping
  /// such rows and columns is exact and takes away most of the degeneracy.
  func columns(within support: UInt64) -> [Int] {
    supports.indices.filter { supports[$0] & ~support == 0 && supports[$0] != 0 }
  }

  func column(_ j: Int) -> ArraySlice<Double> { columns[(j * rowCount)..<((j + 1) * rowCount)] }
}

/// A linear program for one right-hand side and any costs; each search starts where the last ended.
struct LinearProgramSearch {
  private let rhs: [Double]
  private let rows: [Int]
  private let kept: [Int]
  private var simplex: Simplex

  init(_ program: LinearProgram, rhs: [Double]) {
    self.rhs = rhs
    let support = LinearProgram.support(rhs)
    rows = rhs.indices.filter { support & (1 << UInt64($0)) != 0 }
    kept = program.columns(within: support)
    simplex = Simplex(rowCount: rows.count, capacity: kept.count)
    for j in kept {
      let column = program.column(j)
      simplex.append(rows.map { column[column.startIndex + $0] })
    }
  }

  /// The minimum; among equals the one with the least `second` cost, if that is given.
  mutating func minimize(
    _ costs: [Double], then second: [Double]? = nil
  ) throws(LinearProgram.Failure) -> LinearProgram.Solution {
    var prices = rhs.map { _ in -Double.infinity }
    guard !rows.isEmpty else {
      return LinearProgram.Solution(amounts: [], objective: 0, prices: prices)
    }
    let compact = rows.map { rhs[$0] }
    simplex.setCosts(kept.map { costs[$0] })
    var found = try simplex.optimize(compact)
    if let second {
      simplex.keepOnlyOptimal(kept.map { second[$0] }, prices: found.prices)
      let chosen = try simplex.optimize(compact)
      // Prices stay those of the first cost: they support every one of its optima.
      found = Simplex.Optimum(basis: chosen.basis, levels: chosen.levels, prices: found.prices)
    }
    for (row, price) in zip(rows, found.prices) { prices[row] = price }
    let amounts = zip(found.basis, found.levels).filter { $0.1 > 0 }
      .map { (column: kept[$0.0], amount: $0.1) }.sorted { $0.column < $1.column }
    return LinearProgram.Solution(
      amounts: amounts, objective: amounts.reduce(0) { $0 + costs[$1.column] * $1.amount },
      prices: prices)
  }
}
