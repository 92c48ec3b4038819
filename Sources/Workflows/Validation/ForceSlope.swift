import Atomistics

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

  /// - Returns: nil where all labels, or all that was found, are zero.
  init?(_ frames: [FrameDeviation]) {
    var all = Products()
    var slopes: [Double] = []
    for frame in frames {
      var own = Products()
      for (found, label) in zip(frame.foundForces, frame.labelForces) { own.add(found, label) }
      all.add(own)
      // A frame at rest by symmetry has no slope.
      if own.labels > 0 { slopes.append(own.both / own.labels) }
    }
    guard let least = slopes.min(), let most = slopes.max(), all.found > 0 else { return nil }
    slope = all.both / all.labels
    correlation = all.both / (all.found * all.labels).squareRoot()
    (lowest, highest) = (least, most)
  }

  /// Σ F F_label, Σ F² and Σ F_label².
  private struct Products {
    var (both, found, labels) = (0.0, 0.0, 0.0)

    mutating func add(_ force: Vector3, _ label: Vector3) {
      both += force.dot(label)
      found += force.dot(force)
      labels += label.dot(label)
    }

    mutating func add(_ other: Products) {
      both += other.both
      found += other.found
      labels += other.labels
    }
  }
}
