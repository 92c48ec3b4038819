import Foundation
import Report

extension ReportWriter {
  /// Which corrections enter the windows and reactions, and what the windows rest on.
  func correctionBlocks() -> [Block] {
    var blocks: [Block] = [
      .heading("What corrections and single phases decide"),
      .paragraph(
        """
        The energies of the table carry corrections (scheme \(leadingScheme)). An edge of a window \
        is the voltage of one reaction between two equilibria; the corrections that do not cancel \
        in it move it. On another scheme, or without one phase, another reaction may take its \
        place, which the second table shows.
        """),
      .table(edgeTable()),
    ]
    let sensitivity = sensitivityTable()
    if !sensitivity.rows.isEmpty { blocks.append(.table(sensitivity)) }
    let warnings = results.thermodynamics.flatMap { $0.reaction[leadingScheme]?.warnings ?? [] }
    if !warnings.isEmpty {
      blocks.append(
        .callout(
          Callout(
            .warning, title: "Corrections on one side only", paragraphs: warnings.map(prose))))
    }
    return blocks
  }

  /// The two bases of every electrolyte, with their names.
  private var cases: [(electrolyte: RichText, basis: RichText, result: StabilityResult)] {
    zip(electrolytes, results.thermodynamics).flatMap { electrolyte, result in
      [
        (name(electrolyte), RichText("elements"), result.elements[leadingScheme]),
        (RichText(""), "\(formula: electrolyte.salt) whole", result.intact[leadingScheme]),
      ].compactMap { first, basis, found in found.map { (first, basis, $0) } }
    }
  }

  private func edgeTable() -> Table {
    Table(
      caption: "Corrections at the edges of the windows, scheme \(leadingScheme).",
      header: [
        "electrolyte", "vertices", "edge", "at (V)", "of which corrections",
        "same reaction without (V)",
      ],
      rows: cases.flatMap { electrolyte, basis, result -> [[RichText]] in
        guard !result.edges.isEmpty else {
          return [[electrolyte, basis, "no window", "", "", ""]]
        }
        return result.edges.enumerated().map { index, edge in
          [
            index == 0 ? electrolyte : "", index == 0 ? basis : "", RichText(plain: edge.side),
            RichText(plain: shown(edge.voltage_V, 3)), shares(edge),
            RichText(plain: edge.withoutCorrections_V.map { shown($0, 3) } ?? "not known"),
          ]
        }
      }, alignment: [.left, .left, .left, .right, .left, .right])
  }

  private func shares(_ edge: EdgeResult) -> RichText {
    guard edge.withoutCorrections_V != nil else { return "not known" }
    guard !edge.shares.isEmpty else { return "none: they cancel" }
    let texts = edge.shares.map { "\(signed($0.share_V, 3)) V from \($0.element ?? "a sum")" }
    return RichText(plain: texts.joined(separator: ", "))
  }

  private func sensitivityTable() -> Table {
    Table(
      caption:
        "Windows with one phase left out, scheme \(leadingScheme), the three largest shifts.",
      header: [
        "electrolyte", "vertices", "without", "window (V)", "reduction (mV)",
        "oxidation (mV)", "phases that come in",
      ],
      rows: cases.flatMap { electrolyte, basis, result in
        result.leftOut.prefix(3).enumerated().map { index, row in
          [
            index == 0 ? electrolyte : "", index == 0 ? basis : "", "\(formula: row.phase)",
            windowText(row.window), shift(row.reductionShift_V), shift(row.oxidationShift_V),
            row.replacements.enumerated().reduce(RichText("")) { text, item in
              text + (item.offset == 0 ? RichText("") : ", ") + RichText(formula: item.element)
            },
          ]
        }
      }, alignment: [.left, .left, .left, .right, .right, .right, .left],
      notes: [
        "The windows on the other schemes stand in the first table of this section."
      ])
  }

  private func shift(_ value: Double?) -> RichText {
    guard let value else { return "" }
    return abs(value) < 5e-4 ? "0" : RichText(plain: signed(value * 1000, 0))
  }
}
