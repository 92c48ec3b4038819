import Atomistics

/// The least squares behind `PhaseMixture`.
struct MixtureFit {
  /// In Å.
  private static let knotSpacing = 2.0
  /// By so much, in Å, a shell may lie farther out in the contact than in a reference.
  private static let strain = 0.2

  /// By run and pair.
  let runs: [[RadialEnvironment]]
  private let references: [PhaseMixture.Reference]
  /// The bins of each pair that are fitted.
  private let bins: [Range<Int>]
  /// √(r²/ρ̄) of each pair's bins.
  private let weights: [[Double]]
  /// B_j at each pair's bins.
  private let splines: [[[Double]]]
  /// Σ r²/ρ̄ of the squared errors of a reference's density: by so much its noise lengthens it.
  private let noise: [Double]
  /// Standard errors of each pair's partners within the bins of its range up to each.
  private let countErrors: [[Double]]
  /// ρ̄ of each pair, the density of all runs in the range.
  private let means: [Double]

  init(
    runs: [[RadialEnvironment]], references: [PhaseMixture.Reference],
    ranges: [ClosedRange<Double>]
  ) throws {
    self.runs = runs
    self.references = references
    let bins = try zip(runs[0], ranges).map { environment, range in
      let inside = environment.r_A.indices.filter { range.contains(environment.r_A[$0]) }
      guard let first = inside.first, let last = inside.last, inside.count >= 10 else {
        throw AnalysisError.badParameter(
          name: "the range of \(environment.pair.joined(separator: "-"))",
          value: "\(range.lowerBound) to \(range.upperBound) Å",
          expected: "at least ten bins of \(environment.binWidth_A) Å")
      }
      return first..<last + 1
    }
    for (pair, environment) in runs[0].enumerated() {
      let all = runs.map { $0[pair] } + references.map { $0.environments[pair] }
      precondition(
        all.allSatisfy {
          $0.binWidth_A == environment.binWidth_A && $0.r_A.count >= bins[pair].upperBound
        },
        "runs and references have the same bins")
    }
    var (weights, means): ([[Double]], [Double]) = ([], [])
    for (pair, bins) in bins.enumerated() {
      let r = bins.map { runs[0][pair].r_A[$0] }
      let density = Self.pooled(runs.map { $0[pair] }, nil)
      let volume = r.reduce(0) { $0 + $1 * $1 }
      let mean = zip(bins, r).reduce(0) { $0 + density[$1.0] * $1.1 * $1.1 } / volume
      guard mean > 0 else {
        throw AnalysisError.badParameter(
          name: "the pair \(runs[0][pair].pair.joined(separator: "-"))",
          value: "without a partner between \(r[0]) and \(r[r.count - 1]) Å",
          expected: "a pair that the contact holds in that range")
      }
      means.append(mean)
      weights.append(r.map { $0 / mean.squareRoot() })
    }
    self.bins = bins
    self.weights = weights
    self.means = means
    noise = references.map { reference in
      bins.indices.reduce(0) { sum, pair in
        let error = Array(reference.environments[pair].squaredError()[bins[pair]])
        return sum + zip(weights[pair], error).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
      }
    }
    countErrors = bins.enumerated().map { pair, bins in
      Self.countErrors(runs.map { $0[pair] }, bins)
    }
    splines = bins.enumerated().map { pair, bins in
      Self.splines(bins.map { runs[0][pair].r_A[$0] })
    }
  }

  // MARK: What is fitted

  /// The runs' density by pair, as they are.
  func observed() -> [[Double]] {
    bins.indices.map { pair in
      cut(Self.pooled(runs.map { $0[pair] }, nil), pair)
    }
  }

  /// That of one run.
  func observed(run: Int) -> [[Double]] {
    bins.indices.map { cut(runs[run][$0].mean(), $0) }
  }

  /// The runs' density with the centres of each drawn anew.
  func observed(_ generator: inout RandomGenerator) -> [[Double]] {
    let counts = runs.map { Self.redraw($0[0].sizes.count, &generator) }
    return bins.indices.map { pair in
      cut(Self.pooled(runs.map { $0[pair] }, counts), pair)
    }
  }

