/// The limits within which contacts are looked for; the defaults are the paper's.
///
/// | name | unit | default |
/// |---|---|---|
/// | `maximumArea`, itself included | Å² | 300 |
/// | `lengthMismatch`, `angleMismatch`, relative | - | 0.03, 0.01 |
/// | `maximumIndex`, the largest Miller index | - | 1 |
/// | `gapFraction` of the van der Waals sum of the closest pair | - | 0.6 |
/// | `vacuum`; nil for a periodic double contact | Å | 13 |
/// | `metalPerFormulaUnit`, the fewest metal atoms | - | 8 |
/// | `minimumThickness` of the electrolyte | Å | 10 |
/// | `maximumAtoms` | - | 400 |
public struct ContactSettings: Sendable, Hashable, Codable {
  public var maximumArea = 300.0
  public var lengthMismatch = 0.03
  public var angleMismatch = 0.01
  public var maximumIndex = 1
  public var gapFraction = 0.6
  public var vacuum: Double? = 13
  public var metalPerFormulaUnit = 8.0
  public var minimumThickness = 10.0
  public var maximumAtoms = 400

  public init() {}
}
