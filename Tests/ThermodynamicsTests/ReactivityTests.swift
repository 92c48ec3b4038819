import Atomistics
import Foundation
import Testing
import Thermodynamics

/// What pymatgen gives; see `Fixtures/generate_reactivity.py`.
struct ReactivityReference: Decodable {
  struct Case: Decodable {
    let a: String
    let b: String
    let voltage: Double?
    let kinks: [[Double]]
  }
  struct System: Decodable {
    let seed: Int
    let energies: [String: Double]
    let cases: [Case]
  }
  struct Potentials: Decodable {
    let system: [String]
    let formula: String
    let linprog: [String: [Double?]]
    let pymatgen: [String: [Double]]?
  }

  let table: [Case]
  let random: [System]
  let ranges: [Potentials]

  static func load() throws -> ReactivityReference {
    let url = try #require(
      Bundle.module.url(
        forResource: "reactivity", withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode(ReactivityReference.self, from: Data(contentsOf: url))
  }
}

@Suite struct ReactivityTests {
  private let lithium = Element("Li")!

  private func table(_ text: String) throws -> EntryTable {
    try EntryTable(csv: "formula,formation_energy_eV_per_atom\n" + text, name: "made up")
  }

  private func expectKinks(
    _ found: InterfacialReactivity, _ expected: ReactivityReference.Case, _ comment: Comment
  ) throws {
    try #require(found.kinks.count == expected.kinks.count, comment)
    for (kink, reference) in zip(found.kinks, expected.kinks) {
      #expect(abs(kink.hostFractionOfA - reference[0]) < 1e-7, comment)
      #expect(abs(kink.mutualEnergyPerAtom - reference[1]) < 1e-9, comment)
    }
  }

  /// Two stable compounds between A and B at thirds: -0.9 and -0.6 eV/atom at x = 2/3 and 1/3.
  @Test func twoCompoundsInClosedForm() throws {
    let found = try InterfacialReactivity(
      of: "Li", with: "S", in: try table("Li2S,-0.9\nLiS2,-0.6"), workingIon: lithium)
    #expect(found.kinks.count == 4)
    #expect(
      found.kinks.map(\.hostFractionOfA)[0] == 0 && found.kinks.map(\.hostFractionOfA)[3] == 1)
    #expect(abs(found.kinks[1].hostFractionOfA - 1 / 3.0) < 1e-12)
    #expect(abs(found.kinks[1].energyPerAtom + 0.6) < 1e-12)
    #expect(abs(found.kinks[2].hostFractionOfA - 2 / 3.0) < 1e-12)
    #expect(abs(found.kinks[2].energyPerAtom + 0.9) < 1e-12)
    #expect(found.lowest == found.kinks[2] && found.lowestMutual == found.kinks[2])
    #expect(found.kinks[2].reaction.text == "2 Li + S -> Li2S")
    #expect(found.kinks[0].reaction.text == "S -> S")
    #expect(found.warnings.isEmpty)
  }

  /// Per formula unit and per atom, with an unstable reactant that has its own energy.
  @Test func denominatorsAndOwnEnergy() throws {
    // 2 Li + LiS -> Li3S: -1.2 eV/atom against LiS at -0.5, which splits into Li3S and S.
    let data = try table("LiS,-0.5\nLi3S,-1.2")
    let found = try InterfacialReactivity(of: "LiS", with: "Li", in: data, workingIon: lithium)
    #expect(found.sourceA == .entry)
    #expect(abs(found.hullDistanceA - 0.3) < 1e-12)
    let kink = try #require(found.kinks.dropFirst().first)
    #expect(found.kinks.count == 3)
    #expect(abs(kink.hostFractionOfA - 0.5) < 1e-12)
    #expect(abs(kink.molarFractionOfA - 1 / 3.0) < 1e-12)
    #expect(abs(kink.energyPerAtom - (-1.2 + 0.25)) < 1e-12)
    #expect(abs(kink.energyPerFormula - kink.energyPerAtom * 4 / 3) < 1e-12)
    // The hull at LiS is 2/3 of the way to Li3S: -0.8 eV/atom.
    #expect(abs(kink.mutualEnergyPerAtom - (-1.2 + 0.4)) < 1e-12)
    let last = try #require(found.kinks.last)
    #expect(abs(last.energyPerAtom + 0.3) < 1e-12)
    #expect(last.mutualEnergyPerAtom == 0)
    #expect(last.reaction.text == "3 LiS -> Li3S + 2 S")
    let given = try InterfacialReactivity(
      of: "LiS", with: "Li", in: data, workingIon: lithium, energy: .given(-0.4))
    #expect(given.sourceA == .given)
    #expect(abs(try #require(given.kinks.last).energyPerAtom + 0.4) < 1e-12)
  }

  /// Three compounds within two ten-millionths of a fraction: lines that nearly meet.
  @Test func narrowKinksAreFound() throws {
    let steps = [(4_999_999, -0.499_999_95), (5_000_000, -0.5), (5_000_001, -0.499_999_95)]
    let rows = steps.map { "Li\($0.0)S\(10_000_000 - $0.0),\($0.1)" }
    let found = try InterfacialReactivity(
      of: "Li", with: "S", in: try table(rows.joined(separator: "\n")), workingIon: lithium)
    try #require(found.kinks.count == 5)
    for (kink, step) in zip(found.kinks.dropFirst(), steps) {
      #expect(abs(kink.hostFractionOfA - Double(step.0) / 1e7) < 1e-9)
      #expect(abs(kink.energyPerAtom - step.1) < 1e-9)
    }
  }

