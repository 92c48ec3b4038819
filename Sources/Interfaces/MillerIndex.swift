import Atomistics

/// A family of lattice planes (hkl); its sign tells one face of the crystal from the other.
public struct MillerIndex: Hashable, Sendable, CustomStringConvertible {
  public let h: Int
  public let k: Int
  public let l: Int

  /// - Precondition: not all zero, without a common divisor.
  public init(_ h: Int, _ k: Int, _ l: Int) {
    precondition(
      greatestCommonDivisor(greatestCommonDivisor(h, k), l) == 1,
      "Miller indices have no common divisor")
    (self.h, self.k, self.l) = (h, k, l)
  }

  /// nil for indices that are all zero or have a common divisor.
  public init?(validating h: Int, _ k: Int, _ l: Int) {
    guard greatestCommonDivisor(greatestCommonDivisor(h, k), l) == 1 else { return nil }
    self.init(h, k, l)
  }

  public var description: String { "(\(h) \(k) \(l))" }

  /// The other face.
  public var opposite: MillerIndex { MillerIndex(-h, -k, -l) }

  /// All indices up to a largest one, both signs, those with fewer and smaller indices first.
  public static func all(upTo largest: Int) -> [MillerIndex] {
    var result: [MillerIndex] = []
    for h in stride(from: largest, through: -largest, by: -1) {
      for k in stride(from: largest, through: -largest, by: -1) {
        for l in stride(from: largest, through: -largest, by: -1)
        where greatestCommonDivisor(greatestCommonDivisor(h, k), l) == 1 {
          result.append(MillerIndex(h, k, l))
        }
      }
    }
    func size(_ m: MillerIndex) -> Int { m.h * m.h + m.k * m.k + m.l * m.l }
    return result.enumerated().sorted {
      (size($0.element), $0.offset) < (size($1.element), $1.offset)
    }.map(\.element)
  }

  /// Integer vectors t₁, t₂ that span the plane's lattice and t₃ that leads to the next plane:
  /// h·t₁ = h·t₂ = 0, h·t₃ = 1, and t₁ × t₂ = (h, k, l).
  func basis() -> (SIMD3<Int>, SIMD3<Int>, SIMD3<Int>) {
    guard k != 0 || l != 0 else {
      return (SIMD3(0, h, 0), SIMD3(0, 0, 1), SIMD3(h, 0, 0))
    }
    let (g, r, s) = Self.bezout(k, l)
    let (_, x, y) = Self.bezout(h, g)
    return (SIMD3(g, -h * r, -h * s), SIMD3(0, l / g, -k / g), SIMD3(x, y * r, y * s))
  }

  /// g, x, y with a x + b y = g, the greatest common divisor, g > 0.
  private static func bezout(_ a: Int, _ b: Int) -> (Int, Int, Int) {
    guard b != 0 else { return a < 0 ? (-a, -1, 0) : (a, 1, 0) }
    let (g, x, y) = bezout(b, a % b)
    return (g, y, x - (a / b) * y)
  }
}