  /// The references' densities by reference and pair.
  func columns() -> [[[Double]]] {
    references.map { reference in
      bins.indices.map { cut(reference.environments[$0].mean(), $0) }
    }
  }

  func columns(_ generator: inout RandomGenerator) -> [[[Double]]] {
    references.map { reference in
      let counts = Self.redraw(reference.environments[0].sizes.count, &generator)
      return bins.indices.map { cut(reference.environments[$0].mean(counts), $0) }
    }
  }

  private func cut(_ density: [Double], _ pair: Int) -> [Double] { Array(density[bins[pair]]) }

  /// One fewer than there are, so that the scatter of their mean is that of the mean of all.
  private static func redraw(_ count: Int, _ generator: inout RandomGenerator) -> [Int] {
    guard count > 1 else { return [1] }
    var counts = Array(repeating: 0, count: count)
    for _ in 0..<count - 1 { counts[Int(generator.uniform() * Double(count))] += 1 }
    return counts
  }

  /// The mean over the centres of several runs.
  private static func pooled(_ runs: [RadialEnvironment], _ counts: [[Int]]?) -> [Double] {
    var sum = Array(repeating: 0.0, count: runs[0].r_A.count)
    var centers = 0.0
    for (index, run) in runs.enumerated() {
      let weight = Double(run.centers)
      centers += weight
      for (bin, value) in run.mean(counts?[index]).enumerated() { sum[bin] += weight * value }
    }
    return sum.map { $0 / centers }
  }

  // MARK: The fit

  /// The unknowns that fit densities by pair best: the shares, then the splines' coefficients.
  ///
  /// The noise of a reference lengthens its column and would make its share too small: it is taken
  /// off the normal equations (W. A. Fuller, Measurement Error Models, Wiley 1987).
  ///
  /// - Parameters:
  ///   - sharesOfOne: whether they may add up to 1 at most, or to anything.
  ///   - noises: how many times its noise a column holds: once as measured, twice drawn anew.
  func solution(
    _ observed: [[Double]], _ columns: [[[Double]]], sharesOfOne: Bool, noises: Double = 1
  ) -> [Double] {
    let k = columns.count
    let size = k + splines.reduce(0) { $0 + $1.count }
    var gram = Array(repeating: 0.0, count: size * size)
    var moments = Array(repeating: 0.0, count: size)
    var offset = k
    for pair in bins.indices {
      let weight = weights[pair]
      func weighed(_ row: [Double]) -> [Double] { zip(row, weight).map { $0 * $1 } }
      let rows =
        columns.map { weighed($0[pair]) } + splines[pair].map(weighed)
      let places = Array(0..<k) + (0..<splines[pair].count).map { offset + $0 }
      let target = weighed(observed[pair])
      for (i, row) in zip(places, rows) {
        moments[i] += Self.product(row, target)
        for (j, other) in zip(places, rows) where j <= i {
          let product = Self.product(row, other)
          gram[i * size + j] += product
          if i != j { gram[j * size + i] += product }
        }
      }
      offset += splines[pair].count
    }
    // A reference that is mostly noise is none, but the equations must stay solvable.
    for (i, noise) in noise.enumerated() {
      gram[i * size + i] -= min(noises * noise, gram[i * size + i] / 2)
    }
    var limits = (0..<k).map { reference in
      NonNegativeLeastSquares.Limit([reference], most: most(observed, columns[reference]))
    }
    if sharesOfOne { limits.append(NonNegativeLeastSquares.Limit(Array(0..<k), most: 1)) }
    return NonNegativeLeastSquares(gram: gram, moments: moments, limits: limits).solution
  }

  // MARK: What a share cannot exceed

