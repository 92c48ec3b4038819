import Atomistics

/// A Green-Lagrange strain in the plane, E_zz = 0, in the frame of the side that is strained.
///
///     E = ½ S⁻¹ (G − S Sᵀ) S⁻ᵀ
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | S | the side's superlattice, rows a, b | Å | 2 × 2 |
/// | G | the metric of the contact's lattice: a·a, b·b, a·b | Å² | 2 × 2, symmetric |
/// | E | `xx`, `yy`, `xy` | - | |
public struct SurfaceStrain: Sendable, Hashable {
  public let xx: Double
  public let yy: Double
  public let xy: Double

  public static let zero = SurfaceStrain(.zero)

  init(_ components: SIMD3<Double>) {
    (xx, yy, xy) = (components.x, components.y, components.z)
  }

  init(from side: PlaneLattice, to metric: SIMD3<Double>) {
    let voigt = (metric - side.metric) * Self.perMetric(side)
    self.init(SIMD3(voigt.x, voigt.y, voigt.z / 2))
  }

  public var components: SIMD3<Double> { SIMD3(xx, yy, xy) }

  /// xx, yy, 2 xy.
  var voigt: Vector3 { Vector3(xx, yy, 2 * xy) }

  /// √(⅔ e:e) of the deviatoric strain e = E − tr(E)/3.
  public var vonMises: Double {
    let mean = (xx + yy) / 3
    let (x, y) = (xx - mean, yy - mean)
    return (2.0 / 3 * (x * x + y * y + mean * mean + 2 * xy * xy)).squareRoot()
  }

  /// How xx, yy and 2 xy follow from a difference of metrics: the rows are their derivatives by
  /// a·a, b·b and a·b.
  static func perMetric(_ side: PlaneLattice) -> Matrix3 {
    // W = S⁻¹, so that r W is the side's coordinates of a vector r.
    let (p, q) = (SIMD2(side.b.y, -side.a.y) / side.area, SIMD2(-side.b.x, side.a.x) / side.area)
    return Matrix3(
      Vector3(p.x * p.x / 2, q.x * q.x / 2, p.x * q.x),
      Vector3(p.y * p.y / 2, q.y * q.y / 2, p.y * q.y),
      Vector3(p.x * p.y, q.x * q.y, p.x * q.y + p.y * q.x))
  }
}
