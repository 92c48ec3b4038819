import Atomistics
import Foundation
import Testing
import Thermodynamics

/// One of the random systems, as pymatgen sees it; see `Fixtures/generate_random_systems.py`.
struct RandomReference: Decodable, CustomTestStringConvertible {
  let name: String
  let elements: [String]
  let formulas: [String]
  let energies_eV_per_atom: [Double]
  let hullDistances_eV_per_atom: [Double]
  let stable: [String]
  let ion: String
  let target: String
  let from_V: [Double]
  let uptake: [Double]
  /// The mixing line between two phases: fractions of A in atoms.
  let A: String
  let B: String
  let kinkFractions: [Double]
  let kinkEnergies_eV_per_atom: [Double]
  /// The same open to the ion at a voltage; nil where the two differ only in the ion.
  let voltage: Double
  let openKinkFractions: [Double]?
  let openKinkEnergies_eV_per_atom: [Double]?

  var testDescription: String { name }

  static let all: [RandomReference] = {
    guard
      let url = Bundle.module.url(
        forResource: "random-systems", withExtension: "json", subdirectory: "Fixtures"),
      let data = try? Data(contentsOf: url),
      let found = try? JSONDecoder().decode([RandomReference].self, from: data)
    else { return [] }
    return found
  }()

  func entries() throws -> [ComputedEntry] {
    try zip(formulas, energies_eV_per_atom).map {
      try ComputedEntry(formula: $0, energyPerAtom: $1)
    }
  }

  func diagram() throws -> PhaseDiagram {
    let basis = try ComponentBasis(elements: elements.map { try #require(Element($0)) })
    return try PhaseDiagram(entries: try entries(), basis: basis)
  }
}

/// 60 systems of 2 to 8 elements: scattered, coplanar and collinear ones, duplicates, and energies
/// above those of the elements, against pymatgen.
@Suite struct RandomSystemsTests {
  @Test func thereAreSixtySystems() {
    #expect(RandomReference.all.count == 60)
    #expect(Set(RandomReference.all.map(\.elements.count)) == Set(2...8))
  }

  @Test(arguments: RandomReference.all)
  func hullDistances(reference: RandomReference) throws {
    let diagram = try reference.diagram()
    #expect(diagram.entries.map(\.formula) == reference.formulas)
    for (entry, expected) in zip(diagram.entries, reference.hullDistances_eV_per_atom) {
      let distance = try diagram.hullDistance(of: entry)
      #expect(abs(distance - expected) < 1e-9, "\(entry.formula)")
    }
  }

  @Test(arguments: RandomReference.all)
  func stableSet(reference: RandomReference) throws {
    let found = try reference.diagram().stable
    let ours = found.map { PhaseKey($0.composition).text }
    let theirs = try reference.stable.map { PhaseKey(try Composition(formula: $0)).text }
    #expect(ours.sorted() == theirs.sorted())
    // Each is the lowest of its composition.
    let entries = try reference.entries()
    for (phase, key) in zip(found, ours) {
      let lowest = entries.filter { PhaseKey($0.composition).text == key }.map(\.energyPerAtom)
        .min()
      #expect(abs(phase.energyPerAtom - (try #require(lowest))) < 1e-12, "\(phase.formula)")
    }
  }

  @Test(arguments: RandomReference.all)
  func uptakeProfiles(reference: RandomReference) throws {
    let ion = try #require(Element(reference.ion))
    let table = EntryTable(name: reference.name, entries: try reference.entries(), scale: .total)
    let pure = try #require(table.lowestEntry(of: Composition([(ion, 1)])))
    let profile = try UptakeProfile(
      of: try Composition(formula: reference.target), in: try reference.diagram(),
      workingIon: pure, reference: pure.energyPerAtom)
    try #require(profile.steps.count == reference.from_V.count)
    for (step, (from, uptake)) in zip(profile.steps, zip(reference.from_V, reference.uptake)) {
      #expect(abs(step.from - from) < 1e-7)
      #expect(abs(step.uptake - uptake) < 1e-7)
    }
    #expect(profile.steps.last?.to == nil)
  }

  /// Kinks of the mixing line of two phases, closed and open to the ion.
  @Test(arguments: RandomReference.all)
  func kinks(reference: RandomReference) throws {
    let ion = try #require(Element(reference.ion))
    let table = EntryTable(name: reference.name, entries: try reference.entries(), scale: .total)
    func expectSame(_ voltage: Double?, _ fractions: [Double], _ energies: [Double]) throws {
      let kinks = Self.bending(
        try InterfacialReactivity(
          of: reference.A, with: reference.B, in: table, workingIon: ion, voltage: voltage
        ).kinks)
      try #require(kinks.count == fractions.count)
      for (kink, (fraction, energy)) in zip(kinks, zip(fractions, energies)) {
        #expect(abs(kink.fractionOfA - fraction) < 1e-7)
        #expect(abs(kink.energyPerAtom - energy) < 1e-9)
      }
    }
    try expectSame(nil, reference.kinkFractions, reference.kinkEnergies_eV_per_atom)
    if let fractions = reference.openKinkFractions,
      let energies = reference.openKinkEnergies_eV_per_atom
    {
      try expectSame(reference.voltage, fractions, energies)
    }
  }

  /// Kinks at which the energy bends, as the fixture keeps them.
  private static func bending(
    _ kinks: [InterfacialReactivity.Kink]
  ) -> [InterfacialReactivity.Kink] {
    var kept = kinks
    var index = 1
    while index < kept.count - 1 {
      let (a, b, c) = (kept[index - 1], kept[index], kept[index + 1])
      let share =
        (b.hostFractionOfA - a.hostFractionOfA) / (c.hostFractionOfA - a.hostFractionOfA)
      let straight = a.energyPerAtom + share * (c.energyPerAtom - a.energyPerAtom)
      if abs(b.energyPerAtom - straight) < 1e-10 {
        kept.remove(at: index)
      } else {
        index += 1
      }
    }
    return kept
  }
}
