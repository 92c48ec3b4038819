import Atomistics

/// Elastic constants as a contact needs them: turned into a slab's frame, its normal free.
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | C | `rows`, Voigt's order xx, yy, zz, yz, xz, xy, engineering shears | eV/Å³ | 6 × 6 |
/// | M | turns a stress in that order: σ′ = M σ | - | 6 × 6 |
///
/// Source: Nye, Physical Properties of Crystals (Oxford, 1957), chapter VIII; Bond, Bell Syst. Tech.
/// J. 22, 1 (1943).
public struct ElasticStiffness: Sendable, Hashable, Codable {
  public let rows: [[Double]]

  /// - Precondition: six rows of six.
  public init(_ rows: [[Double]]) {
    precondition(rows.count == 6 && rows.allSatisfy { $0.count == 6 }, "six rows of six")
    self.rows = rows
  }

  private static let pairs = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]

  /// C′ = M C Mᵀ in the axes that are the rows of a rotation.
  public func rotated(by rotation: Matrix3) -> ElasticStiffness {
    let m = Self.pairs.map { i, j in
      Self.pairs.map { a, b in
        a == b
          ? rotation[i, a] * rotation[j, b]
          : rotation[i, a] * rotation[j, b] + rotation[i, b] * rotation[j, a]
      }
    }
    let half = m.map { row in
      (0..<6).map { k in (0..<6).reduce(0) { $0 + row[$1] * rows[$1][k] } }
    }
    return ElasticStiffness(
      half.map { row in
        (0..<6).map { k in (0..<6).reduce(0) { $0 + row[$1] * m[k][$1] } }
      })
  }

  /// The stiffness in the plane (xx, yy, xy) of a slab whose faces bear no stress,
  /// σ_zz = σ_yz = σ_xz = 0: K = C_pp − C_po C_oo⁻¹ C_op, eV/Å³.
  public var inPlane: Matrix3 {
    let (plane, out) = ([0, 1, 5], [2, 3, 4])
    func block(_ i: [Int], _ j: [Int]) -> Matrix3 {
      let r = i.map { a in Vector3(rows[a][j[0]], rows[a][j[1]], rows[a][j[2]]) }
      return Matrix3(r[0], r[1], r[2])
    }
    let k = block(plane, out) * block(out, out).inverse * block(out, plane)
    let p = block(plane, plane)
    return Matrix3(p[0] - k[0], p[1] - k[1], p[2] - k[2])
  }

  /// The stress in the plane that a strain of a slab with free faces makes.
  public func stress(_ strain: SurfaceStrain) -> SurfaceStress {
    let s = strain.voigt * inPlane.transpose
    return SurfaceStress(xx: s.x, yy: s.y, xy: s.z)
  }

  /// Whether every small strain costs energy: all pivots of Cholesky's factorisation above zero.
  public var isStable: Bool {
    var a = rows
    for k in 0..<6 {
      guard a[k][k] > 0 else { return false }
      for i in (k + 1)..<6 {
        let factor = a[i][k] / a[k][k]
        for j in 0..<6 { a[i][j] -= factor * a[k][j] }
      }
    }
    return true
  }
}

/// A stress in the plane of a slab, eV/Å³.
public struct SurfaceStress: Sendable, Hashable {
  public let xx: Double
  public let yy: Double
  public let xy: Double

  /// The larger principal value: a component would depend on where the axes happen to point.
  public var largest: Double {
    let half = (xx - yy) / 2
    return abs(xx + yy) / 2 + (half * half + xy * xy).squareRoot()
  }
}
