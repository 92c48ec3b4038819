import Atomistics
import Foundation
import Testing
import Thermodynamics

@Suite struct EntrySourcesTests {
  private let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures")

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

  private func text(_ name: String) throws -> String {
    try String(contentsOf: fixtures.appending(path: name), encoding: .utf8)
  }

  /// The entries of a fixture, held against pymatgen's own energies and corrections.
  private func fixture(_ kind: String, count: Int) throws -> EntryTable {
    let table = try EntryTable(text: text("\(kind)_entries.json"), name: "t.json")
    let golden = try text("\(kind)_energies.csv").split(separator: "\n").dropFirst()
    #expect(golden.count == count && table.entries.count == count)
    for (entry, line) in zip(table.entries, golden) {
      let parts = line.split(separator: ",")
      #expect(entry.id == String(parts[0]))
      #expect(abs(entry.energyPerAtom - (Double(parts[1]) ?? .nan)) < 1e-12)
      #expect(abs((entry.correction ?? .nan) - (Double(parts[2]) ?? .nan)) < 1e-12)
    }
    return table
  }

  @Test func legacyCorrectionsAreThoseOfPymatgen() throws {
    let table = try fixture("legacy", count: 5)
    #expect(table.scheme == .legacy)
    #expect(table.entries[0].adjustments?.map(\.name) == ["MP Anion Correction"])
    // Its only correction is zero, which is none, not an unknown one.
    #expect(table.entries[1].adjustments == [])
    #expect(table.entries[4].functional == "GGA+U")
    #expect(table.entries[4].adjustments?.map(\.name).contains("MP Advanced Correction") == true)
    #expect(try table.refusingMixedFunctionals().warnings.isEmpty)
    let mp2020 = try EntryTable(text: text("pymatgen_entries.json"), name: "m.json")
    let found = message { _ = try EntryTable.combined([table, mp2020], name: "t") }
    #expect(found.contains("legacy") && found.contains("mp2020"), "\(found)")
  }

