import Atomistics
import Interfaces
import Testing

struct ContactRankingTests {
  private func candidates(
    _ film: String, area: Double, atoms: Int = 400
  ) throws -> [ContactCandidate] {
    var settings = ContactSettings()
    (settings.maximumArea, settings.maximumAtoms) = (area, atoms)
    return try CoherentInterface.candidates(
      electrolyte: SampleCrystals.named(film), metal: SampleCrystals.named("Li"),
      settings: settings)
  }

  @Test(arguments: ["Li6PS5Cl", "Li6PS5BH4", "LiBH4"])
  func fewerConcernsThenLessStrainThenFewerBrokenBondsThenFewerAtoms(film: String) throws {
    let candidates = try candidates(film, area: 250)
    let ranking = ContactRanking(candidates, upTo: 1, stressLimit: 1)
    #expect(ranking.entries.count == candidates.count && candidates.count > 2)
    for (a, b) in zip(ranking.entries, ranking.entries.dropFirst()) {
      guard a.concerns.count == b.concerns.count else {
        #expect(a.concerns.count < b.concerns.count)
        continue
      }
      let (s, t) = (a.candidate.shared.largest, b.candidate.shared.largest)
      guard abs(s - t) < 1e-7 else {
        #expect(s < t)
        continue
      }
      let (m, n) = (a.character.brokenBonds ?? 0, b.character.brokenBonds ?? 0)
      #expect(abs(m - n) > 1e-3 ? m < n : a.candidate.atoms <= b.candidate.atoms)
    }
    for entry in ranking.entries {
      #expect(entry.concerns.contains(.polar) == entry.character.isPolar)
      // No cut passes through a cluster unless asked.
      #expect(!entry.concerns.contains(.cutsClusters))
    }
  }

  @Test(arguments: ["Li6PS5Cl", "Li6PS5BH4", "LiBH4"])
  func theShortlistHoldsTheFirstOfEachKind(film: String) throws {
    let ranking = ContactRanking(try candidates(film, area: 250), upTo: 1, stressLimit: 1)
    let shortlist = ranking.shortlist
    let kinds = shortlist.map(\.outermost)
    #expect(Set(kinds).count == kinds.count && kinds.count >= 2, "\(kinds)")
    #expect(Set(kinds) == Set(ranking.entries.map(\.outermost)))
    for entry in shortlist {
      let first = try #require(ranking.entries.first { $0.outermost == entry.outermost })
      #expect(first.candidate.termination.cut == entry.candidate.termination.cut)
      #expect(first.candidate.match.area == entry.candidate.match.area)
    }
    // Kinds that nothing matches are told, and only those.
    let crystal = try #require(ranking.entries.first).candidate.electrolyte.crystal
    let all = Set(try Termination.all(of: crystal, upTo: 1).joined().map { $0.kind.groups[0] })
    #expect(Set(kinds).union(ranking.missingKinds) == all)
    #expect(Set(kinds).isDisjoint(with: ranking.missingKinds))
  }

  @Test func polarAndStressedContactsStandBehind() throws {
    let candidates = try candidates("LiCl", area: 300)
    let ranking = ContactRanking(candidates, upTo: 1, stressLimit: 1)
    // Of rock salt only (111) is polar.
    let first = try #require(ranking.entries.first)
    #expect(first.concerns.isEmpty && first.character.tasker == .neutralLayers)
    let polar = ranking.entries.filter { $0.concerns == [.polar] }
    #expect(!polar.isEmpty)
    for entry in polar {
      let face = entry.candidate.electrolyteMiller
      #expect(abs(face.h * face.k * face.l) == 1, "\(face)")
    }
    // Under too much stress the first loses its place to one that is not.
    let area = first.candidate.match.area
    let stressed = ContactRanking(
      candidates, upTo: 1, stressLimit: 1, stress: { $0.match.area == area ? 2 : 0.5 })
    let now = try #require(stressed.entries.first)
    #expect(now.candidate.match.area != area && now.concerns.isEmpty && now.stress == 0.5)
    #expect(stressed.entries.contains { $0.concerns == [.stress] && $0.stress == 2 })
    // Where stresses are known they count, not strains.
    let reversed = ContactRanking(
      candidates, upTo: 1, stressLimit: 1, stress: { 0.5 - $0.shared.largest })
    let calm = reversed.entries.filter(\.concerns.isEmpty)
    for (a, b) in zip(calm, calm.dropFirst()) {
      #expect(a.candidate.shared.largest > b.candidate.shared.largest - 1e-8)
    }
  }

  @Test func kindsWithoutAContactAreTold() throws {
    // Up to 80 Å² and 200 atoms only (111) of lithium fluoride matches lithium.
    let ranking = ContactRanking(
      try candidates("LiF", area: 80, atoms: 200), upTo: 1, stressLimit: 1)
    #expect(ranking.missingKinds == ["Li-F plane"])
    #expect(Set(ranking.shortlist.map(\.outermost)) == ["F plane", "Li plane"])
    #expect(ContactRanking([], upTo: 1, stressLimit: 1).entries.isEmpty)
  }
}
