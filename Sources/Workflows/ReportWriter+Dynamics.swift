import Analysis
import Atomistics
import Foundation
import Report

extension ReportWriter {
  /// Temperatures and surviving bonds (Figs 2b, 3b, 4b).
  func dynamicsSection() throws -> Section {
    var blocks: [Block] = [
      .paragraph(
        """
        \(configuration.dynamics.ensembleName) dynamics at \(temperature) \
        \(configuration.dynamics.method), time step \
        \(trimmed(configuration.dynamics.timestep)) fs, \(duration) from each of \(seedCount). A \
        bond of the contact as built is broken once it stays beyond an outer cut-off for 0.2 ps, \
        and whole again only within an inner one (P–S: 2.9 and 2.5 Å). Time zero is the start of \
        the equilibration; the shaded part is equilibration.
        """),
      try survivalFigure(),
      .table(survivalTable()),
      try layerFigure(),
      .table(temperatureTable()),
    ]
    let notes = results.analyses.flatMap { analysis in
      analysis.bonds.values.flatMap { $0.flatMap(\.warnings) }
        .map { "\(analysis.name): \($0)" }
    }
    if !notes.isEmpty {
      let distinct = Array(Set(notes)).sorted()
      blocks.append(
        .callout(
          Callout(
            .note, title: "What the count of bonds remarks",
            paragraphs: distinct.map { RichText(plain: $0) })))
    }
    return Section("Dynamics of the contacts", blocks: blocks)
  }

  var equilibrationShade: [ShadedRange] {
    guard run.plan.equilibration > 0 else { return [] }
    return [
      ShadedRange(
        0...(run.plan.equilibration / 1000), label: "equilibration", color: Palette.reference)
    ]
  }

  private func survivalFigure() throws -> Block {
    let bands = results.analyses.map { $0.bands?[configuration.phosphorusSulfide] }
    let lowest = bands.compactMap { $0?.low.min() }.min() ?? 0
    let bottom = max(0, (lowest * 10).rounded(.down) * 10)
    let charts = zip(electrolytes, bands).compactMap { electrolyte, band in
      band.map { band in
        Chart(
          title: ChemicalText.unicode(electrolyte.formula), x: Axis("Time", unit: "ps"),
          y: Axis("Intact P–S bonds", unit: "%", range: bottom...102),
          series: [
            Series(
              name: ChemicalText.unicode(electrolyte.formula), x: band.times_ps,
              y: band.intactFraction.map { $0 * 100 }, color: Palette.system(electrolyte.anion),
              band: Series.Band(low: band.low.map { $0 * 100 }, high: band.high.map { $0 * 100 }))
          ], shaded: equilibrationShade.map { ShadedRange($0.range, color: $0.color) })
      }
    }
    return try figures.draw(
      .panels(PanelFigure(charts: charts, columns: 2)), "intact-PS-bonds",
      caption: """
        P–S bonds of the contacts as built that are still whole, mean over the seeds. Coloured: 95 % \
        bands, polyanions resampled, and what seeds differ by more. The percentage depends on how \
        thick the slab is; the table gives the number per area too. Measured with \
        \(configuration.potential), which does not tell the anions apart reliably.
        """)
  }

  private func layerFigure() throws -> Block {
    let charts = zip(electrolytes, results.analyses).map { electrolyte, analysis in
      let survival = phosphorusSulfurBonds(analysis)?.first
      return Chart(
        title: ChemicalText.unicode(electrolyte.formula), x: Axis("Time", unit: "ps"),
        y: Axis("Intact P–S bonds", unit: "%", range: 0...102),
        series: layerCurves(survival).enumerated().map { index, curve in
          Series(
            name: curve.name, x: survival?.times_ps ?? [], y: curve.intact.map { $0 * 100 },
            color: Palette.categorical[index])
        }, shaded: equilibrationShade.map { ShadedRange($0.range, color: $0.color) })
    }
    return try figures.draw(
      .panels(PanelFigure(charts: charts, columns: 2)), "intact-PS-bonds-by-layer",
      caption: """
        The same by layer of PS₄, counted from the contact, first seed. Losing exactly the first \
        layer of a thin slab looks like a plateau and is none.
        """)
  }

