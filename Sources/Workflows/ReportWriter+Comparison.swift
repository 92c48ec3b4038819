import Analysis
import Atomistics
import Foundation
import Report

extension ReportWriter {
  /// Every number of the paper that was recomputed, with the paper's and the difference.
  func comparisonSection() -> Section {
    Section(
      "Numbers beside the paper's",
      blocks: [
        .paragraph(
          """
          Every number that the paper states and this study computes. Thermodynamics comes from the \
          table of phases (scheme \(leadingScheme)); what the dynamics gives comes from \
          \(configuration.potential), and bonds apart from other times than the paper's, so it is set \
          beside the paper and not counted as agreement.
          """),
        .table(comparisonTable()),
        .paragraph("Not recomputed yet:"),
        .list(paper.notRecomputed.map { RichText(plain: $0) }),
      ])
  }

  private func comparisonTable() -> Table {
    var rows: [[RichText]] = []
    for (index, electrolyte) in electrolytes.enumerated() {
      let thermo = results.thermodynamics[index]
      rows += windowRows(electrolyte, thermo)
      rows += phaseRows(electrolyte, thermo)
      rows += energyRows(electrolyte, thermo)
      rows += dynamicsRows(electrolyte, results.analyses[index], results.contacts[index])
    }
    return Table(
      caption: "Paper and recomputed.",
      header: ["electrolyte", "quantity", "paper", "here", "difference"], rows: rows,
      alignment: [.left, .left, .left, .left, .left])
  }

  private func windowRows(
    _ electrolyte: StudyConfiguration.Electrolyte, _ thermo: ThermodynamicsResult
  ) -> [[RichText]] {
    var rows: [[RichText]] = []
    for (label, printed, found) in [
      (
        "window, elements as vertices (V)", paper.windowElements_V[electrolyte.anion],
        thermo.elements[leadingScheme]?.window
      ),
      (
        "window, salt as a vertex (V)", paper.windowIntact_V[electrolyte.anion],
        thermo.intact[leadingScheme]?.window
      ),
    ] {
      guard let printed else { continue }
      let difference =
        found.map { window in
          let upper = window.oxidation_V.map { signed($0 - printed[1], 3) } ?? "no upper edge"
          return "\(signed(window.reduction_V - printed[0], 3)), \(upper)"
        } ?? "no window here"
      rows.append([
        name(electrolyte), RichText(plain: label),
        RichText(plain: printed.map { shown($0, 2) }.joined(separator: " – ")),
        windowText(found), RichText(plain: difference),
      ])
    }
    if paper.noWindowElements.contains(electrolyte.anion) {
      let found = thermo.elements[leadingScheme]?.window
      rows.append([
        name(electrolyte), "window, elements as vertices (V)", "none", windowText(found),
        found == nil ? "same" : "a window here",
      ])
    }
    return rows
  }

  private func phaseRows(
    _ electrolyte: StudyConfiguration.Electrolyte, _ thermo: ThermodynamicsResult
  ) -> [[RichText]] {
    func row(_ label: String, _ printed: [String]?, _ found: [String]) -> [RichText]? {
      guard let printed else { return nil }
      let paperSet = Set(printed.map(composition))
      let here = Set(found.map(composition))
      let missing = printed.filter { !here.contains(composition($0)) }
      let extra = found.filter { !paperSet.contains(composition($0)) }
      let difference =
        missing.isEmpty && extra.isEmpty
        ? RichText(plain: "same")
        : list(missing, lead: "only the paper: ") + list(extra, lead: "only here: ")
      return [
        name(electrolyte), RichText(plain: label), list(printed), list(found), difference,
      ]
    }
    let elements = thermo.elements[leadingScheme]
    let intact = thermo.intact[leadingScheme]
    let vertices = Set((intact?.basis ?? []).map(composition))
    return [
      row(
        "phases at 0 V, elements as vertices",
        paper.phasesAtZeroVoltsElements[electrolyte.anion],
        elements?.steps.first?.phases.map(\.formula) ?? []),
      row(
        "phases at 0 V, salt as a vertex", paper.phasesAtZeroVoltsIntact[electrolyte.anion],
        intact?.steps.first?.phases.map(\.formula) ?? []),
      row(
        "stable phases between the vertices (Fig. 1b)",
        paper.stableInPseudoquaternary[electrolyte.anion],
        (intact?.stable ?? []).filter { !vertices.contains(composition($0)) }),
    ].compactMap { $0 }
  }

  /// Formulas are compared by what they hold, however they are written.
  private func composition(_ formula: String) -> Composition {
    (try? Composition(formula: formula))?.reduced ?? Composition([])
  }

  private func list(_ formulas: [String], lead: String = "") -> RichText {
    guard !formulas.isEmpty else { return "" }
    return formulas.enumerated().reduce(RichText(plain: lead)) { text, item in
      text + RichText(plain: item.offset == 0 ? "" : ", ") + RichText(formula: item.element)
    } + RichText(plain: lead.isEmpty ? "" : " ")
  }

