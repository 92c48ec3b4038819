import Atomistics

/// A lattice in the plane z = 0 by a reduced basis, right-handed about +z.
public struct PlaneLattice: Sendable {
  public let a: SIMD2<Double>
  public let b: SIMD2<Double>

  public init(a: SIMD2<Double>, b: SIMD2<Double>) {
    precondition(a.x * b.y - a.y * b.x > 0, "the basis is right-handed")
    (self.a, self.b) = (a, b)
  }

  public var area: Double { a.x * b.y - a.y * b.x }
  public var lengthA: Double { a.length }
  public var lengthB: Double { b.length }
  /// In degrees.
  public var angle: Double {
    arcCosine(max(-1, min(1, a.dot(b) / (lengthA * lengthB)))) * 180 / .pi
  }

  /// The shortest basis of the same lattice with the same hand (Lagrange and Gauss).
  static func reduced(_ first: Vector3, _ second: Vector3) -> (Vector3, Vector3) {
    var (a, b) = (first, second)
    while true {
      if a.lengthSquared > b.lengthSquared * (1 + 1e-12) { (a, b) = (b, -a) }
      let n = (a.dot(b) / a.lengthSquared).rounded()
      // At exactly half a step either neighbour is as short; only a true gain goes on.
      guard n != 0, (b - n * a).lengthSquared < b.lengthSquared * (1 - 1e-12) else { break }
      b -= n * a
    }
    return (a, b)
  }
}

extension SIMD2 where Scalar == Double {
  func dot(_ other: Self) -> Double { x * other.x + y * other.y }
  var length: Double { dot(self).squareRoot() }
}

/// An integer 2 × 2 matrix: rows are superlattice vectors in a surface cell's basis.
public struct PlaneSupercell: Hashable, Sendable {
  public let rows: [SIMD2<Int>]

  public init(_ first: SIMD2<Int>, _ second: SIMD2<Int>) { rows = [first, second] }

  /// How many surface cells it holds.
  public var index: Int { rows[0].x * rows[1].y - rows[0].y * rows[1].x }

  /// All superlattices of an index, each once, by their Hermite normal form; there are σ(n) of them,
  /// the sum of the divisors of n.
  public static func all(index n: Int) -> [PlaneSupercell] {
    precondition(n > 0, "the index of a superlattice is at least 1")
    return (1...n).filter { n % $0 == 0 }.flatMap { a in
      (0..<a).map { PlaneSupercell(SIMD2(a, 0), SIMD2($0, n / a)) }
    }
  }

  /// The superlattice on a surface cell, by a reduced basis, and that basis in integers.
  func reduced(on cell: Lattice) -> (PlaneLattice, PlaneSupercell) {
    var (p, q) = (rows[0], rows[1])
    func vector(_ n: SIMD2<Int>) -> SIMD2<Double> {
      let v = Double(n.x) * cell.a + Double(n.y) * cell.b
      return SIMD2(v.x, v.y)
    }
    while true {
      var (a, b) = (vector(p), vector(q))
      if a.dot(a) > b.dot(b) * (1 + 1e-12) {
        (p, q) = (q, SIMD2<Int>.zero &- p)
        (a, b) = (vector(p), vector(q))
      }
      let n = (a.dot(b) / a.dot(a)).rounded()
      let shorter = b - n * a
      guard n != 0, shorter.dot(shorter) < b.dot(b) * (1 - 1e-12) else { break }
      q = q &- Int(n) &* p
    }
    return (PlaneLattice(a: vector(p), b: vector(q)), PlaneSupercell(p, q))
  }

  /// The same superlattice by another right-handed basis.
  func transformed(by m: PlaneSupercell) -> PlaneSupercell {
    func row(_ r: SIMD2<Int>) -> SIMD2<Int> { r.x &* rows[0] &+ r.y &* rows[1] }
    return PlaneSupercell(row(m.rows[0]), row(m.rows[1]))
  }

  /// Changes of basis between short bases: determinant 1, entries −1 to 1.
  static let shortTransforms: [PlaneSupercell] = {
    var result: [PlaneSupercell] = []
    for (a, b, c, d) in (0..<81).map({ n in
      (n / 27 - 1, n / 9 % 3 - 1, n / 3 % 3 - 1, n % 3 - 1)
    }) where a * d - b * c == 1 {
      result.append(PlaneSupercell(SIMD2(a, b), SIMD2(c, d)))
    }
    return result
  }()
}
