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
  /// they may where every entry of one side carries a correction that ends in "mixing adjustment",
  /// which puts it on the other side's hull: R. Kingsbury et al., npj Comput. Mater. 8, 195 (2022),
  /// doi 10.1038/s41524-022-00881-w. Pure elements count too: one without it would be a reference
  /// on the wrong scale.
  ///
  /// Where only some entries name a functional, a warning names up to three of the others.
  ///
  /// - Throws: `ThermodynamicsError.mixture`.
  public func refusingMixedFunctionals() throws -> EntryTable {
    var members: [String: [String]] = [:]
    for entry in entries {
      if let name = entry.functional { members[name, default: []].append(entry.label) }
    }
    let kinds = Set(members.keys)
    guard kinds.count > 1 else { return warning(of: silentAboutFunctional) }
    let mixable: Set = ["GGA", "GGA+U"]
    if kinds.isSubset(of: mixable), scheme == .mp2020 || scheme == .legacy {
      return warning(of: silentAboutFunctional)
    }
    let metaGGA: Set = ["R2SCAN", "r2SCAN"]
    if kinds.isSubset(of: metaGGA) { return warning(of: silentAboutFunctional) }
    let canMix = kinds.isSubset(of: mixable.union(metaGGA))
    if canMix, isPutOnOtherHull(mixable) || isPutOnOtherHull(metaGGA) {
      return warning(
        of: silentAboutFunctional + [
          "\(name) mixes \(kinds.sorted().joined(separator: ", ")); its corrections say that a "
            + "mixing scheme has made them comparable, within the system they were fetched for."
        ])
    }
    let advice =
      if kinds.isSubset(of: mixable) {
        "correct them by mp2020, or take one functional"
      } else if canMix {
        "take one side alone, or save the entries with the corrections of a mixing scheme, which "
          + "every entry of GGA and GGA+U or every entry of R2SCAN then carries"
      } else {
        "take the entries of one functional"
      }
    throw ThermodynamicsError.mixture(
      name: name, of: "functionals", groups: Self.groups(members.map { ($0.key, $0.value) }),
      advice: advice)
  }

  /// Whether a mixing scheme has moved every entry of these functionals.
  private func isPutOnOtherHull(_ functionals: Set<String>) -> Bool {
    let members = entries.filter { $0.functional.map(functionals.contains) ?? false }
    return !members.isEmpty
      && members.allSatisfy { entry in
        entry.adjustments?.contains { $0.name.hasSuffix("mixing adjustment") } ?? false
      }
  }

  /// What to say where only some entries name a functional.
  private var silentAboutFunctional: [String] {
    let silent = entries.filter { $0.functional == nil }.map(\.label)
    guard !silent.isEmpty, silent.count < entries.count else { return [] }
    let more = silent.count > 3 ? " and \(silent.count - 3) more" : ""
    let names = silent.prefix(3).joined(separator: ", ") + more
    return [
      "\(name): \(silent.count) of \(entries.count) entries name no functional (\(names)); their "
        + "energies are taken to be comparable with the others."
    ]
  }

  private func warning(of more: [String]) -> EntryTable {
    more.isEmpty
      ? self
      : EntryTable(
        name: name, entries: entries, scale: scale, scheme: scheme, warnings: warnings + more)
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
