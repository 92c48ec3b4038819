import Atomistics

/// Laws fitted to a quantity that changes while a contact reacts: the mean charge (or counted oxidation
/// state) of P, the spread sigma of Eq. 2.
///
///     y(t) = c + a f(t/T),   f = u (linear),  √u (parabolic),  (1 − e^(−x u)) / (1 − e^(−x)) (to a plateau)
///
/// | symbol | name | unit |
/// |---|---|---|
/// | y | mean over the runs, each from its first value on | as given |
/// | T | `duration_ps` | ps |
/// | T/x | τ of the law with a plateau | ps |
///
/// Least squares; the laws are compared by Akaike's criterion for few data,
///
///     AICc = n ln(RSS/n) + 2 k + 2 k (k + 1)/(n − k − 1),
///
/// with as many values n as are independent, the number of times over 1 + 2 Σ ρ, ρ the autocorrelation
/// of the residuals of the best fit (C. M. Hurvich and C. L. Tsai, Biometrika 76, 297 (1989),
/// doi 10.1093/biomet/76.2.297). `weight` is e^(−Δ/2) over the sum of these. With fewer than eight
/// independent values there is no comparison: all laws weigh the same.
public struct CurveLaws: Sendable, Codable {
  public enum Law: String, Sendable, Codable, CaseIterable {
    case linear, parabolic
    case saturating = "exponential to a plateau"

    /// c, a, the width of the noise; and τ.
    var parameters: Int { self == .saturating ? 4 : 3 }
  }

  public struct Row: Sendable, Codable {
    public let law: Law
    public let deltaAIC: Double
    public let weight: Double
    /// a, in all of the run.
    public let change: Double
    /// Of the law with a plateau.
    public let timeConstant_ps: Double?
  }

  /// "sigma of P", "formal oxidation state of P (a count from bonds)".
  public let quantity: String
  public let unit: String
  public let duration_ps: Double
  /// y at the end (mean of the last tenth) less the start, and its 95 % band from seeds and resampled
  /// atoms; the band is nil with one run and no errors.
  public let change: Double
  public let low: Double?
  public let high: Double?
  public let rows: [Row]
  public let independentValues: Double
  /// Weight of the law with a plateau, where the run is two of its time constants long; nil where laws
  /// cannot be compared.
  public let hasStopped: Double?
  /// Weight of all else: the quantity still changed at the end.
  public let stillChanging: Double?
  public let seeds: Int

  private static let fewest = 8.0

  /// - Parameters:
  ///   - runs: y at `times_ps`, one a seed.
  ///   - errors: the standard error of each run's change, from resampled atoms; empty where unknown.
  /// - Throws: `AnalysisError.tooShort` with fewer than 20 times.
  public init(
    _ quantity: String, unit: String, times_ps: [Double], runs: [[Double]], errors: [Double] = []
  ) throws {
    guard times_ps.count >= 20, !runs.isEmpty else {
      throw AnalysisError.tooShort(
        "\(times_ps.count) values of \(quantity) are too few for a law; at least 20 are needed")
    }
    precondition(runs.allSatisfy { $0.count == times_ps.count }, "a value a time")
    precondition(errors.isEmpty || errors.count == runs.count, "an error a run")
    self.quantity = quantity
    self.unit = unit
    seeds = runs.count
    let (start, end) = (times_ps[0], times_ps[times_ps.count - 1])
    duration_ps = end - start
    let tail = max(1, times_ps.count / 10)
    let changes = runs.map { $0.suffix(tail).reduce(0, +) / Double(tail) - $0[0] }
    let estimate = SeededEstimate(
      values: changes, errors: errors.isEmpty ? changes.map { _ in 0 } : errors)
    change = estimate.mean
    let isKnown = runs.count > 1 || !errors.isEmpty
    low = isKnown ? estimate.mean - estimate.halfWidth : nil
    high = isKnown ? estimate.mean + estimate.halfWidth : nil

    let u = times_ps.map { ($0 - start) / (end - start) }
    let y = times_ps.indices.map { index in
      runs.reduce(0) { $0 + $1[index] - $1[0] } / Double(runs.count)
    }
    let fits = Law.allCases.map { Self.fit($0, u, y) }
    let best = fits.min { $0.squares < $1.squares }!
    let n = Double(y.count) / Self.correlation(best.residuals)
    independentValues = n
    let isComparable = n >= Self.fewest
    let criteria = zip(Law.allCases, fits).map { law, fit -> Double in
      let k = Double(law.parameters)
      guard isComparable else { return 0 }
      return n * naturalLogarithm(max(fit.squares, 1e-300) / Double(y.count)) + 2 * k
        + 2 * k * (k + 1) / (n - k - 1)
    }
    let least = criteria.min() ?? 0
    let weights = criteria.map { exponential(-($0 - least) / 2) }
    let total = weights.reduce(0, +)
    let duration = duration_ps
    rows = Law.allCases.indices.map { i in
      Row(
        law: Law.allCases[i], deltaAIC: criteria[i] - least, weight: weights[i] / total,
        change: fits[i].amplitude, timeConstant_ps: fits[i].x.map { duration / $0 })
    }
    let stopped = rows.filter {
      $0.law == .saturating && duration >= 2 * ($0.timeConstant_ps ?? .infinity)
    }.reduce(0) { $0 + $1.weight }
    hasStopped = isComparable ? stopped : nil
    stillChanging = isComparable ? 1 - stopped : nil
  }

