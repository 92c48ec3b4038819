import Atomistics
import Testing
import Thermodynamics

@Suite struct StabilityRangeTests {
  private let lithium = Element("Li")!

  /// Li2S at -1.5 eV/atom gives up both Li at 2.25 V; LiS at -1 eV/atom lies above Li2S and S.
  @Test func closedForm() throws {
    let data = try EntryTable(
      csv: "formula,formation_energy_eV_per_atom\nLi2S,-1.5\nLiS,-1.0\n", name: "t")
    let found = try ElectrolyteStability(of: "Li4S2", in: data, workingIon: lithium)
    let range = try #require(found.stabilityRange)
    #expect(range.lower == 0)
    // Li2S -> LiS + Li: 4.5 - 2 = 2.5 V; to S: 2.25 V, which comes first.
    #expect(abs(try #require(range.upper) - 2.25) < 1e-9)
    let curve = try #require(found.decompositionCurve)
    #expect(curve.points.map(\.voltage)[0] == 0)
    #expect(curve.points.allSatisfy { abs($0.perFormula) < 1e-9 })
    #expect(abs(curve.finalUptake + 4) < 1e-9)
    let sulfide = try ElectrolyteStability(of: "LiS", in: data, workingIon: lithium)
    // LiS lies 0.125 eV/atom above Li2S + S.
    #expect(sulfide.stabilityRange == nil)
    let peak = try #require(sulfide.decompositionCurve).peak
    #expect(abs(peak.perAtom + 0.125) < 1e-9)
    #expect(abs(peak.from - 2.25) < 1e-9)
    #expect(abs(try #require(peak.to) - 2.25) < 1e-9)
    let sulfur = try ElectrolyteStability(of: "S", in: data, workingIon: lithium)
    #expect(try #require(sulfur.stabilityRange).upper == nil)
  }

