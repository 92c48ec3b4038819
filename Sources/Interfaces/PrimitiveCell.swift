import Atomistics

/// A crystal by the smallest cell that repeats it: the surface of a centred cell has a finer lattice
/// than the cell's own vectors span, and with these alone matches would be missed.
struct PrimitiveCell {
  let structure: Structure
  /// Its lattice vectors in the coordinates of the given cell, times `order`.
  private let rows: [SIMD3<Int>]
  /// How many primitive cells the given one holds.
  let order: Int

  init(_ crystal: Structure) {
    let s = crystal.fractionalPositions
    let translations = Self.translations(crystal, s)
    let n = translations.count
    let rows = n == 1 ? nil : Self.basis(translations)
    guard n > 1, let rows else {
      structure = crystal
      self.rows = [SIMD3(1, 0, 0), SIMD3(0, 1, 0), SIMD3(0, 0, 1)]
      order = 1
      return
    }
    func vector(_ v: SIMD3<Int>) -> Vector3 {
      crystal.lattice.cartesian(Vector3(Double(v.x), Double(v.y), Double(v.z)) / Double(n))
    }
    let shifts = translations.map {
      Vector3(Double($0.x), Double($0.y), Double($0.z)) / Double(n)
    }
    var kept: [Int] = []
    for i in 0..<crystal.count {
      let isImage = kept.contains { k in
        crystal.species[k] == crystal.species[i]
          && shifts.contains { Self.apart(s[i] - s[k] - $0, crystal.lattice) < 0.01 }
      }
      if !isImage { kept.append(i) }
    }
    self.rows = rows
    order = n
    structure = Structure(
      lattice: Lattice(vector(rows[0]), vector(rows[1]), vector(rows[2])),
      species: kept.map { crystal.species[$0] }, positions: kept.map { crystal.positions[$0] })
  }

  /// The same plane in the primitive cell's indices.
  func index(of m: MillerIndex) -> MillerIndex {
    let h = rows.map { m.h * $0.x + m.k * $0.y + m.l * $0.z }
    let g = greatestCommonDivisor(greatestCommonDivisor(h[0], h[1]), h[2])
    return MillerIndex(h[0] / g, h[1] / g, h[2] / g)
  }

  /// The length (Å) of a vector up to whole lattice vectors.
  private static func apart(_ s: Vector3, _ lattice: Lattice) -> Double {
    lattice.cartesian(Vector3(s.x - s.x.rounded(), s.y - s.y.rounded(), s.z - s.z.rounded())).length
  }

  /// The shifts inside the cell that carry the crystal into itself, times their number.
  private static func translations(_ crystal: Structure, _ s: [Vector3]) -> [SIMD3<Int>] {
    let counts = Dictionary(grouping: 0..<crystal.count) { crystal.species[$0] }
    guard let rarest = counts.values.min(by: { ($0.count, $0[0]) < ($1.count, $1[0]) }) else {
      return [.zero]
    }
    let shifts = rarest.map { s[$0] - s[rarest[0]] }.filter { shift in
      (0..<crystal.count).allSatisfy { i in
        counts[crystal.species[i]]!.contains {
          apart(s[$0] - s[i] - shift, crystal.lattice) < 0.01
        }
      }
    }
    // A group of n shifts: n times each is a lattice vector.
    let n = shifts.count
    return shifts.map { shift in
      let whole = SIMD3<Int>((Double(n) * shift).rounded(.toNearestOrAwayFromZero))
      return SIMD3((0..<3).map { (whole[$0] % n + n) % n })
    }
  }

  /// Three vectors that span the lattice of the shifts and the cell, its Hermite normal form.
  private static func basis(_ translations: [SIMD3<Int>]) -> [SIMD3<Int>]? {
    let n = translations.count
    var vectors = translations + [SIMD3(n, 0, 0), SIMD3(0, n, 0), SIMD3(0, 0, n)]
    var rows: [SIMD3<Int>] = []
    for column in 0..<3 {
      // Euclid's algorithm on the column leaves one vector that is not zero there.
      while true {
        let live = vectors.indices.filter { vectors[$0][column] != 0 }
        guard let pivot = live.min(by: { abs(vectors[$0][column]) < abs(vectors[$1][column]) })
        else { return nil }
        if live.count == 1 {
          rows.append(vectors.remove(at: pivot))
          break
        }
        for i in live where i != pivot {
          vectors[i] &-= (vectors[i][column] / vectors[pivot][column]) &* vectors[pivot]
        }
      }
    }
    // The volume tells whether the shifts were a group.
    return abs(rows[0].x * rows[1].y * rows[2].z) == n * n ? rows : nil
  }
}
