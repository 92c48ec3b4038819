import Atomistics
import Testing

/// Every pair found by looping over images, with nothing clever.
private func allPairs(_ structure: Structure, cutoff: Double, images n: Int) -> [Double] {
  var distances: [Double] = []
  let range = { (k: Int) in structure.periodic[k] ? -n...n : 0...0 }
  for i in 0..<structure.count {
    for j in 0..<structure.count {
      for a in range(0) {
        for b in range(1) {
          for c in range(2) {
            if i == j && a == 0 && b == 0 && c == 0 { continue }
            let shift = structure.lattice.cartesian(Vector3(Double(a), Double(b), Double(c)))
            let d = (structure.positions[j] + shift - structure.positions[i]).length
            if d < cutoff { distances.append(d) }
          }
        }
      }
    }
  }
  return distances.sorted()
}

private func randomStructure(_ generator: inout RandomGenerator, size: Double, count: Int)
  -> Structure
{
  func skew() -> Double { (generator.uniform() - 0.5) * size * 0.8 }
  let lattice = Lattice(
    Vector3(size, 0, 0), Vector3(skew(), size * 1.1, 0), Vector3(skew(), skew(), size * 0.9))
  // Positions also outside the cell, as in an unwrapped trajectory.
  let positions = (0..<count).map { _ in
    lattice.cartesian(
      Vector3(generator.uniform() * 3 - 1, generator.uniform() * 3 - 1, generator.uniform() * 3 - 1)
    )
  }
  return Structure(
    lattice: lattice, species: Array(repeating: Element("Li")!, count: count),
    positions: positions, periodic: (0..<3).map { _ in generator.uniform() < 0.7 })
}

@Suite struct NeighborListTests {
  @Test(arguments: 0..<40) func equalsAllPairs(seed: Int) {
    var generator = RandomGenerator(seed: UInt64(seed))
    let size = 2.5 + generator.uniform() * 14
    let structure = randomStructure(&generator, size: size, count: 1 + seed % 12)
    let cutoff = 1.5 + generator.uniform() * 5
    let list = NeighborList(structure, cutoff: cutoff)
    let found = (0..<structure.count).flatMap { i in
      list.pairs(of: i).map { list.vector($0, from: i, in: structure).length }
    }.sorted()
    let expected = allPairs(structure, cutoff: cutoff, images: 12)
    #expect(found.count == expected.count)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-9) }
  }

  @Test func reverseMirrorsEveryPair() {
    var generator = RandomGenerator(seed: 7)
    var structure = randomStructure(&generator, size: 6, count: 20)
    structure.periodic = [true, true, true]
    let list = NeighborList(structure, cutoff: 5)
    #expect(list.pairCount > 100)
    for i in 0..<structure.count {
      for pair in list.pairs(of: i) {
        let mirror = Int(list.reverse[pair])
        let j = Int(list.neighbors[pair])
        #expect(list.pairs(of: j).contains(mirror))
        #expect(Int(list.neighbors[mirror]) == i)
        let sum =
          list.vector(pair, from: i, in: structure) + list.vector(mirror, from: j, in: structure)
        #expect(sum.length < 1e-9)
      }
    }
  }

  @Test func bodyCentredCubicShells() {
    let a = 3.44
    let lithium = Structure(
      lattice: Lattice(Vector3(a, 0, 0), Vector3(0, a, 0), Vector3(0, 0, a)),
      species: [Element("Li")!, Element("Li")!],
      fractional: [.zero, Vector3(0.5, 0.5, 0.5)])
    #expect(NeighborList(lithium, cutoff: a * 0.9).pairs(of: 0).count == 8)
    #expect(NeighborList(lithium, cutoff: a * 1.01).pairs(of: 0).count == 14)
    #expect(NeighborList(lithium, cutoff: a * 1.42).pairs(of: 1).count == 26)
  }
}
