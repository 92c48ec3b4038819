/// What a limit on a mismatch is measured in.
public enum Mismatch: String, Sendable, Hashable, Codable, CaseIterable {
  /// As a fraction of the electrolyte's length and angle, as in pymatgen's ZSLGenerator.
  case relative
  /// In Å and degrees.
  case absolute
}

/// The limits within which two superlattices count as a match; the defaults are the paper's.
///
/// | name | relative | absolute | default |
/// |---|---|---|---|
/// | `area`, itself included | Å² | Å² | 300 |
/// | `length` | abs(v₂/v₁ − 1) | abs(v₂ − v₁), Å | 0.03 |
/// | `angle` | abs(γ₂ − γ₁)/γ₁ | abs(γ₂ − γ₁), degrees | 0.01 |
///
/// v₁ is the electrolyte's length and γ₁ the acute angle of its basis.
public struct MatchLimits: Sendable, Hashable, Codable {
  public var area: Double
  public var length: Double
  public var angle: Double
  public var kind: Mismatch

  public init(
    area: Double = 300, length: Double = 0.03, angle: Double = 0.01, kind: Mismatch = .relative
  ) {
    (self.area, self.length, self.angle, self.kind) = (area, length, angle, kind)
  }

  /// Checks what a person may have typed.
  ///
  /// - Throws: `InterfacesError.badSetting`.
  func validate() throws {
    func require(_ value: Double, _ most: Double, _ what: String) throws {
      guard value > 0, value <= most else {
        throw InterfacesError.badSetting(
          "\(what) is \(value); expected more than 0 and at most \(most)")
      }
    }
    try require(area, 10_000, "the largest area (Å²)")
    switch kind {
    case .relative:
      try require(length, 0.2, "the largest relative difference in length")
      try require(angle, 0.2, "the largest relative difference in angle")
    case .absolute:
      try require(length, 5, "the largest difference in length (Å)")
      try require(angle, 15, "the largest difference in angle (degrees)")
    }
  }

  /// The lengths that match one of the electrolyte's.
  func lengths(around v: Double) -> ClosedRange<Double> {
    let reach = (kind == .relative ? length * v : length) * (1 + 1e-9) + 1e-9
    return max(0, v - reach)...(v + reach)
  }

  /// By how much, in degrees, an angle of the metal may differ from one of the electrolyte's.
  func angles(around degrees: Double) -> Double {
    kind == .relative ? angle * min(degrees, 180 - degrees) : angle
  }

  /// How far outside of the limits on length and angle a match lies: at most 1 within them.
  func excess(_ match: LatticeMatch) -> Double {
    let (length, angle) = differences(match)
    return max(length / self.length, angle / self.angle)
  }

  /// The match's differences in length and angle in the kind of these limits.
  public func differences(_ match: LatticeMatch) -> (length: Double, angle: Double) {
    switch kind {
    case .relative: (match.lengthMismatch, match.angleMismatch)
    case .absolute: (match.lengthDifference, match.angleDifference)
    }
  }

  /// Whether a match is within the limits on length and angle.
  func allow(_ match: LatticeMatch) -> Bool {
    // A limit is itself allowed, whatever the last bit of a computed value says.
    let (length, angle) = differences(match)
    return length <= self.length + 1e-9 && angle <= self.angle + 1e-9
  }
}
