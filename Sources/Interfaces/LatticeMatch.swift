import Atomistics

/// Two superlattices of two surfaces that nearly coincide.
///
/// Zur and McGill, J. Appl. Phys. 55, 378 (1984), doi 10.1063/1.333084: both superlattices are
/// reduced, and their lengths and angle compared. The limits are relative, as in pymatgen's
/// ZSLGenerator: ||v₂|/|v₁| − 1| and |γ₂ − γ₁|/γ₁, with v₁ the electrolyte's and γ₁ the acute angle
/// of its basis, so that the limit does not depend on which way a basis vector points. The metal is
/// strained onto the electrolyte:
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

  /// Compares two superlattices, the second in one of its short bases.
  ///
  /// - Returns: nil where they are nowhere near.
  private init?(
    electrolyte: (PlaneLattice, PlaneSupercell), metal: (PlaneLattice, PlaneSupercell),
    change: PlaneSupercell, reach: Double
  ) {
    let f = electrolyte.0
    let a = Double(change.rows[0].x) * metal.0.a + Double(change.rows[0].y) * metal.0.b
    let b = Double(change.rows[1].x) * metal.0.a + Double(change.rows[1].y) * metal.0.b
    let length = max(abs(a.length / f.lengthA - 1), abs(b.length / f.lengthB - 1))
    guard length <= reach else { return nil }
    let n = PlaneLattice(a: a, b: b)
    self.electrolyte = electrolyte.1
    self.metal = metal.1.transformed(by: change)
    electrolyteLattice = f
    metalLattice = n
    lengthMismatch = length
    angleMismatch = abs(n.angle - f.angle) / min(f.angle, 180 - f.angle)
    strain = Self.strain(from: n, to: f)
  }

  /// D, from the metal's frame to the electrolyte's.
  var deformation: PlaneMap { Self.deformation(from: metalLattice, to: electrolyteLattice) }

  private static func deformation(from n: PlaneLattice, to f: PlaneLattice) -> PlaneMap {
    func deformed(_ v: SIMD2<Double>) -> SIMD2<Double> {
      let s = (v.x * n.b.y - v.y * n.b.x) / n.area
      let t = (v.y * n.a.x - v.x * n.a.y) / n.area
      return s * f.a + t * f.b
    }
    return PlaneMap(x: deformed(SIMD2(1, 0)), y: deformed(SIMD2(0, 1)))
  }

  private static func strain(from n: PlaneLattice, to f: PlaneLattice) -> SIMD3<Double> {
    let d = deformation(from: n, to: f)
    return SIMD3((d.x.dot(d.x) - 1) / 2, (d.y.dot(d.y) - 1) / 2, d.x.dot(d.y) / 2)
  }

  /// What a search for matches found.
  public struct Search: Sendable {
    public let matches: [LatticeMatch]
    /// The nearest pair outside the limits, by the sum of its mismatches.
    public let nearestMiss: LatticeMatch?
  }

  /// All matches of two surfaces within the limits.
  ///
  /// One pair of superlattices matches in every basis of the metal's that lies within the limits:
  /// each is another turn of the metal, and strains it along other directions.
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
    // What lies beyond counts as nowhere near.
    let reach = max(0.2, limits.lengthMismatch)
    // Lengths and an angle within the limits bound the ratio of areas.
    let l = min(limits.lengthMismatch, 0.5)
    let slack = (1 + min(limits.angleMismatch, 1)) * 1.05 / ((1 - l) * (1 - l))
    let metals = superlattices(metal, upTo: largest * slack)
    var found: [LatticeMatch] = []
    var nearest: LatticeMatch?
    for film in superlattices(electrolyte, upTo: largest) {
      for candidate in metals
      where candidate.0.area < film.0.area * slack && film.0.area < candidate.0.area * slack {
        for change in PlaneSupercell.shortTransforms {
          guard
            let match = LatticeMatch(
              electrolyte: film, metal: candidate, change: change, reach: reach)
          else { continue }
          if match.isWithin(limits) {
            found.append(match)
          } else if nearest.map({ match.mismatch < $0.mismatch }) ?? true {
            nearest = match
          }
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
