import Atomistics

/// What a row of comma-separated values tells of its entry besides formula and energy.
struct CSVEntryDetails {
  private let name: String
  private let gap: Int?
  private let functionalColumn: Int?
  private let schemeColumn: Int?
  private let correction: Int?
  private let corrections: Int?
  private let uncorrected: Int?
  private let scheme: CorrectionScheme?

  init(rows: CSVRows, name: String, scheme: CorrectionScheme?) {
    self.name = name
    self.scheme = scheme
    gap = rows.column("band_gap_eV")
    functionalColumn = rows.column("functional")
    schemeColumn = rows.column("correction_scheme")
    correction = rows.column("correction_eV_per_atom")
    corrections = rows.column("corrections")
    uncorrected =
      scheme == nil ? nil : rows.column("formation_energy_uncorrected_eV_per_atom")
  }

  func functional(_ row: CSVRows.Row) -> String? { text(row, functionalColumn) }

  func bandGap(_ row: CSVRows.Row) throws -> Double? {
    guard let value = try number(row, gap, "band gap") else { return nil }
    guard value >= 0 else { throw bad(row, "the band gap \(value) is below 0 eV") }
    return value
  }

  /// The corrections other than zero; an empty list says that there are none.
  func adjustments(_ row: CSVRows.Row, energy: Double) throws -> [EnergyAdjustment]? {
    if let scheme, let base = try number(row, uncorrected, "uncorrected energy") {
      guard scheme != .uncorrected, energy != base else { return [] }
      return [EnergyAdjustment(name: scheme.rawValue, energyPerAtom: energy - base)]
    }
    let sum = try number(row, correction, "correction")
    if let parts = text(row, corrections) {
      let listed = try parts.split(separator: ";").map { try adjustment($0, row) }
      let total = listed.reduce(0) { $0 + $1.energyPerAtom }
      guard abs(total - (sum ?? total)) < 1e-6 else {
        throw bad(row, "the corrections add up to \(total) eV/atom, not to \(sum ?? total)")
      }
      return listed.filter { $0.energyPerAtom != 0 }
    }
    return sum.map {
      $0 == 0 ? [] : [EnergyAdjustment(name: scheme?.rawValue ?? "correction", energyPerAtom: $0)]
    }
  }

  /// The scheme that the column tells; all rows that tell one must agree.
  func statedScheme(_ rows: [CSVRows.Row]) throws -> CorrectionScheme? {
    var found: CorrectionScheme?
    for row in rows {
      guard let text = text(row, schemeColumn) else { continue }
      guard let scheme = CorrectionScheme(rawValue: text) else {
        throw bad(
          row, "there is no correction scheme '\(text)'; known are mp2020, legacy, uncorrected")
      }
      guard found == nil || found == scheme else {
        throw bad(row, "the scheme is \(text), but other rows have \(found?.rawValue ?? "")")
      }
      found = scheme
    }
    return found
  }

  private func adjustment(_ part: Substring, _ row: CSVRows.Row) throws -> EnergyAdjustment {
    guard let sign = part.lastIndex(of: "="),
      let value = Double(part[part.index(after: sign)...]), value.isFinite, abs(value) < 1e6
    else { throw bad(row, "'\(part)' is not a correction; expected name=value in eV/atom") }
    let name = String(part[..<sign].drop(while: \.isWhitespace))
    return EnergyAdjustment(
      name: name, element: PymatgenAdjustment.element(inName: name), energyPerAtom: value)
  }

  private func text(_ row: CSVRows.Row, _ column: Int?) -> String? {
    guard let column, !row.fields[column].isEmpty else { return nil }
    return row.fields[column]
  }

  private func number(_ row: CSVRows.Row, _ column: Int?, _ what: String) throws -> Double? {
    guard let text = text(row, column) else { return nil }
    guard let value = Double(text), value.isFinite, abs(value) < 1e6 else {
      throw bad(row, "'\(text)' is not a \(what); a finite number in eV is expected")
    }
    return value
  }

  private func bad(_ row: CSVRows.Row, _ reason: String) -> ThermodynamicsError {
    .badTable(name: name, line: row.line, reason: reason)
  }
}
