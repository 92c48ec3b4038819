import Atomistics
import Dynamics
import Potentials
import Testing

@Suite struct VerletListTests {
  /// A walk that ages the list: energies and forces keep the bits of a fresh list.
  @Test(arguments: [1, 2, 3] as [UInt64]) func ageDoesNotChangeTheBits(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    var structure = shakenMixture(seed: seed)
    var list = VerletList(structure, cutoff: rareGas.cutoff)
    var builds = 0
    var aged = 0
    for _ in 0..<60 {
      for k in structure.positions.indices {
        for axis in 0..<3 { structure.positions[k][axis] += 0.1 * (generator.uniform() - 0.5) }
      }
      if list.update(for: structure) { builds += 1 }
      let exact = NeighborList(structure, cutoff: rareGas.cutoff)
      if exact.pairCount != list.neighbors.pairCount { aged += 1 }
      let old = rareGas.evaluate(structure, neighbors: list.neighbors)
      let fresh = rareGas.evaluate(structure, neighbors: exact)
      #expect(old.energies == fresh.energies)
      #expect(old.forces == fresh.forces)
      #expect(old.stress == fresh.stress)
    }
    #expect(builds > 0 && builds < 50)
    #expect(aged > 10)
  }

  @Test func builtAgainWhenAnAtomMovedHalfTheSkin() {
    var structure = argonCrystal(2)
    var list = VerletList(structure, cutoff: 5, skin: 1)
    structure.positions[3].x += 0.499
    let rebuilt1 = list.update(for: structure)
    #expect(!rebuilt1)
    structure.positions[3].x += 0.002
    let rebuilt2 = list.update(for: structure)
    #expect(rebuilt2)
    #expect(list.origin == ListOrigin(structure))
    let rebuilt3 = list.update(for: structure)
    #expect(!rebuilt3)
  }

  @Test func builtAgainWhenTheCellShrinksByMoreThanTheSkinAllows() {
    var structure = argonCrystal(2)
    var list = VerletList(structure, cutoff: 5, skin: 1)
    // (5 + 1)(1 − √3 · 0.0962) = 5: a little less holds, a little more does not.
    #expect(list.holds(for: structure.strained(by: -0.0961 * Matrix3.identity)))
    #expect(!list.holds(for: structure.strained(by: -0.0964 * Matrix3.identity)))
    structure.periodic = [true, true, false]
    let rebuilt = list.update(for: structure)
    #expect(rebuilt)
  }

  /// Atoms and cell walk at random: no pair within the cut-off is ever missing.
  @Test(arguments: [5, 6, 7] as [UInt64]) func noPairIsMissingWhileTheCellMoves(seed: UInt64) {
    var generator = RandomGenerator(seed: seed)
    var structure = shakenMixture(seed: seed)
    var list = VerletList(structure, cutoff: rareGas.cutoff)
    var kept = 0
    for _ in 0..<80 {
      var strain = Matrix3.zero
      for row in 0..<3 {
        for column in 0..<3 { strain[row][column] = 0.01 * (generator.uniform() - 0.5) }
      }
      structure = structure.strained(by: strain)
      for k in structure.positions.indices {
        for axis in 0..<3 { structure.positions[k][axis] += 0.06 * (generator.uniform() - 0.5) }
      }
      if !list.update(for: structure) { kept += 1 }
      let fresh = NeighborList(structure, cutoff: rareGas.cutoff)
      let old = rareGas.evaluate(structure, neighbors: list.neighbors)
      #expect(old.energies == rareGas.evaluate(structure, neighbors: fresh).energies)
    }
    #expect(kept > 20 && kept < 79)
  }
}
