/// The one generator of random numbers: xoshiro256** of Blackman and Vigna
/// (ACM Trans. Math. Softw. 47, 36 (2021), doi 10.1145/3460772), seeded by SplitMix64.
///
/// It is a value whose whole state is its four words, so that a checkpoint restores it exactly.
public struct RandomGenerator: RandomNumberGenerator, Sendable, Codable, Hashable {
  private var s0: UInt64
  private var s1: UInt64
  private var s2: UInt64
  private var s3: UInt64

  public init(seed: UInt64) {
    var state = seed
    func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
    (s0, s1, s2, s3) = (next(), next(), next(), next())
  }

  /// A generator with the state that `words` gave.
  public init(words s0: UInt64, _ s1: UInt64, _ s2: UInt64, _ s3: UInt64) {
    (self.s0, self.s1, self.s2, self.s3) = (s0, s1, s2, s3)
  }

  /// The whole state, four words.
  public var words: [UInt64] { [s0, s1, s2, s3] }

  /// A generator of its own for the stage of that name: the seed mixed with the FNV-1a hash of it.
  public init(seed: UInt64, stage: String) {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in stage.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    self.init(seed: seed ^ hash)
  }

  public mutating func next() -> UInt64 {
    func rotated(_ x: UInt64, _ k: UInt64) -> UInt64 { (x << k) | (x >> (64 - k)) }
    let result = rotated(s1 &* 5, 7) &* 9
    let t = s1 << 17
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= t
    s3 = rotated(s3, 45)
    return result
  }

  /// Uniform in [0, 1), with 53 bits.
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Normal with mean 0 and variance 1, by Box and Muller; the second value is not kept, so that
  /// the state stays four words.
  public mutating func gaussian() -> Double {
    let u = 1 - uniform()
    return (-2 * naturalLogarithm(u)).squareRoot() * cosine(2 * .pi * uniform())
  }

  /// Three of `gaussian()`, x first.
  public mutating func gaussianVector() -> Vector3 {
    let (x, y, z) = (gaussian(), gaussian(), gaussian())
    return Vector3(x, y, z)
  }
}
