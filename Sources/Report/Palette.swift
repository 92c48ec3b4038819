/// One colour for each species and each system, the same in every figure.
///
/// The colours of systems are those of Okabe and Ito, which people with the common kinds of colour
/// blindness can tell apart (jfly.uni-koeln.de/color). Those of the elements follow the pictures of
/// Fang and Jena, doi:10.1103/PRXEnergy.2.043013: lithium green, PS4 purple, sulfur yellow, BH4
/// blue, BF4 grey.
public enum Palette {
  /// The colour of an electrolyte, named by its anion (`Cl`, `BH4`, `BF4`, `CN`) or its formula.
  public static func system(_ name: String) -> Color {
    let key = ["BH4", "BF4", "CN", "Cl"].first { name.contains($0) }
    switch key {
    case "Cl": return Color(0x009E73)
    case "BH4": return Color(0x0072B2)
    case "BF4": return Color(0xD55E00)
    case "CN": return Color(0xCC79A7)
    default: return reference
    }
  }

  /// The colour of an element by its symbol; grey where none is set.
  public static func element(_ symbol: String) -> Color {
    elements[symbol] ?? Color(0x9E9E9E)
  }

  /// An element's colour for curves and text, dark enough to be seen on white.
  public static func line(element symbol: String) -> Color {
    element(symbol).mixed(with: .black, fraction: 0.25)
  }

  /// The colour of the polyhedra of a group such as `PS4` or `BH4`.
  public static func cluster(_ name: String) -> Color {
    switch name {
    case "PS4": element("P")
    case "BH4": Color(0x3F7FD0)
    case "BF4": Color(0x7C858C)
    case "CN": Color(0x4A4A4A)
    default: reference
    }
  }

  /// What is not a system of its own: references, elements as vertices, guides to the eye.
  public static let reference = Color(0x8A8A8A)

  /// Text, axes and frames.
  public static let ink = Color(0x222222)

  /// For series that are neither species nor systems, in the order they should be taken.
  public static let categorical: [Color] = [
    Color(0x0072B2), Color(0xD55E00), Color(0x009E73), Color(0xCC79A7), Color(0xE69F00),
    Color(0x56B4E9), Color(0x444444),
  ]

  private static let elements: [String: Color] = [
    "Li": Color(0x6CBF5E), "Na": Color(0xF2B134), "K": Color(0xA05FC0),
    "P": Color(0x7B4FB5), "S": Color(0xF0CB2B), "Cl": Color(0x0E7C7B),
    "B": Color(0x3F7FD0), "H": Color(0xF4D9DC), "F": Color(0xA9B4BB),
    "C": Color(0x4A4A4A), "N": Color(0x2C4FA8),
  ]
}
