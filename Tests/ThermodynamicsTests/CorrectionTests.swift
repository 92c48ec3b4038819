import Atomistics
import Testing
import Thermodynamics

@Suite struct CorrectionTests {
  private let lithium = Element("Li")!

  private func electrolyte(
    _ formula: String, _ salt: String, excess: Double, _ scheme: CorrectionScheme = .mp2020,
    intact: Bool = false
  ) throws -> ElectrolyteStability {
    try ElectrolyteStability(
      of: formula, in: Reference.table(scheme), workingIon: lithium, intact: intact ? [salt] : [],
      energy: .excess(excess, over: "Li3PS4 + Li2S + \(salt)"))
  }

  @Test func rulesByComposition() throws {
    func rule(_ scheme: CorrectionScheme, _ formula: String) throws -> [String: Double] {
      let composition = try Composition(formula: formula)
      return Dictionary(
        uniqueKeysWithValues: scheme.adjustments(of: composition).map {
          ($0.element!.symbol, $0.energyPerAtom * composition.atomCount)
        })
    }
    #expect(try rule(.mp2020, "Li6PS5Cl") == ["S": 5 * -0.503, "Cl": -0.614])
    #expect(try rule(.mp2020, "LiBH4") == ["H": 4 * -0.179])
    // Sulfur draws electrons more than hydrogen.
    #expect(try rule(.mp2020, "Li6PS5BH4") == ["S": 5 * -0.503])
    #expect(try rule(.mp2020, "Li2S2O3").keys.sorted() == ["O", "S"])
    #expect(try rule(.mp2020, "S8").isEmpty && rule(.uncorrected, "Li2S").isEmpty)
    #expect(try rule(.legacy, "Li6PS5BH4").keys.sorted() == ["H", "S"])
  }

  /// Which phases of the table the rules account for to the digits of the table; the others are
  /// compounds of S with N, and of P with H, whose anion the rule by composition does not tell.
  @Test(arguments: [(CorrectionScheme.mp2020, 13), (.legacy, 0)])
  func rulesAgainstTheTable(scheme: CorrectionScheme, exceptions: Int) throws {
    var others: [String] = []
    for entry in try Reference.table(scheme).entries {
      let carried = try #require(entry.correction)
      let rule = scheme.adjustments(of: entry.composition).reduce(0) { $0 + $1.energyPerAtom }
      if abs(carried - rule) > 1e-5 { others.append(entry.formula) }
    }
    #expect(others.count == exceptions, "\(others)")
    for formula in others {
      let composition = try Composition(formula: formula)
      let symbols = Set(composition.elements.map(\.symbol))
      #expect(symbols.isSuperset(of: ["S", "N"]) || symbols.isSuperset(of: ["P", "H"]))
    }
  }

  @Test func bothSidesOfAReaction() throws {
    let table = try Reference.table(.mp2020)
    let reaction = try Reaction("Li6PS5(BH4) + 8 Li -> Li3P + 5 Li2S + LiBH4")
    let inherited = try CorrectionAudit(
      of: reaction, in: table, energy: .excess(0.0086, over: "Li3PS4 + Li2S + LiBH4"))
    #expect(inherited.unknown.isEmpty && inherited.warnings.isEmpty)
    #expect(inherited.rows.map { $0.element?.symbol } == ["H", "S"])
    #expect(inherited.rows.allSatisfy { abs($0.net) < 1e-5 })
    let given = try CorrectionAudit(of: reaction, in: table, energy: .given(-1))
    #expect(given.unknown == ["Li6PS5(BH4)"] && given.net == nil)
    // As an entry that follows the rule: hydrogen is corrected on the right only, 0.716 eV of 25
    // atoms.
    let composition = try Composition(formula: "Li6PS5BH4")
    let entry = ComputedEntry(
      formula: "Li6PS5BH4", composition: composition, energyPerAtom: -1,
      adjustments: CorrectionScheme.mp2020.adjustments(of: composition))
    let oneSided = try CorrectionAudit(of: reaction, in: table.replacing(entry))
    let hydrogen = try #require(oneSided.rows.first { $0.element?.symbol == "H" })
    #expect(abs(hydrogen.left) < 1e-9 && abs(hydrogen.right + 4 * 0.179) < 1e-5)
    #expect(hydrogen.rightPhases == ["LiBH4"])
    #expect(oneSided.warnings.count == 1)
    #expect(oneSided.warnings[0].contains("H is corrected in LiBH4 and not in Li6PS5(BH4)"))
    #expect(oneSided.warnings[0].contains("29 meV per atom"))
  }

