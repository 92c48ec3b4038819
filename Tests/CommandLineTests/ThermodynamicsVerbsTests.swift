import Foundation
import Testing

@Suite struct ThermodynamicsVerbsTests {
  private let phases = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data/phases.csv").path

  @Test func windowWithTheClusterIntact() throws {
    let run = try InterphaseProcess(
      "window", "Li6PS5(BH4)", "--entries", phases, "--excess", "8.6meV/atom", "--over",
      "Li3PS4 + Li2S + LiBH4", "--intact", "LiBH4", "--json")
    try #require(run.status == 0)
    let json = try run.json()
    #expect(
      Set(json.keys) == [
        "formula", "workingIon", "basis", "hullDistance_eV_per_atom", "window", "steps", "excluded",
        "warnings", "stabilityRange", "leastUnstable", "corrections",
      ])
    #expect(json["stabilityRange"] is NSNull)
    #expect(json["formula"] as? String == "Li6PS5(BH4)")
    #expect(json["basis"] as? [String] == ["Li", "P", "S", "LiBH4"])
    #expect(abs(try #require(json["hullDistance_eV_per_atom"] as? Double) - 0.0086) < 1e-9)
    let window = try #require(json["window"] as? [String: Double])
    #expect(abs(try #require(window["reduction_V"]) - 1.7207) < 1e-3)
    #expect(abs(try #require(window["oxidation_V"]) - 2.1385) < 1e-3)
    let steps = try #require(json["steps"] as? [[String: Any]])
    #expect(steps.count == 9)
    #expect(steps[0]["from_V"] as? Double == 0)
    #expect(steps[0]["phases"] as? [String: Double] == ["Li2S": 5, "Li3P": 1, "LiBH4": 1])
    #expect(steps[0]["decompositionEnergy_eV_per_atom"] as? Double != nil)
    #expect(steps.last?["to_V"] is NSNull)
    let excluded = try #require(json["excluded"] as? [[String: String]])
    #expect(
      excluded.contains { $0["formula"] == "LiH" && $0["reason"]?.contains("span") == true })
    #expect((json["warnings"] as? [String])?.contains { $0.contains("upper bound") } == true)
  }

  @Test func windowWithoutPlateauOrEnergy() throws {
    let run = try InterphaseProcess("window", "Li6PS5(CN)", "--entries", phases, "--json")
    let json = try run.json()
    #expect(json["window"] is NSNull)
    #expect(json["hullDistance_eV_per_atom"] is NSNull)
    let text = try InterphaseProcess("window", "Li6PS5(CN)", "--entries", phases)
    #expect(text.status == 0)
    #expect(text.output.contains("at no voltage is the uptake of Li zero"))
  }

  @Test func hullClosedAndOpen() throws {
    let json = try InterphaseProcess("hull", "--entries", phases, "--system", "Li-P-S", "--json")
      .json()
    let stable = try #require(json["stable"] as? [String])
    #expect(stable.contains("LiS4") && !stable.contains("Li7P3S11"))
    let entries = try #require(json["entries"] as? [[String: Any]])
    let unstable = try #require(entries.first { $0["formula"] as? String == "P4S5" })
    #expect(abs(try #require(unstable["hullDistance_eV_per_atom"] as? Double) - 0.0045) < 1e-4)
    #expect(unstable["decomposition"] as? [String: Double] == ["P4S3": 0.5, "P4S7": 0.5])
    let open = try InterphaseProcess(
      "hull", "--entries", phases, "--system", "Li-P-S", "--voltage", "0.5", "--json"
    ).json()
    #expect(Set(open["stable"] as? [String] ?? []) == ["Li2S", "Li3P"])
  }

  @Test func reactionAsInThePaper() throws {
    let json = try InterphaseProcess(
      "react", "Li6PS5(BH4) + 8 Li -> Li3P + 5 Li2S + LiBH4", "--entries", phases, "--excess",
      "8.6meV/atom", "--over", "Li3PS4 + Li2S + LiBH4", "--json"
    ).json()
    #expect(
      abs(try #require(json["energy_eV_per_atom_of_reactants"] as? Double) + 0.4616) < 1e-4)
    let perFormula = try #require(json["energy_eV_per_formula"] as? Double)
    #expect(
      abs(try #require(json["energy_eV_per_working_ion"] as? Double) * 8 - perFormula) < 1e-8)
  }

  @Test func exitCodes() throws {
    let reaction = "Li6PS5Cl + 7 Li -> Li3P + 5 Li2S + LiCl"
    let runs: [(InterphaseProcess, Int32, String)] = [
      (try InterphaseProcess("window", "Li6PS5Cl", "--entries", "no-such.csv"), 66, "no-such.csv"),
      (try InterphaseProcess("window", "Li6PS5Xx", "--entries", phases), 65, "'Xx'"),
      (try InterphaseProcess("window", "Li6PS5Cl"), 64, "--entries"),
      (
        try InterphaseProcess("window", "Li6PS5Cl", "--entries", phases, "--excess", "3meV"), 64,
        "--over"
      ),
      (
        try InterphaseProcess("window", "Li6PS5Cl", "--entries", phases, "--energy", "3 K"), 64,
        "eV/atom"
      ),
      (
        try InterphaseProcess("window", "Li6PS5Cl", "--entries", phases, "--intact", "LiBH4"), 65,
        "LiBH4"
      ),
      (try InterphaseProcess("hull", "--entries", phases, "--system", "Li-Q"), 65, "'Q'"),
      (
        try InterphaseProcess("react", reaction, "--entries", phases), 65,
        "13 Li on the left, 14 Li"
      ),
      (
        try InterphaseProcess("react", "Li6PS5Br -> Li5PS5 + LiBr", "--entries", phases), 65,
        "Li5PS5"
      ),
    ]
    for (run, code, text) in runs {
      #expect(run.status == code, "\(run.errors)")
      #expect(run.output.isEmpty)
      #expect(run.errors.contains(text), "\(run.errors)")
    }
  }
}
