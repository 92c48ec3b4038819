import Atomistics

extension EntryTable {
  /// Several tables as one.
  ///
  /// - Throws: `ThermodynamicsError.mixture` if their energies cannot be compared: total with
  ///   formation energies, several schemes, several functionals.
  public init(merging tables: [EntryTable], name: String) throws {
    precondition(!tables.isEmpty, "there is a table to begin with")
    func groups(_ key: (EntryTable) -> String) -> [String] {
      Dictionary(grouping: tables, by: key).sorted { $0.key < $1.key }.map { kind, group in
        "\(kind) (\(group.map(\.name).joined(separator: ", ")))"
      }
    }
    guard Set(tables.map(\.scale)).count == 1 else {
      throw ThermodynamicsError.mixture(
        name: name, of: "total and formation energies", found: groups { $0.scale.rawValue },
        remedy: "use tables of one kind")
    }
    // A scheme beside a table that names none: these may be elements, which no scheme corrects.
    let schemes = Set(tables.compactMap(\.scheme))
    guard schemes.count < 2 else {
      throw ThermodynamicsError.mixture(
        name: name, of: "correction schemes",
        found: groups { $0.scheme?.rawValue ?? "none named" }, remedy: "use tables of one scheme")
    }
    var warnings = tables.flatMap(\.warnings)
    let silent = tables.filter { $0.scheme == nil && !$0.entries.isEmpty }
    if let scheme = schemes.first, !silent.isEmpty, scheme != .uncorrected {
      warnings.append(
        "\(silent.map(\.name).joined(separator: ", ")) names no correction scheme; its energies "
          + "stand beside those of \(scheme.rawValue) as they are.")
    }
    self.init(
      name: name, entries: tables.flatMap(\.entries), scale: tables[0].scale,
      scheme: schemes.first, warnings: warnings)
  }

  /// The table, if the energies of all its functionals may be compared.
  ///
  /// | together | only |
  /// |---|---|
  /// | GGA and GGA+U | under mp2020 or legacy, which correct the one to the other |
  /// | these and R2SCAN | with the mixing adjustments of Kingsbury et al., npj Comput. Mater. 8, 195 (2022), doi 10.1038/s41524-022-00881-w |
  ///
  /// - Throws: `ThermodynamicsError.mixture` with the list.
  public func checkingFunctionals() throws -> EntryTable {
    let named = Dictionary(grouping: entries.filter { $0.functional != nil }) { $0.functional! }
    var notes: [String] = []
    if named.count > 1 {
      let families = Set(named.keys.map { $0.lowercased() })
      let isMixed = entries.contains { entry in
        (entry.adjustments ?? []).contains { $0.name.contains("mixing adjustment") }
      }
      if families.isSubset(of: ["gga", "gga+u"]), scheme == .mp2020 || scheme == .legacy {
        // Their scheme makes them comparable.
      } else if isMixed, families.isSubset(of: ["gga", "gga+u", "r2scan"]) {
        notes.append(
          "\(name) holds energies of \(named.keys.sorted().joined(separator: ", ")), brought together "
            + "by their mixing adjustments.")
      } else {
        throw ThermodynamicsError.mixture(
          name: name, of: "functionals",
          found: named.sorted { $0.key < $1.key }.map { "\($0.key): \(Self.named($0.value))" },
          remedy: "use entries of one functional, or a scheme that brings them together (GGA with "
            + "GGA+U: mp2020)")
      }
    }
    let silent = entries.filter { $0.functional == nil }
    if !named.isEmpty, !silent.isEmpty {
      notes.append("\(name): \(Self.named(silent)) do not name their functional.")
    }
    return EntryTable(
      name: name, entries: entries, scale: scale, scheme: scheme, warnings: warnings + notes)
  }

  /// `12 entries (Li2S mp-1153, LiCl, P2S5, ...)`.
  static func named(_ entries: [ComputedEntry]) -> String {
    let names = entries.prefix(3).map { entry in
      [entry.formula, entry.id].compactMap { $0 }.joined(separator: " ")
    }
    let more = entries.count > 3 ? ", ..." : ""
    return "\(entries.count) \(entries.count == 1 ? "entry" : "entries") "
      + "(\(names.joined(separator: ", "))\(more))"
  }
}
