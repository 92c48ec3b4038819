import Atomistics

/// Two superlattices of two surfaces that nearly coincide.
///
/// Zur and McGill, J. Appl. Phys. 55, 378 (1984), doi 10.1063/1.333084: the electrolyte's
/// superlattice is reduced, and its lengths and angle compared with those of the metal's. The limits
/// are those of `MatchLimits`. The metal strained onto the electrolyte:
///
///     D = N⁻¹ F,   E = ½ (D Dᵀ − 1)
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | F | `electrolyteLattice`, rows a, b | Å | 2 × 2 |
/// | N | `metalLattice`, the metal's superlattice, rows a, b | Å | 2 × 2 |
/// | E | `strain`, Green-Lagrange, in the metal's frame | - | xx, yy, xy |
///
/// Which side bears how much of it in the contact is `SharedStrain`.
public struct LatticeMatch: Sendable {
  public let electrolyte: PlaneSupercell
  public let metal: PlaneSupercell
  public let electrolyteLattice: PlaneLattice
  public let metalLattice: PlaneLattice
  public let strain: SIMD3<Double>
  /// The larger of the two relative differences in length, and that in angle.
  public let lengthMismatch: Double
  public let angleMismatch: Double
  /// The larger of the two differences in length (Å), and that in angle (degrees).
  public let lengthDifference: Double
  public let angleDifference: Double

  public var area: Double { electrolyteLattice.area }

  /// √(⅔ e:e) of the deviatoric strain in three dimensions with E_zz = 0: 1 % in both directions
  /// is 0.667 %.
  public var vonMisesStrain: Double { SurfaceStrain(strain).vonMises }

  private init(
    electrolyte: (PlaneLattice, PlaneSupercell), metal: (PlaneLattice, PlaneSupercell)
  ) {
    let (f, n) = (electrolyte.0, metal.0)
    self.electrolyte = electrolyte.1
    self.metal = metal.1
    electrolyteLattice = f
    metalLattice = n
    let (a, b) = (n.lengthA - f.lengthA, n.lengthB - f.lengthB)
    let angle = f.angle
    lengthDifference = max(abs(a), abs(b))
    lengthMismatch = max(abs(a / f.lengthA), abs(b / f.lengthB))
    angleDifference = abs(n.angle - angle)
    angleMismatch = angleDifference / min(angle, 180 - angle)
    strain = SurfaceStrain(from: n, to: f.metric).components
  }

  /// What tells this deformation from others; see `MatchKey`.
  var key: MatchKey { MatchKey(electrolyte: electrolyte, metal: metal) }

  /// All matches of two surfaces within the limits, smallest area first, each once.
  ///
  /// Two pairs of superlattices are one match if they are the same by another basis, if one is a
  /// multiple of the other, or if symmetries of both surfaces carry one into the other
  /// (`MatchKey`). Of these the smallest that is within the limits is listed, by the basis that is
  /// nearest. Bases of one pair that differ by another turn or another strain of the metal are
  /// different matches.
  ///
  /// Every reduced basis of every superlattice of the electrolyte is compared with all pairs of
  /// vectors of the metal's lattice that have its lengths; the vectors lie sorted by length, so that
  /// superlattices of the metal are never listed.
  ///
  /// - Parameters:
  ///   - electrolyteSymmetries, metalSymmetries: matrices on the bases of the surfaces that leave
  ///     the crystals as they are, the identity among them. Those that turn a surface over (of
  ///     determinant −1) count where both crystals have one.
  public static func all(
    electrolyte film: PlaneLattice, metal: PlaneLattice, limits: MatchLimits,
    electrolyteSymmetries: [PlaneSupercell] = [.identity],
    metalSymmetries: [PlaneSupercell] = [.identity]
  ) -> [LatticeMatch] {
    let superlattices = (1...max(1, Int(limits.area * (1 + 1e-9) / film.area)))
      .flatMap { PlaneSupercell.all(index: $0).map { $0.reduced(on: film) } }
      .filter { $0.0.area <= limits.area * (1 + 1e-9) }
    guard let longest = superlattices.map(\.0.lengthB).max() else { return [] }
    let vectors = SurfaceVectors(metal, upTo: limits.lengths(around: longest).upperBound)
    var places: [MatchKey: Int] = [:]
    var found: [LatticeMatch] = []
    for superlattice in superlattices {
      for film in reducedBases(superlattice) {
        search(film, among: vectors, limits) { n in
          let match = LatticeMatch(electrolyte: film, metal: n)
          guard limits.allow(match) else { return }
          let key = match.key
          guard let place = places[key] else {
            places[key] = found.count
            found.append(match)
            return
          }
          let known = found[place]
          if known.electrolyte.index == match.electrolyte.index,
            limits.excess(match) < limits.excess(known) - 1e-9
          {
            found[place] = match
          }
        }
      }
    }
    return distinct(found, electrolyte: electrolyteSymmetries, metal: metalSymmetries)
  }

