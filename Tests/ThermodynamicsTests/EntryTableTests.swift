import Atomistics
import Testing
import Thermodynamics

@Suite struct EntryTableTests {
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch let error as any ReportableError {
      return error.kind == .badData ? error.description : "wrong kind"
    } catch {
      return "not reportable: \(error)"
    }
  }

  @Test func columnsQuotesAndComments() throws {
    let table = try EntryTable(
      csv: "\u{FEFF}# a comment\r\n\"formula\",note,energy_eV_per_atom\r\n"
        + "Li2S,\"a, \"\"b\"\"\",-4.1\r\n Li , ,-1.9\r\n\r\n",
      name: "t.csv")
    #expect(table.entries.map(\.formula) == ["Li2S", "Li"])
    #expect(table.entries.map(\.energyPerAtom) == [-4.1, -1.9])
    #expect(table.entries.map(\.source) == [3, 4])
    #expect(table.scale == .total)
    #expect(abs(table.entries[0].energy + 12.3) < 1e-12)
  }

  @Test func schemes() throws {
    let text = """
      formula,formation_energy_legacy_eV_per_atom,formation_energy_mp2020_eV_per_atom
      LiS4,-0.75,-0.62
      """
    #expect(try EntryTable(csv: text, name: "t").entries[0].energyPerAtom == -0.62)
    let legacy = try EntryTable(csv: text, name: "t", scheme: .legacy)
    #expect(legacy.entries[0].energyPerAtom == -0.75)
    #expect(legacy.scheme == .legacy)
    #expect(
      message { _ = try EntryTable(csv: text, name: "t", scheme: .uncorrected) }
        .contains("mp2020, legacy"))
  }

  @Test func carriedTableHoldsEveryPhase() throws {
    for scheme in CorrectionScheme.allCases {
      let table = try Reference.table(scheme)
      #expect(table.entries.count == 180)
      #expect(table.scheme == scheme)
      #expect(table.entries.first { $0.formula == "Li2S" }?.id == "mp-1153")
    }
  }

  @Test(arguments: [
    ("formula,energy_eV_per_atom\nLi,-1.9\n\nS,-4\n", "line 3", "empty"),
    ("formula,energy_eV_per_atom\nLi,-1.9\nS\n", "line 3", "1 fields"),
    ("formula,energy_eV_per_atom\nLi,-1.9\nS,\n", "line 3", "'' is not an energy"),
    ("formula,energy_eV_per_atom\nLi,-1.9\n,-4\n", "line 3", "formula"),
    ("formula,energy_eV_per_atom\nLi,nan\n", "line 2", "'nan'"),
    ("formula,energy_eV_per_atom\nLi,-1e999\n", "line 2", "not an energy"),
    ("formula,energy_eV_per_atom\nLi,-1.9 eV\n", "line 2", "not an energy"),
    ("# c\nformula,energy_eV_per_atom\nXx2S,-1\n", "line 3", "Xx"),
    ("formula,energy_eV_per_atom\n\"Li,-1\n", "line 2", "quote"),
    ("formula,energy_eV_per_atom,formula\nLi,-1,S\n", "line 1", "twice"),
    ("formula,energy\nLi,-1\n", "t.csv", "no column of energies"),
    ("name,energy_eV_per_atom\nLi,-1\n", "line 1", "'formula'"),
    ("formula,energy_eV_per_atom\n", "t.csv", "empty"),
    ("", "t.csv", "empty"),
  ])
  func damagedTables(text: String, place: String, reason: String) {
    let found = message { _ = try EntryTable(csv: text, name: "t.csv") }
    #expect(found.contains("t.csv"))
    #expect(found.contains(place), "\(found)")
    #expect(found.contains(reason), "\(found)")
  }

  @Test func pymatgenEntries() throws {
    let text = """
      [{"@module": "pymatgen.entries.computed_entries", "@class": "ComputedEntry",
        "energy": -12.0, "composition": {"S": 1.0, "Li": 2.0}, "entry_id": "mp-1153",
        "correction": -0.503, "energy_adjustments": [], "parameters": {}, "data": {}},
       {"energy": -3.8, "composition": {"Li": 2.0}, "correction": 0.0, "entry_id": 7}]
      """
    let table = try EntryTable(text: text, name: "t.json")
    #expect(table.scale == .total)
    #expect(table.entries.map(\.formula) == ["Li2S", "Li"])
    #expect(abs(table.entries[0].energy + 12.503) < 1e-12)
    #expect(abs(table.entries[1].energyPerAtom + 1.9) < 1e-12)
    #expect(table.entries.map(\.id) == ["mp-1153", "7"])
    #expect(abs(try table.referencePotential(of: Element("Li")!) + 1.9) < 1e-12)
    #expect(throws: ThermodynamicsError.self) { try table.referencePotential(of: Element("Na")!) }
  }

  @Test(arguments: [
    ("[{\"energy\": \"-12\", \"composition\": {\"Li\": 1}}]", "entry 1 (Li), energy"),
    ("[{\"energy\": -1, \"composition\": {\"Li\": \"1\"}}]", "entry 1, composition"),
    ("[{\"energy\": -1, \"composition\": {\"Li\": 1}}, {\"composition\": {\"Li\": 1}}]", "entry 2"),
    ("[{\"energy\": -1, \"composition\": {\"Xx\": 1}}]", "entry 1"),
    ("[{\"energy\": -1, \"composition\": {}}]", "entry 1"),
    ("[{\"energy\": NaN, \"composition\": {\"Li\": 1}}]", "JSON"),
    ("{\"energy\": -1}", "list"),
    ("[{\"energy\": -1e300, \"composition\": {\"Li\": 1}}]", "out of scale"),
    ("[]", "empty"),
    ("[{\"energy\": -1, ", "JSON"),
  ])
  func damagedJSON(text: String, reason: String) {
    let found = message { _ = try EntryTable(text: text, name: "t.json") }
    #expect(found.contains("t.json") && found.contains(reason), "\(found)")
  }

  @Test func unlistedElementsStandAtZeroOnlyWithFormationEnergies() throws {
    let lithium = Element("Li")!
    let formation = try EntryTable(
      csv: "formula,formation_energy_eV_per_atom\nLi2S,-1.5", name: "f")
    #expect(try formation.referencePotential(of: lithium) == 0)
    #expect(formation.entries(withElements: [lithium]).count == 2)
    let total = try EntryTable(csv: "formula,energy_eV_per_atom\nLi2S,-4", name: "t")
    #expect(throws: ThermodynamicsError.self) { try total.referencePotential(of: lithium) }
  }
}
