import Atomistics

/// Bulk and shear modulus of a polycrystal, and what follows from them.
///
///     E = 9 K G / (3 K + G),    ν = (3 K − 2 G) / 2 (3 K + G)
///
/// | symbol | name | unit |
/// |---|---|---|
/// | K, G | `bulk`, `shear` | eV/Å³ |
/// | E | `young` | eV/Å³ |
/// | ν | `poisson` | - |
public struct ElasticModuli: Sendable, Hashable {
  public let bulk: Double
  public let shear: Double

  public init(bulk: Double, shear: Double) {
    self.bulk = bulk
    self.shear = shear
  }

  public var young: Double { 9 * bulk * shear / (3 * bulk + shear) }
  public var poisson: Double { (3 * bulk - 2 * shear) / (2 * (3 * bulk + shear)) }
}

extension ElasticConstants {
  /// The same strain in every grain: an upper bound.
  ///
  ///     9 K = C₁₁ + C₂₂ + C₃₃ + 2 (C₁₂ + C₂₃ + C₁₃)
  ///     15 G = C₁₁ + C₂₂ + C₃₃ − (C₁₂ + C₂₃ + C₁₃) + 3 (C₄₄ + C₅₅ + C₆₆)
  ///
  /// Source of the three averages: Hill, Proc. Phys. Soc. A 65, 349 (1952),
  /// doi 10.1088/0370-1298/65/5/307.
  public var voigt: ElasticModuli {
    let (normal, coupling, shear) = sums(stiffness)
    return ElasticModuli(
      bulk: (normal + 2 * coupling) / 9, shear: (normal - coupling + 3 * shear) / 15)
  }

  /// The same stress in every grain: a lower bound; nil for a crystal that is not stable.
  ///
  ///     1/K = S₁₁ + S₂₂ + S₃₃ + 2 (S₁₂ + S₂₃ + S₁₃)
  ///     15/G = 4 (S₁₁ + S₂₂ + S₃₃) − 4 (S₁₂ + S₂₃ + S₁₃) + 3 (S₄₄ + S₅₅ + S₆₆)
  public var reuss: ElasticModuli? {
    guard let compliance else { return nil }
    let (normal, coupling, shear) = sums(compliance)
    return ElasticModuli(
      bulk: 1 / (normal + 2 * coupling), shear: 15 / (4 * normal - 4 * coupling + 3 * shear))
  }

  /// The mean of both bounds; nil for a crystal that is not stable.
  public var hill: ElasticModuli? {
    guard let reuss else { return nil }
    return ElasticModuli(
      bulk: (voigt.bulk + reuss.bulk) / 2, shear: (voigt.shear + reuss.shear) / 2)
  }

  /// 5 G_V/G_R + K_V/K_R − 6, zero for an isotropic crystal; nil for one that is not stable.
  ///
  /// Source: Ranganathan & Ostoja-Starzewski, Phys. Rev. Lett. 101, 055504 (2008),
  /// doi 10.1103/PhysRevLett.101.055504.
  public var universalAnisotropy: Double? {
    guard let reuss else { return nil }
    return 5 * voigt.shear / reuss.shear + voigt.bulk / reuss.bulk - 6
  }

  private func sums(_ m: [[Double]]) -> (normal: Double, coupling: Double, shear: Double) {
    (
      m[0][0] + m[1][1] + m[2][2], m[0][1] + m[1][2] + m[0][2], m[3][3] + m[4][4] + m[5][5]
    )
  }
}