  /// The highest point of D(V) is minus the distance to the closed hull, whatever the phase.
  @Test func peakIsTheHullDistance() throws {
    let data = try Reference.table(.mp2020)
    var stable = 0
    for entry in data.entries where entry.composition[lithium] > 0 {
      guard entry.composition.elements.count > 1 else { continue }
      let found = try ElectrolyteStability(of: entry.formula, in: data, workingIon: lithium)
      let peak = try #require(found.decompositionCurve).peak
      let distance = try #require(found.hullDistance)
      #expect(abs(peak.perAtom + distance) < 1e-9, "\(entry.formula)")
      #expect((found.stabilityRange != nil) == (distance <= 1e-6), "\(entry.formula)")
      guard let range = found.stabilityRange else { continue }
      stable += 1
      let window = try #require(found.window)
      #expect(abs(range.lower - window.reduction) < 1e-8)
      let potentials = try ChemicalPotentialRange(of: found.composition, in: found.diagram)
      let voltages = try #require(potentials.voltages(of: lithium))
      #expect(abs(voltages.lower - range.lower) < 1e-8, "\(entry.formula)")
      #expect((voltages.upper == nil) == (range.upper == nil), "\(entry.formula)")
      if let upper = voltages.upper, let end = range.upper { #expect(abs(upper - end) < 1e-8) }
    }
    #expect(stable > 20)
  }

  /// The four electrolytes of the paper are stable at no voltage.
  @Test(arguments: Reference.electrolytes)
  func argyroditesAreStableNowhere(formula: String) throws {
    let reference = try #require(try Reference.load(.mp2020)[formula])
    let found = try reference.stability(
      of: formula, in: try Reference.table(.mp2020), intact: false)
    #expect(found.stabilityRange == nil)
    let peak = try #require(found.decompositionCurve).peak
    #expect(abs(peak.perAtom + (try #require(found.hullDistance))) < 1e-9)
  }

  /// An energy below the hull of the others: the range ends where the curve crosses zero.
  @Test func belowTheHullOfTheOthers() throws {
    let data = try EntryTable(
      csv: "formula,formation_energy_eV_per_atom\nLi2S,-1.5\n", name: "t")
    let basis = try ComponentBasis(elements: [lithium, Element("S")!])
    let diagram = try PhaseDiagram(
      entries: data.entries(withElements: basis.elements), basis: basis)
    let profile = try UptakeProfile(
      of: Composition(formula: "LiS"), in: diagram,
      workingIon: ComputedEntry(formula: "Li", energyPerAtom: 0), reference: 0)
    // E = -2.5 eV per LiS, 0.25 below the hull: D = 0.25 at 2.25 V, slopes +1 and -1.
    let range = try #require(StabilityRange(DecompositionCurve(profile, energyPerAtom: -1.25)))
    #expect(abs(range.lower - 2) < 1e-9)
    #expect(abs(try #require(range.upper) - 2.5) < 1e-9)
  }

  @Test func chemicalPotentialsAgreeWithLinearProgramsAndPymatgen() throws {
    let reference = try ReactivityReference.load().ranges
    let data = try Reference.table(.mp2020)
    #expect(reference.count == 6)
    #expect(reference.filter { $0.pymatgen != nil }.count >= 3)
    for item in reference {
      let elements = item.system.compactMap { Element($0) }
      let diagram = try PhaseDiagram(
        entries: data.entries(withElements: elements), basis: ComponentBasis(elements: elements))
      let found = try ChemicalPotentialRange(
        of: Composition(formula: item.formula), in: diagram)
      #expect(found.ranges.map(\.component) == item.system)
      for range in found.ranges {
        let ends = try #require(item.linprog[range.component])
        let comment = Comment(rawValue: "\(item.formula) \(range.component)")
        #expect((range.lower == nil) == (ends[0] == nil), comment)
        if let lower = range.lower, let end = ends[0] { #expect(abs(lower - end) < 1e-8, comment) }
        #expect(abs(range.upper - (try #require(ends[1]))) < 1e-8, comment)
        if let vertices = item.pymatgen?[range.component] {
          #expect(abs(try #require(range.lower) - vertices[0]) < 1e-8, comment)
          #expect(abs(range.upper - vertices[1]) < 1e-8, comment)
        }
      }
    }
  }

  @Test func potentialsOfUnstableOrUnknownPhases() throws {
    let elements = ["Li", "P", "S"].compactMap { Element($0) }
    let diagram = try PhaseDiagram(
      entries: try Reference.table(.mp2020).entries(withElements: elements),
      basis: ComponentBasis(elements: elements))
    for (formula, text) in [("P4S5", "above the hull"), ("Li9P", "no entry"), ("LiCl", "no entry")]
    {
      let error = #expect(throws: ThermodynamicsError.self) {
        try ChemicalPotentialRange(of: Composition(formula: formula), in: diagram)
      }
      #expect(error?.description.contains(text) == true, "\(error?.description ?? "")")
    }
  }

  /// With LiBH4 as a vertex the potentials are those of the vertices.
  @Test func potentialsOfVertices() throws {
    let elements = ["Li", "P", "S", "B", "H"].compactMap { Element($0) }
    let basis = try ComponentBasis(system: elements, workingIon: lithium, intact: ["LiBH4"])
    let diagram = try PhaseDiagram(
      entries: try Reference.table(.mp2020).entries(withElements: elements), basis: basis)
    let found = try ChemicalPotentialRange(of: Composition(formula: "LiBH4"), in: diagram)
    #expect(found.ranges.map(\.component) == ["Li", "P", "S", "LiBH4"])
    let own = try #require(found["LiBH4"])
    #expect(own.upper == 0)
    #expect(abs(try #require(own.lower)) < 1e-9)
    #expect(found["Li"]?.lower == nil)
  }

  /// Open to lithium at 1 V, Li2S and S: the potential of sulfur is that of Li2S less its lithium.
  @Test func potentialsOfAnOpenDiagram() throws {
    let data = try EntryTable(
      csv: "formula,formation_energy_eV_per_atom\nLi2S,-1.5\n", name: "t")
    let basis = try ComponentBasis(elements: [lithium, Element("S")!])
    let diagram = try PhaseDiagram(
      entries: data.entries(withElements: basis.elements), basis: basis,
      open: OpenSpecies(element: lithium, voltage: 1, reference: 0))
    let found = try ChemicalPotentialRange(of: Composition(formula: "Li2S"), in: diagram)
    #expect(found.ranges.map(\.component) == ["S"])
    // -4.5 + 2 x 1 = -2.5 eV per sulfur, and no freedom.
    #expect(abs(try #require(found["S"]).upper + 2.5) < 1e-9)
    #expect(abs(try #require(found["S"]?.lower) + 2.5) < 1e-9)
    #expect(found.voltages(of: lithium) == nil)
  }
}