  @Test func falseAnions() throws {
    let table = try Reference.table(.mp2020)
    let audit = try CorrectionAudit(of: try Reaction("SCl + Li -> LiCl + S"), in: table)
    #expect(audit.warnings.contains { $0.hasPrefix("SCl carries the correction of S as an anion") })
    // Sulfur ends as the element: no one-sided compound.
    #expect(!audit.warnings.contains { $0.contains("is corrected in") })
    // The table's sum for SCl is sulfur's alone.
    let sulfur = try #require(audit.rows.first { $0.element?.symbol == "S" })
    #expect(abs(sulfur.left + 0.503) < 1e-5 && sulfur.right == 0)
    let cyanate = try CorrectionAudit(of: try Reaction("LiCSN -> LiCN + S"), in: table)
    #expect(cyanate.warnings.isEmpty)
  }

  /// The share of the corrections in an edge is the difference of the same reaction's energies.
  @Test func edgesWithoutCorrections() throws {
    let found = try electrolyte("Li6PS5(BH4)", "LiBH4", excess: 0.0086)
    let edge = try #require(found.corrections.edges.first { $0.side == .oxidation })
    let bare = try Reference.table(.uncorrected)
    func energy(_ phases: [PhaseAmount]) throws -> Double {
      try phases.reduce(0) {
        $0 + $1.amount * $1.entry.atomCount
          * (try bare.energyPerAtom(of: $1.entry.composition, formula: $1.entry.formula))
      }
    }
    let voltage = (try energy(edge.upper) - energy(edge.lower)) / edge.ions
    #expect(abs(try #require(edge.voltageWithoutCorrections) - voltage) < 2e-5)
    #expect(abs(edge.voltage - voltage) > 0.05)
    #expect(edge.corrections.rows.filter { abs(edge.share(of: $0)) > 1e-4 }.count == 1)
    let chloride = try electrolyte("Li6PS5Cl", "LiCl", excess: 0.026)
    #expect(chloride.corrections.edges.count == 2)
    for edge in chloride.corrections.edges {
      #expect(abs(try #require(edge.corrections.net)) < 1e-5)
    }
  }

  /// Each row is what a table on that scheme, or without that phase, gives by itself.
  @Test func sensitivity() throws {
    let base = try electrolyte("Li6PS5Cl", "LiCl", excess: 0.026)
    let bare = try electrolyte("Li6PS5Cl", "LiCl", excess: 0.026, .uncorrected)
    let found = try WindowSensitivity(of: base, others: [(.uncorrected, bare)])
    #expect(found.rows[0].change == .scheme(.uncorrected))
    #expect(abs(try #require(found.rows[0].oxidationShift) + 0.1294) < 1e-3)
    #expect(found.rows[0].replacements.contains("S"))
    let without = try #require(found.rows.first { $0.change == .without("LiS4") })
    #expect(without.reductionShift == 0)
    let table = try Reference.table(.mp2020)
    for row in found.rows {
      guard case .without(let formula) = row.change else { continue }
      let rest = EntryTable(
        name: "rest", entries: table.entries.filter { $0.formula != formula }, scale: .formation,
        scheme: .mp2020)
      let alone = try ElectrolyteStability(
        of: "Li6PS5Cl", in: rest, workingIon: lithium,
        energy: .given(try #require(base.energyPerAtom)))
      #expect(alone.window == row.window, "\(formula)")
    }
    // A phase that is not named changes nothing.
    let named = Set(found.rows.map(\.change))
    for formula in ["Li3P", "LiP7", "SCl", "P2S5"] where !named.contains(.without(formula)) {
      let rest = EntryTable(
        name: "rest", entries: table.entries.filter { $0.formula != formula }, scale: .formation,
        scheme: .mp2020)
      let alone = try ElectrolyteStability(
        of: "Li6PS5Cl", in: rest, workingIon: lithium,
        energy: .given(try #require(base.energyPerAtom))
      ).window
      #expect(abs(try #require(alone?.oxidation) - base.window!.oxidation!) < 1e-4)
      #expect(abs(try #require(alone?.reduction) - base.window!.reduction) < 1e-4)
    }
    #expect(found.references == ["P", "S"])
  }

  @Test func tableWithoutItsCorrections() throws {
    let table = try Reference.table(.mp2020)
    let bare = try #require(table.withoutCorrections)
    let reference = try Reference.table(.uncorrected)
    #expect(bare.scheme == .uncorrected)
    for (a, b) in zip(bare.entries, reference.entries) {
      #expect(abs(a.energyPerAtom - b.energyPerAtom) < 1e-12)
    }
    let silent = EntryTable(
      name: "t", entries: [try ComputedEntry(formula: "Li2S", energyPerAtom: -1)], scale: .total)
    #expect(silent.withoutCorrections == nil)
  }
}