  /// The first three layers, and all deeper ones as one.
  private func layerCurves(_ survival: BondSurvival?) -> [(name: String, intact: [Double])] {
    let layers = (survival?.layers ?? []).filter { $0.layer >= 0 }.sorted { $0.layer < $1.layer }
    let names = ["at the contact", "second layer", "third layer"]
    let deeper = Array(layers.dropFirst(names.count))
    let first = zip(names, layers).map { (name: $0, intact: $1.intactFraction) }
    let bonds = deeper.reduce(0) { $0 + $1.referenceBonds }
    guard bonds > 0, let count = deeper.first?.intactFraction.count else { return first }
    let mean = (0..<count).map { frame in
      deeper.reduce(0) { $0 + $1.intactFraction[frame] * Double($1.referenceBonds) } / Double(bonds)
    }
    return first + [(name: "deeper", intact: mean)]
  }

  private func survivalTable() -> Table {
    let rows = zip(electrolytes, results.analyses).flatMap { electrolyte, analysis in
      analysis.seeds.indices.map { index -> [RichText] in
        let survival = phosphorusSulfurBonds(analysis)?[index]
        return [
          name(electrolyte), RichText(plain: "\(analysis.seeds[index])"),
          RichText(plain: "\(survival?.referenceBonds ?? 0)"),
          RichText(plain: shown((survival?.intactFraction.last ?? .nan) * 100, 1)),
          RichText(
            plain: survival?.brokenBonds_per_nm2?.last.map { rounded($0, 2) } ?? ""),
          RichText(plain: "\(survival?.exchangedBonds.last ?? 0)"),
          RichText(
            plain: "\(survival?.clustersWhole.last ?? 0) of \(survival?.referenceClusters ?? 0)"),
          anionText(electrolyte, analysis, index),
          RichText(plain: paper.intactBonds[electrolyte.anion] ?? "not given"),
        ]
      }
    }
    return Table(
      caption: "Bonds at the end of each run.",
      header: [
        "electrolyte", "seed", "P–S bonds at the start", "intact (%)", "broken per nm²",
        "exchanged", "whole PS₄", "whole anion clusters", "paper (other times, AIMD)",
      ], rows: rows, alignment: [.left] + Array(repeating: .right, count: 7) + [.left])
  }

  private func anionText(
    _ electrolyte: StudyConfiguration.Electrolyte, _ analysis: ContactAnalysis, _ index: Int
  ) -> RichText {
    guard let survival = analysis.bonds[electrolyte.anion]?[index] else { return "no cluster" }
    return RichText(
      plain: "\(survival.clustersWhole.last ?? 0) of \(survival.referenceClusters)")
  }

  private func temperatureTable() -> Table {
    let rows = electrolytes.flatMap { electrolyte in
      (results.thermo[electrolyte.name] ?? [:]).sorted { $0.key < $1.key }.map {
        seed, table -> [RichText] in
        [
          name(electrolyte), RichText(plain: "\(seed)"),
          RichText(plain: shown(table.mean(table.temperature), 0)),
          RichText(plain: shown(table.mean(table.metal), 0)),
          RichText(plain: shown(table.mean(table.electrolyte), 0)),
          RichText(plain: shown(table.temperature.max() ?? .nan, 0)),
          RichText(
            plain: signed((table.potential.last ?? .nan) - (table.potential.first ?? .nan), 1)),
        ]
      }
    }
    return Table(
      caption: "Temperatures over the production, and the change of the potential energy.",
      header: [
        "electrolyte", "seed", "all (K)", "metal (K)", "electrolyte (K)", "highest (K)",
        "ΔE potential (eV)",
      ], rows: rows,
      notes: [
        """
        A reaction releases about half an electronvolt per atom: the thermostat carries that away, and \
        the two sides need not have one temperature. ΔE counts from the relaxed contact, so the \
        heat of vibration is in it.
        """
      ])
  }
}
