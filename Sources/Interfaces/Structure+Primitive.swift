import Atomistics

extension Structure {
  /// How far (Å) an atom's image may lie from the atom it is taken for.
  private static let symmetryTolerance = 0.01

  /// The same crystal by its smallest cell.
  ///
  /// Surfaces need all translations of the crystal: the conventional cell of a body-centred metal
  /// would give (1 1 0) a surface cell twice too large and hide most of its matches. Translations
  /// are sought among the vectors that carry an atom of the rarest element into another; those that
  /// repeat the whole crystal span the lattice with the cell's own.
  var primitive: Structure {
    let rare = rarestAtoms
    guard let first = rare.first else { return self }
    var cell = lattice
    for other in rare.dropFirst() {
      let translation = positions[other] - positions[first]
      if repeats(by: translation) { cell = cell.including(translation) }
    }
    guard cell != lattice else { return self }
    var copy = self
    copy.lattice = cell
    var kept: [Int] = []
    for i in 0..<count {
      let known = kept.contains { j in
        species[j] == species[i]
          && copy.nearestDistance(positions[i], positions[j]) < 3 * Self.symmetryTolerance
      }
      if !known { kept.append(i) }
    }
    return copy.selecting(kept)
  }

  /// The atoms of the element with the fewest.
  private var rarestAtoms: [Int] {
    let composition = composition
    let rarest = composition.elements.min { (composition[$0], $0) < (composition[$1], $1) }
    return (0..<count).filter { species[$0] == rarest }
  }

  /// Whether every atom has an equal one at the end of the translation.
  private func repeats(by translation: Vector3) -> Bool {
    (0..<count).allSatisfy { i in
      (0..<count).contains { j in
        species[j] == species[i]
          && nearestDistance(positions[i] + translation, positions[j]) < Self.symmetryTolerance
      }
    }
  }

  /// The distance modulo the lattice, right where it is small.
  private func nearestDistance(_ r: Vector3, _ s: Vector3) -> Double {
    var f = lattice.fractional(r - s)
    for k in 0..<3 { f[k] -= f[k].rounded() }
    return lattice.cartesian(f).length
  }
}

extension Lattice {
  /// The lattice that this one and a fraction of its vectors span; handedness is kept.
  fileprivate func including(_ vector: Vector3) -> Lattice {
    let f = fractional(vector)
    // A translation comes back after n steps; n is at most the number of cells in this one.
    let order = (2...64).first { n in
      (0..<3).allSatisfy { abs((f[$0] * Double(n)).rounded() - f[$0] * Double(n)) < 0.02 }
    }
    guard let n = order else { return self }
    // Coordinates in units of 1/n are whole: the noise of the positions is left behind.
    let whole = (0..<3).map { Int((f[$0] * Double(n)).rounded()) }
    let basis = Self.triangular([[n, 0, 0], [0, n, 0], [0, 0, n], whole])
    let rows = basis.prefix(3).map { row in
      cartesian(Vector3(Double(row[0]), Double(row[1]), Double(row[2])) / Double(n))
    }
    let new = Lattice(rows[0], rows[1], rows[2])
    let sameHand = (new.matrix.determinant > 0) == (matrix.determinant > 0)
    return (sameHand ? new : Lattice(rows[0], rows[1], -rows[2])).reduced
  }

  /// Whole-number vectors by a basis in triangular form (Gauss and Euclid).
  private static func triangular(_ vectors: [[Int]]) -> [[Int]] {
    var rows = vectors
    for column in 0..<3 {
      while let pivot = (column..<rows.count).filter({ rows[$0][column] != 0 })
        .min(by: { abs(rows[$0][column]) < abs(rows[$1][column]) })
      {
        rows.swapAt(column, pivot)
        for other in (column + 1)..<rows.count {
          let q = rows[other][column] / rows[column][column]
          for k in 0..<3 { rows[other][k] -= q * rows[column][k] }
        }
        if rows[(column + 1)...].allSatisfy({ $0[column] == 0 }) { break }
      }
    }
    return rows
  }
}

extension MillerIndex {
  /// The same plane in the indices of another cell of the crystal.
  func converted(from given: Lattice, to cell: Lattice) -> MillerIndex {
    let normal = Vector3(Double(h), Double(k), Double(l)) * given.inverse.transpose
    let components = [normal.dot(cell.a), normal.dot(cell.b), normal.dot(cell.c)]
    // Vectors of the smaller cell are fractions of the given ones: some multiple is whole.
    func isWhole(_ x: Double) -> Bool { abs(x.rounded() - x) < 0.01 }
    let factor = (1...512).first { n in components.allSatisfy { isWhole($0 * Double(n)) } }
    precondition(factor != nil, "both are cells of one crystal")
    let whole = components.map { Int(($0 * Double(factor ?? 1)).rounded()) }
    let divisor = whole.reduce(0, greatestCommonDivisor)
    return MillerIndex(whole[0] / divisor, whole[1] / divisor, whole[2] / divisor)
  }
}
