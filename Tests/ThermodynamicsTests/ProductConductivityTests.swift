import Atomistics
import Foundation
import Testing
import Thermodynamics

@Suite struct ProductConductivityTests {
  private let lithium = Element("Li")!

  private func phase(_ formula: String, gap: Double?, amount: Double = 1) throws -> PhaseAmount {
    PhaseAmount(
      entry: ComputedEntry(
        formula: formula, composition: try Composition(formula: formula), energyPerAtom: -1,
        bandGap: gap), amount: amount)
  }

  private func kind(_ phases: [PhaseAmount], threshold: Double = 0.5) -> ProductConductivity.Kind {
    ProductConductivity(of: phases, workingIon: lithium, threshold: threshold).kind
  }

  @Test func aConductorDecidesOverAnUnknownGap() throws {
    let sulfide = try phase("Li2S", gap: 3.4)
    let phosphide = try phase("Li3P", gap: 0.7)
    let boride = try phase("LiB", gap: 0)
    let unknown = try phase("LiP7", gap: nil)
    #expect(kind([sulfide, phosphide]) == .insulating)
    #expect(kind([sulfide, unknown, phosphide]) == .unknown(["LiP7"]))
    #expect(kind([unknown, boride, sulfide]) == .conducting(["LiB"]))
    #expect(kind([]) == .unknown([]))
  }

  @Test func aGapAtTheThresholdInsulates() throws {
    let phases = [try phase("Li2S", gap: 3.4), try phase("Li3P", gap: 0.7)]
    #expect(kind(phases, threshold: 0.7) == .insulating)
    #expect(kind(phases, threshold: 0.7.nextUp) == .conducting(["Li3P"]))
    #expect(kind(phases, threshold: 5) == .conducting(["Li2S", "Li3P"]))
    let found = ProductConductivity(of: phases, workingIon: lithium, threshold: 0.7)
    #expect(found.narrowest?.formula == "Li3P" && found.threshold == 0.7)
    #expect(ProductConductivity.usualThreshold == 0.5)
  }

  @Test func theReservoirAndTracesAreNoProducts() throws {
    let sulfide = try phase("Li2S", gap: 3.4)
    let metal = try phase("Li", gap: 0, amount: 2)
    #expect(kind([sulfide, metal]) == .insulating)
    #expect(kind([sulfide, try phase("Li", gap: nil)]) == .insulating)
    #expect(kind([metal]) == .unknown([]))
    #expect(
      ProductConductivity(of: [sulfide, metal], workingIon: Element("Na")!).kind
        == .conducting(["Li"]))
    #expect(kind([sulfide, try phase("LiB", gap: 0, amount: 1e-7)]) == .insulating)
    #expect(kind([sulfide, try phase("LiB", gap: 0, amount: 1e-5)]) == .conducting(["LiB"]))
  }

  @Test func phasesAreNamedOnceInTheirOrder() throws {
    let phases = [
      try phase("LiB", gap: 0), try phase("LiC12", gap: 0.1), try phase("LiB", gap: 0.2),
    ]
    #expect(kind(phases) == .conducting(["LiB", "LiC12"]))
    let found = ProductConductivity(of: phases, workingIon: lithium)
    #expect(found.name == "conducting" && found.phases == ["LiB", "LiC12"])
  }

  /// Whatever the phases: a higher threshold never turns a conductor into an insulator, and adding a
  /// product never makes an equilibrium insulating.
  @Test func classesAreMonotonic() throws {
    var random = RandomGenerator(seed: 11)
    for _ in 0..<300 {
      let phases = try (0..<Int.random(in: 1...5, using: &random)).map { index in
        try phase(
          "Li\(index + 1)S",
          gap: Bool.random(using: &random) ? Double.random(in: 0...3, using: &random) : nil)
      }
      let low = ProductConductivity(of: phases, workingIon: lithium, threshold: 0.5)
      let high = ProductConductivity(of: phases, workingIon: lithium, threshold: 1.5)
      #expect(low.name != "conducting" || high.name == "conducting")
      let gaps = phases.map(\.entry.bandGap)
      #expect((low.name == "insulating") == gaps.allSatisfy { ($0 ?? -1) >= 0.5 })
      #expect((low.name == "conducting") == gaps.contains { ($0 ?? 9) < 0.5 })
      let more = phases + [try phase("LiH", gap: nil)]
      #expect(ProductConductivity(of: more, workingIon: lithium).name != "insulating")
    }
  }

  /// The paper's argument: at 0 V a boride or an intercalated graphite conducts where the cluster may
  /// fall apart; where it stays whole all products insulate.
  @Test(arguments: CorrectionScheme.allCases)
  func electrolytesAtZeroVolts(_ scheme: CorrectionScheme) throws {
    let table = try Reference.table(scheme)
    #expect(table.hasBandGaps)
    let references = try Reference.load(scheme)
    let conducts = ["Li6PS5BH4": "LiB", "Li6PS5BF4": "LiB", "Li6PS5CN": "LiC12"]
    for name in Reference.electrolytes {
      let reference = try #require(references[name])
      for intact in [false, true] {
        let found = try reference.stability(of: name, in: table, intact: intact)
        let classes = found.productConductivities()
        #expect(classes.count == found.profile.steps.count)
        let expected: ProductConductivity.Kind =
          if !intact, let phase = conducts[name] { .conducting([phase]) } else { .insulating }
        #expect(classes[0].kind == expected, "\(name) \(scheme) intact \(intact)")
      }
    }
  }

  @Test func theWholeProfileOfTheBorohydride() throws {
    let reference = try #require(try Reference.load(.mp2020)["Li6PS5BH4"])
    let table = try Reference.table(.mp2020)
    let elements = try reference.stability(of: "Li6PS5BH4", in: table, intact: false)
    let classes = elements.productConductivities()
    // LiB3 has no gap in the table: sources contradict each other.
    #expect(classes[1].kind == .unknown(["LiB3"]))
    #expect(classes[2...].allSatisfy { $0.kind == .insulating })
    let intact = try reference.stability(of: "Li6PS5BH4", in: table, intact: true)
    #expect(intact.productConductivities().allSatisfy { $0.kind == .insulating })
    // Above the gap of Li3P every equilibrium with it conducts.
    #expect(intact.productConductivities(threshold: 0.75)[0].kind == .conducting(["Li3P"]))
  }

  @Test func tablesWithoutGapsSaySo() throws {
    let csv = "formula,energy_eV_per_atom\nLi,-1.9\nLi2S,-4\nS,-4\n"
    #expect(try !EntryTable(csv: csv, name: "t.csv").hasBandGaps)
  }

  @Test func everyGapOfTheTableHasMethodAndSource() throws {
    let lines = try Reference.phases().split(separator: "\n").filter { !$0.hasPrefix("#") }
    let header = lines[0].split(separator: ",", omittingEmptySubsequences: false)
    #expect(header.suffix(3) == ["band_gap_eV", "band_gap_method", "band_gap_source"])
    let entries = try Reference.table(.mp2020).entries
    #expect(entries.count == lines.count - 1)
    var known = 0
    for (entry, line) in zip(entries, lines.dropFirst()) {
      let method = line.firstRange(of: /,(HSE06|PBE|experiment|theory),"?[^,"]/)
      #expect((entry.bandGap != nil) == (method != nil), "\(line)")
      #expect(method != nil || line.hasSuffix(",,,"), "\(line)")
      known += entry.bandGap == nil ? 0 : 1
    }
    #expect(known >= 100)
  }
}
