/// The weighted mean of independent values, and its squared standard error from what they differ by:
///
///     x̄ = Σ w x / W,   V = n/(n − 1) Σ w² (x − x̄)² / W²,   W = Σ w
///
/// With w = m and x = y/m it is the ratio Σ y / Σ m, and V its delete-one jackknife to first order.
struct WeightedMean {
  let mean: Double
  /// Nil of a single value.
  let squaredError: Double?

  init(_ values: [Double], weights: [Double]) {
    precondition(!values.isEmpty && values.count == weights.count, "a weight a value")
    let whole = weights.reduce(0, +)
    let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / whole
    self.mean = mean
    let n = Double(values.count)
    let squares = zip(values, weights).reduce(0) { sum, item in
      let part = item.1 * (item.0 - mean)
      return sum + part * part
    }
    squaredError = n > 1 ? squares * n / ((n - 1) * whole * whole) : nil
  }
}