  /// Laws of sigma of Eq. 2; nil where runs have no common times or too few of them.
  public static func ofSpread(_ runs: [AtomicSpread]) -> CurveLaws? {
    guard let first = runs.first,
      let times = commonTimes(runs.map(\.times_ps))
    else { return nil }
    let errors = runs.compactMap { $0.changeError_A?[times.count - 1] }
    return try? CurveLaws(
      "sigma of \(first.species)", unit: "Å", times_ps: times,
      runs: runs.map { Array($0.sigma_A.prefix(times.count)) },
      errors: errors.count == runs.count ? errors : [])
  }

  /// Laws of the mean charge, or counted state, of a species; nil where runs have no common times or too
  /// few of them.
  public static func ofCharges(_ runs: [LayerCharges]) -> CurveLaws? {
    guard let first = runs.first, let times = commonTimes(runs.map(\.times_ps)) else { return nil }
    let errors = runs.compactMap { $0.changeErrorOfAll[times.count - 1] }
    return try? CurveLaws(
      first.title, unit: first.unit, times_ps: times,
      runs: runs.map { Array($0.meanOfAll.prefix(times.count)) },
      errors: errors.count == runs.count ? errors : [])
  }

  /// The times of the shortest run, if those of all begin with them.
  private static func commonTimes(_ runs: [[Double]]) -> [Double]? {
    guard let shortest = runs.min(by: { $0.count < $1.count }), shortest.count >= 20,
      runs.allSatisfy({ zip($0, shortest).allSatisfy { abs($0 - $1) < 1e-6 } })
    else { return nil }
    return shortest
  }

  private struct Fit {
    let amplitude: Double
    let squares: Double
    let residuals: [Double]
    let x: Double?
  }

  private static func fit(_ law: Law, _ u: [Double], _ y: [Double]) -> Fit {
    switch law {
    case .linear: return line(u, y, nil)
    case .parabolic: return line(u.map { $0.squareRoot() }, y, nil)
    case .saturating:
      // ln x evenly from 0.1 to 60, then finer about the best.
      func at(_ x: Double) -> Fit { line(u.map { ReactionLaw.saturating(x: x).share($0) }, y, x) }
      func scan(_ from: Double, _ to: Double) -> Fit {
        (0...40).map { at(from * power(to / from, Double($0) / 40)) }
          .min { $0.squares < $1.squares }!
      }
      let coarse = scan(0.1, 60)
      let x = coarse.x ?? 1
      return scan(max(0.1, x / 1.2), min(60, x * 1.2))
    }
  }

  /// c + a f.
  private static func line(_ f: [Double], _ y: [Double], _ x: Double?) -> Fit {
    let n = Double(y.count)
    let (meanF, meanY) = (f.reduce(0, +) / n, y.reduce(0, +) / n)
    var (ff, fy) = (0.0, 0.0)
    for (a, b) in zip(f, y) {
      ff += (a - meanF) * (a - meanF)
      fy += (a - meanF) * (b - meanY)
    }
    let amplitude = ff > 0 ? fy / ff : 0
    let residuals = zip(f, y).map { $1 - meanY - amplitude * ($0 - meanF) }
    return Fit(
      amplitude: amplitude, squares: residuals.reduce(0) { $0 + $1 * $1 }, residuals: residuals,
      x: x)
  }

  /// 1 + 2 Σ ρ_k, up to the first ρ that is not above 0 (at most a third of the values).
  private static func correlation(_ residuals: [Double]) -> Double {
    let variance = residuals.reduce(0) { $0 + $1 * $1 }
    guard variance > 0 else { return 1 }
    var sum = 1.0
    for lag in 1..<max(2, residuals.count / 3) {
      let rho = zip(residuals, residuals.dropFirst(lag)).reduce(0) { $0 + $1.0 * $1.1 } / variance
      guard rho > 0 else { break }
      sum += 2 * rho
    }
    return sum
  }
}