  /// The matches that symmetries of the surfaces do not carry into earlier ones.
  static func distinct(
    _ matches: [LatticeMatch], electrolyte: [PlaneSupercell], metal: [PlaneSupercell]
  ) -> [LatticeMatch] {
    guard electrolyte.count > 1 || metal.count > 1 else { return matches }
    var seen: Set<MatchKey> = []
    return matches.filter {
      seen.insert($0.key.least(electrolyte: electrolyte, metal: metal)).inserted
    }
  }

  /// All reduced right-handed bases but for the sign of both vectors: more than one where lengths
  /// are equal, as in a square or hexagonal superlattice.
  private static func reducedBases(
    _ cell: (PlaneLattice, PlaneSupercell)
  ) -> [(PlaneLattice, PlaneSupercell)] {
    let g = cell.0.metric
    let room = 1e-9 * g.y
    guard g.y - g.x < room || g.x - 2 * abs(g.z) < room else { return [cell] }
    let bases = PlaneSupercell.shortTransforms.compactMap {
      change -> (PlaneLattice, PlaneSupercell)? in
      let (a, b) = (cell.0.vector(change.rows[0]), cell.0.vector(change.rows[1]))
      guard a.dot(a) <= g.x + room, b.dot(b) <= g.y + room, a.dot(a) <= b.dot(b) + room else {
        return nil
      }
      return (PlaneLattice(a: a, b: b), cell.1.transformed(by: change))
    }
    return bases
  }

  /// The metal's bases whose lengths and angle are within the limits of a basis of the electrolyte;
  /// a little more, so that rounding loses none.
  private static func search(
    _ film: (PlaneLattice, PlaneSupercell), among vectors: SurfaceVectors, _ limits: MatchLimits,
    _ found: ((PlaneLattice, PlaneSupercell)) -> Void
  ) {
    let f = film.0
    let first = vectors[limits.lengths(around: f.lengthA)]
    guard !first.isEmpty else { return }
    let second = vectors[limits.lengths(around: f.lengthB)]
    let angle = f.angle
    let reach = limits.angles(around: angle) + 1e-6
    // The cosine falls from 0 to 180 degrees.
    let most = cosine(max(0, angle - reach) * .pi / 180)
    let least = cosine(min(180, angle + reach) * .pi / 180)
    for u in first {
      for v in second {
        let cross = u.vector.x * v.vector.y - u.vector.y * v.vector.x
        guard cross != 0 else { continue }
        // The sign of v that makes a right-handed basis.
        let sign = cross > 0 ? 1.0 : -1.0
        let cos = sign * u.vector.dot(v.vector) / (u.length * v.length)
        guard cos <= most, cos >= least else { continue }
        let w = cross > 0 ? v.whole : SIMD2<Int>.zero &- v.whole
        guard u.whole.x * w.y - u.whole.y * w.x != 0 else { continue }
        found((PlaneLattice(a: u.vector, b: sign * v.vector), PlaneSupercell(u.whole, w)))
        // Turned by 180 degrees it is another match, unless a crystal has that symmetry.
        found(
          (
            PlaneLattice(a: -u.vector, b: -sign * v.vector),
            PlaneSupercell(SIMD2<Int>.zero &- u.whole, SIMD2<Int>.zero &- w)
          ))
      }
    }
  }

  /// All matches of two oriented cells, of which nothing but the lattices of the planes counts.
  public static func all(
    electrolyte: OrientedCell, metal: OrientedCell, limits: ContactSettings
  ) -> [LatticeMatch] {
    all(electrolyte: electrolyte.surface, metal: metal.surface, limits: limits.limits)
  }
}

extension OrientedCell {
  /// The turn from the crystal as given: rows are this cell's x, y and z in the crystal's axes.
  public var rotation: Matrix3 { turn.transpose }

  /// The lattice of the plane.
  public var surface: PlaneLattice {
    PlaneLattice(a: SIMD2(lattice.a.x, lattice.a.y), b: SIMD2(lattice.b.x, lattice.b.y))
  }
}
