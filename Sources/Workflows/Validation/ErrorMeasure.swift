/// Differences, summed up.
///
/// | name | what |
/// |---|---|
/// | `count` | n, how many |
/// | `rms` | √(Σ x²/n) |
/// | `mae` | Σ abs(x)/n |
/// | `largest` | max abs(x) |
public struct ErrorMeasure: Sendable, Codable, Hashable {
  public let count: Int
  public let rms: Double
  public let mae: Double
  public let largest: Double
}

/// What an `ErrorMeasure` is made from.
struct ErrorSum: Sendable {
  private(set) var count = 0
  private(set) var squares = 0.0
  private var magnitudes = 0.0
  private var largest = 0.0

  mutating func add(_ difference: Double) {
    count += 1
    squares += difference * difference
    magnitudes += abs(difference)
    largest = max(largest, abs(difference))
  }

  mutating func add(_ other: ErrorSum) {
    count += other.count
    squares += other.squares
    magnitudes += other.magnitudes
    largest = max(largest, other.largest)
  }

  /// Nil of none.
  var measure: ErrorMeasure? {
    guard count > 0 else { return nil }
    let n = Double(count)
    return ErrorMeasure(
      count: count, rms: (squares / n).squareRoot(), mae: magnitudes / n, largest: largest)
  }
}
