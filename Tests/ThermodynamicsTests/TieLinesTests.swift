import Atomistics
import Foundation
import Testing
import Thermodynamics

/// What pymatgen gives; see `Fixtures/generate_tie_lines.py`.
private struct TieLineReference: Decodable {
  struct Entry: Decodable {
    let formula: String
    let energyPerAtom: Double

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      formula = try container.decode(String.self)
      energyPerAtom = try container.decode(Double.self)
    }
  }

  let elements: [String]
  /// Empty: those of the phases table.
  let entries: [Entry]
  let lines: [[String]]

  static func load() throws -> [String: TieLineReference] {
    let url = try #require(
      Bundle.module.url(
        forResource: "tie-lines", withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode([String: TieLineReference].self, from: Data(contentsOf: url))
  }

  func diagram() throws -> PhaseDiagram {
    let elements = elements.compactMap { Element($0) }
    let entries =
      entries.isEmpty
      ? try Reference.table(.mp2020).entries(withElements: elements)
      : try self.entries.map {
        try ComputedEntry(formula: $0.formula, energyPerAtom: $0.energyPerAtom)
      }
    return try PhaseDiagram(entries: entries, basis: ComponentBasis(elements: elements))
  }
}

/// A pair of compounds, in no order.
private func key(_ a: Composition, _ b: Composition) -> Set<String> {
  [PhaseKey(a).text, PhaseKey(b).text]
}

private func names(_ lines: TieLines) -> Set<Set<String>> {
  Set(
    lines.lines.map {
      key(lines.phases[$0.first].composition, lines.phases[$0.second].composition)
    })
}

@Suite struct TieLinesTests {
  @Test func pymatgensFacets() throws {
    let references = try TieLineReference.load()
    #expect(references.count == 31)
    for (name, reference) in references {
      let found = try TieLines(of: reference.diagram())
      let expected = try Set(
        reference.lines.map {
          key(try Composition(formula: $0[0]), try Composition(formula: $0[1]))
        })
      #expect(names(found) == expected, "\(name)")
    }
  }

  /// A triangle cut into triangles: n points, h of them on the rim, have 3 n - 3 - h edges, also
  /// where many phases lie in one plane or on one line and the diagonals are a matter of choice.
  @Test(arguments: 0..<60)
  func trianglesAreCutIntoTriangles(seed: Int) throws {
    var generator = RandomGenerator(seed: UInt64(seed), stage: "triangles")
    let system = RandomSystem(&generator, size: 3, count: 6 + seed % 20)
    let diagram = try PhaseDiagram(
      entries: system.entries, basis: ComponentBasis(elements: system.elements))
    let found = try TieLines(of: diagram)
    let rim = found.phases.count { $0.composition.elements.count < 3 }
    #expect(found.lines.count == 3 * found.phases.count - 3 - rim)
    #expect(Set(found.lines).count == found.lines.count)
  }

  /// Along every line, not in its middle alone, nothing lies below; by enumeration.
  @Test(arguments: 0..<20)
  func linesLieOnTheHull(seed: Int) throws {
    var generator = RandomGenerator(seed: UInt64(seed), stage: "lines")
    let system = RandomSystem(&generator, size: 3 + seed % 2, count: 8)
    let diagram = try PhaseDiagram(
      entries: system.entries, basis: ComponentBasis(elements: system.elements))
    let found = try TieLines(of: diagram)
    let all = system.entries.map { (amounts: system.amounts($0), energy: $0.energy) }
    for line in found.lines {
      let (a, b) = (found.phases[line.first], found.phases[line.second])
      for share in [0.23, 0.5, 0.81] {
        let mixed = zip(system.amounts(a), system.amounts(b)).map {
          share * $0 / a.atomCount + (1 - share) * $1 / b.atomCount
        }
        let energy = share * a.energyPerAtom + (1 - share) * b.energyPerAtom
        #expect(abs(bruteForceEnergy(of: mixed, entries: all) - energy) < 1e-8)
      }
    }
  }

  private func diagram(_ energies: [(String, Double)], _ elements: [String]) throws -> PhaseDiagram
  {
    try PhaseDiagram(
      entries: energies.map { try ComputedEntry(formula: $0.0, energyPerAtom: $0.1) },
      basis: ComponentBasis(elements: elements.compactMap { Element($0) }))
  }

  @Test func aPhaseOnTheWayCutsALine() throws {
    let found = try TieLines(
      of: diagram([("Li", 0), ("S", 0), ("Li2S", -1), ("LiS", -0.75)], ["Li", "S"]))
    // LiS lies exactly on the line from Li2S to S.
    #expect(
      try names(found) == [
        key(Composition(formula: "Li"), Composition(formula: "Li2S")),
        key(Composition(formula: "Li2S"), Composition(formula: "LiS")),
        key(Composition(formula: "LiS"), Composition(formula: "S")),
      ])
  }

  /// Four phases in one plane, Li2S and Li2P against LiS and LiP: their cell is a trapezium and one
  /// of its two equally long diagonals is drawn, always the same one.
  @Test func oneDiagonalOfAQuadrangle() throws {
    let energies = [
      ("Li", 0.0), ("P", 0), ("S", 0), ("Li2S", -1.0), ("Li2P", -1), ("LiS", -0.9), ("LiP", -0.9),
    ]
    let found = try TieLines(of: diagram(energies, ["Li", "P", "S"]))
    let diagonals = try [
      key(Composition(formula: "Li2S"), Composition(formula: "LiP")),
      key(Composition(formula: "Li2P"), Composition(formula: "LiS")),
    ].filter { names(found).contains($0) }
    #expect(diagonals.count == 1)
    #expect(try names(TieLines(of: diagram(energies, ["Li", "P", "S"]))) == names(found))
  }

  /// Open to lithium the lines are those of the grand potential's hull, found by enumeration.
  @Test func openToAnIon() throws {
    let table = try Reference.table(.mp2020)
    let elements = ["Li", "P", "S", "Cl"].compactMap { Element($0) }
    let open = OpenSpecies(element: elements[0], voltage: 2.5, reference: 0)
    let diagram = try PhaseDiagram(
      entries: table.entries(withElements: elements), basis: ComponentBasis(elements: elements),
      open: open)
    let found = try TieLines(of: diagram)
    #expect(found.phases.count > 4)
    let all = diagram.entries.map { entry in
      (
        amounts: elements.dropFirst().map { entry.composition[$0] },
        energy: entry.energy + 2.5 * entry.composition[elements[0]]
      )
    }
    for line in found.lines {
      let ends = [line.first, line.second].map { index -> (amounts: [Double], energy: Double) in
        let entry = found.phases[index]
        let amounts = elements.dropFirst().map { entry.composition[$0] }
        return (amounts, entry.energy + 2.5 * entry.composition[elements[0]])
      }
      let mixed = zip(ends[0].amounts, ends[1].amounts).map { $0 + $1 }
      let energy = ends[0].energy + ends[1].energy
      #expect(abs(bruteForceEnergy(of: mixed, entries: all) - energy) < 1e-7)
    }
  }
}
