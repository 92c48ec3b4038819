import Atomistics

/// A contact as pymatgen 2026.10.24 builds it: `CoherentInterfaceBuilder.get_interfaces`.
///
/// Below lies the substrate, above the film, upside down by a mirror (z → −z), strained onto the
/// substrate's superlattice with its fractional coordinates kept. From the highest atom of the one to
/// the lowest of the other it is `gap`; `vacuum` follows above. The lattice has a along x, c along z.
///
/// The project's own code, written from the published behaviour; pymatgen is under the MIT licence.
public struct PymatgenContact: Sendable {
  /// First the substrate, then the film, `regions` as given.
  public let structure: Structure
  public let match: PymatgenMatches.Match

  /// One side: which plane, where it is cut, how thick it is.
  public struct Side: Sendable {
    let slab: PymatgenSlab
    let region: Region

    public init(
      _ generator: PymatgenSlab.Generator, cut: PymatgenTermination, thickness: RequestedThickness,
      region: Region
    ) {
      slab = generator.slab(shift: cut.shift, thickness: thickness)
      self.region = region
    }

    public var lattice: Lattice { slab.lattice }
  }

  /// - Parameters:
  ///   - match: one that `PymatgenMatches` lists for the lattices of the two sides.
  ///   - gap: Å; the builder's own default is 2.
  ///   - vacuum: Å; the builder's own default is 20.
  public init(
    film: Side, substrate: Side, match: PymatgenMatches.Match, gap: Double = 2, vacuum: Double = 20
  ) {
    let below = Placed(substrate.slab, match.substrateVectors)
    let above = Placed(film.slab, match.filmVectors)
    let top = below.thickness + gap
    let height = top + above.thickness + vacuum
    let shape = match.substrate
    let lattice = Lattice(
      a: shape.a, b: shape.b, c: height, alpha: 90, beta: 90, gamma: shape.angle)
    var places =
      below.atoms.map { Vector3($0.x, $0.y, $0.z - below.lowest) }
      + above.atoms.map { Vector3($0.x, $0.y, above.highest - $0.z + top) }
    let middle = places.reduce(0) { $0 + $1.z } / Double(places.count)
    places = places.map { place in
      let (x, y) = (place.x - place.x.rounded(.down), place.y - place.y.rounded(.down))
      return Vector3(x, y, (place.z - middle) / height + 0.5)
    }
    structure = Structure(
      lattice: lattice, species: below.species + above.species,
      positions: places.map(lattice.cartesian),
      regions: below.atoms.map { _ in substrate.region } + above.atoms.map { _ in film.region })
    self.match = match
  }

  /// A slab on its superlattice: x and y in its vectors, z in Å along the normal on c's side.
  private struct Placed {
    let species: [Element]
    let atoms: [Vector3]
    let lowest: Double
    let highest: Double

    var thickness: Double { highest - lowest }

    init(_ slab: PymatgenSlab, _ vectors: PlaneSupercell) {
      let (a, b, c) = slab.lattice.matrix.rows
      let normal = a.cross(b)
      let height = Swift.abs(c.dot(normal)) / normal.length
      // What of c lies in the plane, in a and b.
      let flat = slab.lattice.lying(c)
      let (m, n) = (vectors.rows[0], vectors.rows[1])
      let count = vectors.index
      let images = vectors.points
      species = slab.species.flatMap { Array(repeating: $0, count: images.count) }
      atoms = slab.fractional.flatMap { place in
        images.map { image in
          let x = place.x + place.z * flat.x + Double(image.x)
          let y = place.y + place.z * flat.y + Double(image.y)
          // (x y) = (u v) S, S the rows m and n.
          return Vector3(
            (x * Double(n.y) - y * Double(n.x)) / Double(count),
            (y * Double(m.x) - x * Double(m.y)) / Double(count), place.z * height)
        }
      }
      lowest = atoms.map(\.z).min() ?? 0
      highest = atoms.map(\.z).max() ?? 0
    }
  }
}

extension Lattice {
  /// The part of a vector in the plane of a and b, in units of these.
  fileprivate func lying(_ v: Vector3) -> SIMD2<Double> {
    let (aa, bb, ab) = (a.dot(a), b.dot(b), a.dot(b))
    let (va, vb) = (v.dot(a), v.dot(b))
    let area = aa * bb - ab * ab
    return SIMD2(va * bb - vb * ab, vb * aa - va * ab) / area
  }
}

extension PlaneSupercell {
  /// The lattice points of one of its cells, |index| of them.
  fileprivate var points: [SIMD2<Int>] {
    let (m, n) = (rows[0], rows[1])
    func span(_ p: Int, _ q: Int) -> ClosedRange<Int> {
      min(0, p, q, p + q)...max(0, p, q, p + q)
    }
    let (sign, size) = (index.signum(), Swift.abs(index))
    return span(m.x, n.x).flatMap { x in
      span(m.y, n.y).compactMap { y in
        let (u, v) = (sign * (x * n.y - y * n.x), sign * (y * m.x - x * m.y))
        return u >= 0 && u < size && v >= 0 && v < size ? SIMD2(x, y) : nil
      }
    }
  }
}
