import Atomistics

/// Contacts by how much of them reacts, with probabilities.
///
/// Clusters lost per nm² of contact at the end of the shortest run of any, or earlier: when the first
/// contact has lost 80 % of its clusters in all seeds together. A slab that is used up loses no more,
/// and a contact that reacts faster would seem to lose as much as a slower one with more layers.
///
/// Seeds, and in each the clusters, are drawn with replacement 2,000 times (B. Efron, R. Tibshirani, An
/// Introduction to the Bootstrap, 1993), from one seed of random numbers.
public struct ReactionRanking: Sendable, Codable {
  /// One contact, that which loses least first.
  public struct Row: Sendable, Codable {
    public let name: String
    public let verdict: Verdict
    public let outlook: VerdictOutlook
    /// Median, 2.5 and 97.5 %, at `time_ps`.
    public let lost_per_nm2: [Double]
    /// That it loses less than each other contact, by name.
    public let losesLessThan: [String: Double]
    /// That it loses least of all.
    public let isLeast: Double
  }

  public struct Contact: Sendable {
    public let name: String
    public let losses: ObservedLosses
    /// Of all contacts in the cell, in nm².
    public let area_nm2: Double

    public init(name: String, losses: ObservedLosses, area_nm2: Double) {
      (self.name, self.losses, self.area_nm2) = (name, losses, area_nm2)
    }
  }

  public let rows: [Row]
  /// When contacts are compared.
  public let time_ps: Double
  /// The contact whose slab is used up then; nil where that is the end of the shortest run.
  public let usedUp: String?
  /// Against which `slowed` is told.
  public let reference: String?

  static let draws = 2000

  /// - Parameter reference: the name of a contact; it is not slowed itself.
  public init(_ contacts: [Contact], reference: String?, rules: Verdict.Rules = Verdict.Rules()) {
    let end = contacts.map(\.losses.duration_ps).min() ?? 0
    let first = contacts.compactMap { contact in
      contact.losses.units.time(losing: LayerFront.spentShare).map {
        (name: contact.name, time: $0 * contact.losses.duration_ps)
      }
    }.filter { $0.time < end }.min { $0.time < $1.time }
    let time = first?.time ?? end
    var random = RandomGenerator(seed: 1, stage: "reaction ranking")
    let drawn = contacts.map { Self.draw($0, at: time, &random) }
    let names = contacts.map(\.name)
    func share(_ isTrue: (Int) -> Bool) -> Double {
      Double((0..<Self.draws).filter(isTrue).count) / Double(Self.draws)
    }
    let base = reference.flatMap { names.firstIndex(of: $0) }
    let found = contacts.indices.map { i -> Row in
      let less = contacts.indices.filter { $0 != i }.map { j in
        (names[j], share { drawn[i][$0] < drawn[j][$0] })
      }
      let verdict = Verdict(contacts[i].losses, rules: rules)
      let slower = base.flatMap { base in
        base == i ? nil : share { drawn[i][$0] < drawn[base][$0] }
      }
      let sorted = drawn[i].sorted()
      return Row(
        name: names[i],
        verdict: slower.map { verdict.slowed(against: reference ?? "", chance: $0, rules) }
          ?? verdict,
        outlook: VerdictOutlook(contacts[i].losses, rules: rules),
        lost_per_nm2: [0.5, 0.025, 0.975].map { sorted[Int($0 * Double(Self.draws - 1))] },
        losesLessThan: Dictionary(uniqueKeysWithValues: less),
        isLeast: share { draw in
          contacts.indices.allSatisfy { $0 == i || drawn[i][draw] < drawn[$0][draw] }
        })
    }
    rows = found.sorted { ($0.lost_per_nm2[0], $0.name) < ($1.lost_per_nm2[0], $1.name) }
    time_ps = time
    usedUp = first?.name
    self.reference = reference
  }

  private static func draw(
    _ contact: Contact, at time: Double, _ random: inout RandomGenerator
  ) -> [Double] {
    let until = time / contact.losses.duration_ps * (1 + 1e-9)
    let lost = Dictionary(grouping: contact.losses.units, by: \.seed).sorted { $0.key < $1.key }
      .map { _, units in
        units.map { unit in
          Double(unit.losses.filter { $0.y <= until }.count) / Double(unit.bonds)
        }
      }
    return (0..<draws).map { _ in
      let sum = lost.indices.reduce(0.0) { sum, _ in
        let units = lost[Int(random.uniform() * Double(lost.count))]
        return sum
          + units.indices.reduce(0.0) { part, _ in
            part + units[Int(random.uniform() * Double(units.count))]
          }
      }
      return sum / Double(lost.count) / contact.area_nm2
    }
  }
}

extension Verdict {
  /// This verdict beside a reference contact that loses more with probability `chance`.
  func slowed(against reference: String, chance: Double, _ rules: Rules) -> Verdict {
    guard outcome == .reacting || outcome == .notEnoughEvidence, evidence.seeds >= rules.seeds,
      chance >= rules.confidence
    else { return self }
    return Verdict(
      .slowed, evidence,
      reasons: [
        "it loses less per area than \(reference) with \(percent(chance)) probability"
      ] + reasons)
  }
}
