import Atomistics
import Testing

@Suite struct SupercellTests {
  /// The number of sublattices of index n in three dimensions is Σ_{d|n} d σ(d), σ the sum of
  /// divisors (OEIS A001001).
  @Test(arguments: [(1, 1), (2, 7), (3, 13), (4, 35), (6, 91), (8, 155), (12, 455)])
  func counts(index: Int, count: Int) {
    let all = Sublattice.all(index: index)
    #expect(all.count == count)
    #expect(Set(all).count == count)
  }

  @Test func theFaceCentredPrimitiveCellBecomesItsCube() {
    let a = 4.0
    let primitive = Structure(
      lattice: Lattice(
        Vector3(0, a / 2, a / 2), Vector3(a / 2, 0, a / 2), Vector3(a / 2, a / 2, 0)),
      species: [Element("Cu")!], positions: [.zero])
    let cube = primitive.roundestSupercell(maximumAtoms: 4)
    #expect(cube.count == 4)
    #expect(abs(cube.volume - a * a * a) < 1e-9)
    for k in 0..<3 { #expect(abs(cube.lattice.lengths[k] - a) < 1e-9) }
  }

  @Test(arguments: 0..<20) func keepsDensityAndSurroundings(seed: Int) {
    var generator = RandomGenerator(seed: UInt64(seed))
    func near(_ x: Double) -> Double { x + generator.uniform() - 0.5 }
    let structure = Structure(
      lattice: Lattice(
        Vector3(near(4), near(0), near(0)), Vector3(near(1), near(5), near(0)),
        Vector3(near(1), near(1), near(3))),
      species: [Element("Li")!, Element("Cl")!],
      fractional: [.zero, Vector3(generator.uniform(), generator.uniform(), 0.5)])
    let cell = structure.roundestSupercell(maximumAtoms: 24)
    #expect(cell.count <= 24 && cell.count % 2 == 0)
    #expect(abs(cell.volume / Double(cell.count) - structure.volume / 2) < 1e-9)
    let before = NeighborList(structure, cutoff: 6)
    let after = NeighborList(cell, cutoff: 6)
    for i in 0..<cell.count {
      let twin = cell.species[i] == structure.species[0] ? 0 : 1
      let expected = before.pairs(of: twin).map {
        before.vector($0, from: twin, in: structure).length
      }.sorted()
      let found = after.pairs(of: i).map { after.vector($0, from: i, in: cell).length }.sorted()
      #expect(found.count == expected.count)
      for (x, y) in zip(found, expected) { #expect(abs(x - y) < 1e-9) }
    }
    #expect(cell.lattice.reduced.a.length >= structure.lattice.reduced.a.length - 1e-9)
  }

  @Test(arguments: 0..<30) func reductionFindsAShortestVector(seed: Int) {
    var generator = RandomGenerator(seed: UInt64(seed) + 100)
    func random() -> Double { (generator.uniform() - 0.5) * 10 }
    let lattice = Lattice(
      Vector3(random(), random(), random()), Vector3(random(), random(), random()),
      Vector3(random(), random(), random()))
    let reduced = lattice.reduced
    #expect(abs(reduced.volume - lattice.volume) < 1e-9 * max(1, lattice.volume))
    #expect((reduced.matrix.determinant > 0) == (lattice.matrix.determinant > 0))
    var shortest = Double.infinity
    for i in -4...4 {
      for j in -4...4 {
        for k in -4...4 where (i, j, k) != (0, 0, 0) {
          let v = reduced.cartesian(Vector3(Double(i), Double(j), Double(k)))
          shortest = min(shortest, v.length)
        }
      }
    }
    #expect(reduced.a.length <= shortest + 1e-9)
  }
}
