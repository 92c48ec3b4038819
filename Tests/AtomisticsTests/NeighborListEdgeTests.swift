import Atomistics
import Testing

/// Pairs whose length is the cut-off to the last bit are in the list both ways or not at all.
struct NeighborListEdgeTests {
  @Test func pairsAtTheCutoffAreMirrored() throws {
    var random = RandomGenerator(seed: 11)
    let lithium = try #require(Element("Li"))
    for _ in 0..<200 {
      let a = (30 + (random.uniform() * 20).rounded()) / 10
      let cell = Structure(
        lattice: Lattice(a: a, b: a, c: a, alpha: 90, beta: 90, gamma: 60 + 30),
        species: [lithium, lithium],
        fractional: [
          Vector3(random.uniform(), random.uniform(), random.uniform()),
          Vector3(random.uniform(), random.uniform(), random.uniform()),
        ])
      // Images along the axes lie at 2 a, up to rounding.
      let list = NeighborList(cell, cutoff: 2 * a)
      for i in 0..<cell.count {
        for pair in list.pairs(of: i) {
          let back = Int(list.reverse[pair])
          let isOfNeighbor = list.pairs(of: Int(list.neighbors[pair])).contains(back)
          #expect(isOfNeighbor)
          guard isOfNeighbor else { continue }
          #expect(list.neighbors[back] == Int32(i))
          #expect(list.images[back] == SIMD3<Int32>.zero &- list.images[pair])
        }
      }
    }
  }
}