  @Test(arguments: ["mixed-r2scan", "mixed-gga"])
  func mixingOfFunctionals(kind: String) throws {
    let table = try fixture(kind, count: 4)
    let accepted = try table.refusingMixedFunctionals()
    #expect(accepted.warnings.count == 1 && accepted.warnings[0].contains("R2SCAN"))
    // Without the adjustment on any one of the entries that carry it, the scales differ.
    let moved = table.entries.filter {
      $0.adjustments?.contains { $0.name.hasSuffix("mixing adjustment") } == true
    }
    #expect(moved.count == 1)
    for entry in moved {
      let plain = ComputedEntry(
        formula: entry.formula, composition: entry.composition, energyPerAtom: entry.energyPerAtom,
        id: "plain", adjustments: [], functional: entry.functional)
      let damaged = EntryTable(name: "t", entries: table.entries + [plain], scale: .total)
      let found = message { _ = try damaged.refusingMixedFunctionals() }
      #expect(found.contains("mix functionals") && found.contains("R2SCAN"), "\(found)")
    }
    // A pure element of the moved side on its own scale is refused too.
    let element = try EntryTable(
      csv: "formula,energy_eV_per_atom,functional\nLi,-2,\(moved[0].functional ?? "")\n", name: "e")
    #expect(
      message { _ = try EntryTable.combined([table, element], name: "t") }.contains("functionals"))
  }

  @Test func energiesAreThoseOfPymatgen() throws {
    let table = try fixture("pymatgen", count: 7)
    #expect(table.scheme == .mp2020)
    #expect(table.entries[1].adjustments?.map(\.element) == [Element("O"), Element("Fe")])
    #expect(table.entries[0].adjustments?.first?.element == Element("S"))
    #expect(table.entries[0].bandGap == 3.4 && table.entries[1].bandGap == nil)
    #expect(table.entries[1].functional == "GGA+U")
    let warnings = try table.refusingMixedFunctionals().warnings
    #expect(warnings.count == 1 && warnings[0].contains("LiCl (e), LiCl (f), LiCl (g)"))
    let back = try EntryTable(text: table.csv(comments: ["two\nlines"]), name: "t.csv")
    #expect(back.scheme == .mp2020)
    for (one, other) in zip(table.entries, back.entries) {
      #expect(one.formula == other.formula && one.id == other.id)
      #expect(one.energyPerAtom == other.energyPerAtom && one.adjustments == other.adjustments)
      #expect(one.bandGap == other.bandGap && one.functional == other.functional)
    }
  }

  @Test(arguments: [
    ("[{\"energy\":-1,\"energy\":-2,\"composition\":{\"Li\":1}}]", "twice"),
    ("[{\"energy\":-1,\"composition\":{\"Li\":-1}}]", "0 or more"),
    ("[{\"energy\":-1,\"composition\":{\"X0+\":1}}]", "X0+"),
    (
      "[{\"energy\":-1,\"composition\":{\"Li\":1},\"entry_id\":\"m\",\"correction\":1,"
        + "\"energy_adjustments\":[{\"value\":2}]}]", "entry 1 (Li, m), correction"
    ),
    ("[{\"energy\":-1,\"composition\":{\"Li\":1},\"energy_adjustments\":3}]", "a list"),
    (
      "[{\"@class\":\"GibbsComputedStructureEntry\",\"energy\":-1,\"composition\":{\"Li\":1}}]",
      "Gibbs"
    ),
    ("[{\"energy\":-1e999,\"composition\":{\"Li\":1}}]", "finite"),
    ("[{\"energy\":-1,\"structure\":{\"sites\":[{\"species\":[{}]}]}}]", "site 1"),
    ("[{\"energy\":-1,\"composition\":{\"Li\":1}}] 2", "after the end"),
    (String(repeating: "[", count: 100_000), "deeply"),
    (
      "{\"data\":[{\"id\":\"q\",\"attributes\":{\"chemical_formula_reduced\":\"LiCl\","
        + "\"_x_energy\":1}}]}", "_x_energy"
    ),
    ("{\"data\":[{\"attributes\":{\"_oqmd_delta_e\":-1}}]}", "chemical_formula_reduced"),
    (
      "{\"data\":[{\"attributes\":{\"chemical_formula_reduced\":\"LiCl\","
        + "\"_oqmd_delta_e\":\"a\"}}]}", "finite"
    ),
  ])
  func damagedJSON(text: String, reason: String) {
    let found = message { _ = try EntryTable(text: text, name: "t.json") }
    #expect(found.contains("t.json") && found.contains(reason), "\(found)")
  }

  @Test func everyTruncationIsAnError() throws {
    let whole = Array(try text("pymatgen_entries.json").trimmingCharacters(in: .newlines).utf8)
    for end in stride(from: 0, to: whole.count, by: 37) {
      let cut = String(decoding: whole[..<end], as: UTF8.self)
      #expect(message { _ = try EntryTable(text: cut, name: "t.json") }.contains("t.json"))
    }
  }

  @Test func optimade() throws {
    let table = try EntryTable(
      text: """
        {"meta": {"more_data_available": true}, "data": [
          {"id": "1", "attributes": {"chemical_formula_reduced": "ClLi", "_oqmd_delta_e": -2.1,
            "_oqmd_band_gap": 6.3}},
          {"id": "2", "attributes": {"elements": ["Li", "S"], "elements_ratios": [0.6, 0.4],
            "_oqmd_delta_e": -1.5}}]}
        """, name: "o.json")
    #expect(table.scale == .formation && table.entries.map(\.energyPerAtom) == [-2.1, -1.5])
    #expect(table.entries[0].bandGap == 6.3 && table.entries[0].id == "1")
    #expect(table.warnings.count == 1)
    #expect(table.entries.map(\.functional) == ["OQMD", "OQMD"])
  }

  private func answer(_ attributes: String...) throws -> EntryTable {
    let items = attributes.map {
      "{\"id\":\"x\",\"attributes\":{\"chemical_formula_reduced\":\"ClLi\",\($0)}}"
    }
    return try EntryTable(
      text: "{\"data\":[\(items.joined(separator: ","))]}", name: "o.json")
  }

  @Test func optimadeThermoTypesThatAllShare() throws {
    func stability(_ types: [String: Double]) -> String {
      "\"_mp_stability\":{"
        + types.map { "\"\($0.key)\":{\"formation_energy_per_atom\":\($0.value)}" }
        .joined(separator: ",") + "}"
    }
    let both = ["gga_gga+u": -1.4, "r2scan": -1.5]
    let first = try answer(stability(both), stability(both))
    #expect(first.entries.map(\.energyPerAtom) == [-1.4, -1.4] && first.scheme == nil)
    #expect(first.entries[0].functional == "gga_gga+u (Materials Project)")
    #expect(first.warnings.contains { $0.contains("_mp_stability, r2scan") })
    #expect(first.warnings.contains { $0.contains("no correction scheme") })
    let second = try answer(stability(both), stability(["r2scan": -1.6]))
    #expect(second.entries.map(\.energyPerAtom) == [-1.5, -1.6])
    #expect(
      message { _ = try EntryTable.combined([first, second], name: "t") }.contains("functionals"))
    let none = message { _ = try answer(stability(["gga_gga+u": -1]), stability(["r2scan": -1])) }
    #expect(none.contains("1 _mp_stability, gga_gga+u"), "\(none)")
  }

  @Test(arguments: [
    ("_odbx_formation_energy", "odbx"),
    ("_alexandria_scan_formation_energy_per_atom", "SCAN (Alexandria)"),
    ("_alexandria_formation_energy_per_atom", "Alexandria"),
    ("_jarvis_formation_energy_peratom", "OptB88vdW (JARVIS)"),
  ])
  func optimadeProviders(field: String, functional: String) throws {
    let table = try answer("\"\(field)\":-2.5")
    #expect(table.entries[0].energyPerAtom == -2.5 && table.entries[0].functional == functional)
    let other = try answer("\"_oqmd_delta_e\":-2.4")
    let found = message { _ = try EntryTable.combined([table, other], name: "t") }
    #expect(found.contains("1 OQMD") && found.contains("1 \(functional)"), "\(found)")
  }

  @Test func zeroCorrectionsAreNone() throws {
    let csv = try EntryTable(
      csv: "formula,formation_energy_mp2020_eV_per_atom,formation_energy_uncorrected_eV_per_atom\n"
        + "Li3P,-0.7,-0.7\n", name: "t")
    #expect(csv.entries[0].adjustments == [])
    let listed = try EntryTable(
      csv: "formula,energy_eV_per_atom,corrections\nLi2S,-4,a (S)=-0.2; b=0\nLi,-1,b=0\n", name: "t"
    )
    #expect(listed.entries[0].adjustments?.map(\.name) == ["a (S)"])
    #expect(listed.entries[1].adjustments == [])
  }

  @Test func correctionsOfCSV() throws {
    let table = try EntryTable(
      csv: "formula,formation_energy_mp2020_eV_per_atom,formation_energy_uncorrected_eV_per_atom,"
        + "band_gap_eV,functional\nLi2S,-1.5,-1.3,3.5,GGA\nLi,0,,,\n", name: "t")
    #expect(abs((table.entries[0].correction ?? 0) + 0.2) < 1e-12)
    #expect(table.entries[0].bandGap == 3.5 && table.entries[0].functional == "GGA")
    #expect(table.entries[1].adjustments == nil && table.entries[1].bandGap == nil)
    #expect(
      message {
        _ = try EntryTable(csv: "formula,energy_eV_per_atom,band_gap_eV\nLi,-1,-2\n", name: "t")
      }.contains("below 0"))
  }

  @Test func mixturesAreRefused() throws {
    func table(_ rows: String, _ column: String = "energy_eV_per_atom") throws -> EntryTable {
      try EntryTable(csv: "formula,\(column),functional,correction_scheme\n" + rows, name: "t")
    }
    let gga = try table("Li,-1,GGA,mp2020\n")
    let corrected = try table("Fe2O3,-1,GGA+U,mp2020\n")
    #expect(try EntryTable.combined([gga, corrected], name: "t").entries.count == 2)
    let cases: [([EntryTable], String)] = [
      ([gga, try table("S,-4,R2SCAN,\n")], "1 GGA (Li); 1 R2SCAN (S)"),
      ([gga, try table("S,-4,GGA,legacy\n")], "correction schemes"),
      ([gga, try table("S,-4,,\n", "formation_energy_eV_per_atom")], "scales"),
      ([try table("Li,-1,GGA,uncorrected\nFe2O3,-1,GGA+U,uncorrected\n")], "functionals"),
    ]
    for (tables, reason) in cases {
      let found = message { _ = try EntryTable.combined(tables, name: "t") }
      #expect(found.contains(reason), "\(found)")
    }
  }
}
