import Atomistics

/// A 95 % interval of a root mean square, from resampling what it is made of.
///
/// Trajectories are drawn with replacement as often as there are, since frames of one are alike; of one
/// trajectory alone its frames. The interval holds the middle 95 % of 2000 such values (Efron &
/// Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). Of few trajectories it is too
/// narrow.
public struct ForceInterval: Sendable, Codable, Hashable {
  public let low: Double
  public let high: Double
  /// How many were drawn, and whether these are trajectories; else frames.
  public let units: Int
  public let isOfTrajectories: Bool

  static let draws = 2000

  /// - Parameter trajectories: of each the sums of its frames.
  /// - Returns: nil of a single frame.
  init?(_ trajectories: [[ErrorSum]], random: inout RandomGenerator) {
    isOfTrajectories = trajectories.count > 1
    let parts =
      isOfTrajectories
      ? trajectories.map { frames in
        frames.reduce(into: ErrorSum()) { $0.add($1) }
      } : trajectories.flatMap { $0 }
    guard parts.count > 1 else { return nil }
    units = parts.count
    let values = (0..<Self.draws).map { _ in
      var (squares, count) = (0.0, 0)
      for _ in parts.indices {
        let part = parts[Int.random(in: parts.indices, using: &random)]
        squares += part.squares
        count += part.count
      }
      return (squares / Double(count)).squareRoot()
    }.sorted()
    low = values[Self.draws / 40]
    high = values[Self.draws - 1 - Self.draws / 40]
  }
}
