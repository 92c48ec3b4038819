import Atomistics

/// Two superlattices of two surfaces that nearly coincide.
///
/// Zur and McGill, J. Appl. Phys. 55, 378 (1984), doi 10.1063/1.333084: both superlattices are
/// reduced, and their lengths and angle compared. The limits are relative, as in pymatgen's
/// ZSLGenerator: ||v₂|/|v₁| − 1| and |γ₂/γ₁ − 1|, with v₁, γ₁ the electrolyte's and γ the acute one
/// of γ₁ and 180° − γ₁, since which of the two a reduced basis shows is a matter of choice. The
/// metal is strained onto the electrolyte:
///
///     D = N⁻¹ F,   E = ½ (D Dᵀ − 1)
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | F | `electrolyteLattice`, rows a, b | Å | 2 × 2 |
/// | N | the metal's superlattice, rows a, b | Å | 2 × 2 |
/// | E | `strain`, Green-Lagrange, in the metal's frame | - | xx, yy, xy |
public struct LatticeMatch: Sendable {
  public let electrolyte: PlaneSupercell
  public let metal: PlaneSupercell
  public let electrolyteLattice: PlaneLattice
  public let metalLattice: PlaneLattice
  public let strain: SIMD3<Double>
  /// The larger of the two relative differences in length, and that in angle.
  public let lengthMismatch: Double
  public let angleMismatch: Double

  public var area: Double { electrolyteLattice.area }

  /// √(⅔ e:e) of the deviatoric strain in three dimensions with E_zz = 0: 1 % in both directions
  /// is 0.667 %.
  public var vonMisesStrain: Double {
    let mean = (strain.x + strain.y) / 3
    let (x, y, z) = (strain.x - mean, strain.y - mean, -mean)
    return (2.0 / 3 * (x * x + y * y + z * z + 2 * strain.z * strain.z)).squareRoot()
  }

  /// Compares two superlattices in all short bases of the second: of those within the limits the
  /// least strained counts, or else the one that comes nearest.
  ///
  /// - Returns: nil where the superlattices are nowhere near.
  init?(
    electrolyte: (PlaneLattice, PlaneSupercell), metal: (PlaneLattice, PlaneSupercell),
    limits: ContactSettings
  ) {
    var best: LatticeMatch?
    for change in PlaneSupercell.shortTransforms {
      guard let match = LatticeMatch(electrolyte, metal, change) else { continue }
      guard let rival = best else {
        best = match
        continue
      }
      let (within, rivalWithin) = (match.isWithin(limits), rival.isWithin(limits))
      let isBetter =
        within && rivalWithin
        ? match.vonMisesStrain < rival.vonMisesStrain - 1e-12
        : (within || !rivalWithin && match.mismatch < rival.mismatch)
      if isBetter { best = match }
    }
    guard let best else { return nil }
    self = best
  }

  /// Compares two bases vector by vector.
  private init?(
    _ electrolyte: (PlaneLattice, PlaneSupercell), _ metal: (PlaneLattice, PlaneSupercell),
    _ change: PlaneSupercell
  ) {
    let f = electrolyte.0
    let a = Double(change.rows[0].x) * metal.0.a + Double(change.rows[0].y) * metal.0.b
    let b = Double(change.rows[1].x) * metal.0.a + Double(change.rows[1].y) * metal.0.b
    let n = PlaneLattice(a: a, b: b)
    let length = max(abs(n.lengthA / f.lengthA - 1), abs(n.lengthB / f.lengthB - 1))
    guard length < 0.2 else { return nil }
    self.electrolyte = electrolyte.1
    self.metal = metal.1.transformed(by: change)
    electrolyteLattice = f
    metalLattice = n
    lengthMismatch = length
    angleMismatch =
      f.angle > 90 ? abs((180 - n.angle) / (180 - f.angle) - 1) : abs(n.angle / f.angle - 1)
    strain = Self.strain(from: n, to: f)
  }

  static func strain(from n: PlaneLattice, to f: PlaneLattice) -> SIMD3<Double> {
    // Columns of N⁻¹, N with rows a, b.
    let d = n.area
    func deformed(_ v: SIMD2<Double>) -> SIMD2<Double> {
      let s = (v.x * n.b.y - v.y * n.b.x) / d
      let t = (v.y * n.a.x - v.x * n.a.y) / d
      return s * f.a + t * f.b
    }
    let (x, y) = (deformed(SIMD2(1, 0)), deformed(SIMD2(0, 1)))
    return SIMD3((x.dot(x) - 1) / 2, (y.dot(y) - 1) / 2, x.dot(y) / 2)
  }

  /// What a search for matches found.
  public struct Search: Sendable {
    public let matches: [LatticeMatch]
    /// The nearest pair outside the limits, by the sum of its mismatches.
    public let nearestMiss: LatticeMatch?
  }

  /// All matches of two surfaces within the limits, each pair of superlattices once.
  public static func all(
    electrolyte: OrientedCell, metal: OrientedCell, limits: ContactSettings
  ) -> Search {
    let largest = limits.maximumArea * (1 + 1e-9)
    func superlattices(_ cell: OrientedCell, upTo area: Double)
      -> [(PlaneLattice, PlaneSupercell)]
    {
      let most = Int(area / cell.area + 1e-9)
      return stride(from: 1, through: most, by: 1).flatMap { n in
        PlaneSupercell.all(index: n).map { $0.reduced(on: cell.lattice) }
      }
    }
    // Lengths within l and an angle within α bound the ratio of areas; 1.05² leaves room for both.
    let slack = (1 + limits.lengthMismatch) * (1 + limits.lengthMismatch) * 1.05
    let metals = superlattices(metal, upTo: largest * slack)
    var found: [LatticeMatch] = []
    var nearest: LatticeMatch?
    for film in superlattices(electrolyte, upTo: largest) {
      for candidate in metals
      where candidate.0.area < film.0.area * slack && film.0.area < candidate.0.area * slack {
        guard
          let match = LatticeMatch(electrolyte: film, metal: candidate, limits: limits)
        else { continue }
        if match.isWithin(limits) {
          found.append(match)
        } else if nearest.map({ match.mismatch < $0.mismatch }) ?? true {
          nearest = match
        }
      }
    }
    return Search(matches: found, nearestMiss: nearest)
  }

  var mismatch: Double { lengthMismatch + angleMismatch }

  func isWithin(_ limits: ContactSettings) -> Bool {
    // A limit is itself allowed, whatever the last bit of a computed value says.
    lengthMismatch <= limits.lengthMismatch + 1e-9 && angleMismatch <= limits.angleMismatch + 1e-9
  }
}
