/// A sublattice H M of a lattice M, H the Hermite normal form with rows (a 0 0), (b c 0), (d e f).
///
/// Every sublattice of index n = a c f has exactly one such form with 0 ≤ b, d < a and 0 ≤ e < c
/// (Hart and Forcade, Phys. Rev. B 77, 224115 (2008), doi 10.1103/PhysRevB.77.224115).
public struct Sublattice: Hashable, Sendable {
  public let a: Int, b: Int, c: Int, d: Int, e: Int, f: Int

  /// How many cells of the lattice one cell of the sublattice holds.
  public var index: Int { a * c * f }

  /// All sublattices of that index.
  public static func all(index n: Int) -> [Sublattice] {
    precondition(n > 0, "the index of a sublattice is at least 1")
    var result: [Sublattice] = []
    for a in 1...n where n % a == 0 {
      for c in 1...(n / a) where (n / a) % c == 0 {
        for b in 0..<a {
          for d in 0..<a {
            for e in 0..<c {
              result.append(Sublattice(a: a, b: b, c: c, d: d, e: e, f: n / (a * c)))
            }
          }
        }
      }
    }
    return result
  }

  func lattice(of parent: Lattice) -> Lattice {
    let (x, y, z) = parent.matrix.rows
    return Lattice(
      Double(a) * x, Double(b) * x + Double(c) * y, Double(d) * x + Double(e) * y + Double(f) * z)
  }
}

extension Lattice {
  /// The same lattice by short vectors: no vector can be made shorter by adding ±1 times the
  /// others, so that the first is a shortest vector of the lattice (greedy reduction in three
  /// dimensions; Nguyen and Stehlé, ACM Trans. Algorithms 5, 46 (2009),
  /// doi 10.1145/1597036.1597050). Handedness is kept.
  public var reduced: Lattice {
    var vectors = [a, b, c]
    var improved = true
    while improved {
      improved = false
      vectors.sort { $0.lengthSquared < $1.lengthSquared }
      for k in [2, 1] {
        let others = (0..<3).filter { $0 != k && (k == 2 || $0 < k) }.map { vectors[$0] }
        let shorter = Self.shortest(vectors[k], adding: others)
        if shorter.lengthSquared < vectors[k].lengthSquared * (1 - 1e-12) {
          vectors[k] = shorter
          improved = true
        }
      }
    }
    let matrix = Matrix3(vectors[0], vectors[1], vectors[2])
    return (matrix.determinant > 0) == (self.matrix.determinant > 0)
      ? Lattice(matrix) : Lattice(matrix[0], matrix[1], -1.0 * matrix[2])
  }

  /// The shortest of v + Σ n_i u_i near the n_i that project v out, |Δn_i| ≤ 1.
  private static func shortest(_ v: Vector3, adding others: [Vector3]) -> Vector3 {
    var start = v
    for u in others { start -= (start.dot(u) / u.lengthSquared).rounded() * u }
    var best = start.lengthSquared < v.lengthSquared ? start : v
    let second = others.count > 1 ? others[1] : .zero
    for m in -1...1 {
      for n in (others.count > 1 ? -1...1 : 0...0) {
        let candidate = start + Double(m) * others[0] + Double(n) * second
        if candidate.lengthSquared < best.lengthSquared { best = candidate }
      }
    }
    return best
  }
}

extension Structure {
  /// The supercell of at most `maximumAtoms` atoms whose periodic images are furthest apart; of
  /// equal ones the smallest.
  ///
  /// All sublattices are tried, not only the diagonal ones: the primitive cell of a face-centred
  /// crystal becomes its cube. A cell that is larger already is returned as it is.
  ///
  /// - Parameter distance: images this far apart (Å) are far enough: the first cell that has them is
  ///   taken, and no larger one is looked at.
  public func roundestSupercell(
    maximumAtoms: Int, enoughAt distance: Double = .infinity
  ) -> Structure {
    var best = self
    var bestDistance = lattice.reduced.a.length
    for index in stride(from: 2, through: maximumAtoms / count, by: 1) {
      guard bestDistance < distance else { break }
      for sublattice in Sublattice.all(index: index) {
        let reduced = sublattice.lattice(of: lattice).reduced
        if reduced.a.length > bestDistance * (1 + 1e-6) {
          bestDistance = reduced.a.length
          best = supercell(sublattice, lattice: reduced)
        }
      }
    }
    return best
  }

  /// The atoms of one cell of a sublattice, in the given lattice, which must be an equal one.
  private func supercell(_ sublattice: Sublattice, lattice new: Lattice) -> Structure {
    var shifts: [Vector3] = []
    for i in 0..<sublattice.a {
      for j in 0..<sublattice.c {
        for k in 0..<sublattice.f {
          shifts.append(lattice.cartesian(Vector3(Double(i), Double(j), Double(k))))
        }
      }
    }
    func repeated<T>(_ values: [T]) -> [T] {
      values.flatMap { Array(repeating: $0, count: shifts.count) }
    }
    return Structure(
      lattice: new, species: repeated(species),
      positions: positions.flatMap { position in shifts.map { position + $0 } },
      periodic: periodic, formalCharges: formalCharges.map(repeated)
    ).wrapped()
  }
}
