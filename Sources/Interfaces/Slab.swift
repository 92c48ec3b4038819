import Atomistics

/// A slice of a crystal, whole units only, in a superlattice of its surface.
///
/// It holds whole repeats of the oriented cell, so that it has the crystal's composition whatever
/// the cut; a cluster goes where its centre goes.
struct Slab {
  let species: [Element]
  /// x, y anywhere, z from the lowest atom at 0.
  let positions: [Vector3]
  /// The height of the centre of each atom's unit: a ligand's is that of its cluster.
  let centerHeights: [Double]
  /// Those of the crystal that it was cut from, if that tells them.
  let formalCharges: [Double]?

  /// - Parameters:
  ///   - cut: the height (Å) below which the slab begins.
  ///   - layers: how many spacings thick.
  init(_ cell: OrientedCell, supercell: PlaneSupercell, cut: Double, layers: Int) {
    let shifts = Self.points(of: supercell).map {
      Double($0.x) * cell.lattice.a + Double($0.y) * cell.lattice.b
    }
    var species: [Element] = []
    var positions: [Vector3] = []
    var centers: [Double] = []
    var charges: [Double] = []
    for unit in cell.units {
      let first = -((unit.anchor.z - cut) / cell.spacing).rounded(.down)
      for layer in 0..<layers {
        let base = unit.anchor + (first + Double(layer)) * cell.lattice.c
        for shift in shifts {
          species += unit.species
          positions += unit.offsets.map { base + shift + $0 }
          centers += unit.offsets.map { _ in base.z }
          charges += unit.formalCharges ?? []
        }
      }
    }
    let lowest = positions.map(\.z).min() ?? 0
    self.species = species
    self.positions = positions.map { $0 - Vector3(0, 0, lowest) }
    centerHeights = centers.map { $0 - lowest }
    formalCharges = charges.count == species.count ? charges : nil
  }

  var count: Int { species.count }
  var thickness: Double { positions.map(\.z).max() ?? 0 }

  /// The elements within 0.6 Å of the lowest or the highest atom.
  func outermost(top: Bool) -> String {
    let height = thickness
    let near = zip(species, positions).filter { top ? $1.z > height - 0.6 : $1.z < 0.6 }
    return Set(near.map(\.0)).sorted().map(\.symbol).joined(separator: " ")
  }

  /// The slab seen along its normal: elements and heights, by which two cuts are told apart.
  var profile: [String] {
    zip(species, positions).map { "\(Int(($1.z * 20).rounded())) \($0.symbol)" }.sorted()
  }

  /// The surface cells inside one cell of a superlattice.
  private static func points(of supercell: PlaneSupercell) -> [SIMD2<Int>] {
    let (p, q) = (supercell.rows[0], supercell.rows[1])
    let n = supercell.index
    let reach = abs(p.x) + abs(p.y) + abs(q.x) + abs(q.y)
    var points: [SIMD2<Int>] = []
    for i in -reach...reach {
      for j in -reach...reach {
        // Whole-number coordinates in the superlattice, times n.
        let s = i * q.y - j * q.x
        let t = j * p.x - i * p.y
        if (0..<n).contains(s), (0..<n).contains(t) { points.append(SIMD2(i, j)) }
      }
    }
    return points
  }
}
