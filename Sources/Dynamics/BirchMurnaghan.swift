import Atomistics

/// Birch's equation of state of third order, fitted to energies at several volumes.
///
///     E(V) = E₀ + (9 V₀ B₀/16) {y³ B₀′ + y² (2 − 4 y)},    y = (V₀/V)^(2/3) − 1
///
/// E is a cubic polynomial in V^(−2/3), so that the least squares are linear and have one solution.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | V₀ | `volume` | as given, Å³ |
/// | E₀ | `energy` | eV |
/// | B₀ | `bulkModulus` | eV/Å³ |
/// | B₀′ | `derivative` | - |
/// | - | `residual`, the root of the mean square of what the fit leaves | eV |
///
/// Source: Birch, Phys. Rev. 71, 809 (1947), doi 10.1103/PhysRev.71.809.
public struct BirchMurnaghan: Sendable, Hashable, Codable {
  public let volume: Double
  public let energy: Double
  public let bulkModulus: Double
  public let derivative: Double
  public let residual: Double

  /// - Parameter points: volumes (Å³) and energies (eV), at least four.
  /// - Returns: nil for fewer points, or where the curve has no minimum within their volumes.
  public init?(_ points: [(volume: Double, energy: Double)]) {
    guard points.count >= 4, points.allSatisfy({ $0.volume > 0 }),
      let low = points.map(\.volume).min(), let high = points.map(\.volume).max(),
      let lowest = points.min(by: { $0.energy < $1.energy })
    else { return nil }
    // u = (V_r/V)^(2/3) − 1 with V_r the volume of the lowest point.
    let reference = lowest.volume
    let fit = PolynomialFit(
      points.map { (power(reference / $0.volume, 2.0 / 3) - 1, $0.energy - lowest.energy) },
      degree: 3)
    guard let fit else { return nil }
    let (c1, c2, c3) = (fit.coefficients[1], fit.coefficients[2], fit.coefficients[3])
    // The zero of c1 + 2 c2 u + 3 c3 u² that is a minimum, in the form without cancellation.
    let root = 4 * c2 * c2 - 12 * c1 * c3
    guard root >= 0 else { return nil }
    let u = -2 * c1 / (2 * c2 + root.squareRoot())
    let second = c2 + 3 * c3 * u
    guard u.isFinite, second > 0, u > -1 else { return nil }
    let v = reference * power(1 + u, -1.5)
    guard v >= low, v <= high else { return nil }
    // u = u₀ + (1 + u₀) y: E = E₀ + d₂ y² + d₃ y³.
    let (d2, d3) = (second * (1 + u) * (1 + u), c3 * (1 + u) * (1 + u) * (1 + u))
    volume = v
    energy = lowest.energy + fit.derivative(0, at: u)
    bulkModulus = 8 * d2 / (9 * v)
    derivative = 4 + 2 * d3 / d2
    residual = fit.residual
  }

  /// E(V) in eV.
  public func energy(at v: Double) -> Double {
    let y = power(volume / v, 2.0 / 3) - 1
    return energy + 9 * volume * bulkModulus / 16 * y * y * (y * derivative + 2 - 4 * y)
  }
}
