import Atomistics

/// Student's t distribution.
enum StudentT {
  /// What a mean of ν + 1 independent normal values lies within, in standard errors, 95 times of
  /// 100; closed forms for ν = 1 and 2, good to 0.5 % beyond.
  ///
  /// Source: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5.
  static func quantile95(degreesOfFreedom: Int) -> Double {
    precondition(degreesOfFreedom >= 1, "a scatter takes two values")
    if degreesOfFreedom == 1 { return 12.706_204_736_174_7 }
    if degreesOfFreedom == 2 { return 0.95 * (2 / (1 - 0.95 * 0.95)).squareRoot() }
    let z = 1.959_963_984_540_054
    let nu = Double(degreesOfFreedom)
    let (z3, z5, z7, z9) = (z * z * z, power(z, 5), power(z, 7), power(z, 9))
    let first = (z3 + z) / 4
    let second = (5 * z5 + 16 * z3 + 3 * z) / 96
    let third = (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / 384
    let fourth = (79 * z9 + 776 * z7 + 1482 * z5 - 1920 * z3 - 945 * z) / 92160
    return z + (first + (second + (third + fourth / nu) / nu) / nu) / nu
  }

  private static func power(_ x: Double, _ n: Int) -> Double {
    (0..<n).reduce(1) { value, _ in value * x }
  }
}
