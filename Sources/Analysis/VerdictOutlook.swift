import Atomistics

/// What would change a verdict, and what would bring one.
///
/// For the length of a run the losses go on by the law that is most probable now; at T' the expected
/// ones, spread over the time as the law has them, stand in for the real ones. The same seeds are run
/// on.
public struct VerdictOutlook: Sendable, Codable {
  /// The outcome without one seed (from 1), where it is another.
  public let withoutSeed: [Int: Verdict.Outcome]
  /// In ps; nil where there is enough evidence, or where 64 times the present duration would not do.
  public let neededDuration_ps: Double?

  public init(_ losses: ObservedLosses, rules: Verdict.Rules = Verdict.Rules()) {
    let now = Verdict(losses, rules: rules)
    var others: [Int: Verdict.Outcome] = [:]
    if losses.seeds > 1 {
      // One seed fewer is no reason by itself.
      var fewer = rules
      fewer.seeds = min(rules.seeds, losses.seeds) - 1
      for seed in 0..<losses.seeds {
        let other = Verdict(losses.without(seed: seed), rules: fewer).outcome
        if other != now.outcome { others[seed + 1] = other }
      }
    }
    withoutSeed = others
    neededDuration_ps =
      now.outcome == .notEnoughEvidence ? Self.needed(losses, rules) : nil
  }

  private static func needed(_ losses: ObservedLosses, _ rules: Verdict.Rules) -> Double? {
    // More seeds, not longer runs, where these are too few.
    guard losses.lost > 0, losses.seeds >= rules.seeds else { return nil }
    let law = LawEvidence(losses).best
    for step in 1...24 {
      let factor = power(2, Double(step) / 4)
      let longer = expected(losses.lost, law, factor)
      let lost = longer.reduce(0) { $0 + $1.weight }
      guard lost <= losses.count else { return nil }
      let duration = losses.duration_ps * factor
      let found = LawEvidence(
        count: losses.count, lost: lost, weighted: longer, duration: duration)
      if max(found.hasStopped, found.goesOn) >= rules.confidence { return duration }
    }
    return nil
  }

  private static func expected(
    _ now: Double, _ law: ReactionLaw, _ factor: Double
  ) -> [(span: SIMD2<Double>, weight: Double)] {
    let bins = 64
    return (0..<bins).map { bin in
      let span = SIMD2(Double(bin), Double(bin + 1)) / Double(bins)
      // The law in units of the present duration goes on beyond 1.
      return (span, now * (law.share(span.y * factor) - law.share(span.x * factor)))
    }
  }
}
