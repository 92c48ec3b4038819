import Foundation

/// Pieces of gnuplot's language, for the types that write scripts.
protocol GnuplotLanguage {}

extension GnuplotLanguage {
  /// A single-quoted gnuplot string; nothing is interpreted inside but the doubled quote.
  func quoted(_ text: String) -> String {
    "'" + text.map { $0 == "'" ? "''" : $0.isNewline ? " " : String($0) }.joined() + "'"
  }

  /// Five decimals: a hundredth of a pixel.
  func fraction(_ pixels: Double, _ whole: Double) -> String {
    "\((pixels / whole * 100_000).rounded() / 100_000)"
  }

  func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e9
      ? "\(Int(value))" : "\((value * 1000).rounded() / 1000)"
  }

  /// The smallest of 1, 2, 5 times a power of ten that gives at most so many intervals.
  func evenStep(_ range: ClosedRange<Double>, intervals: Double) -> Double {
    let least = (range.upperBound - range.lowerBound) / intervals
    let power = pow(10, floor(log10(least)))
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= least * 0.999 } ?? 10 * power
  }
}
