import Atomistics
import Testing
import Thermodynamics

@Suite struct ComponentBasisTests {
  private let lithium = Element("Li")!

  private func basis(_ target: String, _ intact: String...) throws -> ComponentBasis {
    try ComponentBasis(
      target: Composition(formula: target), workingIon: lithium, intact: intact)
  }

  @Test func intactCompoundsTakeThePlaceOfElementsOnlyTheySupply() throws {
    #expect(try basis("Li6PS5(BH4)").names == ["Li", "P", "S", "B", "H"])
    #expect(try basis("Li6PS5(BH4)", "LiBH4").names == ["Li", "P", "S", "LiBH4"])
    #expect(try basis("Li6PS5Cl", "LiCl").names == ["Li", "P", "S", "LiCl"])
    #expect(try basis("Li6PS5Cl", "LiCl", "Li3PS4").names == ["Li", "S", "LiCl", "Li3PS4"])
  }

  @Test func amountsAndReasons() throws {
    let basis = try basis("Li6PS5(BH4)", "LiBH4")
    func amounts(_ formula: String) throws -> [Double]? {
      if case .amounts(let x) = basis.amounts(of: try Composition(formula: formula)) { return x }
      return nil
    }
    func reason(_ formula: String) throws -> Exclusion? {
      if case .excluded(let why) = basis.amounts(of: try Composition(formula: formula)) {
        return why
      }
      return nil
    }
    let own = try #require(try amounts("Li6PS5BH4"))
    for (x, expected) in zip(own, [5.0, 1, 5, 1]) { #expect(abs(x - expected) < 1e-9) }
    #expect(try amounts("Li3PS4") != nil)
    #expect(try reason("LiH") == .outsideSpan)
    #expect(try reason("BH4") == .negativeAmount(["Li"]))
    #expect(try reason("LiCl") == .otherElements([Element("Cl")!]))
  }

  @Test func damagedBases() throws {
    #expect(throws: ThermodynamicsError.self) { try basis("Li6PS5Cl", "LiBH4") }
    #expect(throws: ThermodynamicsError.self) { try basis("Li6PS5Cl", "Li2S") }
    #expect(throws: ThermodynamicsError.self) {
      try ComponentBasis(
        components: ["Li", "S", "Li2S"].map {
          ComponentBasis.Component(formula: $0, composition: try Composition(formula: $0))
        })
    }
    #expect(throws: ThermodynamicsError.self) {
      try ComponentBasis(system: [lithium], workingIon: lithium, intact: ["LiCl"])
    }
  }

  @Test func onlyAVertexCanBeOpen() throws {
    let sulfur = Element("S")!
    let entries = try ["Li", "S", "Li2S"].map { try ComputedEntry(formula: $0, energyPerAtom: -1) }
    #expect(throws: ThermodynamicsError.self) {
      try PhaseDiagram(
        entries: entries, basis: ComponentBasis(elements: [lithium, sulfur]),
        open: OpenSpecies(element: Element("Na")!, chemicalPotential: 0))
    }
    let open = try PhaseDiagram(
      entries: entries, basis: ComponentBasis(elements: [lithium, sulfur]),
      open: OpenSpecies(element: lithium, chemicalPotential: -1))
    #expect(open.excluded.map(\.reason) == [.reservoir])
  }

  /// Energies need a reference: the error names the component and an entry that holds it.
  @Test func everyComponentNeedsAnEntry() throws {
    let sulfur = Element("S")!
    let entries = try ["Li", "Li2S"].map { try ComputedEntry(formula: $0, energyPerAtom: -1) }
    let basis = try ComponentBasis(elements: [lithium, sulfur])
    do {
      _ = try PhaseDiagram(entries: entries, basis: basis)
      Issue.record("there is no sulfur")
    } catch let error as ThermodynamicsError {
      #expect(error.description.contains("pure S, which Li2S"))
    }
    // Nothing holds it: a system that was meant to be another one.
    #expect(throws: ThermodynamicsError.self) {
      try PhaseDiagram(entries: [entries[0]], basis: basis)
    }
  }
}
