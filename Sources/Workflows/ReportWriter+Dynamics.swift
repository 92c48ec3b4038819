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
        NVT dynamics at \(temperature) with Nose-Hoover chains (one chain for all atoms), time step \
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

  private var equilibrationShade: [ShadedRange] {
    guard run.plan.equilibration > 0 else { return [] }
    return [
      ShadedRange(
        0...(run.plan.equilibration / 1000), label: "equilibration", color: Palette.reference)
    ]
  }

  private func survivalFigure() throws -> Block {
    let series = zip(electrolytes, results.analyses).flatMap { electrolyte, analysis in
      zip(analysis.seeds, analysis.bonds["PS4"] ?? []).map { seed, survival in
        Series(
          name: ChemicalText.unicode(electrolyte.formula)
            + (analysis.seeds.count > 1 ? ", seed \(seed)" : ""),
          x: survival.times_ps, y: survival.intactFraction.map { $0 * 100 },
          color: Palette.system(electrolyte.anion))
      }
    }
    let lowest = series.flatMap(\.y).min() ?? 0
    let chart = Chart(
      x: Axis("Time", unit: "ps"),
      y: Axis(
        "Intact P–S bonds", unit: "%", range: (max(0, (lowest / 10).rounded(.down) * 10 - 5))...102),
      series: series, shaded: equilibrationShade)
    return try figures.draw(
      .chart(chart), "intact-PS-bonds",
      caption: """
        P–S bonds of the contacts as built that are still whole. The percentage depends on how \
        thick the slab is; the table gives the number per area too. Measured with \
        \(configuration.potential), which does not tell the anions apart reliably.
        """)
  }

  private func layerFigure() throws -> Block {
    let charts = zip(electrolytes, results.analyses).map { electrolyte, analysis in
      let survival = analysis.bonds["PS4"]?.first
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
        let survival = analysis.bonds["PS4"]?[index]
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
        A reaction releases about half an electronvolt per atom: the chain carries that away, and \
        the two sides need not have one temperature. ΔE counts from the relaxed contact, so the \
        heat of vibration is in it.
        """
      ])
  }

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
  private func color(of phase: String) -> Color {
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
    let rows = analysis.panels.flatMap { panel in
      panel.windows.map { window -> [RichText] in
        let range = window[0]...window[1]
        let contact = panel.contact.map { $0.partners(in: range) }
        let references = panel.references.map {
          "\(ChemicalText.unicode($0.name)) \(rounded($0.distribution.partners(in: range), 2))"
        }
        return [
          RichText(plain: panel.pair.map(\.symbol).joined(separator: "–")),
          RichText(plain: "\(trimmed(window[0])) – \(trimmed(window[1]))"),
          RichText(plain: shown(contact.reduce(0, +) / Double(max(1, contact.count)), 2)),
          RichText(plain: references.joined(separator: ", ")),
        ]
      }
    }
    guard !rows.isEmpty else { return nil }
    return Table(
      caption: "Neighbours per atom within the paper's windows.",
      header: ["pair", "window (Å)", "contact", "bulk phases"], rows: rows,
      alignment: [.left, .right, .right, .left])
  }

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
    let remarks = Set(
      results.analyses.flatMap { $0.spreads.values.flatMap { $0.flatMap(\.warnings) } }
    ).sorted()
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
