import Analysis
import Atomistics
import Testing

/// Verdicts on losses whose law is known.
@Suite struct VerdictTests {
  struct Tally {
    var right = 0
    var wrong = 0
    var trials = 0
  }

  /// - Parameter isWrong: an outcome that the law contradicts.
  static func tally(
    _ trials: Int, _ losses: (UInt64) -> SyntheticLosses, right: Verdict.Outcome,
    isWrong: (Verdict.Outcome) -> Bool
  ) -> Tally {
    var tally = Tally()
    for seed in 0..<UInt64(trials) {
      let outcome = Verdict(losses(seed).draw(seed)).outcome
      tally.trials += 1
      if outcome == right { tally.right += 1 }
      if isWrong(outcome) { tally.wrong += 1 }
    }
    return tally
  }

  /// Plateaus at 30 to 70 %, runs of 5 to 20 time constants; 120 clusters in three seeds.
  @Test func plateausAreFound() {
    let found = Self.tally(
      200,
      { seed in
        SyntheticLosses(
          law: .saturating(x: 5 + 15 * Double(seed % 20) / 19),
          share: 0.3 + 0.4 * Double(seed % 7) / 6)
      }, right: .passivating, isWrong: { $0 == .reacting || $0 == .stable })
    #expect(found.wrong < 4 && found.right >= 160, "\(found)")
  }

  /// 95 % bands of the time constant and of the share lost hold in 90 to 99 % of 500 contacts; the bonds
  /// of a cluster break within 0.05 % of the run of one another, so that τ is that of the law.
  @Test(arguments: [(3, 10), (5, 8)]) func parametersLieInTheirBands(seeds: Int, perLayer: Int) {
    var held = (timeConstant: 0, share: 0)
    for seed in 0..<UInt64(500) {
      let x = 5 * power(4, Double(seed % 20) / 19)
      let share = 0.3 + 0.4 * Double(seed % 7) / 6
      let evidence = Verdict(
        SyntheticLosses(
          law: .saturating(x: x), share: share, seeds: seeds, perLayer: perLayer, spread: 0.0005
        ).draw(seed)
      ).evidence
      let bands = (evidence.timeConstant_ps, evidence.lostShare)
      if bands.0[1] <= 200 / x, 200 / x <= bands.0[2] { held.timeConstant += 1 }
      // One in five of the clusters that react loses a single bond of four.
      let lost = share * (0.8 + 0.2 / 4)
      if bands.1[1] <= lost, lost <= bands.1[2] { held.share += 1 }
    }
    #expect((450...495).contains(held.timeConstant), "\(held)")
    #expect((450...495).contains(held.share), "\(held)")
  }

  /// Runs of half a time constant to four of them.
  @Test func plateausThatAreNotReached() {
    let found = Self.tally(
      200,
      { seed in
        let x = 0.5 * power(8, Double(seed % 20) / 19)
        return SyntheticLosses(
          law: .saturating(x: x),
          share: (0.3 + 0.4 * Double(seed % 7) / 6) * (1 - exponential(-x)))
      }, right: .passivating, isWrong: { $0 == .reacting || $0 == .stable })
    #expect(found.wrong < 4, "\(found)")
  }

  @Test(arguments: [ReactionLaw.linear, .parabolic]) func whatDoesNotStopReacts(law: ReactionLaw) {
    let found = Self.tally(
      200, { seed in SyntheticLosses(law: law, share: 0.6 + 0.3 * Double(seed % 7) / 6) },
      right: .reacting, isWrong: { $0 == .passivating || $0 == .stable })
    #expect(found.wrong < 4 && found.right >= 160, "\(found)")
  }

  /// The same while less is lost: it may not be told, but not be told wrongly.
  @Test(arguments: [ReactionLaw.linear, .parabolic]) func earlyLossesAreNoVerdict(law: ReactionLaw)
  {
    let found = Self.tally(
      200, { seed in SyntheticLosses(law: law, share: 0.05 + 0.4 * Double(seed % 7) / 6) },
      right: .reacting, isWrong: { $0 == .passivating || $0 == .stable })
    #expect(found.wrong < 4, "\(found)")
  }

  /// A fast start, then steadily on.
  @Test func burstsAreNoPlateaus() {
    let found = Self.tally(
      200,
      { seed in
        SyntheticLosses(
          law: .burst(share: 0.3 + 0.4 * Double(seed % 5) / 4, x: 20),
          share: 0.3 + 0.4 * Double(seed % 7) / 6)
      }, right: .reacting, isWrong: { $0 == .passivating || $0 == .stable })
    #expect(found.wrong < 4, "\(found)")
  }

  /// A slab whose first layer goes and whose deeper ones were never reached: told only once the run
  /// is long enough for the second layer to have gone too.
  @Test func aSpentLayerIsNoPassivation() {
    func verdict(_ x: Double, _ seed: UInt64) -> Verdict {
      var losses = SyntheticLosses(law: .saturating(x: x), share: 1)
      losses.layers = 1
      losses.partly = 0
      let first = losses.draw(seed)
      let deeper = first.units.map {
        ObservedLosses.Unit(seed: $0.seed, layer: 1, bonds: $0.bonds, losses: [])
      }
      return Verdict(
        ObservedLosses(units: first.units + deeper, duration_ps: first.duration_ps, seeds: 3))
    }
    var (early, late) = (0, 0)
    for seed in 0..<UInt64(100) {
      // 1.8 time constants are about when 80 % of the layer are lost.
      let short = verdict(1.9, seed)
      #expect(short.outcome != .passivating, "\(short.reasons)")
      early += short.outcome == .notEnoughEvidence ? 1 : 0
      late += verdict(40, seed).outcome == .passivating ? 1 : 0
    }
    #expect(early >= 90 && late >= 90, "\(early) \(late)")
  }

