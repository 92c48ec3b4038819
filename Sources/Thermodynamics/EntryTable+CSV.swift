import Atomistics

extension EntryTable {
  /// Reads a table of comma-separated values.
  ///
  /// Columns, in any order: `formula`; one of `energy_eV_per_atom`,
  /// `formation_energy_eV_per_atom`, `formation_energy_<scheme>_eV_per_atom`; perhaps `mp_id`,
  /// `entry_id` or `id`. An empty field in one of these is an unknown:
  ///
  /// | column | meaning | unit |
  /// |---|---|---|
  /// | `band_gap_eV` | band gap, 0 for a metal | eV |
  /// | `functional` | functional or potential | - |
  /// | `correction_scheme` | the scheme, the same in all rows | - |
  /// | `correction_eV_per_atom` | all corrections, contained in the energy | eV/atom |
  /// | `corrections` | the same one by one: `name=value; name=value` | eV/atom |
  ///
  /// Where the table has energies of formation on the scheme taken and `uncorrected` ones, their
  /// difference is the correction. Other columns are left alone. Lines that begin with `#` are
  /// comments.
  ///
  /// - Parameters:
  ///   - csv: the text of the table.
  ///   - name: its name for messages.
  ///   - scheme: the scheme to take where the table has several; nil for mp2020, or the only one.
  /// - Throws: `ThermodynamicsError.badTable` with the line; no row is ever left out.
  public init(csv: String, name: String, scheme: CorrectionScheme? = nil) throws {
    let rows = try CSVRows(text: csv, name: name)
    let column = try EnergyColumn(header: rows.header, name: name, scheme: scheme)
    guard let formulaColumn = rows.column("formula") else {
      throw ThermodynamicsError.badTable(
        name: name, line: rows.headerLine,
        reason: "there is no column 'formula'; found \(rows.header.joined(separator: ", "))")
    }
    let idColumn = ["mp_id", "entry_id", "id"].compactMap(rows.column).first
    let details = CSVEntryDetails(rows: rows, name: name, scheme: column.scheme)
    let entries = try rows.rows.map { row in
      try Self.entry(row, name: name, formulaColumn, column.index, idColumn, details)
    }
    let stated = try column.scheme ?? details.statedScheme(rows.rows)
    if let scheme, let stated, scheme != stated {
      throw ThermodynamicsError.badTable(
        name: name, line: nil,
        reason: "its energies carry the scheme \(stated.rawValue), not \(scheme.rawValue)")
    }
    self.init(name: name, entries: entries, scale: column.scale, scheme: stated)
  }

  private static func entry(
    _ row: CSVRows.Row, name: String, _ formula: Int, _ energy: Int, _ id: Int?,
    _ details: CSVEntryDetails
  ) throws -> ComputedEntry {
    func bad(_ reason: String) -> ThermodynamicsError {
      .badTable(name: name, line: row.line, reason: reason)
    }
    let text = row.fields[energy]
    guard let value = Double(text), value.isFinite, abs(value) < 1e6 else {
      throw bad(
        "'\(text)' is not an energy (\(row.fields[formula])); a finite number in eV/atom is expected"
      )
    }
    do {
      let composition = try Composition(checking: row.fields[formula])
      let label = id.map { row.fields[$0] } ?? ""
      return ComputedEntry(
        formula: row.fields[formula], composition: composition, energyPerAtom: value,
        id: label.isEmpty ? nil : label, source: row.line,
        adjustments: try details.adjustments(row, energy: value),
        bandGap: try details.bandGap(row), functional: details.functional(row))
    } catch let error as any ReportableError {
      throw bad(error.description)
    }
  }
}

/// The column that energies are taken from.
private struct EnergyColumn {
  let index: Int
  let scale: EntryTable.Scale
  let scheme: CorrectionScheme?

  init(header: [String], name: String, scheme wanted: CorrectionScheme?) throws {
    let offered = CorrectionScheme.allCases.filter { header.contains(Self.title(of: $0)) }
    if let wanted, !offered.isEmpty, !offered.contains(wanted) {
      throw ThermodynamicsError.badTable(
        name: name, line: nil,
        reason: "no column '\(Self.title(of: wanted))'; the table has "
          + offered.map(\.rawValue).joined(separator: ", "))
    }
    let scheme = wanted ?? (offered.contains(.mp2020) ? .mp2020 : offered.first)
    if let scheme, let index = header.firstIndex(of: Self.title(of: scheme)) {
      (self.index, scale, self.scheme) = (index, .formation, scheme)
    } else if let index = header.firstIndex(of: "formation_energy_eV_per_atom") {
      (self.index, scale, self.scheme) = (index, .formation, nil)
    } else if let index = header.firstIndex(of: "energy_eV_per_atom") {
      (self.index, scale, self.scheme) = (index, .total, nil)
    } else {
      throw ThermodynamicsError.badTable(
        name: name, line: nil,
        reason: "no column of energies; expected energy_eV_per_atom, formation_energy_eV_per_atom "
          + "or formation_energy_<scheme>_eV_per_atom with scheme mp2020, legacy or uncorrected; "
          + "found \(header.joined(separator: ", "))")
    }
  }

  static func title(of scheme: CorrectionScheme) -> String {
    "formation_energy_\(scheme.rawValue)_eV_per_atom"
  }
}
