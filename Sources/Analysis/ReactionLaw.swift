import Atomistics

/// How the losses of a run are spread over its time, u = t / T in [0, 1].
///
/// | law | L(t) | share F(u) of the run's losses up to u |
/// |---|---|---|
/// | `linear` | r t: nothing slows it | u |
/// | `parabolic` | √(k t): what it makes slows it, and never stops it | √u |
/// | `saturating(x)` | A (1 − exp(−t/τ)), x = T/τ: it stops at A | (1 − e^(−x u)) / (1 − e^(−x)) |
/// | `burst(w, x)` | a share w stops, the rest goes on steadily | w saturating(x) + (1 − w) u |
///
/// The parabolic law is Wagner's of growth limited by diffusion through the product (C. Wagner, Z.
/// phys. Chem. B 21, 25 (1933), doi 10.1515/zpch-1933-2105).
public enum ReactionLaw: Sendable, Hashable {
  case linear
  case parabolic
  case saturating(x: Double)
  case burst(share: Double, x: Double)

  /// F(u).
  public func share(_ u: Double) -> Double {
    switch self {
    case .linear: u
    case .parabolic: u.squareRoot()
    case .saturating(let x): (1 - exponential(-x * u)) / (1 - exponential(-x))
    case .burst(let w, let x): w * ReactionLaw.saturating(x: x).share(u) + (1 - w) * u
    }
  }

  /// The most that can be lost by the end: with A ≤ 1 an exponential law has lost 1 − e^(−x).
  var mostLost: Double {
    if case .saturating(let x) = self { return 1 - exponential(-x) }
    return 1
  }

  public enum Kind: String, Sendable, Codable, CaseIterable {
    case linear, parabolic, burst
    case saturating = "exponential to a plateau"

    /// Free parameters, the amount lost among them.
    var parameters: Int {
      switch self {
      case .linear, .parabolic: 1
      case .saturating: 2
      case .burst: 3
      }
    }

    /// The laws of this kind on a grid of equal prior weight: ln x uniform from 0.1 to 60 (of a burst
    /// from 3, so that it is over), w uniform from 0.2 to 0.8.
    var grid: [ReactionLaw] {
      func logarithmic(_ from: Double, _ to: Double, _ count: Int) -> [Double] {
        (0..<count).map {
          from * power(to / from, (Double($0) + 0.5) / Double(count))
        }
      }
      switch self {
      case .linear: return [.linear]
      case .parabolic: return [.parabolic]
      case .saturating: return logarithmic(0.1, 60, 128).map { .saturating(x: $0) }
      case .burst:
        return logarithmic(3, 60, 24).flatMap { x in
          (0..<12).map { .burst(share: 0.2 + 0.05 * (Double($0) + 0.5), x: x) }
        }
      }
    }
  }
}
