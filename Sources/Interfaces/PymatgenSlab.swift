import Atomistics

/// Slabs cut as pymatgen 2026.10.24 cuts them for its contacts: `SlabGenerator` with
/// `center_slab=True, primitive=True, reorient_lattice=False, min_vacuum_size=3`.
///
/// The crystal is cut between its atoms' heights wherever these leave a gap, through clusters too.
/// `Documentation/Interfaces.md` says what else differs from `Slab`.
///
/// The project's own code, written from the published behaviour; pymatgen is under the MIT licence.
public struct PymatgenSlab: Sendable {
  /// a and b span the surface; c leads through slab and vacuum, not along the normal.
  public let lattice: Lattice
  public let species: [Element]
  /// One per atom; between the slab and its image lies the vacuum.
  public let fractional: [Vector3]

  /// A plane of a crystal, ready to be cut.
  public struct Generator: Sendable {
    /// a and b lie in the plane.
    public let oriented: Structure
    /// How far the planes of the oriented cell reach along the normal, Å.
    public let height: Double
    /// In planes, rounded to eight digits as there.
    let planes: Double

    /// - Parameter miller: in the indices of the cell as given.
    public init(_ crystal: Structure, _ miller: MillerIndex) {
      let basis = Self.basis(crystal.lattice, miller)
      oriented = Self.oriented(crystal, basis)
      let normal = Self.normal(crystal.lattice, miller)
      height = abs(normal.normalized.dot(oriented.lattice.c))
      planes = (height * normal.length * 1e8).rounded() / 1e8
    }

    /// Where the crystal is cut, in fractions of the oriented cell's height, ascending: in the middle
    /// between the mean heights of neighbouring planes. A plane is atoms whose heights follow one
    /// another by at most `tolerance` (Å).
    public func shifts(tolerance: Double = 0.25) -> [Double] {
      let places = Self.planes(
        oriented.fractionalPositions.map { $0.z - $0.z.rounded(.down) }, reach: tolerance / height
      ).map(\.mean).sorted()
      guard let first = places.first, let last = places.last else { return [] }
      let middle = 0.5 * (first + 1 + last)
      return
        (zip(places, places.dropFirst()).map { 0.5 * ($0 + $1) }
        + [wrapped(Vector3(repeating: middle)).x]).sorted()
    }

    /// The slab above a cut, centred in its cell and reduced to its smallest surface cell.
    ///
    /// - Parameter thickness: layers are planes (hkl), `in_layers=True` there; either is rounded up
    ///   to whole oriented cells.
    public func slab(shift: Double, thickness: RequestedThickness) -> PymatgenSlab {
      let (repeats, vacuum) =
        switch thickness {
        case .layers(let count): (Double(count) / planes, 3 / planes)
        case .height(let least): (least / height, 3 / height)
        }
      let (layers, empty) = (Int(repeats.rounded(.up)), Int(vacuum.rounded(.up)))
      let total = Double(layers + empty)
      let (a, b, c) = oriented.lattice.matrix.rows
      let places = oriented.fractionalPositions.map { place in
        let s = wrapped(place - Vector3(0, 0, shift))
        return Vector3(s.x, s.y, s.z / total)
      }
      return PymatgenSlab(
        lattice: Lattice(a, b, total * c),
        species: (0..<layers).flatMap { _ in oriented.species },
        fractional: (0..<layers).flatMap { layer in
          places.map { $0 + Vector3(0, 0, Double(layer) / total) }
        }
      ).centred.primitive(tolerance: 0.1)
    }

    /// The reciprocal vector of the plane, Å⁻¹, without 2π.
    private static func normal(_ lattice: Lattice, _ miller: MillerIndex) -> Vector3 {
      let columns = lattice.inverse.transpose
      return Double(miller.h) * columns[0] + Double(miller.k) * columns[1]
        + Double(miller.l) * columns[2]
    }