  private func energyRows(
    _ electrolyte: StudyConfiguration.Electrolyte, _ thermo: ThermodynamicsResult
  ) -> [[RichText]] {
    var rows: [[RichText]] = []
    if let printed = paper.reactionEnergy_eV_per_atom[electrolyte.anion],
      let found = thermo.reaction[leadingScheme]?.energy_eV_per_atom_of_reactants
    {
      rows.append([
        name(electrolyte), "reaction with 8 Li (eV per atom of all reactants)",
        RichText(plain: shown(printed, 2)), RichText(plain: shown(found, 3)),
        RichText(plain: signed(found - printed, 3)),
      ])
    }
    if let printed = paper.formationEnergy_meV_per_atom[electrolyte.anion],
      let found = excessWithPotential(electrolyte)
    {
      rows.append([
        name(electrolyte),
        prose("excess over \(electrolyte.over) (meV/atom), here with \(configuration.potential)"),
        RichText(plain: trimmed(printed)), RichText(plain: shown(found * 1000, 1)),
        RichText(plain: signed(found * 1000 - printed, 1)),
      ])
    }
    return rows
  }

  private func dynamicsRows(
    _ electrolyte: StudyConfiguration.Electrolyte, _ analysis: ContactAnalysis,
    _ contact: ContactResult
  ) -> [[RichText]] {
    let other: RichText = "other time and potential"
    var rows = [survivalRow(electrolyte, phosphorusSulfurBonds(analysis) ?? [])]
    if let whole = paper.clustersIntact[electrolyte.anion],
      let survival = analysis.bonds[electrolyte.anion]
    {
      let counts = survival.map { "\($0.clustersWhole.last ?? 0) of \($0.referenceClusters)" }
      rows.append([
        name(electrolyte), "\(ChemicalText.unicode(electrolyte.anion)) stays whole",
        RichText(plain: whole ? "yes" : "no"), RichText(plain: counts.joined(separator: ", ")),
        other,
      ])
    }
    rows += signalRows(electrolyte, analysis)
    rows.append(contactRow(electrolyte, contact))
    rows.append([
      name(electrolyte), "mismatch stress of the contact (GPa)",
      RichText(plain: "below \(trimmed(paper.interface.maximumStress_GPa))"),
      RichText(plain: shown(contact.mismatchStress_GPa, 2)),
      contact.mismatchStress_GPa < paper.interface.maximumStress_GPa ? "kept" : "not kept",
    ])
    return rows
  }

  /// At the paper's time, or at the end of a shorter run.
  private func survivalRow(
    _ electrolyte: StudyConfiguration.Electrolyte, _ seeds: [BondSurvival]
  ) -> [RichText] {
    let end = seeds.compactMap(\.times_ps.last).min() ?? 0
    let wanted = paper.intactBondsAt_ps[electrolyte.anion] ?? end
    // A run of 100 ps in frames of 0.1 ps ends at 100 ps but for rounding.
    let isReached = end > wanted - 1e-6
    let time = isReached ? wanted : end
    let intact = seeds.compactMap { run in
      run.times_ps.lastIndex { $0 <= time + 1e-6 }.map { run.intactFraction[$0] }
    }
    return [
      name(electrolyte), "intact P–S bonds",
      RichText(plain: paper.intactBonds[electrolyte.anion] ?? "not given"),
      RichText(
        plain: intact.map { rounded($0 * 100, 1) }.joined(separator: ", ")
          + " % at \(rounded(time, 1)) ps"),
      isReached ? "other potential" : "other time and potential",
    ]
  }

  /// Neighbours within the windows in which the paper looks, beside those in bulk phases.
  private func signalRows(
    _ electrolyte: StudyConfiguration.Electrolyte, _ analysis: ContactAnalysis
  ) -> [[RichText]] {
    guard let printed = paper.signals[electrolyte.anion] else { return [] }
    return analysis.panels.flatMap { panel in
      panel.windows.map { window -> [RichText] in
        let range = window[0]...window[1]
        let contact = panel.contact.map { $0.partners(in: range) }
        let mean = contact.reduce(0, +) / Double(max(1, contact.count))
        let bulk = panel.references.map {
          "\(ChemicalText.unicode($0.name)) \(rounded($0.distribution.partners(in: range), 2))"
        }
        let pair = panel.pair.map(\.symbol).joined(separator: "–")
        return [
          name(electrolyte),
          RichText(plain: "\(pair) neighbours, \(trimmed(window[0]))–\(trimmed(window[1])) Å"),
          prose(printed),
          RichText(plain: "\(rounded(mean, 2)) (\(bulk.joined(separator: ", ")))"),
          "other time and potential",
        ]
      }
    }
  }

  private func contactRow(
    _ electrolyte: StudyConfiguration.Electrolyte, _ contact: ContactResult
  ) -> [RichText] {
    let limits = paper.interface
    let ratio = contact.closestDistance_A / contact.requiredDistance_A
    let fraction = configuration.contact.gapFraction * ratio
    let vacuum = contact.vacuum_A.map { "\(trimmed($0)) Å" } ?? "none (double contact)"
    let kept =
      contact.area_A2 <= limits.maximumArea_A2 && contact.lengthMismatch <= limits.lengthMismatch
      && contact.angleMismatch <= limits.angleMismatch
      && abs(fraction - limits.gapFraction) < 1e-6
      && contact.vacuum_A.map { $0 >= limits.vacuum_A } ?? true
    return [
      name(electrolyte),
      "contact: area, lengths and angle off by, gap in van der Waals sums, vacuum",
      RichText(
        plain: "up to \(trimmed(limits.maximumArea_A2)) Å², \(limits.lengthMismatch), "
          + "\(limits.angleMismatch), \(limits.gapFraction), \(trimmed(limits.vacuum_A)) Å"),
      RichText(
        plain: "\(rounded(contact.area_A2, 1)) Å², \(rounded(contact.lengthMismatch, 4)), "
          + "\(rounded(contact.angleMismatch, 4)), \(rounded(fraction, 3)), \(vacuum)"),
      kept ? "kept" : "not kept",
    ]
  }
}
