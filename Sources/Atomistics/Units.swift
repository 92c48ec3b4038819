/// Units inside: eV, Å, fs, u, K, e. Conversions happen at the borders only.
///
/// Values from CODATA 2018 (doi 10.1103/RevModPhys.93.025010).
public enum Units {
  /// Boltzmann's constant in eV/K.
  public static let boltzmann = 8.617333262e-5
  /// 1 u Å²/fs² in eV: mass × velocity² to energy.
  public static let massVelocitySquared = 103.642696562
  /// 1 eV/Å³ in GPa.
  public static let gigapascal = 160.2176634
  /// 1 Bohr in Å.
  public static let bohr = 0.529177210903
  /// 1 hartree in eV.
  public static let hartree = 27.211386245988
}

/// A number with its unit as a person types it: `300 K`, `20 ps`, `0.1 GPa`, `300 Å^2`.
public enum Quantity {
  /// The temperature in K.
  public static func temperature(_ text: String) throws -> Double {
    try read(text, ["K": 1], expected: "a temperature such as \"300 K\"")
  }

  /// The time in fs.
  public static func time(_ text: String) throws -> Double {
    try read(
      text, ["fs": 1, "ps": 1e3, "ns": 1e6], expected: "a time with fs, ps or ns, e.g. \"20 ps\"")
  }

  /// A time on the clock, in s.
  public static func duration(_ text: String) throws -> Double {
    try read(
      text, ["s": 1, "ms": 1e-3, "min": 60, "h": 3600],
      expected: "a time with s, min or h, e.g. \"30 s\"")
  }

  /// The length in Å.
  public static func length(_ text: String) throws -> Double {
    try read(
      text, ["Å": 1, "A": 1, "Ang": 1, "nm": 10], expected: "a length with Å or nm, e.g. \"13 Å\"")
  }

  /// The area in Å².
  public static func area(_ text: String) throws -> Double {
    try read(
      text, ["Å^2": 1, "Å²": 1, "A^2": 1, "A2": 1, "nm^2": 100, "nm²": 100],
      expected: "an area with Å^2 or nm^2, e.g. \"300 Å^2\"")
  }

  /// The energy in eV.
  public static func energy(_ text: String) throws -> Double {
    try read(text, ["eV": 1, "meV": 1e-3], expected: "an energy with eV or meV, e.g. \"0.5 eV\"")
  }

  /// The energy per atom in eV.
  public static func energyPerAtom(_ text: String) throws -> Double {
    try read(
      text, ["eV/atom": 1, "meV/atom": 1e-3, "eV": 1, "meV": 1e-3],
      expected: "an energy with eV/atom or meV/atom, e.g. \"8.6 meV/atom\"")
  }

  /// The pressure or stress in eV/Å³.
  public static func pressure(_ text: String) throws -> Double {
    try read(
      text,
      [
        "GPa": 1 / Units.gigapascal, "MPa": 1e-3 / Units.gigapascal,
        "kbar": 0.1 / Units.gigapascal, "eV/Å^3": 1,
      ],
      expected: "a pressure with GPa, MPa or kbar, e.g. \"0.1 GPa\"")
  }

  /// The mass in u.
  public static func mass(_ text: String) throws -> Double {
    try read(text, ["u": 1, "amu": 1], expected: "a mass with u, e.g. \"2 u\"")
  }

  /// The compressibility in Å³/eV.
  public static func compressibility(_ text: String) throws -> Double {
    try read(
      text,
      [
        "/GPa": Units.gigapascal, "1/GPa": Units.gigapascal, "GPa^-1": Units.gigapascal,
        "/kbar": 10 * Units.gigapascal,
      ],
      expected: "a compressibility per GPa, e.g. \"0.03 /GPa\"")
  }

  /// The electron density in e/Å³, which is also what a number without unit is in.
  public static func electronDensity(_ text: String) throws -> Double {
    let perCubicBohr = 1 / (Units.bohr * Units.bohr * Units.bohr)
    return try read(
      text,
      [
        "": 1, "e/Å^3": 1, "e/Å³": 1, "e/A^3": 1, "e/Bohr^3": perCubicBohr,
        "e/Bohr³": perCubicBohr,
      ],
      expected: "an electron density such as \"1e-3 e/Å^3\"")
  }

  private static func read(
    _ text: String, _ units: [String: Double], expected: String
  ) throws -> Double {
    let trimmed = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    // The longest unit that ends the text wins: "meV/atom" also ends in "eV/atom".
    let matching = units.keys.filter { trimmed.hasSuffix($0) }.max { $0.count < $1.count }
    guard let unit = matching, let factor = units[unit],
      let value = Double(
        String(trimmed.dropLast(unit.count)).split(separator: " ").joined()),
      value.isFinite
    else { throw AtomisticsError.badQuantity(text, expected: expected) }
    return value * factor
  }
}
