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
    let entries = [try ComputedEntry(formula: "Li2S", energyPerAtom: -1.5)]
    #expect(throws: ThermodynamicsError.self) {
      try PhaseDiagram(
        entries: entries, basis: ComponentBasis(elements: [lithium, sulfur]),
        open: OpenSpecies(element: Element("Na")!, chemicalPotential: 0))
    }
    // Elements with no entry: nothing makes up Li3S.
    let diagram = try PhaseDiagram(
      entries: entries, basis: ComponentBasis(elements: [lithium, sulfur]))
    #expect(throws: ThermodynamicsError.self) {
      try diagram.decomposition(of: Composition(formula: "Li3S"))
    }
    #expect(try diagram.decomposition(of: Composition(formula: "Li4S2")).phases[0].amount == 2)
  }
}
