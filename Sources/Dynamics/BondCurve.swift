/// What stretching a bond costs, all other atoms where they are, and the stiffness of its minimum.
///
/// A polynomial of fourth degree through the points with |s| ≤ `window` has its minimum at s₀, and
/// k is its second derivative there.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | s | `stretches` | Å |
/// | E(s) − E(0) | `energies` | eV |
/// | s₀ | `minimum` | Å |
/// | k | `stiffness` | eV/Å² |
public struct BondCurve: Sendable, Hashable, Codable {
  public let stretches: [Double]
  public let energies: [Double]
  /// Nil where the curve has no minimum within the window.
  public let minimum: Double?
  public let stiffness: Double?
  /// Å.
  public static let window = 0.2

  /// −0.2 to +0.2 Å in steps of 0.05 for the stiffness, and on to +1.2 Å.
  public static let usualStretches =
    (-4...4).map { Double($0) / 20 } + [0.3, 0.45, 0.6, 0.8, 1, 1.2]

  /// - Parameter energies: eV, of any zero; one of the stretches is 0.
  public init(stretches: [Double], energies: [Double]) {
    precondition(stretches.count == energies.count, "one energy a stretch")
    precondition(stretches.contains(0), "the curve needs the bond as it was")
    let zero = energies[stretches.firstIndex(of: 0)!]
    self.stretches = stretches
    self.energies = energies.map { $0 - zero }
    let near = zip(stretches, self.energies).filter { abs($0.0) <= Self.window + 1e-9 }
    let fit = PolynomialFit(near.map { (u: $0.0, y: $0.1) }, degree: 4)
    let found = fit.flatMap { Self.minimum(of: $0) }
    minimum = found
    stiffness = found.flatMap { s in fit?.derivative(2, at: s) }
  }

  /// Newton's search from the bond as it was.
  private static func minimum(of fit: PolynomialFit) -> Double? {
    var s = 0.0
    for _ in 0..<100 {
      let curvature = fit.derivative(2, at: s)
      guard curvature > 0 else { return nil }
      let step = -fit.derivative(1, at: s) / curvature
      s += step
      guard abs(s) <= window else { return nil }
      if abs(step) < 1e-13 { break }
    }
    return s
  }
}