    /// Two vectors in the plane, and the cell vector closest to its normal; right-handed in the
    /// crystal's basis.
    private static func basis(_ lattice: Lattice, _ miller: MillerIndex) -> [SIMD3<Int>] {
      let indices = [miller.h, miller.k, miller.l]
      func unit(_ k: Int) -> SIMD3<Int> { SIMD3(k == 0 ? 1 : 0, k == 1 ? 1 : 0, k == 2 ? 1 : 0) }
      let crossing = (0..<3).filter { indices[$0] != 0 }
      var rows = (0..<3).filter { indices[$0] == 0 }.map(unit)
      let common = crossing.map { indices[$0] }.reduce(1) {
        abs($0 * $1) / greatestCommonDivisor($0, $1)
      }
      for (i, j) in [(0, 1), (0, 2), (1, 2)] where rows.count < 2 {
        guard crossing.contains(i), crossing.contains(j) else { continue }
        rows.append(common / indices[j] &* unit(j) &- common / indices[i] &* unit(i))
      }
      let normal = normal(lattice, miller).normalized
      func slope(_ k: Int) -> Double {
        abs(normal.dot(lattice.matrix[k])) / lattice.matrix[k].length
      }
      // Of equals the first; equal but for rounding is equal.
      let steepest = crossing.map(slope).max() ?? 0
      rows.append(unit(crossing.first { slope($0) > steepest * (1 - 1e-10) } ?? 0))
      let isLeftHanded = determinant(rows) < 0
      return rows.map { row in
        let divisor = greatestCommonDivisor(greatestCommonDivisor(row.x, row.y), row.z)
        return SIMD3(row.x / divisor, row.y / divisor, row.z / divisor) &* (isLeftHanded ? -1 : 1)
      }
    }

    private static func determinant(_ m: [SIMD3<Int>]) -> Int {
      let (a, b, c) = (m[0], m[1], m[2])
      return a.x * (b.y * c.z - b.z * c.y) - a.y * (b.x * c.z - b.z * c.x)
        + a.z * (b.x * c.y - b.y * c.x)
    }

    /// The supercell with the given rows, atoms in the order of the crystal's, images in the order of
    /// their lattice vectors.
    private static func oriented(_ crystal: Structure, _ rows: [SIMD3<Int>]) -> Structure {
      let count = determinant(rows)
      let (a, b, c) = (rows[0], rows[1], rows[2])
      // Columns of the adjugate: n adj / det are a lattice vector's coordinates in the supercell.
      func coordinates(_ n: SIMD3<Int>) -> SIMD3<Int> {
        func triple(_ u: SIMD3<Int>, _ v: SIMD3<Int>, _ w: SIMD3<Int>) -> Int {
          determinant([u, v, w])
        }
        return SIMD3(triple(n, b, c), triple(a, n, c), triple(a, b, n))
      }
      func span(_ k: Int) -> ClosedRange<Int> {
        let entries = rows.map { $0[k] }
        return entries.filter { $0 < 0 }.reduce(0, +)...entries.filter { $0 > 0 }.reduce(0, +)
      }
      var images: [Vector3] = []
      for i in span(0) {
        for j in span(1) {
          for k in span(2) {
            let s = coordinates(SIMD3(i, j, k))
            guard s.min() >= 0, s.max() < count else { continue }
            images.append(Vector3(Double(i), Double(j), Double(k)))
          }
        }
      }
      let lattice = Lattice(
        Matrix3(
          vector(a, crystal.lattice), vector(b, crystal.lattice), vector(c, crystal.lattice)))
      let places = crystal.fractionalPositions.flatMap { place in
        images.map { image in
          wrapped(lattice.fractional(crystal.lattice.cartesian(place + image)))
        }
      }
      return Structure(
        lattice: lattice,
        species: crystal.species.flatMap { Array(repeating: $0, count: images.count) },
        fractional: places)
    }

    private static func vector(_ n: SIMD3<Int>, _ lattice: Lattice) -> Vector3 {
      Vector3(Double(n.x), Double(n.y), Double(n.z)) * lattice.matrix
    }

    /// Periodic heights in [0, 1) that follow one another by at most `reach`, with their mean on the
    /// circle.
    static func planes(_ heights: [Double], reach: Double) -> [(members: [Int], mean: Double)] {
      let order = heights.indices.sorted { heights[$0] < heights[$1] }
      var groups: [[Int]] = []
      for atom in order {
        if let last = groups.last?.last, heights[atom] - heights[last] <= reach {
          groups[groups.count - 1].append(atom)
        } else {
          groups.append([atom])
        }
      }
      if groups.count > 1, let low = groups.first, let high = groups.last?.last,
        heights[low[0]] + 1 - heights[high] <= reach
      {
        groups[groups.count - 1] += low
        groups.removeFirst()
      }
      return groups.map { members in
        let angles = members.map { 2 * Double.pi * heights[$0] }
        let (x, y) = (angles.map(cosine).reduce(0, +), angles.map(sine).reduce(0, +))
        let mean = arcTangent(y, x) / (2 * .pi)
        return (members, mean - mean.rounded(.down))
      }
    }
  }

