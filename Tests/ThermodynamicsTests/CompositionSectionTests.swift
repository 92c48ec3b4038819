import Atomistics
import Testing
import Thermodynamics

@Suite struct CompositionSectionTests {
  private func diagram(
    _ symbols: [String], intact: [String] = [], open: OpenSpecies? = nil
  ) throws -> PhaseDiagram {
    let elements = symbols.compactMap { Element($0) }
    return try PhaseDiagram(
      entries: try Reference.table(.mp2020).entries(withElements: elements),
      basis: ComponentBasis(system: elements, workingIon: elements[0], intact: intact), open: open)
  }

  private func corners(_ formulas: [String]) throws -> [ComponentBasis.Component] {
    try formulas.map {
      ComponentBasis.Component(formula: $0, composition: try Composition(formula: $0))
    }
  }

  /// The regions cover the triangle once, and within each the equilibrium is what it says.
  private func check(_ section: CompositionSection, of diagram: PhaseDiagram, seed: UInt64) throws {
    #expect(abs(section.regions.reduce(0) { $0 + $1.area } - 1) < 1e-9)
    var generator = RandomGenerator(seed: seed, stage: "section")
    for region in section.regions {
      let weights = region.corners.map { _ in 0.05 + generator.uniform() }
      let sum = weights.reduce(0, +)
      let point = (0..<3).map { k in
        zip(weights, region.corners).reduce(0) { $0 + $1.0 * $1.1[k] } / sum
      }
      let found = try diagram.decomposition(of: section.simplex.composition(at: point))
      // A region too thin to have an inside is not asked.
      guard region.area > 1e-7 else { continue }
      #expect(
        Set(found.phases.map(\.entry.formula)) == Set(region.phases.map(\.formula)),
        "\(region.phases.map(\.formula))")
    }
  }

  @Test(
    arguments: [
      ["Li2S", "P2S5", "LiCl"], ["Li3P", "Li2S", "LiCl"], ["Li", "Li6PS5Cl", "S"],
      ["LiCl", "P4S7", "Li7P3"], ["Li", "PSCl", "Li2S3Cl"], ["Li", "PSCl3", "P2SCl"],
    ])
  func planesThroughLiPSCl(formulas: [String]) throws {
    let diagram = try diagram(["Li", "P", "S", "Cl"])
    let section = try CompositionSection(of: diagram, vertices: corners(formulas))
    try check(section, of: diagram, seed: 1)
  }

  @Test func planesThroughFiveComponents() throws {
    let diagram = try diagram(["Li", "P", "S", "B", "H"])
    for formulas in [["Li2S", "Li3P", "LiBH4"], ["Li", "Li6PS5BH4", "S"], ["Li", "PS", "BH3"]] {
      let section = try CompositionSection(of: diagram, vertices: corners(formulas))
      try check(section, of: diagram, seed: 2)
    }
  }

  @Test(arguments: 0..<30)
  func randomPlanes(seed: Int) throws {
    var generator = RandomGenerator(seed: UInt64(seed), stage: "planes")
    let size = 3 + seed % 3
    let system = RandomSystem(&generator, size: size, count: 18)
    // Energies without ties, so that every point has one equilibrium.
    let entries = system.entries.map {
      ComputedEntry(
        formula: $0.formula, composition: $0.composition,
        energyPerAtom: $0.atomCount == 1 ? 0 : $0.energyPerAtom + 0.01 * generator.uniform())
    }
    let diagram = try PhaseDiagram(
      entries: entries, basis: ComponentBasis(elements: system.elements))
    let vertices = (0..<3).map { _ in
      Composition(system.elements.map { ($0, 0.2 + generator.uniform()) })
    }.map { ComponentBasis.Component(formula: $0.formula, composition: $0) }
    let section = try CompositionSection(of: diagram, vertices: vertices)
    try check(section, of: diagram, seed: UInt64(seed))
  }

  /// Cells of one energy overlap; still every point is covered once.
  @Test(arguments: 0..<20)
  func degenerateHulls(seed: Int) throws {
    var generator = RandomGenerator(seed: UInt64(seed), stage: "degenerate")
    let system = RandomSystem(&generator, size: 3 + seed % 2, count: 15)
    let entries = system.entries.map {
      ComputedEntry(
        formula: $0.formula, composition: $0.composition,
        energyPerAtom: ($0.energyPerAtom * 5).rounded() / 5)
    }
    let diagram = try PhaseDiagram(
      entries: entries, basis: ComponentBasis(elements: system.elements))
    let vertices = system.elements.prefix(3).map(ComponentBasis.Component.init)
    let section = try CompositionSection(of: diagram, vertices: vertices)
    #expect(abs(section.regions.reduce(0) { $0 + $1.area } - 1) < 1e-9)
    for region in section.regions where region.area > 1e-7 {
      let middle = (0..<3).map { k in
        region.corners.reduce(0) { $0 + $1[k] } / Double(region.corners.count)
      }
      let composition = section.simplex.composition(at: middle)
      let hull = try diagram.decomposition(of: composition)
      // The region's own phases reach the hull's energy there.
      let elements = system.elements.map {
        ComputedEntry(formula: $0.symbol, composition: Composition([($0, 1)]), energyPerAtom: 10)
      }
      let alone = try PhaseDiagram(
        entries: region.phases + elements, basis: ComponentBasis(elements: system.elements))
      #expect(abs(try alone.decomposition(of: composition).energy - hull.energy) < 1e-8)
    }
  }

  /// The whole triangle: regions are triangles between stable phases, as many as the tie lines cut.
  @Test func regionsOfTheWholeTriangle() throws {
    let diagram = try diagram(["Li", "P", "S"])
    let section = try CompositionSection(of: diagram)
    try check(section, of: diagram, seed: 3)
    #expect(section.regions.allSatisfy { $0.corners.count == 3 && $0.phases.count == 3 })
    let rim = section.stable.count { $0.entry.composition.elements.count < 3 }
    #expect(section.regions.count == 2 * section.stable.count - 2 - rim)
    #expect(section.unstable.contains { $0.entry.formula == "P4S5" && $0.hullDistance > 0.004 })
  }

  /// The stable phases of the paper's Fig. 1(b).
  @Test func phasesOfTheTetrahedronWithBorohydride() throws {
    let section = try CompositionSection(
      of: diagram(["Li", "P", "S", "B", "H"], intact: ["LiBH4"]))
    let inside = section.stable.map(\.entry.formula).filter {
      !["Li", "P", "S", "LiBH4"].contains($0)
    }
    #expect(
      Set(inside) == [
        "Li2S", "Li3P", "Li3PS4", "LiS4", "LiP", "P2S7", "P2S5", "P4S9", "P4S7", "Li3P7", "P4S3",
        "LiP7",
      ])
    #expect(section.regions.isEmpty)
    #expect(section.lines.count > 20)
  }

  @Test func placesAreMoleFractions() throws {
    let diagram = try diagram(["Li", "P", "S", "Cl"])
    let simplex = try CompositionSimplex(
      of: diagram, vertices: corners(["Li2S", "P2S5", "LiCl"]))
    let thiophosphate = try #require(simplex.fractions(of: Composition(formula: "Li3PS4")))
    #expect(zip(thiophosphate, [0.75, 0.25, 0]).allSatisfy { abs($0 - $1) < 1e-12 })
    let argyrodite = try #require(simplex.fractions(of: Composition(formula: "Li6PS5Cl")))
    #expect(zip(argyrodite, [0.625, 0.125, 0.25]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(simplex.fractions(of: try Composition(formula: "Li3P")) == nil)
    #expect(simplex.fractions(of: try Composition(formula: "P4S9")) == nil)
    #expect(simplex.fractions(of: try Composition(formula: "Li2O")) == nil)
  }

  @Test func anOpenSpeciesIsNoCorner() throws {
    let lithium = try #require(Element("Li"))
    let diagram = try diagram(
      ["Li", "P", "S", "Cl"],
      open: OpenSpecies(element: lithium, voltage: 2.2, reference: 0))
    let section = try CompositionSection(of: diagram)
    #expect(section.simplex.vertices.map(\.formula) == ["P", "S", "Cl"])
    #expect(section.simplex.fractions(of: try Composition(formula: "Li3P")) == [1, 0, 0])
    #expect(section.simplex.fractions(of: try Composition(formula: "Li")) == nil)
    try check(section, of: diagram, seed: 4)
  }

  @Test func cornersThatAreNoGood() throws {
    let diagram = try diagram(["Li", "P", "S"])
    #expect(throws: ThermodynamicsError.self) {
      try CompositionSection(of: diagram, vertices: try corners(["Li2S", "P2S5", "Li3PS4"]))
    }
    let error = #expect(throws: ThermodynamicsError.self) {
      try CompositionSection(of: diagram, vertices: try corners(["Li2S", "P2S5", "LiCl"]))
    }
    #expect(error?.description.contains("LiCl has no place in the diagram of Li, P, S") == true)
  }
}