  /// The centres of a phase have their neighbours whatever else there is, so that
  /// w n_k(r) ≤ n(r + δ) + 2 σ for the partners n within any r: no phase with a bond that the contact
  /// lacks is taken for the sake of its farther shells. Radii count where n_k ≥ 1/2; δ is a strain.
  private func most(_ observed: [[Double]], _ column: [[Double]]) -> Double {
    bins.indices.reduce(Double.infinity) { least, pair in
      let width = runs[0][pair].binWidth_A
      let ahead = Int((Self.strain / width).rounded())
      let found = Self.counts(observed[pair], at: radii(pair), width)
      let expected = Self.counts(column[pair], at: radii(pair), width)
      return expected.indices.reduce(least) { least, bin in
        guard expected[bin] >= 0.5 else { return least }
        let reached = min(found.count - 1, bin + ahead)
        return min(least, (found[reached] + 2 * countErrors[pair][reached]) / expected[bin])
      }
    }
  }

  private func radii(_ pair: Int) -> ArraySlice<Double> { runs[0][pair].r_A[bins[pair]] }

  /// Partners within the bins up to each: Σ 4 π r² ρ Δr.
  private static func counts(
    _ densities: [Double], at radii: ArraySlice<Double>, _ width: Double
  ) -> [Double] {
    var sum = 0.0
    return zip(densities, radii).map { density, r in
      sum += 4 * .pi * r * r * width * density
      return sum
    }
  }

  private static func countErrors(_ runs: [RadialEnvironment], _ bins: Range<Int>) -> [Double] {
    let rows = runs.flatMap { run in
      run.densities.map { counts(Array($0[bins]), at: run.r_A[bins], run.binWidth_A) }
    }
    let weights = runs.flatMap { $0.sizes.map(Double.init) }
    return bins.indices.map { $0 - bins.lowerBound }.map { bin in
      (WeightedMean(rows.map { $0[bin] }, weights: weights).squaredError ?? 0).squareRoot()
    }
  }

  // MARK: What a solution explains

  func curves(
    _ observed: [[Double]], _ columns: [[[Double]]], _ solution: [Double]
  ) -> [PhaseMixture.Curve] {
    var offset = columns.count
    return bins.indices.map { pair in
      let count = splines[pair].count
      let smooth = observed[pair].indices.map { bin in
        (0..<count).reduce(0.0) { $0 + solution[offset + $1] * splines[pair][$1][bin] }
      }
      offset += count
      return PhaseMixture.Curve(
        pair: runs[0][pair].pair, r_A: bins[pair].map { runs[0][pair].r_A[$0] },
        density_per_A3: observed[pair],
        phases_per_A3: columns.enumerated().map { k, column in
          column[pair].map { $0 * solution[k] }
        }, unassigned_per_A3: smooth)
    }
  }

  func misfit(_ curves: [PhaseMixture.Curve]) -> Double {
    var (left, whole) = (0.0, 0.0)
    for (pair, curve) in curves.enumerated() {
      for (bin, value) in curve.density_per_A3.enumerated() {
        let fit =
          curve.phases_per_A3.reduce(0) { $0 + $1[bin] } + curve.unassigned_per_A3[bin]
        let weight = weights[pair][bin] * weights[pair][bin]
        left += weight * (value - fit) * (value - fit)
        whole += weight * (value - means[pair]) * (value - means[pair])
      }
    }
    return whole > 0 ? (left / whole).squareRoot() : 0
  }

  private static func product(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// Uniform cubic B-splines over the radii: each a bump four knots wide; together 1 everywhere.
  private static func splines(_ r: [Double]) -> [[Double]] {
    let (first, last) = (r[0], r[r.count - 1])
    let spans = max(1, Int(((last - first) / knotSpacing).rounded()))
    let width = (last - first) / Double(spans)
    return (-3..<spans).map { start in
      r.map { radius in bump((radius - first) / width - Double(start)) }
    }
  }

  /// The cubic B-spline on the knots 0, 1, 2, 3, 4.
  private static func bump(_ x: Double) -> Double {
    let u = abs(x - 2)
    if u < 1 { return 2.0 / 3 - u * u + u * u * u / 2 }
    return u < 2 ? (2 - u) * (2 - u) * (2 - u) / 6 : 0
  }
}
