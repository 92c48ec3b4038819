import Analysis
import Atomistics
import Foundation
import Report

extension ReportWriter {
  /// Radial distribution functions beside those of bulk phases (Figs 2c, 4c, 7).
  func formationSection() throws -> Section {
    var blocks: [Block] = [
      .paragraph(
        """
        Partial g(r) of each contact over its production, beside the same pair in bulk phases run \
        at \(temperature) for \
        \(trimmed(run.plan.referenceEquilibration / 1000)) + \
        \(trimmed(run.plan.referenceProduction / 1000)) ps in at most \
        \(configuration.references.maximumAtoms) atoms. The contact is normalised by the slab that \
        the atoms occupy. Shaded: the distances that the paper calls characteristic. A signal there \
        that the unreacted electrolyte has too proves nothing.
        """)
    ]
    for (electrolyte, analysis) in zip(electrolytes, results.analyses) {
      blocks += [
        .heading(name(electrolyte)),
        try figures.draw(
          .panels(
            PanelFigure(
              charts: analysis.panels.map { panel($0, of: electrolyte) }, columns: 1,
              panelHeight: 150)),
          "rdf-\(electrolyte.name)",
          caption: "Radial distribution functions at the contact of \(name(electrolyte))."),
      ]
      if let table = windowSignals(electrolyte, analysis) { blocks.append(.table(table)) }
      blocks += try mixtureBlocks(electrolyte, analysis)
    }
    return Section("Which phases the contact resembles", blocks: blocks)
  }

  private func panel(
    _ panel: PanelAnalysis, of electrolyte: StudyConfiguration.Electrolyte
  ) -> Chart {
    let pair = panel.pair.map(\.symbol).joined(separator: "–")
    let references = panel.references.map { reference -> Series in
      let own = reference.name == electrolyte.name
      return Series(
        name: ChemicalText.unicode(reference.name), x: reference.distribution.r_A,
        y: smoothed(reference.distribution.g), style: own ? .dashed : .line,
        color: color(of: reference.name),
        width: 1.5)
    }
    let contact = mean(panel.contact)
    let own = Series(
      name: "contact", x: contact.r, y: smoothed(contact.g),
      color: Palette.system(electrolyte.anion), width: 2.5)
    // Beyond the bonded peak, which dwarfs everything, is where phases differ.
    let far = (references + [own]).flatMap { series in
      zip(series.x, series.y).filter { $0.0 > 2.8 }.map(\.1)
    }
    return Chart(
      title: pair, x: Axis("r", unit: "Å", range: 1...8),
      y: Axis("g(r)", unit: "", range: 0...max(1.5, (far.max() ?? 1) * 1.1)),
      series: references + [own],
      shaded: panel.windows.map { ShadedRange($0[0]...$0[1], color: Palette.reference) },
      lines: [ReferenceLine(y: 1)])
  }

  /// One colour for each phase: a salt is a darker shade of its electrolyte, the electrolytes'
  /// own bulk is grey and dashed, Li3P has the colour of phosphorus.
  func color(of phase: String) -> Color {
    if electrolytes.contains(where: { $0.name == phase }) { return Palette.reference }
    if let own = electrolytes.first(where: { $0.salt == phase }) {
      return Palette.system(own.anion).mixed(with: .black, fraction: 0.5)
    }
    if phase == "Li3P" { return Palette.element("P") }
    let others = configuration.references.phases.map(\.name).filter { name in
      name != "Li3P" && !electrolytes.contains { $0.salt == name }
    }
    let palette = [4, 1, 5, 6, 0, 2, 3].map { Palette.categorical[$0] }
    return palette[(others.firstIndex(of: phase) ?? 0) % palette.count]
  }

  private func mean(_ runs: [RadialDistribution]) -> (r: [Double], g: [Double]) {
    guard let first = runs.first else { return ([], []) }
    let g = first.g.indices.map { bin in
      runs.reduce(0) { $0 + $1.g[bin] } / Double(runs.count)
    }
    return (first.r_A, g)
  }

  /// Averaged over three neighbouring bins for the drawing; tables use the bins as counted.
  private func smoothed(_ values: [Double]) -> [Double] {
    values.indices.map { i in
      let near = values[max(0, i - 1)...min(values.count - 1, i + 1)]
      return near.reduce(0, +) / Double(near.count)
    }
  }

  private func windowSignals(
    _ electrolyte: StudyConfiguration.Electrolyte, _ analysis: ContactAnalysis
  ) -> Table? {
    func text(_ count: PeakWindowSignal.Count) -> String {
      shown(count.partners, 2) + (count.error.map { " ± \(shown($0, 2))" } ?? "")
    }
    let rows = analysis.panels.flatMap { panel in
      (panel.signals ?? []).map { signal -> [RichText] in
        let references = signal.references.map {
          "\(ChemicalText.unicode($0.name)) \(text($0))"
        }
        return [
          RichText(plain: signal.pair.joined(separator: "–")),
          RichText(plain: signal.window_A.map { trimmed($0) }.joined(separator: " – ")),
          RichText(plain: text(signal.contact)),
          RichText(plain: references.joined(separator: ", ")),
          RichText(plain: signal.excess.map(text) ?? ""),
          RichText(plain: signal.isSeen.map { $0 ? "yes" : "no" } ?? ""),
        ]
      }
    }
    guard !rows.isEmpty else { return nil }
    return Table(
      caption: "Neighbours per atom within the paper's windows.",
      header: [
        "pair", "window (Å)", "contact", "bulk phases", "beyond the electrolyte", "signal",
      ], rows: rows, alignment: [.left, .right, .right, .left, .right, .left],
      notes: [
        """
        With standard errors, from centre to centre; all sides of the slab allowed for. A signal is \
        more than 1.96 errors beyond the unreacted electrolyte. It may be of any phase with atoms \
        at that distance.
        """
      ])
  }
}