  /// Moved along c until the centre of mass lies at one half.
  private var centred: PymatgenSlab {
    var places = fractional
    func move(by shift: Double) {
      places = places.map { wrapped($0 + Vector3(0, 0, shift)) }
    }
    // In a cell shorter than three times the shortest bond, slab and image count as one that lies
    // across the border; the last atom is brought to its lower end.
    let structure = Structure(lattice: lattice, species: species, fractional: fractional)
    let list = NeighborList(structure, cutoff: 10)
    let shortest = list.pairs(of: 0).map { list.vector($0, from: 0, in: structure).length }.min()
    if let shortest, let last = places.last, 3 * shortest >= lattice.c.length {
      move(by: 1.05 - last.z)
    }
    let masses = species.map(\.mass)
    let mean = zip(masses, places).reduce(0) { $0 + $1.0 * $1.1.z } / masses.reduce(0, +)
    move(by: 0.5 - mean)
    return PymatgenSlab(lattice: lattice, species: species, fractional: places)
  }

  /// The smallest surface cell: the first of the cells a = (p q; 0 e)⁻¹ that repeats within
  /// `tolerance` (Å along each vector), and so on; atoms at the mean of those that become one.
  private func primitive(tolerance: Double) -> PymatgenSlab {
    let kinds = Dictionary(grouping: species.indices) { species[$0] }
    let most = kinds.values.map(\.count).reduce(0, greatestCommonDivisor)
    for size in stride(from: 2, through: most, by: 1) where most % size == 0 {
      for p in (1...size) where size % p == 0 {
        for q in 0..<p {
          if let smaller = reduced(p, q, size / p, kinds, tolerance) {
            return smaller.primitive(tolerance: tolerance)
          }
        }
      }
    }
    return self
  }

  /// nil unless every atom has exactly p e images in the smaller cell.
  private func reduced(
    _ p: Int, _ q: Int, _ e: Int, _ kinds: [Element: [Int]], _ tolerance: Double
  ) -> PymatgenSlab? {
    let (size, p, q, e) = (p * e, Double(p), Double(q), Double(e))
    let b = lattice.b / e
    let cell = Lattice((lattice.a - q * b) / p, b, lattice.c)
    let reach = Vector3(repeating: tolerance) / cell.lengths
    let apart = Vector3(repeating: 2 * tolerance) / lattice.lengths
    // x a + y b = x' a' + y' b' with a = p a' + q b' and b = e b'.
    let places = fractional.map { Vector3($0.x * p, $0.x * q + $0.y * e, $0.z) }
    func away(_ i: Int, _ j: Int, _ places: [Vector3]) -> Vector3 {
      let d = places[j] - places[i]
      return d - d.rounded(.toNearestOrEven)
    }
    func areOne(_ i: Int, _ j: Int) -> Bool {
      i == j
        || all(abs(away(i, j, places)) .< reach) && any(abs(away(i, j, fractional)) .> apart)
    }
    var kept: [(Element, Vector3)] = []
    for element in kinds.keys.sorted() {
      let members = kinds[element] ?? []
      var seen: Set<Int> = []
      for i in members where !seen.contains(i) {
        let group = members.filter { areOne(i, $0) }
        guard group.count == size, group.allSatisfy({ j in group.allSatisfy { areOne(j, $0) } }),
          seen.isDisjoint(with: group)
        else { return nil }
        seen.formUnion(group)
        let first = places[i]
        let offset = group.reduce(Vector3.zero) { $0 + away(i, $1, places) } / Double(size)
        let mean = first + offset
        kept.append((element, wrapped(mean)))
      }
    }
    return PymatgenSlab(lattice: cell, species: kept.map(\.0), fractional: kept.map(\.1))
  }
}

/// Into the cell; what rounding left below one goes to zero, so that no plane is torn.
private func wrapped(_ place: Vector3) -> Vector3 {
  var s = place - place.rounded(.down)
  s.replace(with: Vector3.zero, where: s .> 1 - 1e-10)
  return s
}

private func abs(_ v: Vector3) -> Vector3 {
  Vector3(Swift.abs(v.x), Swift.abs(v.y), Swift.abs(v.z))
}