  @Test func kinksOfThePhasesTableAgreeWithPymatgen() throws {
    let reference = try ReactivityReference.load().table
    let data = try Reference.table(.mp2020)
    #expect(reference.count == 26)
    for item in reference {
      let found = try InterfacialReactivity(
        of: item.a, with: item.b, in: data, workingIon: lithium, voltage: item.voltage)
      try expectKinks(
        found, item, "\(item.a) with \(item.b) at \(item.voltage.map { "\($0)" } ?? "closed")")
    }
  }

  @Test func kinksOfRandomSystemsAgreeWithPymatgen() throws {
    let reference = try ReactivityReference.load().random
    #expect(reference.count == 30)
    for system in reference {
      let entries = try system.energies.sorted { $0.key < $1.key }.map {
        try ComputedEntry(formula: $0.key, energyPerAtom: $0.value)
      }
      let data = EntryTable(name: "random", entries: entries, scale: .total)
      let elements = entries.compactMap { $0.composition.elements.count == 1 ? $0 : nil }
      let basis = try ComponentBasis(elements: elements.map { $0.composition.elements[0] })
      for item in system.cases {
        let open = try item.voltage.map {
          OpenSpecies(
            element: lithium, voltage: $0, reference: try data.referencePotential(of: lithium))
        }
        let diagram = try PhaseDiagram(entries: entries, basis: basis, open: open)
        let found = try InterfacialReactivity(
          of: Reactant(item.a), with: Reactant(item.b), in: diagram)
        try expectKinks(found, item, "seed \(system.seed): \(item.a) with \(item.b)")
        try expectConsistent(found, diagram)
      }
    }
  }

  /// The hull asked for at many proportions is never below the straight pieces, nor above them; the
  /// reactions balance and have the energy that stands beside them.
  private func expectConsistent(_ found: InterfacialReactivity, _ diagram: PhaseDiagram) throws {
    let a = try Composition(formula: found.formulaA)
    let b = try Composition(formula: found.formulaB)
    func weight(_ c: Composition) -> Double { c.atomCount - (diagram.open == nil ? 0 : c[lithium]) }
    func hull(_ x: Double) throws -> Double {
      try diagram.decomposition(
        of: a.scaled(by: x / weight(a)) + b.scaled(by: (1 - x) / weight(b))
      ).energy
    }
    let (atA, atB) = (try hull(1), try hull(0))
    for k in 1..<60 {
      let x = Double(k) / 60
      let above = try #require(found.kinks.first { $0.hostFractionOfA >= x })
      let below = try #require(found.kinks.last { $0.hostFractionOfA < x })
      let share = (x - below.hostFractionOfA) / (above.hostFractionOfA - below.hostFractionOfA)
      let straight =
        below.mutualEnergyPerAtom
        + share * (above.mutualEnergyPerAtom - below.mutualEnergyPerAtom)
      #expect(abs(try hull(x) - x * atA - (1 - x) * atB - straight) < 1e-9)
    }
    for kink in found.kinks {
      let (left, right) = (
        Reaction.sum(kink.reaction.reactants), Reaction.sum(kink.reaction.products)
      )
      for element in diagram.basis.elements {
        #expect(abs(left[element] - right[element]) < 1e-7 * left.atomCount)
      }
    }
  }

  @Test func reactantsThatCannotBeMixed() throws {
    let data = try Reference.table(.mp2020)
    let runs: [(String, String, Double?, [String], String)] = [
      ("Li2S", "Li4S2", nil, [], "have one composition"),
      ("Li2S", "S", 1, [], "differ only in Li"),
      ("Li", "Li2S", 0, [], "Li cannot be mixed"),
      ("LiBH4", "BH3", nil, ["LiBH4"], "BH3 cannot be mixed"),
      ("Li2S", "LiBH4", nil, ["LiPF6"], "LiPF6 cannot be a vertex"),
    ]
    for (a, b, voltage, intact, text) in runs {
      let error = #expect(throws: ThermodynamicsError.self) {
        try InterfacialReactivity(
          of: a, with: b, in: data, workingIon: lithium, voltage: voltage, intact: intact)
      }
      #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
    }
    #expect(throws: AtomisticsError.self) {
      try InterfacialReactivity(of: "Xx", with: "Li", in: data, workingIon: lithium)
    }
    #expect(throws: ThermodynamicsError.self) { try Reactant("Li2S", energyPerAtom: .nan) }
    let totals = try EntryTable(
      csv: "formula,energy_eV_per_atom\nLi,-1.9\nLi2S,-4.1\n", name: "no sulfur")
    #expect(throws: ThermodynamicsError.self) {
      try InterfacialReactivity(of: "Li2S", with: "S", in: totals, workingIon: lithium)
    }
  }

  @Test func unknownReactantsAreWarnedOf() throws {
    let data = try Reference.table(.mp2020)
    let found = try InterfacialReactivity(
      of: "Li6PS5(BH4)", with: "Li", in: data, workingIon: lithium, intact: ["LiBH4"])
    #expect(found.sourceA == .hull && found.sourceB == .entry)
    #expect(found.warnings.count == 1)
    #expect(found.warnings[0].contains("Li6PS5(BH4) has no entry"))
    #expect(
      found.lowest.reaction.text == "Li6PS5(BH4) + 8 Li -> 5 Li2S + Li3P + LiBH4")
    let foreign = try InterfacialReactivity(of: "Br2", with: "Li", in: data, workingIon: lithium)
    #expect(foreign.warnings.contains { $0.contains("no compound of Br") })
  }
}
