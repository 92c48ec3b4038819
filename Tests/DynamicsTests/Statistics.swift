import Atomistics

/// Samples along a trajectory, which remember one another.
struct Series {
  let values: [Double]

  init(_ values: [Double]) { self.values = values }

  var count: Double { Double(values.count) }
  var mean: Double { values.reduce(0, +) / count }
  var variance: Double {
    let mean = mean
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
  }

  /// g = 1 + 2 Σ_t C(t)/C(0), how many samples tell as much as one independent one; the sum ends at
  /// the first t above 5 g (Sokal's window).
  var inefficiency: Double {
    let mean = mean
    let deviations = values.map { $0 - mean }
    let norm = deviations.reduce(0) { $0 + $1 * $1 } / count
    guard norm > 0 else { return count }
    var g = 1.0
    for lag in 1..<max(2, values.count / 2) {
      var sum = 0.0
      for k in 0..<(values.count - lag) { sum += deviations[k] * deviations[k + lag] }
      g += 2 * sum / (Double(values.count - lag) * norm)
      if Double(lag) > 5 * g { break }
    }
    return max(g, 1)
  }

  /// Every n-th sample, far enough apart to count as independent.
  var independent: [Double] {
    let step = Int((2 * inefficiency).rounded(.up))
    return stride(from: 0, to: values.count, by: step).map { values[$0] }
  }

  /// The two-sided probability of a mean at least so far from the expected one, were that true.
  func probability(ofMean expected: Double, variance: Double) -> Double {
    let z = abs(mean - expected) / (variance * inefficiency / count).squareRoot()
    return complementaryErrorFunction(z / 2.0.squareRoot())
  }

  /// The probability of so large a distance between the distribution of the samples and the one
  /// expected, were that true (Kolmogorov and Smirnov, with Stephens' correction for finite n).
  func probability(of distribution: (Double) -> Double) -> Double {
    let sorted = independent.sorted()
    let n = Double(sorted.count)
    var distance = 0.0
    for (k, x) in sorted.enumerated() {
      let expected = distribution(x)
      distance = max(distance, expected - Double(k) / n, Double(k + 1) / n - expected)
    }
    let root = n.squareRoot()
    let lambda = (root + 0.12 + 0.11 / root) * distance
    guard lambda > 0.2 else { return 1 }
    var sum = 0.0
    for k in 1...100 {
      sum += (k % 2 == 1 ? 2 : -2) * exponential(-2 * Double(k * k) * lambda * lambda)
    }
    return min(1, max(0, sum))
  }
}

/// P(a, x), the distribution function of the gamma distribution of shape a: the series for
/// x < a + 1, else one minus Lentz's continued fraction (Numerical Recipes, 6.2).
func gammaDistribution(_ a: Double, _ x: Double) -> Double {
  guard x > 0 else { return 0 }
  let front = exponential(a * naturalLogarithm(x) - x - logarithmOfGamma(a))
  if x < a + 1 {
    var (term, sum, n) = (1 / a, 1 / a, a)
    while term > sum * 1e-16 {
      n += 1
      term *= x / n
      sum += term
    }
    return sum * front
  }
  var b = x + 1 - a
  var c = 1e300
  var d = 1 / b
  var h = d
  for k in 1...10_000 {
    let factor = -Double(k) * (Double(k) - a)
    b += 2
    d = 1 / (factor * d + b)
    c = b + factor / c
    h *= c * d
    if abs(c * d - 1) < 1e-15 { break }
  }
  return 1 - front * h
}

/// ln Γ(a) by Stirling's series, after the recurrence has brought a above 10.
func logarithmOfGamma(_ a: Double) -> Double {
  var (x, product) = (a, 1.0)
  while x < 10 {
    product *= x
    x += 1
  }
  let inverse = 1 / (x * x)
  let series = (1.0 / 12 - inverse * (1.0 / 360 - inverse * (1.0 / 1260 - inverse / 1680))) / x
  return (x - 0.5) * naturalLogarithm(x) - x + 0.5 * naturalLogarithm(2 * .pi) + series
    - naturalLogarithm(product)
}

/// erfc(z) for z ≥ 0 is 1 − P(½, z²).
func complementaryErrorFunction(_ z: Double) -> Double { 1 - gammaDistribution(0.5, z * z) }