  @Test func whatLosesNothingIsStableIfThereIsEnoughOfIt() {
    func untouched(_ perLayer: Int, seeds: Int) -> Verdict {
      var losses = SyntheticLosses(law: .linear, share: 0)
      (losses.perLayer, losses.seeds) = (perLayer, seeds)
      return Verdict(losses.draw(1))
    }
    #expect(untouched(10, seeds: 3).outcome == .stable)
    #expect(untouched(2, seeds: 3).outcome == .notEnoughEvidence)
    #expect(untouched(40, seeds: 2).outcome == .notEnoughEvidence)
    // 0.95^(N + 1) < 0.05 first at N = 58.
    func stable(_ count: Int) -> Bool {
      let units = (0..<count).map {
        ObservedLosses.Unit(seed: $0 % 3, layer: 0, bonds: 4, losses: [])
      }
      return Verdict(ObservedLosses(units: units, duration_ps: 10, seeds: 3)).outcome == .stable
    }
    #expect(stable(58) && !stable(57))
  }

  @Test func whatIsConsumedReacts() {
    var losses = SyntheticLosses(law: .saturating(x: 10), share: 1)
    losses.partly = 0
    #expect(Verdict(losses.draw(3)).outcome == .reacting)
  }

  @Test func withoutLayersNothingPassivates() {
    let losses = SyntheticLosses(law: .saturating(x: 15), share: 0.5).draw(2)
    #expect(Verdict(losses).outcome == .passivating)
    let bare = ObservedLosses(
      units: losses.units.map {
        ObservedLosses.Unit(seed: $0.seed, layer: nil, bonds: $0.bonds, losses: $0.losses)
      }, duration_ps: losses.duration_ps, seeds: losses.seeds)
    let verdict = Verdict(bare)
    #expect(verdict.outcome == .notEnoughEvidence)
    #expect(verdict.reasons.contains { $0.contains("layers") })
  }

  /// Three contacts: one that does not react, one slower than the reference.
  @Test func contactsAreRankedAndSlowedIsAgainstAReference() throws {
    func contact(_ name: String, _ share: Double, _ seed: UInt64) -> ReactionRanking.Contact {
      ReactionRanking.Contact(
        name: name, losses: SyntheticLosses(law: .linear, share: share).draw(seed), area_nm2: 1.5)
    }
    let ranking = ReactionRanking(
      [contact("fast", 0.8, 1), contact("slow", 0.3, 2), contact("still", 0, 3)],
      reference: "fast")
    #expect(ranking.rows.map(\.name) == ["still", "slow", "fast"])
    #expect(ranking.rows.map(\.verdict.outcome) == [.stable, .slowed, .reacting])
    #expect(ranking.rows[1].losesLessThan["fast"] == 1 && ranking.rows[0].isLeast == 1)
    let alone = ReactionRanking([contact("fast", 0.8, 1), contact("slow", 0.3, 2)], reference: nil)
    #expect(alone.rows.allSatisfy { $0.verdict.outcome != .slowed })
    let same = ReactionRanking(
      [contact("a", 0.5, 4), contact("b", 0.5, 5)], reference: "a")
    #expect(same.rows.allSatisfy { $0.verdict.outcome != .slowed })
  }

  /// One reacts twice as fast as the other: in the end both have lost all that they have.
  @Test func contactsAreComparedBeforeASlabIsUsedUp() throws {
    func contact(_ name: String, until end: Double) -> ReactionRanking.Contact {
      let clusters = 40
      let units = (0..<3 * clusters).map { k in
        let time = (Double(k / 3) + 0.5) / Double(clusters) * end
        return ObservedLosses.Unit(
          seed: k % 3, layer: 0, bonds: 1, losses: time < 1 ? [SIMD2(time - 1e-3, time)] : [])
      }
      return ReactionRanking.Contact(
        name: name, losses: ObservedLosses(units: units, duration_ps: 100, seeds: 3), area_nm2: 1)
    }
    let (thin, thick) = (contact("thin", until: 0.5), contact("thick", until: 1))
    let ranking = ReactionRanking([thin, thick], reference: "thin")
    #expect(ranking.usedUp == "thin" && abs(ranking.time_ps - 39.4) < 0.1)
    #expect(ranking.rows.map(\.name) == ["thick", "thin"])
    #expect(abs(ranking.rows[0].lost_per_nm2[0] - 16) < 1.5)
    #expect(abs(ranking.rows[1].lost_per_nm2[0] - 32) < 1.5)
    #expect(ranking.rows[0].losesLessThan["thin"] ?? 0 > 0.99)
    let slow = ReactionRanking([contact("a", until: 2), contact("b", until: 4)], reference: nil)
    #expect(slow.usedUp == nil && slow.time_ps == 100)
  }

  @Test func theOutlookTellsHowLongARunMustBe() throws {
    let short = SyntheticLosses(law: .saturating(x: 1.5), share: 0.4).draw(6)
    #expect(Verdict(short).outcome == .notEnoughEvidence)
    let needed = try #require(VerdictOutlook(short).neededDuration_ps)
    #expect(needed > short.duration_ps && needed < 30 * short.duration_ps)
    let long = SyntheticLosses(law: .saturating(x: 15), share: 0.5).draw(2)
    #expect(VerdictOutlook(long).neededDuration_ps == nil)
    #expect(VerdictOutlook(long).withoutSeed.isEmpty)
  }
}
