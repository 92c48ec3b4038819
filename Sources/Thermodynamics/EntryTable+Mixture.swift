import Atomistics

extension ComputedEntry {
  /// The formula with the identifier, for messages.
  var label: String { id.map { "\(formula) (\($0))" } ?? formula }
}

extension EntryTable {
  /// One table from several whose energies may be compared.
  ///
  /// - Throws: `ThermodynamicsError.mixture` with what was found, how often, and where.
  public static func combined(_ tables: [EntryTable], name: String) throws -> EntryTable {
    precondition(!tables.isEmpty, "there is a table")
    try refuseScales(tables, name: name)
    var schemes: [String: [String]] = [:]
    for table in tables {
      guard let scheme = table.scheme else { continue }
      schemes[scheme.rawValue, default: []] += table.entries.map(\.label)
    }
    guard schemes.count < 2 else {
      throw ThermodynamicsError.mixture(
        name: name, of: "correction schemes", groups: groups(schemes.map { ($0.key, $0.value) }),
        advice: "take all entries with one scheme")
    }
    let scheme = tables.compactMap(\.scheme).first
    let silent = tables.filter { $0.scheme == nil }.map(\.name)
    var warnings = tables.flatMap(\.warnings)
    if let scheme, !silent.isEmpty {
      warnings.append(
        "\(silent.joined(separator: ", ")) names no correction scheme; its energies are taken to be "
          + "\(scheme.rawValue) as the others.")
    }
    let whole = EntryTable(
      name: name, entries: tables.flatMap(\.entries), scale: tables[0].scale, scheme: scheme,
      warnings: warnings)
    return try whole.refusingMixedFunctionals()
  }

  private static func refuseScales(_ tables: [EntryTable], name: String) throws {
    var scales: [String: [String]] = [:]
    for table in tables {
      let key = table.scale == .total ? "total energies" : "energies of formation"
      scales[key, default: []] += table.entries.map(\.label)
    }
    guard scales.count < 2 else {
      throw ThermodynamicsError.mixture(
        name: name, of: "scales", groups: groups(scales.map { ($0.key, $0.value) }),
        advice: "give total energies alone, or energies of formation alone")
    }
  }

  /// The same table, if its functionals may stand side by side.
  ///
  /// GGA and GGA+U may under mp2020 or legacy, whose mixing corrections make them comparable:
  /// A. Jain et al., Phys. Rev. B 84, 045115 (2011), doi 10.1103/PhysRevB.84.045115. With r2SCAN
  /// they may where the corrections say that they were mixed: R. Kingsbury et al., npj Comput.
  /// Mater. 8, 195 (2022), doi 10.1038/s41524-022-00881-w.
  ///
  /// - Throws: `ThermodynamicsError.mixture`.
  public func refusingMixedFunctionals() throws -> EntryTable {
    var members: [String: [String]] = [:]
    for entry in entries {
      if let name = entry.functional { members[name, default: []].append(entry.label) }
    }
    let kinds = Set(members.keys)
    guard kinds.count > 1 else { return self }
    let mixable: Set = ["GGA", "GGA+U"]
    if kinds.isSubset(of: mixable), scheme == .mp2020 || scheme == .legacy { return self }
    let mixed = entries.contains {
      $0.adjustments?.contains { $0.name.hasSuffix("mixing adjustment") } == true
    }
    if mixed, kinds.isSubset(of: mixable.union(["R2SCAN", "r2SCAN"])) {
      return EntryTable(
        name: name, entries: entries, scale: scale, scheme: scheme,
        warnings: warnings + [
          "\(name) mixes \(kinds.sorted().joined(separator: ", ")); the corrections say that a "
            + "mixing scheme has made them comparable, within the system they were fetched for."
        ])
    }
    throw ThermodynamicsError.mixture(
      name: name, of: "functionals", groups: Self.groups(members.map { ($0.key, $0.value) }),
      advice: kinds.isSubset(of: mixable)
        ? "correct them by mp2020, or take one functional" : "take the entries of one functional")
  }

  /// `12 GGA (Li2S, Li, P and 9 more)`, in order of name.
  static func groups(_ members: [(String, [String])]) -> [String] {
    members.sorted { $0.0 < $1.0 }.map { kind, labels in
      let more = labels.count > 3 ? " and \(labels.count - 3) more" : ""
      return "\(labels.count) \(kind) (\(labels.prefix(3).joined(separator: ", "))\(more))"
    }
  }
}

extension EntryTable {
  /// How many compositions the entries have; Li2S and Li4S2 are one.
  public var compositionCount: Int { Set(entries.map(\.composition.fractionKey)).count }
}
