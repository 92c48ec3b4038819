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
    #expect(list.origin == structure.positions)
    let rebuilt3 = list.update(for: structure)
    #expect(!rebuilt3)
  }

  @Test func builtAgainWhenTheCellChanges() {
    var structure = argonCrystal(2)
    var list = VerletList(structure, cutoff: 5)
    structure.lattice = Lattice(1.0001 * structure.lattice.matrix)
    let rebuilt4 = list.update(for: structure)
    #expect(rebuilt4)
    structure.periodic = [true, true, false]
    let rebuilt5 = list.update(for: structure)
    #expect(rebuilt5)
  }
}
