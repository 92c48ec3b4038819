import Atomistics

extension EntryTable {
  /// Reads a table of comma-separated values.
  ///
  /// Columns, in any order: `formula`; one of `energy_eV_per_atom`,
  /// `formation_energy_eV_per_atom`, `formation_energy_<scheme>_eV_per_atom`; perhaps `mp_id`,
  /// `entry_id` or `id`; `band_gap_eV` (0 for a metal); `functional`; `correction_eV_per_atom`, the
  /// part of the energy that is a correction; `scheme`, the same in every row. An empty cell of the
  /// latter four is unknown. Of several schemes one of which is `uncorrected` the difference is
  /// the correction. Other columns are left alone. Lines that begin with `#` are comments.
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
    let columns = EntryColumns(
      formula: formulaColumn, energy: column, rows: rows, name: name)
    let entries = try rows.rows.map(columns.entry)
    self.init(
      name: name, entries: entries, scale: column.scale,
      scheme: try column.scheme ?? columns.scheme(of: rows.rows))
  }
}

/// Where the parts of an entry stand in a row.
private struct EntryColumns {
  let formula: Int
  let energy: EnergyColumn
  let rows: CSVRows
  let name: String

  private func column(_ names: String...) -> Int? { names.lazy.compactMap(rows.column).first }

  func entry(_ row: CSVRows.Row) throws -> ComputedEntry {
    let formula = row.fields[formula]
    let value = try number(row, energy.index, "an energy", in: -1e6...1e6) ?? .nan
    do {
      let composition = try Composition(checking: formula)
      return ComputedEntry(
        formula: formula, composition: composition,
        energyPerAtom: try checked(energyPerAtom: value, of: formula),
        id: text(row, column("mp_id", "entry_id", "id")), source: row.line,
        adjustments: try adjustments(row, value),
        bandGap: try column("band_gap_eV").flatMap {
          row.fields[$0].isEmpty ? nil : try number(row, $0, "a band gap", in: 0...1000)
        }, functional: text(row, column("functional")))
    } catch let error as ThermodynamicsError {
      if case .badTable = error { throw error }
      throw bad(row, error.description)
    } catch let error as any ReportableError {
      throw bad(row, error.description)
    }
  }

  /// The scheme that all rows name, if there is a column for it.
  func scheme(of rows: [CSVRows.Row]) throws -> CorrectionScheme? {
    guard let column = column("scheme") else { return nil }
    let named = Set(rows.map { $0.fields[column] })
    guard named.count == 1, let only = named.first else {
      throw ThermodynamicsError.mixture(
        name: name, of: "correction schemes",
        found: named.sorted().map { $0.isEmpty ? "none" : $0 },
        remedy: "put entries of one scheme into a table")
    }
    guard let scheme = CorrectionScheme(rawValue: only) else {
      throw bad(
        rows[0],
        "there is no scheme '\(only)'; known are "
          + CorrectionScheme.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return scheme
  }

  private func adjustments(_ row: CSVRows.Row, _ value: Double) throws -> [EnergyAdjustment]? {
    if let scheme = energy.scheme, let bare = energy.uncorrected {
      guard bare != energy.index else { return [] }
      let uncorrected = try number(row, bare, "an energy", in: -1e6...1e6) ?? value
      return uncorrected == value
        ? [] : [EnergyAdjustment(name: scheme.rawValue, energyPerAtom: value - uncorrected)]
    }
    guard let column = column("correction_eV_per_atom"), !row.fields[column].isEmpty,
      let correction = try number(row, column, "a correction", in: -1e6...1e6)
    else { return nil }
    return correction == 0 ? [] : [EnergyAdjustment(name: "correction", energyPerAtom: correction)]
  }

  private func number(
    _ row: CSVRows.Row, _ column: Int, _ what: String, in range: ClosedRange<Double>
  ) throws -> Double? {
    guard let value = Double(row.fields[column]), value.isFinite, range.contains(value) else {
      throw bad(
        row,
        "'\(row.fields[column])' is not \(what) (\(row.fields[formula])); a finite number in "
          + (range.lowerBound < 0 ? "eV/atom is expected" : "eV, 0 or more, is expected"))
    }
    return value
  }

  private func text(_ row: CSVRows.Row, _ column: Int?) -> String? {
    guard let column, !row.fields[column].isEmpty else { return nil }
    return row.fields[column]
  }

  private func bad(_ row: CSVRows.Row, _ reason: String) -> ThermodynamicsError {
    .badTable(name: name, line: row.line, reason: reason)
  }
}

/// The column that energies are taken from.
private struct EnergyColumn {
  let index: Int
  let scale: EntryTable.Scale
  let scheme: CorrectionScheme?
  /// The same energies without corrections, where the table has them.
  let uncorrected: Int?

  init(header: [String], name: String, scheme wanted: CorrectionScheme?) throws {
    let offered = CorrectionScheme.allCases.filter { header.contains(Self.title(of: $0)) }
    if let wanted, !offered.isEmpty, !offered.contains(wanted) {
      throw ThermodynamicsError.badTable(
        name: name, line: nil,
        reason: "no column '\(Self.title(of: wanted))'; the table has "
          + offered.map(\.rawValue).joined(separator: ", "))
    }
    uncorrected = header.firstIndex(of: Self.title(of: .uncorrected))
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
