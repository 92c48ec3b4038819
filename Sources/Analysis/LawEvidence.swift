import Atomistics

/// What losses say of the laws that they may follow.
///
///     P(data | law) = ∫ dp/p_max p^n (1 − p)^(N − n)  Π_i [F(b_i) − F(a_i)]^(w_i)
///
/// averaged over a law's grid of parameters; the four kinds of law are as likely before.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | N, n | `ObservedLosses.count`, `.lost` | clusters |
/// | p | the share of all clusters lost by T; uniform up to p_max, `ReactionLaw.mostLost` | - |
/// | a_i, b_i | frames between which loss i fell | T |
/// | w_i | 1/m for a cluster of m bonds, so that a cluster counts once | - |
///
/// The first factor says how much, the second when. Akaike's criterion is given beside: 2 k − 2 ln
/// L_max (H. Akaike, IEEE Trans. Autom. Control 19, 716 (1974), doi 10.1109/TAC.1974.1100705).
public struct LawEvidence: Sendable {
  /// One kind of law.
  public struct Row: Sendable, Codable {
    public let law: ReactionLaw.Kind
    public let probability: Double
    /// Akaike's criterion above the least of all kinds.
    public let deltaAIC: Double
  }

  public let rows: [Row]
  /// That the losses follow a law that stops, and have stopped: exponential with T ≥ 2 τ.
  public let hasStopped: Double
  /// That they follow a law that does not stop.
  public let goesOn: Double
  /// τ of the exponential law in ps: median, 2.5 and 97.5 %.
  public let timeConstant_ps: [Double]
  /// The share lost by the end, uniform before: median, 2.5 and 97.5 %.
  public let lostShare: [Double]
  /// The most probable single law.
  let best: ReactionLaw

  /// In time constants; by then 86 % of the plateau is reached.
  static let stoppedAfter = 2.0

  public init(_ losses: ObservedLosses) {
    let weighted = losses.units.flatMap { unit in
      unit.losses.map { (span: $0, weight: 1 / Double(unit.bonds)) }
    }
    self.init(
      count: losses.count, lost: losses.lost, weighted: weighted,
      duration: losses.duration_ps)
  }

  /// - Parameter weighted: when losses fell, with weights that add up to `lost`.
  init(
    count: Double, lost: Double, weighted: [(span: SIMD2<Double>, weight: Double)],
    duration: Double
  ) {
    let amount = LostAmount(count: count, lost: lost)
    var found: [(kind: ReactionLaw.Kind, law: ReactionLaw, evidence: Double, fit: Double)] = []
    for kind in ReactionLaw.Kind.allCases {
      let grid = kind.grid
      for law in grid {
        let timing = weighted.reduce(0.0) { sum, loss in
          let share = law.share(min(1, loss.span.y)) - law.share(min(1, loss.span.x))
          return sum + loss.weight * naturalLogarithm(max(share, 1e-300))
        }
        found.append(
          (
            kind, law,
            timing + amount.evidence(upTo: law.mostLost)
              - naturalLogarithm(Double(grid.count)),
            timing + amount.fit(upTo: law.mostLost)
          ))
      }
    }
    let top = found.map(\.evidence).max() ?? 0
    let weights = found.map { exponential($0.evidence - top) }
    let total = weights.reduce(0, +)
    func probability(_ chosen: (ReactionLaw.Kind, ReactionLaw) -> Bool) -> Double {
      zip(found, weights).reduce(0) { $0 + (chosen($1.0.kind, $1.0.law) ? $1.1 : 0) } / total
    }
    let criteria = ReactionLaw.Kind.allCases.map { kind in
      2 * Double(kind.parameters)
        - 2 * (found.filter { $0.kind == kind }.map(\.fit).max() ?? -.infinity)
    }
    let least = criteria.min() ?? 0
    rows = zip(ReactionLaw.Kind.allCases, criteria).map { kind, criterion in
      Row(law: kind, probability: probability { k, _ in k == kind }, deltaAIC: criterion - least)
    }
    goesOn = probability { kind, _ in kind != .saturating }
    hasStopped = probability { _, law in
      if case .saturating(let x) = law { return x >= Self.stoppedAfter }
      return false
    }
    let constants = zip(found, weights).compactMap {
      one, weight -> (value: Double, weight: Double)? in
      guard case .saturating(let x) = one.law else { return nil }
      return (duration / x, weight)
    }
    timeConstant_ps = bounds(constants)
    lostShare = amount.quantiles
    best = found.max { $0.evidence < $1.evidence }?.law ?? .linear
  }
}

/// Median, 2.5 and 97.5 % of weighted values.
private func bounds(_ values: [(value: Double, weight: Double)]) -> [Double] {
  let sorted = values.sorted { $0.value < $1.value }
  let total = sorted.reduce(0) { $0 + $1.weight }
  return [0.5, 0.025, 0.975].map { level in
    var sum = 0.0
    for (value, weight) in sorted {
      sum += weight
      if sum >= level * total { return value }
    }
    return sorted.last?.value ?? .nan
  }
}

/// How much was lost: p^n (1 − p)^(N − n), p uniform before.
struct LostAmount: Sendable {
  private static let points = (0..<1000).map { (Double($0) + 0.5) / 1000 }
  private let logarithms: [Double]

  init(count: Double, lost: Double) {
    logarithms = Self.points.map {
      lost * naturalLogarithm($0) + (count - lost) * naturalLogarithm(1 - $0)
    }
  }

  /// ln of the mean over p in (0, most).
  func evidence(upTo most: Double) -> Double {
    let inside = zip(Self.points, logarithms).filter { $0.0 < most }.map(\.1)
    // A bound below the first point leaves that point.
    let values = inside.isEmpty ? Array(logarithms.prefix(1)) : inside
    let top = values.max() ?? 0
    let mean = values.reduce(0) { $0 + exponential($1 - top) } / Double(values.count)
    return top + naturalLogarithm(mean)
  }

  /// ln of the largest likelihood for p up to `most`.
  func fit(upTo most: Double) -> Double {
    zip(Self.points, logarithms).filter { $0.0 < most }.map(\.1).max() ?? logarithms[0]
  }

  /// P(p < share).
  func probability(below share: Double) -> Double {
    let all = weighted
    let below = all.filter { $0.value < share }.reduce(0) { $0 + $1.weight }
    return below / all.reduce(0) { $0 + $1.weight }
  }

  /// Median, 2.5 and 97.5 %.
  var quantiles: [Double] { bounds(weighted) }

  private var weighted: [(value: Double, weight: Double)] {
    let top = logarithms.max() ?? 0
    return zip(Self.points, logarithms).map { ($0, exponential($1 - top)) }
  }
}
