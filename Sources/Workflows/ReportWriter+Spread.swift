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
        series: zip(electrolytes, results.analyses).compactMap { electrolyte, analysis in
          spreadSeries(
            analysis.spreads[species] ?? [], name: ChemicalText.unicode(electrolyte.formula),
            color: Palette.system(electrolyte.anion))
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
          caption: "Change of the spread of P and of Li since the start of the production"
            + (results.analyses.contains { $0.seeds.count > 1 }
              ? ": mean of the seeds, bands from the least to the greatest of them." : ".")),
        .table(
          Table(
            caption: "Spread at the start of the production, and its change to the end.",
            header: [
              "electrolyte", "seed", "σ of P (Å)", "change (Å)", "σ of Li (Å)", "change (Å)",
            ], rows: rows, notes: remarks.map { RichText(plain: $0) })),
      ])
  }

  /// The mean change of the spread in the runs of one contact, and the range of the runs, as long as
  /// the shortest of them.
  private func spreadSeries(_ spreads: [AtomicSpread], name: String, color: Color) -> Series? {
    let changes = spreads.map { run in run.sigma_A.map { $0 - (run.sigma_A.first ?? 0) } }
    guard let frames = changes.map(\.count).min() else { return nil }
    let rows = (0..<frames).map { frame in changes.map { $0[frame] } }
    let band = Series.Band(
      low: rows.map { $0.min() ?? .nan }, high: rows.map { $0.max() ?? .nan })
    return Series(
      name: name, x: Array(spreads[0].times_ps.prefix(frames)),
      y: rows.map { $0.reduce(0, +) / Double($0.count) }, color: color,
      band: spreads.count > 1 ? band : nil)
  }
}
