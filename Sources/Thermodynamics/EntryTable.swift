import Atomistics

/// Entries whose energies may be compared: one scale, one scheme of corrections.
///
/// With energies of formation an element that the table does not list stands at 0, its reference.
public struct EntryTable: Sendable {
  /// What the energies are measured from.
  public enum Scale: String, Sendable, Codable {
    case total, formation
  }

  /// The name for messages, mostly the file's.
  public let name: String
  public let entries: [ComputedEntry]
  public let scale: Scale
  /// The scheme that the table itself names; nil where it names none.
  public let scheme: CorrectionScheme?
  /// What its reader wants known, such as a run that was cut off.
  public let warnings: [String]

  public init(
    name: String, entries: [ComputedEntry], scale: Scale, scheme: CorrectionScheme? = nil,
    warnings: [String] = []
  ) {
    self.name = name
    self.entries = entries
    self.scale = scale
    self.scheme = scheme
    self.warnings = warnings
  }

  /// Reads a table from text: JSON if it begins like it, else comma-separated values.
  ///
  /// - Throws: `ThermodynamicsError.badTable`.
  public init(text: String, name: String, scheme: CorrectionScheme? = nil) throws {
    if let first = text.first(where: { !$0.isWhitespace }), "[{".contains(first) {
      try self.init(json: text, name: name, scheme: scheme)
    } else {
      try self.init(csv: text, name: name, scheme: scheme)
    }
  }

  /// The entries together with the elements of `elements` that stand at 0 without being listed.
  public func entries(withElements elements: [Element]) -> [ComputedEntry] {
    guard scale == .formation else { return entries }
    let listed = Set(entries.compactMap(\.composition.onlyElement))
    return entries
      + elements.filter { !listed.contains($0) }.map {
        ComputedEntry(
          formula: $0.symbol, composition: Composition([($0, 1)]), energyPerAtom: 0)
      }
  }

  /// The lowest entry of a composition, whatever the size of its formula unit; nil if there is none.
  public func lowestEntry(of composition: Composition) -> ComputedEntry? {
    let key = composition.fractionKey
    return entries(withElements: composition.elements.count == 1 ? composition.elements : [])
      .filter { $0.composition.fractionKey == key }
      .min { $0.energyPerAtom < $1.energyPerAtom }
  }

  /// The energy of a composition in eV/atom, from its lowest entry.
  ///
  /// - Throws: `ThermodynamicsError.noEnergy`.
  public func energyPerAtom(of composition: Composition, formula: String) throws -> Double {
    guard let entry = lowestEntry(of: composition) else {
      throw ThermodynamicsError.noEnergy(formula: formula, table: name)
    }
    return entry.energyPerAtom
  }

  /// The chemical potential of an element at 0 V, in eV/atom: its lowest entry here.
  ///
  /// - Throws: `ThermodynamicsError.noEnergy`.
  public func referencePotential(of element: Element) throws -> Double {
    try energyPerAtom(of: Composition([(element, 1)]), formula: element.symbol)
  }

  /// The same table with every entry of that composition replaced by the given one.
  public func replacing(_ entry: ComputedEntry) -> EntryTable {
    let key = entry.composition.fractionKey
    return EntryTable(
      name: name, entries: entries.filter { $0.composition.fractionKey != key } + [entry],
      scale: scale, scheme: scheme, warnings: warnings)
  }

  /// The same table without the corrections that its entries carry; nil if some do not tell theirs.
  public var withoutCorrections: EntryTable? {
    let bare = entries.compactMap { entry in
      entry.correction.map { correction in
        ComputedEntry(
          formula: entry.formula, composition: entry.composition,
          energyPerAtom: entry.energyPerAtom - correction, id: entry.id, source: entry.source,
          adjustments: [], bandGap: entry.bandGap, functional: entry.functional)
      }
    }
    guard bare.count == entries.count else { return nil }
    return EntryTable(
      name: name, entries: bare, scale: scale, scheme: .uncorrected, warnings: warnings)
  }
}
