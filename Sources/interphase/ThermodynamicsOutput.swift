import Foundation
import Thermodynamics

/// A value that JSON shows as null instead of leaving its key out.
struct Nullable<Value: Encodable>: Encodable {
  let value: Value?

  init(_ value: Value?) { self.value = value }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let value { try container.encode(value) } else { try container.encodeNil() }
  }
}

/// An entry that was left out, and why.
struct ExcludedOutput: Encodable {
  let formula: String
  let reason: String

  init(_ excluded: PhaseDiagram.Excluded) {
    formula = excluded.entry.formula
    reason = excluded.reason.description
  }
}

/// A number without the noise of rounding.
func tidy(_ value: Double) -> Double {
  let short = (value * 1e10).rounded() / 1e10
  return short == 0 ? 0 : short
}

func fixed(_ value: Double, _ digits: Int) -> String {
  String(format: "%.\(digits)f", tidy(value) + 0.0)
}

/// Amounts by formula as typed; two entries of one formula are added up.
func amounts(_ phases: [PhaseAmount]) -> [String: Double] {
  phases.reduce(into: [:]) { $0[$1.entry.formula, default: 0] += tidy($1.amount) }
}

/// `Li3P + 5 Li2S + 0.1429 LiP7`.
func sumText(_ phases: [PhaseAmount]) -> String {
  phases.map { phase in
    let amount = (phase.amount * 1e4).rounded() / 1e4
    return amount == 1 ? phase.entry.formula : "\(trimmed(amount)) \(phase.entry.formula)"
  }.joined(separator: " + ")
}

private func trimmed(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e9 ? String(Int(value)) : String(value)
}

/// Columns set under one another; the last one is left as it is.
func columns(_ rows: [[String]]) -> String {
  let widths = (0..<(rows.first?.count ?? 0)).map { k in rows.map { $0[k].count }.max() ?? 0 }
  return rows.map { row in
    row.enumerated().map { k, cell in
      k == row.count - 1
        ? cell : String(repeating: " ", count: widths[k] - cell.count) + cell
    }.joined(separator: "   ")
  }.joined(separator: "\n")
}

/// How many entries were left out for which reason, one line each, the names where they tell.
func exclusionText(_ excluded: [PhaseDiagram.Excluded]) -> String {
  var lines: [String] = []
  var foreign = 0
  var reasons: [(reason: String, names: [String])] = []
  for item in excluded {
    if case .otherElements = item.reason {
      foreign += 1
      continue
    }
    let reason = item.reason.description
    if let index = reasons.firstIndex(where: { $0.reason == reason }) {
      reasons[index].names.append(item.entry.formula)
    } else {
      reasons.append((reason, [item.entry.formula]))
    }
  }
  for (reason, names) in reasons {
    lines.append("  \(reason): \(names.joined(separator: ", "))")
  }
  if foreign > 0 { lines.append("  elements outside the system: \(foreign) entries") }
  return lines.isEmpty ? "" : "Left out:\n" + lines.joined(separator: "\n")
}

func warningText(_ warnings: [String]) -> String {
  warnings.map { "Note: \($0)" }.joined(separator: "\n")
}
