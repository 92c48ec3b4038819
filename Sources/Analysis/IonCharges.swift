import Atomistics

/// What each atom is charged without the electrons of a density, in e: its nucleus, or the ion that
/// a pseudopotential stands for. Bader's charge is this minus the electrons of the atom's basin.
///
/// Files hardly tell. In this order, the charges are what was told for each element; the atomic
/// numbers of an all-electron density; what the file says, unless that is the atomic numbers (which
/// some programs write beside a density of the valence electrons). Where nobody says what kind of
/// density it is, it counts as all-electron if it has as many electrons as the nuclei have charge.
/// Otherwise the charges are unknown: none is guessed.
public struct IonCharges: Sendable {
  /// Which electrons a density holds.
  public enum Electrons: String, Sendable {
    case all = "all-electron"
    case valence
  }

  /// Nil where it is not known.
  public let electrons: Electrons?
  /// One per atom in e, or nil where they are not known.
  public let charges: [Double]?
  /// What the reader of the charges should know.
  public let warnings: [String]

  /// How far the electrons of a neutral cell may miss the charge of its ions: integrals over coarse
  /// grids are not exact, and a missing pair of core electrons is more than this.
  private static let tolerance = 0.5

  /// - Parameters:
  ///   - counted: the electrons in the density.
  ///   - fromFile: what the file says of each atom, if anything.
  ///   - kind: what a person says of the density.
  ///   - told: valence electrons of the neutral atom for each element, from a person.
  /// - Throws: `AnalysisError.badParameter` where an element's number is missing or impossible.
  public init(
    of structure: Structure, counted: Double, fromFile: [Double]? = nil,
    kind: Electrons? = nil, told: [Element: Double] = [:]
  ) throws {
    let nuclei = structure.species.map { Double($0.atomicNumber) }
    let total = nuclei.reduce(0, +)
    let own = fromFile.flatMap { $0 == nuclei || $0.contains { $0 <= 0 } ? nil : $0 }
    if !told.isEmpty {
      charges = try Self.told(told, structure)
      electrons = .valence
    } else if kind == .all || (kind == nil && own == nil && abs(counted - total) <= Self.tolerance)
    {
      charges = nuclei
      electrons = .all
    } else {
      charges = own
      electrons = own == nil ? kind : .valence
    }
    warnings = Self.warnings(charges, counted: counted, nuclei: total)
  }

  private static func told(
    _ numbers: [Element: Double], _ structure: Structure
  ) throws -> [Double] {
    for (element, number) in numbers.sorted(by: { $0.key < $1.key }) {
      guard number > 0, number <= Double(element.atomicNumber) else {
        throw AnalysisError.badParameter(
          name: "the valence electrons of \(element)", value: "\(number)",
          expected: "a number above 0, up to \(element.atomicNumber)")
      }
    }
    return try structure.species.map { element in
      guard let number = numbers[element] else {
        throw AnalysisError.badParameter(
          name: "the valence electrons of \(element)", value: "not given",
          expected: "a number for each element of the structure, as the calculation's "
            + "pseudopotentials have it")
      }
      return number
    }
  }

  private static func warnings(
    _ charges: [Double]?, counted: Double, nuclei: Double
  ) -> [String] {
    let number = rounded(counted)
    let cubicBohr = Units.bohr * Units.bohr * Units.bohr
    if charges == nil || abs((charges ?? []).reduce(0, +) - counted) > tolerance,
      abs(counted * cubicBohr - nuclei) <= 0.02 * nuclei
    {
      return [
        "the density has \(number) electrons, 6.748 times the charge of the nuclei: it seems to be "
          + "in e/Å³ where the format has e/Bohr³; write it again in these units"
      ]
    }
    guard let charges else {
      return [
        "the density has \(number) electrons, the nuclei a charge of \(rounded(nuclei)), and the "
          + "file does not say what the ions are charged, so charges are not known; give "
          + "--valence-electrons Li=3,P=5,... as the pseudopotentials have them"
      ]
    }
    let sum = charges.reduce(0, +)
    guard abs(sum - counted) > tolerance else { return [] }
    return [
      "the ions are charged \(rounded(sum)), but the density has \(number) electrons: a charged "
        + "cell, a grid too coarse for the cores, or wrong numbers of electrons"
    ]
  }

  private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
}
