import Atomistics

/// What runs of one contact say of its reaction; it can be that they say nothing.
///
/// Numbers are those of `Rules`; N clusters in all seeds, a share p of them lost by the end.
///
/// | verdict | when |
/// |---|---|
/// | `stable` | p < 5 % with 95 % probability |
/// | `passivating` | an exponential law that has stopped (T ≥ 2 τ) has 95 % of the probability, p < 90 % with 95 %, and the plateau is no spent layer: at 5 % the next layer did not react like the last one spent |
/// | `slowed` | not one of these, less lost per area than a named reference contact with 95 % |
/// | `reacting` | laws that do not stop have 95 %, or p > 90 % with 95 % |
/// | `notEnoughEvidence` | else, and always with fewer than three seeds |
public struct Verdict: Sendable, Codable {
  public enum Outcome: String, Sendable, Codable, CaseIterable {
    case stable, passivating, slowed, reacting
    case notEnoughEvidence = "not enough evidence"
  }

  /// The numbers of the definitions.
  public struct Rules: Sendable, Codable, Hashable {
    public var confidence = 0.95
    /// Less than this share lost is stable.
    public var stableBelow = 0.05
    /// More than this share lost leaves nothing to be protected.
    public var consumedAbove = 0.9
    public var seeds = 3

    public init() {}
  }

  /// What the losses say.
  public struct Evidence: Sendable, Codable {
    public let seeds: Int
    public let clusters: Int
    public let clustersLost: Double
    public let duration_ps: Double
    /// Median, 2.5 and 97.5 %.
    public let lostShare: [Double]
    public let laws: [LawEvidence.Row]
    /// That the reaction has stopped within the run.
    public let hasStopped: Double
    /// That it follows a law that does not stop.
    public let goesOn: Double
    /// Of the exponential law: median, 2.5 and 97.5 %.
    public let timeConstant_ps: [Double]
    /// nil where the layers are not known.
    public let front: LayerFront?
  }

  public let outcome: Outcome
  public let evidence: Evidence
  /// Sentences: why this outcome and no other.
  public let reasons: [String]
  /// What every verdict of classical dynamics has to say (Fang and Jena's mechanism is electronic).
  public static let caveat =
    "A local potential carries no electrons: where the reaction stops because electrons do not pass "
    + "the interphase, it cannot show it; it can only show atoms that do not move or do not touch."

  public init(_ losses: ObservedLosses, rules: Rules = Rules()) {
    let found = Finding(losses, rules)
    outcome = found.outcome
    reasons = found.reasons
    evidence = Evidence(
      seeds: losses.seeds, clusters: losses.units.count, clustersLost: losses.lost,
      duration_ps: losses.duration_ps, lostShare: found.laws.lostShare, laws: found.laws.rows,
      hasStopped: found.laws.hasStopped, goesOn: found.laws.goesOn,
      timeConstant_ps: found.laws.timeConstant_ps, front: found.front)
  }

  init(_ outcome: Outcome, _ evidence: Evidence, reasons: [String]) {
    self.outcome = outcome
    self.evidence = evidence
    self.reasons = reasons
  }
}

/// The definitions, applied once.
private struct Finding {
  let outcome: Verdict.Outcome
  let reasons: [String]
  let laws: LawEvidence
  let front: LayerFront?

  init(_ losses: ObservedLosses, _ rules: Verdict.Rules) {
    laws = LawEvidence(losses)
    front = LayerFront(losses)
    let amount = LostAmount(count: losses.count, lost: losses.lost)
    let isStable = amount.probability(below: rules.stableBelow)
    let isLeft = amount.probability(below: rules.consumedAbove)
    (outcome, reasons) = Self.judge(losses, rules, laws, front, isStable, isLeft)
  }

  private static func judge(
    _ losses: ObservedLosses, _ rules: Verdict.Rules, _ laws: LawEvidence, _ front: LayerFront?,
    _ isStable: Double, _ isLeft: Double
  ) -> (Verdict.Outcome, [String]) {
    let lost =
      "\(percent(laws.lostShare[0])) of \(losses.units.count) clusters are lost after "
      + "\(decimals(losses.duration_ps, 1)) ps"
    guard losses.seeds >= rules.seeds else {
      return (
        .notEnoughEvidence,
        ["\(lost); \(losses.seeds) of at least \(rules.seeds) independent seeds were run"]
      )
    }
    if isStable >= rules.confidence {
      return (
        .stable,
        ["\(lost), fewer than \(percent(rules.stableBelow)) with \(percent(isStable)) probability"]
      )
    }
    if 1 - isLeft >= rules.confidence {
      return (
        .reacting,
        [
          "\(lost), more than \(percent(rules.consumedAbove)) with \(percent(1 - isLeft)) "
            + "probability: nothing is left to be protected"
        ]
      )
    }
    if laws.hasStopped >= rules.confidence {
      return stopped(lost, rules, laws, front, isLeft)
    }
    if laws.goesOn >= rules.confidence {
      let best = laws.rows.filter { $0.law != .saturating }.max { $0.probability < $1.probability }
      return (
        .reacting,
        [
          "\(lost), by a law that does not stop with \(percent(laws.goesOn)) probability, of these "
            + "most likely the \(best?.law.rawValue ?? "linear") one"
        ]
      )
    }
    return (
      .notEnoughEvidence,
      [
        "\(lost): a reaction that has stopped has \(percent(laws.hasStopped)) probability, one that "
          + "does not stop \(percent(laws.goesOn)), one that would stop later the rest; "
          + "\(percent(rules.confidence)) are asked for"
      ]
    )
  }

  private static func stopped(
    _ lost: String, _ rules: Verdict.Rules, _ laws: LawEvidence, _ front: LayerFront?,
    _ isLeft: Double
  ) -> (Verdict.Outcome, [String]) {
    var reasons = [
      "\(lost), and no more follow with \(percent(laws.hasStopped)) probability; the time constant is "
        + "\(decimals(laws.timeConstant_ps[0], 1)) ps"
    ]
    guard isLeft >= rules.confidence else {
      reasons.append("but it may be that nothing is left to react")
      return (.notEnoughEvidence, reasons)
    }
    guard let front else {
      reasons.append(
        "but the layers of the clusters are not known, and a thin slab that loses its first layer "
          + "seems to stop as well")
      return (.notEnoughEvidence, reasons)
    }
    guard let chance = front.chanceThatNextReactsAlike else {
      reasons.append("no layer is used up")
      return (.passivating, reasons)
    }
    let depths = front.spentLayers.map(String.init).joined(separator: ", ")
    let spent =
      "from the contact on \(depths) layers (by seed) are used up, the last since "
      + "\(decimals(front.spentAt_ps ?? 0, 1)) ps"
    guard chance < 1 - rules.confidence else {
      reasons.append(
        "but \(spent), and the next would have lost no more than it did with \(percent(chance)) "
          + "probability if it reacted alike: a spent layer is no passivation")
      return (.notEnoughEvidence, reasons)
    }
    reasons.append(
      "\(spent); that the next one reacts alike and lost no more than it did has \(percent(chance)) "
        + "probability")
    return (.passivating, reasons)
  }
}

func percent(_ share: Double) -> String { decimals(share * 100, share < 0.1 ? 1 : 0) + " %" }

/// Rounded to so many decimals.
func decimals(_ value: Double, _ count: Int) -> String {
  guard value.isFinite else { return "no" }
  let scale = power(10, Double(count))
  let rounded = (value * scale).rounded() / scale
  return count == 0 ? "\(Int(rounded))" : "\(rounded)"
}
