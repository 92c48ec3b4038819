import Atomistics

/// A turn or a mirror in the plane: where x and y go.
package struct PlaneMap: Sendable {
  package let x: SIMD2<Double>
  package let y: SIMD2<Double>

  var determinant: Double { x.x * y.y - x.y * y.x }

  func callAsFunction(_ v: SIMD2<Double>) -> SIMD2<Double> { v.x * x + v.y * y }

  func callAsFunction(_ r: Vector3) -> Vector3 {
    let v = self(SIMD2(r.x, r.y))
    return Vector3(v.x, v.y, r.z)
  }

  /// This map, then another.
  func then(_ next: PlaneMap) -> PlaneMap { PlaneMap(x: next(x), y: next(y)) }
}

extension OrientedCell {
  /// The maps of the plane, each with some shift, that carry this crystal into another with one cut
  /// at the height of the other; within 0.02 Å. By comparing atoms, without the space group: slower
  /// than `Termination.distinct`, which uses this only where no space group is found.
  func maps(onto other: OrientedCell, from cut: Double, to otherCut: Double) -> [PlaneMap] {
    let tolerance = 0.02
    guard atomCount == other.atomCount, abs(spacing - other.spacing) < tolerance,
      abs(area / other.area - 1) < tolerance / 2
    else { return [] }
    let (mine, others) = (atoms, other.atoms)
    guard mine.map(\.0).sorted() == others.map(\.0).sorted() else { return [] }
    return Self.latticeMaps(lattice, other.lattice, within: tolerance).filter { map in
      guard other.isLatticeVector(map(lattice.c) - other.lattice.c, within: tolerance) else {
        return false
      }
      return others.contains { target in
        let shift = target.1 - map(mine[0].1)
        let rest = (shift.z - (otherCut - cut)) / spacing
        guard target.0 == mine[0].0, abs(rest - rest.rounded()) * spacing < tolerance else {
          return false
        }
        return mine.allSatisfy { atom in
          let image = map(atom.1) + shift
          return others.contains {
            $0.0 == atom.0 && other.isLatticeVector($0.1 - image, within: tolerance)
          }
        }
      }
    }
  }

  private var atoms: [(Element, Vector3)] {
    units.flatMap { unit in zip(unit.species, unit.offsets.map { unit.anchor + $0 }) }
  }

  private func isLatticeVector(_ r: Vector3, within tolerance: Double) -> Bool {
    let s = lattice.fractional(r)
    let rest = Vector3(s.x - s.x.rounded(), s.y - s.y.rounded(), s.z - s.z.rounded())
    return lattice.cartesian(rest).length < tolerance
  }

  /// Maps of one plane's reduced lattice onto another's: of a reduced basis the images have
  /// coordinates from −1 to 1.
  private static func latticeMaps(_ m: Lattice, _ n: Lattice, within tolerance: Double)
    -> [PlaneMap]
  {
    func flat(_ r: Vector3) -> SIMD2<Double> { SIMD2(r.x, r.y) }
    let (a, b) = (flat(m.a), flat(m.b))
    let steps = [-1.0, 0, 1]
    let images = steps.flatMap { i in steps.map { j in flat(i * n.a + j * n.b) } }
    var maps: [PlaneMap] = []
    for p in images where abs(p.length - a.length) < tolerance {
      for q in images
      where abs(q.length - b.length) < tolerance && abs((p - q).length - (a - b).length) < tolerance
      {
        // a lies along x.
        let x = p / a.x
        maps.append(PlaneMap(x: x, y: (q - b.x * x) / b.y))
      }
    }
    return maps
  }
}
