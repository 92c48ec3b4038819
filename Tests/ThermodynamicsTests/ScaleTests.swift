import Atomistics
import Testing
import Thermodynamics

@Suite struct ScaleTests {
  /// 8 components and 2,000 entries: optimal by its own certificate, the triangle of Gibbs
  /// inequalities: no entry lies below the hull, and what is on it decomposes into itself.
  @Test func eightComponentsTwoThousandEntries() throws {
    var generator = RandomGenerator(seed: 8, stage: "scale")
    let elements = ["Li", "P", "S", "Cl", "B", "H", "C", "N"].map { Element($0)! }
    var entries = elements.map {
      ComputedEntry(formula: $0.symbol, composition: Composition([($0, 1)]), energyPerAtom: 0)
    }
    while entries.count < 2000 {
      let composition = Composition(
        elements.map { ($0, max(0, Double(Int(generator.uniform() * 9)) - 4)) })
      guard composition.atomCount > 0 else { continue }
      entries.append(
        ComputedEntry(
          formula: composition.formula, composition: composition,
          energyPerAtom: generator.uniform() - 1))
    }
    let diagram = try PhaseDiagram(entries: entries, basis: ComponentBasis(elements: elements))
    var stable = 0
    for entry in entries.prefix(400) {
      let distance = try diagram.hullDistance(of: entry)
      #expect(distance > -1e-9)
      let phases = try diagram.decomposition(of: entry.composition).phases
      // Every phase of an equilibrium is on the hull itself.
      for phase in phases { #expect(abs(try diagram.hullDistance(of: phase.entry)) < 1e-9) }
      if distance < 1e-9 { stable += 1 }
    }
    #expect(stable > 8 && stable < 400)
    let target = Composition(elements.map { ($0, 1) })
    let profile = try UptakeProfile(
      of: target, in: diagram, workingIon: entries[0], reference: 0)
    #expect(profile.steps.count > 2)
  }
}
