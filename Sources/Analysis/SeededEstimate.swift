/// A mean over independent runs (seeds) with its error, from what differs within each run and between
/// runs.
///
///     V_w = Σ e_s² / n²,  V_b = Σ (x_s − x̄)² / (n (n − 1)),  half width² = z² V_w + t² max(0, V_b − V_w)
///
/// | symbol | what |
/// |---|---|
/// | x_s, e_s | a run's value, and its standard error from resampled atoms or polyanions |
/// | z, t | 1.96, and Student's quantile for n − 1 degrees of freedom |
///
/// Where runs differ no more than their own errors say, few runs need no wide Student bands. With one
/// run there is V_w alone.
struct SeededEstimate: Sendable, Hashable {
  let mean: Double
  /// Of the 95 % band.
  let halfWidth: Double

  static let z = 1.959_963_984_540_054

  init(values: [Double], errors: [Double]) {
    precondition(!values.isEmpty && values.count == errors.count, "one error a run")
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let within = errors.reduce(0) { $0 + $1 * $1 } / (n * n)
    self.init(mean: mean, within: within, runs: values)
  }

  /// - Parameters:
  ///   - mean: over all runs, however they are weighed.
  ///   - within: V_w, the squared error of that from what differs within runs.
  ///   - runs: x_s.
  init(mean: Double, within: Double, runs: [Double]) {
    self.mean = mean
    halfWidth = (Self.z * Self.z * within + Self.squaredExcess(within: within, runs: runs))
      .squareRoot()
  }

  /// t² max(0, V_b − V_w); 0 of a single run.
  static func squaredExcess(within: Double, runs: [Double]) -> Double {
    guard runs.count > 1 else { return 0 }
    let n = Double(runs.count)
    let average = runs.reduce(0, +) / n
    let between = runs.reduce(0) { $0 + ($1 - average) * ($1 - average) } / (n * (n - 1))
    let t = StudentT.quantile95(degreesOfFreedom: runs.count - 1)
    return t * t * max(0, between - within)
  }

  /// The standard error that would give this half width.
  var standardError: Double { halfWidth / Self.z }
}
