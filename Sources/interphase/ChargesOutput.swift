import Analysis
import Atomistics
import FileFormats

/// What `interphase analyze charges` prints.
struct ChargesOutput: Encodable {
  let charges: LayerCharges
  /// The trajectory's column, where the charges come from one.
  let column: String?
  /// Of a count from bonds, in Å.
  let bondCutoffs_A: [String: Double]?
  let warnings: [String]

  private enum CodingKeys: String, CodingKey { case column, bondCutoffs_A, warnings }

  init(_ charges: LayerCharges, _ source: AtomCharges) {
    self.charges = charges
    column = source.column
    bondCutoffs_A = source.count.map { count in
      Dictionary(
        uniqueKeysWithValues: count.cutoffs.map { ("\(count.center)-\($0.key)", $0.value) })
    }
    warnings = charges.warnings + (source.warning.map { [$0] } ?? [])
  }

  func encode(to encoder: any Encoder) throws {
    try charges.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encodeIfPresent(column, forKey: .column)
    try container.encodeIfPresent(bondCutoffs_A, forKey: .bondCutoffs_A)
    try container.encode(warnings, forKey: .warnings)
  }

  private var cutoffText: String? {
    bondCutoffs_A.map { cutoffs in
      "bonds within "
        + cutoffs.sorted { $0.key < $1.key }
        .map { "\(CSVTable.field($0.value, decimals: 2)) Å (\($0.key))" }.joined(separator: ", ")
    }
  }

  func table() -> CSVTable {
    func field(_ value: Double?) -> String { value.map { CSVTable.field($0) } ?? "" }
    let rows = charges.times_ps.indices.flatMap { bin in
      (0..<charges.layers).map { layer in
        [
          CSVTable.field(charges.times_ps[bin]), CSVTable.field(charges.depth_A[layer]),
          CSVTable.field(charges.depth_A[layer + 1]), field(charges.mean[layer][bin]),
          field(charges.standardError[layer][bin]), "\(charges.atomsCounted[layer][bin])",
          field(charges.change[layer][bin]), field(charges.changeOfAtoms[layer][bin]),
        ]
      }
    }
    return CSVTable(
      header: [
        "time_ps", "depth_low_A", "depth_high_A", "mean", "error", "atoms", "change",
        "change_of_atoms",
      ], rows: rows,
      comments: [
        charges.title + (charges.unit.isEmpty ? "" : ", in \(charges.unit)"),
        "depth: \(charges.depthName)",
      ] + (cutoffText.map { [$0] } ?? []))
  }

  func summary() -> String {
    func number(_ value: Double?) -> String {
      value.map { cell($0, 2, width: 8) } ?? heads(["-"], width: 8)
    }
    let shown = tableRows(charges.times_ps.count)
    let unit = charges.unit.isEmpty ? "" : ", in \(charges.unit)"
    var lines = [charges.title.prefix(1).uppercased() + charges.title.dropFirst() + unit]
    if let cutoffText { lines.append(cutoffText) }
    lines += [
      "\(charges.atoms) \(charges.species) atoms, \(charges.frames) frames; layers by "
        + charges.depthName + (charges.contacts == nil ? "" : ", above 0 in the electrolyte"),
      "mean of each layer at these times; - where there is no \(charges.species); change: of the "
        + "atoms in the layer at the end, since the first time bin",
      heads(["from/Å", "to/Å", "atoms"], width: 8)
        + heads(shown.map { "\(CSVTable.field(charges.times_ps[$0], decimals: 1)) ps" }, width: 8)
        + heads(["change"], width: 8),
    ]
    for layer in (0..<charges.layers).reversed() {
      lines.append(
        cell(charges.depth_A[layer], 1, width: 8) + cell(charges.depth_A[layer + 1], 1, width: 8)
          + cell(Double(charges.layerAtoms[layer]), 0, width: 8)
          + shown.map { number(charges.mean[layer][$0]) }.joined()
          + number(charges.changeOfAtoms[layer].last ?? nil))
    }
    return lines.joined(separator: "\n")
  }
}
