import Atomistics

/// What numbers of atoms are: a charge from one analysis or another, or a count that is none.
///
/// Charges of different kinds are different quantities, and not even their signs agree: for P in PS4
/// GFN1-xTB gives +0.25 e and GFN2-xTB −0.26 e. The kind is therefore part of every title, and it is
/// never guessed.
public enum ChargeKind: Sendable, Hashable {
  case bader
  case mulliken
  /// As a person says, e.g. "GFN2-xTB Mulliken charge".
  case told(String)
  /// A formal oxidation state, counted from these bonds.
  case counted(bonds: [String])

  /// The kind that the name of a column tells; nil where it tells none, as ASE's `charges`.
  public init?(columnName name: String) {
    let words = Self.kindsNamed(in: name)
    guard words.count == 1, let only = words.first else { return nil }
    self = only
  }

  /// The kind as a person says it, beside what the source of the numbers says of itself.
  ///
  /// - Throws: `AnalysisError.badParameter` where the two speak of different kinds.
  public init(told text: String, source: ChargeKind?, of name: String) throws {
    let clean = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !clean.isEmpty, clean.count <= 100 else {
      throw AnalysisError.badParameter(
        name: "the kind of charge", value: "'\(clean.prefix(40))'",
        expected: "a few words such as \"GFN2-xTB Mulliken charge\"")
    }
    if let source, Self.kindsNamed(in: clean) != [source] {
      throw AnalysisError.badParameter(
        name: "the kind of charge", value: "'\(clean)'",
        expected: "words with \(source.name), since \(name) holds that")
    }
    self = .told(clean)
  }

  private static func kindsNamed(in text: String) -> Set<ChargeKind> {
    let known: [(word: String, kind: ChargeKind)] = [("bader", .bader), ("mulliken", .mulliken)]
    let text = text.lowercased()
    return Set(known.filter { text.contains($0.word) }.map(\.kind))
  }

  /// Without the element.
  public var name: String {
    switch self {
    case .bader: "Bader charge"
    case .mulliken: "Mulliken charge"
    case .told(let text):
      text.lowercased().contains("charge") ? text : text + " charge"
    case .counted: "formal oxidation state"
    }
  }

  /// What a table or a picture of these numbers is headed.
  public func title(of species: Element) -> String {
    guard case .counted(let bonds) = self else { return "\(name) of \(species)" }
    let last = bonds.last ?? "no"
    let list =
      bonds.count > 1 ? bonds.dropLast().joined(separator: ", ") + " and \(last)" : last
    return "\(name) of \(species) counted from \(list) bonds (octet rule), no charge"
  }

  /// Oxidation states are numbers.
  public var unit: String {
    if case .counted = self { "" } else { "e" }
  }
}
