import Atomistics
import Testing
import Thermodynamics

@Suite struct StabilityTests {
  private let lithium = Element("Li")!

  /// A made-up Li-S system with one compound: everything has a closed form.
  @Test func oneCompoundInClosedForm() throws {
    let table = try EntryTable(
      csv: "formula,energy_eV_per_atom\nLi,-1.9\nS,-4.0\nLi2S,-4.1\nLi,-1.5\n", name: "t")
    let found = try ElectrolyteStability(of: "Li4S2", in: table, workingIon: lithium)
    // Formation: 3 (-4.1) + 2 1.9 + 4.0 = -4.5 eV per Li2S; it gives up 2 Li at 2.25 V.
    let window = try #require(found.window)
    #expect(window.reduction == 0)
    #expect(abs(try #require(window.oxidation) - 2.25) < 1e-9)
    #expect(found.hullDistance == 0)
    #expect(found.profile.steps.map(\.uptake).last.map { abs($0 + 4) < 1e-9 } == true)
    #expect(found.profile.steps[0].phases.map(\.entry.formula) == ["Li2S"])
    #expect(abs(found.profile.steps[0].phases[0].amount - 2) < 1e-9)
    // Sulfur takes up 2 Li below 2.25 V, and is stable above for ever.
    let sulfur = try ElectrolyteStability(of: "S", in: table, workingIon: lithium)
    #expect(try #require(sulfur.window).oxidation == nil)
    #expect(abs(try #require(sulfur.window).reduction - 2.25) < 1e-9)
    #expect(
      abs(sulfur.profile.decompositionEnergy(at: 1, energy: -4) - (-4.5 + 2)) < 1e-9)
  }

  /// Published windows, recomputed on the scheme named (Zhu, He & Mo 2015, doi
  /// 10.1021/acsami.5b07517).
  @Test(arguments: [
    ("Li2S", 0, 2.009), ("Li3PS4", 1.721, 2.302), ("Li7P3S11", 2.279, 2.302),
    ("Li6PS5Cl", 1.721, 2.009),
  ])
  func literatureWindows(formula: String, reduction: Double, oxidation: Double) throws {
    let table = try Reference.table(.uncorrected)
    // Zhu et al. had no LiS4.
    let known = EntryTable(
      name: "2015", entries: table.entries.filter { $0.formula != "LiS4" }, scale: .formation,
      scheme: .uncorrected)
    let found = try ElectrolyteStability(of: formula, in: known, workingIon: lithium)
    let window = try #require(found.window)
    #expect(abs(window.reduction - reduction) < 1e-3)
    #expect(abs(try #require(window.oxidation) - oxidation) < 1e-3)
  }

  @Test func excessAndGivenEnergyAgree() throws {
    let table = try Reference.table(.mp2020)
    let excess = try ElectrolyteStability(
      of: "Li6PS5Cl", in: table, workingIon: lithium,
      energy: .excess(0.026, over: "Li3PS4 + Li2S + LiCl"))
    let given = try ElectrolyteStability(
      of: "Li6PS5Cl", in: table, workingIon: lithium,
      energy: .given(try #require(excess.energyPerAtom)))
    let own = try ElectrolyteStability(of: "Li6PS5Cl", in: table, workingIon: lithium)
    #expect(given.hullDistance == excess.hullDistance)
    #expect(abs(try #require(own.energyPerAtom) + 1.323042) < 1e-9)
    let unknown = try ElectrolyteStability(of: "Li6PS5(CN)", in: table, workingIon: lithium)
    #expect(unknown.hullDistance == nil)
    #expect(unknown.decompositionEnergy(of: unknown.profile.steps[0]) == nil)
    #expect(throws: ThermodynamicsError.self) {
      try ElectrolyteStability(
        of: "Li6PS5Cl", in: table, workingIon: lithium,
        energy: .excess(0.026, over: "Li3PS4 + LiCl"))
    }
    #expect(throws: ThermodynamicsError.self) {
      try ElectrolyteStability(
        of: "Li6PS5Br", in: table, workingIon: lithium,
        energy: .excess(0.026, over: "Li3PS4 + Li2S + LiBr"))
    }
  }

  /// An electrolyte far below the others is in the hull itself and is what the plateau holds.
  @Test func stableElectrolyteIsItsOwnProduct() throws {
    let table = try Reference.table(.mp2020)
    let found = try ElectrolyteStability(
      of: "Li6PS5Cl", in: table, workingIon: lithium, energy: .given(-1.5))
    #expect(found.hullDistance == 0)
    let plateau = try #require(found.profile.steps.first { $0.uptake == 0 })
    #expect(plateau.phases.map(\.entry.formula) == ["Li6PS5Cl"])
    let usual = try #require(
      try ElectrolyteStability(of: "Li6PS5Cl", in: table, workingIon: lithium).window?.width)
    #expect(try #require(found.window?.width) > usual)
  }

  @Test func warnings() throws {
    let table = try Reference.table(.mp2020)
    func warnings(
      _ formula: String, _ salt: String, intact: Bool, _ table: EntryTable
    ) throws -> String {
      try ElectrolyteStability(
        of: formula, in: table, workingIon: lithium, intact: intact ? [salt] : [],
        energy: .excess(0.01, over: "Li3PS4 + Li2S + \(salt)")
      ).warnings.joined(separator: "\n")
    }
    let hydride = try warnings("Li6PS5(BH4)", "LiBH4", intact: true, table)
    #expect(hydride.contains("upper bound"))
    #expect(hydride.contains("42 meV/atom"))
    #expect(!hydride.contains("as an anion"))
    let bare = try Reference.table(.uncorrected)
    #expect(try warnings("Li6PS5(BH4)", "LiBH4", intact: false, bare).isEmpty)
    let chloride = try warnings("Li6PS5Cl", "LiCl", intact: false, table)
    #expect(chloride.contains("SCl: the mp2020 scheme corrects S as an anion"))
    #expect(!chloride.contains("upper bound"))
    let cyanide = try warnings("Li6PS5(CN)", "LiCN", intact: true, table)
    #expect(cyanide.contains("no stability window"))
    #expect(cyanide.ranges(of: "Without").count == 1)
    #expect(cyanide.contains("Without LiCSN there would be one from 1.721 V to 2.139 V"))
  }

  @Test func exclusionsAreToldAndBeatenDuplicatesAreNone() throws {
    let table = try EntryTable(
      csv: """
        formula,formation_energy_eV_per_atom
        Li2S,-1.5
        Li4S2,-1.4
        NaCl,-2
        """, name: "t")
    let found = try ElectrolyteStability(of: "Li2S", in: table, workingIon: lithium)
    #expect(found.diagram.excluded.map(\.entry.formula) == ["NaCl"])
    #expect(
      found.diagram.excluded[0].reason == .otherElements([Element("Na")!, Element("Cl")!]))
    #expect(try found.diagram.stable.map(\.formula) == ["Li2S", "Li", "S"])
    let beaten = found.diagram.entries[1]
    #expect(abs(try found.diagram.hullDistance(of: beaten) - 0.1) < 1e-9)
  }

  /// Any open species: the same numbers if lithium is called sodium.
  @Test func anyWorkingIon() throws {
    let text = try Reference.phases()
    let renamed = text.split(separator: "\n").map { line in
      line.hasPrefix("#") || line.hasPrefix("formula")
        ? String(line) : String(line).replacing("Li", with: "Na")
    }.joined(separator: "\n")
    let sodium = try ElectrolyteStability(
      of: "Na3PS4", in: EntryTable(csv: renamed, name: "Na"), workingIon: Element("Na")!)
    let lithium = try ElectrolyteStability(
      of: "Li3PS4", in: Reference.table(.mp2020), workingIon: lithium)
    #expect(sodium.window == lithium.window)
    #expect(sodium.profile.steps.map(\.uptake) == lithium.profile.steps.map(\.uptake))
  }
}
