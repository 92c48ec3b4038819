/// min Σ c_j x_j subject to Σ a_kj x_j = b_k, x_j ≥ 0, with all a and b ≥ 0: the lowest energy that
/// phases j reach with given amounts b of components k.
///
/// | symbol | name | shape |
/// |---|---|---|
/// | a | `columns`, amounts of the components in each phase | `rowCount` numbers per phase |
/// | b | `rhs` | `rowCount` |
/// | c | `costs` | one per phase |
///
/// Few rows, many columns. A revised simplex: the small basis matrix is factored anew in every
/// step, so that no error builds up. Rules: steepest reduced cost (Dantzig); after many steps
/// without gain, Bland's rule, which cannot cycle (Math. Oper. Res. 2, 103 (1977), doi
/// 10.1287/moor.2.2.103).
struct LinearProgram: Sendable {
  let rowCount: Int
  /// Column-major, `rowCount` numbers per column.
  let columns: [Double]

  var columnCount: Int { rowCount == 0 ? 0 : columns.count / rowCount }

  struct Solution: Sendable {
    /// The columns that take part and how much of each.
    let amounts: [(column: Int, amount: Double)]
    let objective: Double
    /// The dual solution: what one more of each row's component would cost; -∞ for a row with
    /// nothing to make.
    let prices: [Double]
  }

  enum Failure: Error {
    case infeasible, notConverged
  }

  /// The minimum; among equals the one with the least `second` cost, if that is given.
  func minimize(
    _ costs: [Double], rhs: [Double], then second: [Double]? = nil
  ) throws(Failure) -> Solution {
    // A component of which there is nothing allows no phase that holds it: with a, b ≥ 0 dropping
    // such rows and columns is exact and takes away most of the degeneracy.
    let rows = rhs.indices.filter { rhs[$0] > 1e-12 }
    let empty = rhs.indices.filter { rhs[$0] <= 1e-12 }
    let kept = (0..<columnCount).filter { j in
      empty.allSatisfy { columns[j * rowCount + $0] == 0 }
        && rows.contains { columns[j * rowCount + $0] > 0 }
    }
    guard !rows.isEmpty else {
      return Solution(
        amounts: [], objective: 0, prices: rhs.map { _ in -.infinity })
    }
    var compact: [Double] = []
    compact.reserveCapacity(kept.count * rows.count)
    for j in kept { for k in rows { compact.append(columns[j * rowCount + k]) } }
    var simplex = Simplex(rowCount: rows.count, columns: compact, rhs: rows.map { rhs[$0] })
    try simplex.findFeasible(costs: kept.map { costs[$0] })
    try simplex.optimize(kept.map { costs[$0] })
    if let second {
      simplex.keepOnlyOptimal(kept.map { costs[$0] })
      try simplex.optimize(kept.map { second[$0] })
    }
    let amounts = simplex.amounts().map { (column: kept[$0.column], amount: $0.amount) }
    var prices = rhs.map { _ in -Double.infinity }
    for (row, price) in zip(rows, simplex.prices(kept.map { costs[$0] })) { prices[row] = price }
    return Solution(
      amounts: amounts, objective: amounts.reduce(0) { $0 + costs[$1.column] * $1.amount },
      prices: prices)
  }
}
