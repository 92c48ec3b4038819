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

  /// A lattice vector from its integers.
  func vector(_ n: SIMD2<Int>) -> SIMD2<Double> { Double(n.x) * a + Double(n.y) * b }

  /// a·a, b·b and a·b, which hold all of the lattice but its turn.
  var metric: SIMD3<Double> { SIMD3(a.dot(a), b.dot(b), a.dot(b)) }

  /// The lattice of a metric, a along x.
  init(metric g: SIMD3<Double>) {
    let length = g.x.squareRoot()
    self.init(
      a: SIMD2(length, 0),
      b: SIMD2(g.z / length, (g.x * g.y - g.z * g.z).squareRoot() / length))
  }

  /// The turns and mirrors that leave the lattice as it is, as matrices on its basis.
  ///
  /// - Parameter tolerance: how far (relative) lengths may be off.
  public func symmetries(tolerance: Double = 1e-5) -> [PlaneSupercell] {
    let (short, change) = PlaneSupercell.identity.reduced(on: self)
    let g = short.metric
    let reach = tolerance * max(g.x, g.y)
    // Of the reduced basis, then carried to this one: W⁻¹ M W, W unimodular.
    let (p, q) = (change.rows[0], change.rows[1])
    let inverse = PlaneSupercell(SIMD2(q.y, -p.y), SIMD2(-q.x, p.x))
    return PlaneSupercell.shortMaps.filter { map in
      let (u, v) = (short.vector(map.rows[0]), short.vector(map.rows[1]))
      return abs(u.dot(u) - g.x) < reach && abs(v.dot(v) - g.y) < reach
        && abs(u.dot(v) - g.z) < reach
    }.map { change.transformed(by: $0).transformed(by: inverse) }
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

  public static let identity = PlaneSupercell(SIMD2(1, 0), SIMD2(0, 1))

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

  /// The superlattice on a surface lattice, by a reduced basis, and that basis in integers.
  func reduced(on surface: PlaneLattice) -> (PlaneLattice, PlaneSupercell) {
    var (p, q) = (rows[0], rows[1])
    var (a, b) = (surface.vector(p), surface.vector(q))
    while true {
      if a.dot(a) > b.dot(b) * (1 + 1e-12) {
        (p, q) = (q, SIMD2<Int>.zero &- p)
        (a, b) = (b, -a)
      }
      let n = (a.dot(b) / a.dot(a)).rounded()
      let shorter = b - n * a
      guard n != 0, shorter.dot(shorter) < b.dot(b) * (1 - 1e-12) else { break }
      q = q &- Int(n) &* p
      // From integers, so that rounding does not add up.
      b = surface.vector(q)
    }
    return (PlaneLattice(a: a, b: b), PlaneSupercell(p, q))
  }

  /// The same superlattice by another right-handed basis.
  func transformed(by m: PlaneSupercell) -> PlaneSupercell {
    func row(_ r: SIMD2<Int>) -> SIMD2<Int> { r.x &* rows[0] &+ r.y &* rows[1] }
    return PlaneSupercell(row(m.rows[0]), row(m.rows[1]))
  }

  /// The transposed matrix.
  var transposed: PlaneSupercell {
    PlaneSupercell(SIMD2(rows[0].x, rows[1].x), SIMD2(rows[0].y, rows[1].y))
  }

  /// Changes of basis between short bases: entries -1 to 1, of either hand.
  private static let shortMatrices: [PlaneSupercell] = (0..<81).map { n in
    PlaneSupercell(
      SIMD2(n / 27 - 1, n / 9 % 3 - 1), SIMD2(n / 3 % 3 - 1, n % 3 - 1))
  }.filter { abs($0.index) == 1 }

  /// Those that keep the hand, one of every two that differ in sign.
  static let shortTransforms: [PlaneSupercell] = shortMatrices.filter {
    $0.index == 1 && ($0.rows[0].x, $0.rows[0].y) > (0, 0)
  }

  /// All of either hand and sign: of a reduced basis every isometry is among them.
  static let shortMaps: [PlaneSupercell] = shortMatrices
}
