import Atomistics

/// Matches by the conventions of pymatgen 2026.10.24, so that published set-ups can be repeated:
/// `ZSLGenerator`, and what `CoherentInterfaceBuilder` makes of its strain.
///
/// What differs from `LatticeMatch.all`: pairs of areas are chosen by their ratio, the limit on the
/// area is not itself included, both superlattices are reduced to an acute angle of either hand, the
/// film is strained onto the substrate, and every pair of superlattices is listed, so that one
/// deformation may come many times.
///
/// | name | as | unit | default |
/// |---|---|---|---|
/// | `areaRatio` | max_area_ratio_tol | - | 0.09 |
/// | `area`, itself excluded | max_area | Å² | 400 |
/// | `length`, `angle`, relative to the first | max_length_tol, max_angle_tol | - | 0.03, 0.01 |
/// | `bidirectional`: enough if either is within the limits of the other | bidirectional | - | true |
///
/// `bidirectional` is false in ZSLGenerator and true in CoherentInterfaceBuilder.
///
/// The project's own code, written from the published behaviour; pymatgen is under the MIT licence.
public struct PymatgenMatches: Sendable {
  public var areaRatio = 0.09
  public var area = 400.0
  public var length = 0.03
  public var angle = 0.01
  public var bidirectional = true

  public init() {}

  /// One entry of pymatgen's list.
  public struct Match: Sendable {
    /// Rows are superlattice vectors in the surface cell, as listed, not reduced.
    public let filmTransformation: PlaneSupercell
    public let substrateTransformation: PlaneSupercell
    /// The reduced superlattices, row by row laid upon one another; of either hand.
    public let filmVectors: PlaneSupercell
    public let substrateVectors: PlaneSupercell
    /// Their lengths in Å and their angle in degrees, acute.
    public let film: Shape
    public let substrate: Shape
    /// Green-Lagrange strain of the film in its frame with a along x.
    public let strain: SurfaceStrain

    /// That of the film.
    public var area: Double { film.area }
  }

  /// A reduced basis: two lengths and the angle between them.
  public struct Shape: Sendable, Hashable {
    public let a: Double
    public let b: Double
    /// In degrees.
    public let angle: Double
    /// a·a, b·b, a·b.
    let metric: SIMD3<Double>

    public var area: Double { (metric.x * metric.y - metric.z * metric.z).squareRoot() }

    init(_ u: Vector3, _ v: Vector3) {
      metric = SIMD3(u.dot(u), v.dot(v), u.dot(v))
      (a, b) = (u.length, v.length)
      angle = arcCosine(max(-1, min(1, u.dot(v) / (a * b)))) * 180 / .pi
    }
  }

  /// The list for two surfaces, spanned by a and b of either lattice, in pymatgen's order: by the
  /// product of the numbers of cells.
  public func all(film: Lattice, substrate: Lattice) -> [Match] {
    let (f, s) = (film.a.cross(film.b).length, substrate.a.cross(substrate.b).length)
    func most(_ cell: Double) -> Int { Int((area / cell).rounded(.up)) - 1 }
    var numbers: [(Int, Int)] = []
    for i in stride(from: 1, through: most(f), by: 1) {
      for j in stride(from: 1, through: most(s), by: 1)
      where abs(f / s - Double(j) / Double(i)) < areaRatio
        || abs(s / f - Double(i) / Double(j)) < areaRatio
      {
        numbers.append((i, j))
      }
    }
    numbers.sort { ($0.0 * $0.1, $0.0) < ($1.0 * $1.1, $1.0) }
    var films: [Int: [Cell]] = [:]
    var substrates: [Int: [Cell]] = [:]
    var matches: [Match] = []
    for (i, j) in numbers {
      let first = films[i] ?? Self.cells(film, i)
      let second = substrates[j] ?? Self.cells(substrate, j)
      (films[i], substrates[j]) = (first, second)
      for p in first {
        for q in second
        where isSame(p.shape, q.shape) || bidirectional && isSame(q.shape, p.shape) {
          let cell = PlaneLattice(metric: p.shape.metric)
          matches.append(
            Match(
              filmTransformation: p.transformation, substrateTransformation: q.transformation,
              filmVectors: p.vectors, substrateVectors: q.vectors,
              film: p.shape, substrate: q.shape,
              strain: SurfaceStrain(from: cell, to: q.shape.metric)))
        }
      }
    }
    return matches
  }

  private func isSame(_ p: Shape, _ q: Shape) -> Bool {
    abs(q.a / p.a - 1) <= length && abs(q.b / p.b - 1) <= length
      && abs(q.angle / p.angle - 1) <= angle
  }

  private struct Cell {
    let transformation: PlaneSupercell
    let vectors: PlaneSupercell
    let shape: Shape

    /// By Zur and McGill's reduction: an acute angle, a no longer than b, b no longer than b ± a.
    init(_ lattice: Lattice, _ rows: PlaneSupercell) {
      func vector(_ n: SIMD2<Int>) -> Vector3 { Double(n.x) * lattice.a + Double(n.y) * lattice.b }
      var (m, n) = (rows.rows[0], rows.rows[1])
      var (a, b) = (vector(m), vector(n))
      while true {
        if a.dot(b) < 0 {
          (n, b) = (SIMD2<Int>.zero &- n, -b)
        } else if a.length > b.length {
          (m, n, a, b) = (n, m, b, a)
        } else if b.length > (b + a).length {
          (n, b) = (n &+ m, b + a)
        } else if b.length > (b - a).length {
          (n, b) = (n &- m, b - a)
        } else {
          break
        }
      }
      transformation = rows
      vectors = PlaneSupercell(m, n)
      shape = Shape(a, b)
    }
  }

  /// The superlattices of n cells, rows (i j) and (0 n/i).
  private static func cells(_ lattice: Lattice, _ n: Int) -> [Cell] {
    (1...n).filter { n % $0 == 0 }.flatMap { i in
      (0..<(n / i)).map { j in Cell(lattice, PlaneSupercell(SIMD2(i, j), SIMD2(0, n / i))) }
    }
  }
}
