import Foundation
import Testing

@Suite struct ReactivityVerbTests {
  private let phases = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Data/phases.csv").path

  @Test func kinksAgainstLithium() throws {
    let run = try InterphaseProcess("reactivity", "Li6PS5Cl", "Li", "--entries", phases, "--json")
    try #require(run.status == 0, "\(run.errors)")
    let json = try run.json()
    let kinks = try #require(json["kinks"] as? [[String: Any]])
    #expect(kinks.count == 7)
    let fractions = kinks.compactMap { $0["fraction_of_A"] as? Double }
    #expect(fractions.count == 7 && fractions == fractions.sorted())
    #expect(fractions[0] == 0 && fractions[6] == 1)
    let lowest = kinks.filter { $0["isLowest"] as? Bool == true }
    #expect(lowest.count == 1)
    #expect(abs(try #require(lowest[0]["energy_eV_per_atom"] as? Double) + 0.5940) < 1e-4)
    #expect(lowest[0]["phases"] as? [String: Double] != nil)
    #expect(
      lowest[0]["reaction"] as? String == "Li6PS5Cl + 8 Li -> 5 Li2S + Li3P + LiCl")
    let text = try InterphaseProcess("reactivity", "Li6PS5Cl", "Li", "--entries", phases)
    #expect(text.output.contains("Li6PS5Cl + 8 Li -> 5 Li2S + Li3P + LiCl"))
  }

  @Test func openToTheWorkingIon() throws {
    let json = try InterphaseProcess(
      "reactivity", "LiBF4", "Li2S", "--entries", phases, "--voltage", "2.2", "--json"
    ).json()
    let kinks = try #require(json["kinks"] as? [[String: Any]])
    #expect(kinks.count == 4)
    #expect(abs(try #require(kinks[0]["openUptake"] as? Double) + 1.75) < 1e-9)
    #expect(kinks[0]["reaction"] as? String == "4 Li2S -> LiS4 + 7 Li")
  }

  @Test func reactionsBalancedFromAList() throws {
    let run = try InterphaseProcess(
      "react", "Li6PS5Cl, Li -> Li3P, Li2S, LiCl", "--entries", phases, "--json")
    let json = try run.json()
    #expect(json["reaction"] as? String == "Li6PS5Cl + 8 Li -> Li3P + 5 Li2S + LiCl")
    let typed = try InterphaseProcess(
      "react", "Li6PS5Cl + 8 Li -> Li3P + 5 Li2S + LiCl", "--entries", phases, "--json"
    ).json()
    #expect(
      json["energy_eV_per_formula"] as? Double == typed["energy_eV_per_formula"] as? Double)
  }

  @Test func potentialsAndRanges() throws {
    let json = try InterphaseProcess(
      "hull", "--entries", phases, "--system", "Li-P-S", "--chemical-potentials", "Li3PS4", "--json"
    ).json()
    let found = try #require(json["chemicalPotentials"] as? [String: Any])
    let ranges = try #require(found["ranges"] as? [[String: Any]])
    #expect(ranges.count == 3)
    let window = try InterphaseProcess("window", "Li3PS4", "--entries", phases, "--json").json()
    let stable = try #require(window["stabilityRange"] as? [String: Double])
    #expect(
      abs(try #require(ranges[0]["to_eV"] as? Double) + (try #require(stable["from_V"]))) < 1e-8)
    #expect(
      abs(try #require(ranges[0]["from_eV"] as? Double) + (try #require(stable["to_V"]))) < 1e-8)
  }

  @Test func exitCodes() throws {
    let runs: [([String], Int32, String)] = [
      (["reactivity", "Li2S", "Li4S2", "--entries", phases], 65, "one composition"),
      (["reactivity", "Li", "Li2S", "--entries", phases, "--voltage", "0"], 65, "Li cannot"),
      (["reactivity", "Li2S", "--entries", phases], 64, "second"),
      (["reactivity", "Li2S", "S", "--entries", phases, "--voltage", "nan"], 64, "--voltage"),
      (["react", "Li6PS5Cl, Li -> Li3P, Li2S", "--entries", phases], 65, "Cl stands only"),
      (
        ["hull", "--entries", phases, "--system", "Li-P-S", "--chemical-potentials", "P4S5"], 65,
        "above the hull"
      ),
    ]
    for (arguments, code, text) in runs {
      let run = try InterphaseProcess(arguments)
      #expect(run.status == code, "\(run.errors)")
      #expect(run.output.isEmpty)
      #expect(run.errors.contains(text), "\(run.errors)")
    }
  }
}
