import Analysis
import Atomistics
import Foundation
import Report

extension ReportWriter {
  /// The spread of P and Li along the normal (Eq. 2, Fig. 6).
  func spreadSection() throws -> Section {
    let charts = ["P", "Li"].map { species in
      Chart(
        title: "σ of \(species)", x: Axis("Time", unit: "ps"),
        y: Axis("σ(t) − σ(0)", unit: "Å"),
        series: zip(electrolytes, results.analyses).flatMap { electrolyte, analysis in
          zip(analysis.seeds, analysis.spreads[species] ?? []).map { seed, spread in
            Series(
              name: ChemicalText.unicode(electrolyte.formula)
                + (analysis.seeds.count > 1 ? ", seed \(seed)" : ""),
              x: spread.times_ps, y: spread.sigma_A.map { $0 - (spread.sigma_A.first ?? 0) },
              color: Palette.system(electrolyte.anion))
          }
        }, lines: [ReferenceLine(y: 0)])
    }
    let rows = zip(electrolytes, results.analyses).flatMap { electrolyte, analysis in
      analysis.seeds.indices.map { index -> [RichText] in
        let values = ["P", "Li"].flatMap { species -> [RichText] in
          let sigma = analysis.spreads[species]?[index].sigma_A ?? []
          let change = (sigma.last ?? .nan) - (sigma.first ?? .nan)
          return [
            RichText(plain: shown(sigma.first ?? .nan, 3)), RichText(plain: signed(change, 3)),
          ]
        }
        return [name(electrolyte), RichText(plain: "\(analysis.seeds[index])")] + values
      }
    }
    let crossings = zip(electrolytes, results.analyses).flatMap { electrolyte, analysis in
      zip(analysis.seeds, analysis.vacuum ?? []).compactMap { seed, report in
        report.warning.map { "\(electrolyte.name), seed \(seed): \($0)" }
      }
    }
    let remarks =
      Set(results.analyses.flatMap { $0.spreads.values.flatMap { $0.flatMap(\.warnings) } })
      .sorted() + crossings
    return Section(
      "How far atoms moved",
      blocks: [
        .paragraph(
          """
          Eq. 2 of the paper: σ = √(Σ(z − z̄)²/N), z along the normal, on unwrapped positions, over \
          the production. σ of P grows when P leaves its place; σ of Li falls when metal enters the \
          electrolyte.
          """),
        try figures.draw(
          .panels(PanelFigure(charts: charts, columns: 2)), "spread",
          caption: "Change of the spread of P and of Li since the start of the production."),
        .table(
          Table(
            caption: "Spread at the start of the production, and its change to the end.",
            header: [
              "electrolyte", "seed", "σ of P (Å)", "change (Å)", "σ of Li (Å)", "change (Å)",
            ], rows: rows, notes: remarks.map { RichText(plain: $0) })),
      ])
  }
}
