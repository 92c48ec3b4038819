import Atomistics

/// The limits within which contacts are looked for; the defaults are the paper's.
///
/// | name | unit | default |
/// |---|---|---|
/// | `limits` on area, length and angle | see `MatchLimits` | 300, 0.03, 0.01, relative |
/// | `sharing`, which side bears the mismatch | - | the metal |
/// | `maximumIndex`, the largest Miller index | - | 1 |
/// | `gapFraction` of the van der Waals sum of the closest pair | - | 0.6 |
/// | `vacuum`; nil for a periodic double contact | Å | 13 |
/// | `metalPerFormulaUnit`, the fewest metal atoms | - | 8 |
/// | `minimumThickness` of the electrolyte | Å | 10 |
/// | `maximumAtoms` | - | 400 |
/// | `radii`, whose van der Waals radii set the gap | - | Alvarez's |
/// | `electrolyteThickness`; nil for as thick as `maximumAtoms` allows | Å or layers | nil |
/// | `metalThickness`, the least; nil for 6 Å | Å or layers | nil |
///
/// An `electrolyteThickness` is kept as it is, `minimumThickness` notwithstanding; the metal is
/// thicker than `metalThickness` where `metalPerFormulaUnit` asks for more.
public struct ContactSettings: Sendable, Hashable, Codable {
  public var limits = MatchLimits()
  public var sharing = StrainSharing.metal
  public var maximumIndex = 1
  public var gapFraction = 0.6
  public var vacuum: Double? = 13
  public var metalPerFormulaUnit = 8.0
  public var minimumThickness = 10.0
  public var maximumAtoms = 400
  public var radii = VanDerWaalsRadii.alvarez
  public var electrolyteThickness: RequestedThickness?
  public var metalThickness: RequestedThickness?

  public init() {}

  /// Those of `limits`.
  public var maximumArea: Double {
    get { limits.area }
    set { limits.area = newValue }
  }
  public var lengthMismatch: Double {
    get { limits.length }
    set { limits.length = newValue }
  }
  public var angleMismatch: Double {
    get { limits.angle }
    set { limits.angle = newValue }
  }

  /// Checks what a person may have typed.
  ///
  /// - Throws: `InterfacesError.badSetting`.
  public func validate() throws {
    func require(_ value: Double, _ range: ClosedRange<Double>, _ what: String) throws {
      guard range.contains(value), value > 0 else {
        throw InterfacesError.badSetting(
          "\(what) is \(value); expected more than 0 and at most \(range.upperBound)")
      }
    }
    try limits.validate()
    try sharing.validate()
    try require(Double(maximumIndex), 0...6, "the largest Miller index")
    try require(gapFraction, 0...3, "the gap as a fraction of the van der Waals sum")
    try require(vacuum ?? 13, 0...10_000, "the vacuum (Å)")
    if let vacuum, vacuum < 5 {
      throw InterfacesError.badSetting(
        "a vacuum of \(vacuum) Å would be a second contact; expected at least 5 Å, or a periodic "
          + "double contact")
    }
    try require(metalPerFormulaUnit, 0...10_000, "the metal per formula unit")
    try require(minimumThickness, 0...10_000, "the least thickness (Å)")
    try require(Double(maximumAtoms), 0...10_000_000, "the largest number of atoms")
    try electrolyteThickness?.validate("electrolyte")
    try metalThickness?.validate("metal")
  }
}
