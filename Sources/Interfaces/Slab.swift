import Atomistics

/// A slice of a crystal, whole units only, in a superlattice of its surface.
///
/// By default it holds whole repeats of the oriented cell, so that it has the crystal's composition
/// whatever the cut; a cluster goes where its centre goes. With another upper cut it ends above as
/// the crystal ends there, and its composition is in general no longer the crystal's.
public struct Slab: Sendable {
  public let species: [Element]
  /// x, y anywhere, z from the lowest atom at 0.
  public let positions: [Vector3]
  /// The height of the centre of each atom's unit: a ligand's is that of its cluster.
  public let centerHeights: [Double]
  /// Which atom of the crystal's smallest cell each one is.
  public let atoms: [Int]
  /// Formal charges of the atoms, e, if the crystal has any.
  public let formalCharges: [Double]?

  /// - Parameters:
  ///   - cut: the height (Å) below which the slab begins.
  ///   - layers: how many spacings thick.
  ///   - upperCut: the height at which the slab ends above, modulo the spacing; nil for `cut`. The
  ///     slab then is up to one spacing thicker than `layers`.
  public init(
    _ cell: OrientedCell, supercell: PlaneSupercell = .one, cut: Double, layers: Int,
    upperCut: Double? = nil
  ) {
    let shifts = Self.points(of: supercell).map {
      Double($0.x) * cell.lattice.a + Double($0.y) * cell.lattice.b
    }
    func above(_ height: Double) -> Double {
      let steps = (height - cut) / cell.spacing
      return (steps - steps.rounded(.down)) * cell.spacing
    }
    // A cut that differs from the lower one by rounding is the same.
    var rest = upperCut.map(above) ?? 0
    if rest > cell.spacing - 1e-6 { rest = 0 }
    var species: [Element] = []
    var positions: [Vector3] = []
    var centers: [Double] = []
    var atoms: [Int] = []
    for unit in cell.units {
      let first = -((unit.anchor.z - cut) / cell.spacing).rounded(.down)
      let copies = layers + (above(unit.anchor.z) < rest ? 1 : 0)
      for layer in 0..<copies {
        let base = unit.anchor + (first + Double(layer)) * cell.lattice.c
        for shift in shifts {
          species += unit.species
          positions += unit.offsets.map { base + shift + $0 }
          centers += unit.offsets.map { _ in base.z }
          atoms += unit.atoms
        }
      }
    }
    let lowest = positions.map(\.z).min() ?? 0
    self.species = species
    self.positions = positions.map { $0 - Vector3(0, 0, lowest) }
    self.atoms = atoms
    centerHeights = centers.map { $0 - lowest }
    let charges = try? cell.crystal.charges.get()
    formalCharges = charges.map { charges in atoms.map { charges.values[$0] } }
  }

  public var count: Int { species.count }
  public var thickness: Double { positions.map(\.z).max() ?? 0 }

  /// The elements within 0.6 Å of the lowest or the highest atom.
  func outermost(top: Bool) -> String {
    let height = thickness
    let near = zip(species, positions).filter { top ? $1.z > height - 0.6 : $1.z < 0.6 }
    return Set(near.map(\.0)).sorted().map(\.symbol).joined(separator: " ")
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

extension PlaneSupercell {
  /// The surface cell itself.
  public static let one = PlaneSupercell(SIMD2(1, 0), SIMD2(0, 1))
}

extension Slab {
  /// The slab in a cell of its own, c along z, half of the vacuum (Å) below it and half above.
  public func structure(
    in cell: OrientedCell, supercell: PlaneSupercell = .one, vacuum: Double
  ) -> Structure {
    func row(_ r: SIMD2<Int>) -> Vector3 {
      Double(r.x) * cell.lattice.a + Double(r.y) * cell.lattice.b
    }
    var open = Structure(
      lattice: Lattice(
        row(supercell.rows[0]), row(supercell.rows[1]), Vector3(0, 0, thickness + vacuum)),
      species: species, positions: positions.map { $0 + Vector3(0, 0, vacuum / 2) },
      periodic: [true, true, false]
    ).wrapped()
    open.periodic = [true, true, true]
    return open
  }

  /// The atoms that the slab has beyond whole formula units of the crystal: none if it holds whole
  /// repeats, else by element how many are left when as many formula units as fit are taken out.
  public func excess(over crystal: CleavableCrystal) -> [Element: Int] {
    let formula = crystal.primitive.composition.reduced
    var counts: [Element: Int] = [:]
    for element in species { counts[element, default: 0] += 1 }
    let units = formula.elements.map { counts[$0, default: 0] / Int(formula[$0]) }.min() ?? 0
    return counts.mapValues { $0 }.merging(
      formula.elements.map { ($0, -units * Int(formula[$0])) }, uniquingKeysWith: +
    ).filter { $0.value != 0 }
  }
}
