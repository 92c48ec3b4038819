/// How much of the labels' forces a potential gives: the slope of its components against theirs, by
/// least squares through the origin, where both have to vanish.
///
///     a = Σ F F_label / Σ F_label²
///     r = Σ F F_label / √(Σ F² Σ F_label²)
///
/// | symbol | name | what |
/// |---|---|---|
/// | a | `slope` | 1 where forces are right on average, below it where the potential is too soft |
/// | r | `correlation` | 1 where only the slope is off |
/// | - | `lowest`, `highest` | a of single frames |
///
/// A slope below one away from the crystals' minima is what universal potentials are known for: Deng
/// et al., npj Comput. Mater. 11, 9 (2025).
public struct ForceSlope: Sendable, Codable, Hashable {
  public let slope: Double
  public let correlation: Double
  public let lowest: Double
  public let highest: Double

  /// - Parameter products: of each frame.
  /// - Returns: nil where all labels, or all that was found, are zero.
  init?(_ products: [ForceProducts]) {
    let all = ForceProducts(products)
    // A frame at rest by symmetry has no slope.
    let slopes = products.compactMap(\.slope)
    guard let slope = all.slope, let correlation = all.correlation, let least = slopes.min(),
      let most = slopes.max()
    else { return nil }
    (self.slope, self.correlation) = (slope, correlation)
    (lowest, highest) = (least, most)
  }
}
