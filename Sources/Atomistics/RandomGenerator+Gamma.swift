extension RandomGenerator {
  /// A number from the gamma distribution of the given shape and scale one.
  ///
  ///     p(x) = x^(a−1) e^(−x)/Γ(a)
  ///
  /// By Marsaglia and Tsang's rejection: x = d v with d = a − ⅓, v = (1 + z/√(9 d))³ and z normal is
  /// taken if ln u < z²/2 + d (1 − v + ln v). For a < 1 a number of shape a + 1 is multiplied by
  /// u^(1/a). How many random words a draw takes varies, but they are the same for the same state.
  ///
  /// Source: Marsaglia and Tsang, ACM Trans. Math. Softw. 26, 363 (2000), doi 10.1145/358407.358414.
  public mutating func gamma(shape: Double) -> Double {
    precondition(shape > 0 && shape.isFinite, "the shape is above zero")
    guard shape >= 1 else {
      let larger = gamma(shape: shape + 1)
      return larger * power(1 - uniform(), 1 / shape)
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let z = gaussian()
      let root = 1 + c * z
      guard root > 0 else { continue }
      let v = root * root * root
      let u = 1 - uniform()
      if naturalLogarithm(u) < 0.5 * z * z + d * (1 - v + naturalLogarithm(v)) { return d * v }
    }
  }

  /// The sum of the squares of so many normal numbers: χ² of that many degrees of freedom.
  public mutating func chiSquared(degrees: Int) -> Double {
    precondition(degrees >= 0, "the number of squares is not below zero")
    return degrees == 0 ? 0 : 2 * gamma(shape: Double(degrees) / 2)
  }
}
