import Thermodynamics
import Workflows

/// Corrections of one element in a reaction, in JSON.
struct CorrectionRowOutput: Encodable {
  let element: Nullable<String>
  let left_eV: Double
  let right_eV: Double
  let leftPhases: [String]
  let rightPhases: [String]

  init(_ row: CorrectionAudit.Row) {
    element = Nullable(row.element?.symbol)
    left_eV = tidy(row.left)
    right_eV = tidy(row.right)
    (leftPhases, rightPhases) = (row.leftPhases, row.rightPhases)
  }
}

/// The corrections of a reaction, in JSON.
struct CorrectionAuditOutput: Encodable {
  let net_eV: Nullable<Double>
  let rows: [CorrectionRowOutput]
  let unknown: [String]

  init(_ audit: CorrectionAudit) {
    net_eV = Nullable(audit.net.map(tidy))
    rows = audit.rows.map(CorrectionRowOutput.init)
    unknown = audit.unknown
  }
}

/// The corrections at an edge of a window, in JSON.
struct WindowEdgeOutput: Encodable {
  let edge: String
  let voltage_V: Double
  let withoutCorrections_V: Nullable<Double>
  let ions: Double
  let upper: [String: Double]
  let lower: [String: Double]
  let corrections: CorrectionAuditOutput

  init(_ edge: WindowAudit.Edge) {
    self.edge = edge.side.rawValue
    voltage_V = tidy(edge.voltage)
    withoutCorrections_V = Nullable(edge.voltageWithoutCorrections.map(tidy))
    ions = tidy(edge.ions)
    (upper, lower) = (amounts(edge.upper), amounts(edge.lower))
    corrections = CorrectionAuditOutput(edge.corrections)
  }
}

/// A line of the sensitivity table, in JSON.
struct SensitivityRowOutput: Encodable {
  let change: String
  let window: Nullable<WindowEdgesOutput>
  let reductionShift_V: Nullable<Double>
  let oxidationShift_V: Nullable<Double>
  let replacements: [String]

  init(_ row: WindowSensitivity.Row) {
    change = row.change.text
    window = Nullable(row.window.map(WindowEdgesOutput.init))
    reductionShift_V = Nullable(row.reductionShift.map(tidy))
    oxidationShift_V = Nullable(row.oxidationShift.map(tidy))
    replacements = row.replacements
  }
}

/// The corrections of a reaction as lines: one element each.
func correctionText(_ audit: CorrectionAudit, _ table: EntryTable) -> String {
  var lines: [String] = []
  if !audit.rows.isEmpty {
    let rows = audit.rows.map { row in
      [
        row.element?.symbol ?? "not told", signed(row.left), signed(row.right), signed(row.net),
        [row.leftPhases.joined(separator: ", "), row.rightPhases.joined(separator: ", ")]
          .map { $0.isEmpty ? "none" : $0 }.joined(separator: " -> "),
      ]
    }
    let head = ["corrections of", "left (eV)", "right (eV)", "net (eV)", "in"]
    lines.append(columns([head] + rows))
  } else if audit.unknown.isEmpty {
    lines.append("No corrections enter.")
  }
  if !audit.unknown.isEmpty {
    lines.append(
      "What the energies carry is not told of: \(audit.unknown.joined(separator: ", "))")
  }
  return lines.joined(separator: "\n")
}

/// How much of the edges comes from corrections, a line for each edge.
func edgeText(_ audit: WindowAudit) -> String {
  guard !audit.edges.isEmpty else { return "" }
  let lines = audit.edges.map { edge -> String in
    let name = "\(edge.side.rawValue.capitalized) edge \(fixed(edge.voltage, 3)) V"
    guard let bare = edge.voltageWithoutCorrections else {
      let names = edge.corrections.unknown.joined(separator: ", ")
      return "  \(name): what the energies of \(names) carry is not told"
    }
    let shares = edge.corrections.rows.filter { abs(edge.share(of: $0)) > 5e-4 }.map { row in
      "\(signed(edge.share(of: row))) V from \(row.element?.symbol ?? "corrections")"
    }
    return shares.isEmpty
      ? "  \(name): the corrections cancel"
      : "  \(name): \(shares.joined(separator: ", ")); without, this reaction is at "
        + "\(fixed(bare, 3)) V"
  }
  return (["Corrections at the edges:"] + lines).joined(separator: "\n")
}

/// The sensitivity table.
func sensitivityText(_ found: WindowSensitivity) -> String {
  func volts(_ window: ElectrochemicalStabilityWindow?) -> String {
    window.map {
      "\(fixed($0.reduction, 3)) to \($0.oxidation.map { fixed($0, 3) } ?? "no end")"
    } ?? "none"
  }
  func shift(_ value: Double?) -> String { value.map { signed($0 * 1000, 0) } ?? "-" }
  let rows = found.rows.map { row in
    [
      row.change.text, volts(row.window), shift(row.reductionShift), shift(row.oxidationShift),
      row.replacements.joined(separator: ", "),
    ]
  }
  let head = ["change", "window (V)", "reduction (mV)", "oxidation (mV)", "phases that come in"]
  let same = ["as given", volts(found.window), "", "", ""]
  let note =
    found.references.isEmpty
    ? ""
    : "\nNot left out, because they are references: \(found.references.joined(separator: ", "))"
  return "Sensitivity of the window:\n" + columns([head, same] + rows) + note
}

private func signed(_ value: Double, _ digits: Int = 3) -> String {
  let text = fixed(value, digits)
  // Rounded to nothing it has no sign.
  guard let rounded = Double(text), rounded != 0 else { return fixed(0, digits) }
  return rounded < 0 ? text : "+" + text
}

extension WindowSensitivity.Change {
  /// As a table names it.
  var text: String {
    switch self {
    case .scheme(let scheme): "scheme \(scheme.rawValue)"
    case .without(let formula): "without \(formula)"
    }
  }
}
