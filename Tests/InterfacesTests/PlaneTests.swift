import Atomistics
import Interfaces
import Testing

@Suite struct PlaneTests {
  @Test(arguments: 1...24) func everySuperlatticeOnce(n: Int) {
    let all = PlaneSupercell.all(index: n)
    let divisors = (1...n).filter { n % $0 == 0 }.reduce(0, +)
    #expect(all.count == divisors)
    #expect(all.allSatisfy { $0.index == n })
    // The points of a superlattice in a window tell it from every other.
    let points = all.map { cell in
      var inside: Set<SIMD2<Int>> = []
      for i in 0..<n {
        for j in 0..<n {
          let s = i * cell.rows[1].y - j * cell.rows[1].x
          let t = j * cell.rows[0].x - i * cell.rows[0].y
          if s % n == 0, t % n == 0 { inside.insert(SIMD2(i, j)) }
        }
      }
      return inside
    }
    #expect(Set(points).count == divisors)
  }

  @Test func indicesAreAllAndCoprime() {
    #expect(MillerIndex.all(upTo: 1).count == 26)
    #expect(MillerIndex.all(upTo: 2).count == 98)
    #expect(Set(MillerIndex.all(upTo: 3)).count == MillerIndex.all(upTo: 3).count)
  }

  @Test(arguments: [false, true]) func spacingAreaAndHand(leftHanded: Bool) {
    for seed in 1...4 as ClosedRange<UInt64> {
      let crystal = SampleCrystals.chiral(seed: seed, leftHanded: leftHanded)
      #expect((crystal.lattice.matrix.determinant < 0) == leftHanded)
      for m in MillerIndex.all(upTo: 3) {
        let cell = OrientedCell(crystal, up: m)
        // Columns of the inverse are the reciprocal vectors.
        let reciprocal = crystal.lattice.inverse.transpose
        let h = Double(m.h) * reciprocal[0] + Double(m.k) * reciprocal[1]
        let normal = h + Double(m.l) * reciprocal[2]
        #expect(abs(cell.spacing - 1 / normal.length) < 1e-9)
        #expect(abs(cell.area * cell.spacing - crystal.volume) < 1e-7)
        let l = cell.lattice
        #expect(l.matrix.determinant > 0 && l.a.y == 0 && l.a.z == 0 && l.b.z == 0 && l.c.z > 0)
        #expect(l.a.length <= l.b.length + 1e-9)
        #expect(abs(l.a.dot(l.b)) <= l.a.lengthSquared / 2 + 1e-9)
      }
    }
  }

  /// The surface of a body-centred cubic crystal has the lattice of the primitive cell.
  @Test func centredCellsHaveTheFinerLattice() {
    let a = 3.4
    for cell in [SampleCrystals.cubic(a, "Li"), SampleCrystals.cubic(a, "Li").supercell(2, 1, 2)] {
      let factor = cell.count == 2 ? 1 : 2
      let up = factor == 1 ? MillerIndex(1, 1, 0) : MillerIndex(2, 1, 0)
      let oriented = OrientedCell(cell, up: up)
      #expect(abs(oriented.area - a * a / 2.0.squareRoot()) < 1e-9)
      #expect(abs(oriented.spacing - a / 2.0.squareRoot()) < 1e-9)
    }
    let face = OrientedCell(SampleCrystals.cubic(a, "Li"), up: MillerIndex(1, 0, 0))
    #expect(abs(face.area - a * a) < 1e-9 && abs(face.spacing - a / 2) < 1e-9)
    let simple = OrientedCell(
      SampleCrystals.cubic(a, "Li", bodyCentred: false), up: MillerIndex(1, 1, 0))
    #expect(abs(simple.area - a * a * 2.0.squareRoot()) < 1e-9)
  }

  /// Face-centred, by its conventional and by a sheared doubled cell; rounding of a relaxed cell is
  /// borne, a real distortion is not taken for a centring.
  @Test func faceCentredCells() throws {
    var crystal = try SampleCrystals.named("Li2S")
    let a = crystal.lattice.a.length
    #expect(crystal.count == 12)
    func face(_ c: Structure) -> OrientedCell { OrientedCell(c, up: MillerIndex(1, 0, 0)) }
    #expect(abs(face(crystal).area - a * a / 2) < 1e-9)
    #expect(abs(face(crystal).spacing - a / 2) < 1e-9)
    #expect(
      abs(OrientedCell(crystal, up: MillerIndex(1, 1, 1)).spacing - a / 3.0.squareRoot()) < 1e-9)
    let m = crystal.supercell(1, 2, 1).lattice
    var sheared = crystal.supercell(1, 2, 1)
    sheared.lattice = Lattice(m.a, m.b, m.c + m.a)
    #expect(abs(OrientedCell(sheared, up: MillerIndex(0, 0, 1)).area - a * a / 2) < 1e-9)
    crystal.positions[0] += Vector3(0.002, 0, 0)
    #expect(abs(face(crystal).area - a * a / 2) < 1e-9)
    crystal.positions[0] += Vector3(0.05, 0, 0)
    #expect(abs(face(crystal).area - a * a) < 1e-9)
  }
}
