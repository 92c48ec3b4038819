import Atomistics
import Testing

/// The tests' own tools, against values known otherwise.
@Suite struct StatisticsTests {
  @Test func gammaFunctionsHaveTheirKnownValues() {
    #expect(abs(logarithmOfGamma(5) - naturalLogarithm(24)) < 1e-12)
    #expect(abs(logarithmOfGamma(0.5) - 0.5 * naturalLogarithm(.pi)) < 1e-12)
    for x in [0.1, 1, 2.5, 9] {
      #expect(abs(gammaDistribution(1, x) - (1 - exponential(-x))) < 1e-11)
      let two = 1 - exponential(-x) * (1 + x)
      #expect(abs(gammaDistribution(2, x) - two) < 1e-11)
    }
    // Two-sided 5 % of a normal number.
    #expect(abs(complementaryErrorFunction(1.959963985 / 2.0.squareRoot()) - 0.05) < 1e-9)
  }

  /// An autoregressive series x' = ρ x + √(1 − ρ²) z has g = (1 + ρ)/(1 − ρ).
  @Test func memoryIsMeasured() {
    var random = RandomGenerator(seed: 5)
    var x = 0.0
    let series = Series(
      (0..<100_000).map { _ in
        x = 0.9 * x + (1 - 0.81).squareRoot() * random.gaussian()
        return x
      })
    #expect(abs(series.inefficiency / 19 - 1) < 0.15)
    #expect(series.probability(ofMean: 0, variance: 1) > 1e-3)
    #expect(series.probability(ofMean: 0.1, variance: 1) < 1e-6)
  }

  @Test(arguments: [0.3, 1, 1.5, 12, 160.5]) func gammaNumbersAreGammaDistributed(shape: Double) {
    var random = RandomGenerator(seed: 11)
    let series = Series((0..<20_000).map { _ in random.gamma(shape: shape) })
    #expect(series.probability { gammaDistribution(shape, $0) } > 1e-3)
    #expect(series.probability { gammaDistribution(1.15 * shape, $0) } < 1e-4)
    #expect(series.probability(ofMean: shape, variance: shape) > 1e-3)
  }

  @Test func squaresSumToChiSquared() {
    var random = RandomGenerator(seed: 12)
    #expect(random.chiSquared(degrees: 0) == 0)
    for degrees in [1, 2, 23] {
      let series = Series((0..<20_000).map { _ in random.chiSquared(degrees: degrees) })
      #expect(series.probability { gammaDistribution(Double(degrees) / 2, $0 / 2) } > 1e-3)
    }
  }

  @Test func sameStateSameNumbers() {
    var one = RandomGenerator(seed: 3)
    for _ in 0..<10 { _ = one.gamma(shape: 7.5) }
    let words = one.words
    var two = RandomGenerator(words: words[0], words[1], words[2], words[3])
    for shape in [0.4, 3, 50] { #expect(one.gamma(shape: shape) == two.gamma(shape: shape)) }
  }
}
