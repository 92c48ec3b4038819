import Atomistics
import Foundation
import Report

extension ReportWriter {
  /// Uptake against voltage, windows and reactions (Fig. 1a and the paper's section on them).
  func thermodynamicsSection() throws -> Section {
    var blocks: [Block] = [
      .paragraph(
        """
        Each electrolyte is open to a reservoir of lithium at voltage V against Li⁺/Li. With \
        *elements as vertices* its anion may fall apart into anything that is stable. With its *salt \
        as a vertex* the anion stays whole, which is the paper's argument. Uptake is counted in Li \
        per formula unit, positive when the electrolyte is reduced; break points are exact.
        """),
      .callout(
        Callout(
          .note, title: "How to read the oxidation side",
          paragraphs: [
            """
            A vertex LiBH₄ cannot say that lithium leaves the salt, so the upper edge of a window \
            with whole clusters is an upper bound.
            """
          ])),
      .table(windowTable()),
    ]
    for (electrolyte, result) in zip(electrolytes, results.thermodynamics) {
      blocks += try uptakeBlocks(electrolyte, result)
    }
    blocks += conductivityBlocks()
    blocks += correctionBlocks()
    blocks += [.heading("The reaction with 8 Li at 0 V"), .table(reactionTable())]
    return Section("Thermodynamics", blocks: blocks)
  }

  private func uptakeBlocks(
    _ electrolyte: StudyConfiguration.Electrolyte, _ result: ThermodynamicsResult
  ) throws -> [Block] {
    guard let elements = result.elements[leadingScheme], let intact = result.intact[leadingScheme]
    else { return [] }
    let color = Palette.system(electrolyte.anion)
    let salt = ChemicalText.unicode(electrolyte.salt)
    let figure = StabilityFigure(
      composition: try Composition(formula: electrolyte.formula),
      workingIon: configuration.workingIon,
      curves: [
        StabilityFigure.Curve(
          name: "elements as vertices", steps: elements.steps, window: elements.window,
          color: Palette.reference, width: 4),
        StabilityFigure.Curve(
          name: "\(salt) as a vertex", steps: intact.steps, window: intact.window, color: color,
          width: 2),
      ])
    let labelled = figure.uptake
    var blocks: [Block] = [
      .heading(name(electrolyte)),
      try figures.draw(
        .chart(labelled.chart), "uptake-\(electrolyte.name)",
        caption: """
          Lithium uptake of \(name(electrolyte)) against voltage, scheme \(leadingScheme). Numbers \
          stand for the phases in the tables below.
          """),
    ]
    blocks += try decompositionBlocks(electrolyte, figure)
    blocks += try phaseDiagramBlocks(electrolyte)
    blocks += [
      .table(stepTable("elements as vertices", elements, labelled, color: Palette.reference)),
      .table(stepTable("\(salt) as a vertex", intact, labelled, color: color)),
    ]
    return blocks + warnings(elements.warnings + intact.warnings)
  }

  private func warnings(_ texts: [String]) -> [Block] {
    var seen: Set<String> = []
    let distinct = texts.filter { seen.insert($0).inserted }
    guard !distinct.isEmpty else { return [] }
    return [
      .callout(
        Callout(
          .warning, title: "To be careful about",
          paragraphs: distinct.map(prose)))
    ]
  }

  private func decompositionBlocks(
    _ electrolyte: StudyConfiguration.Electrolyte, _ figure: StabilityFigure
  ) throws -> [Block] {
    guard let chart = figure.decompositionEnergy else { return [] }
    return [
      try figures.draw(
        .chart(chart), "decomposition-\(electrolyte.name)",
        caption: """
          Energy of \(name(electrolyte)) turning into its equilibrium at each voltage, scheme \
          \(leadingScheme). Below zero it goes by itself.
          """)
    ]
  }

  private func stepTable(
    _ basis: String, _ result: StabilityResult, _ labelled: LabelledChart, color: Color
  ) -> Table {
    Table(
      caption: "Equilibria with \(basis).",
      header: ["No.", "from (V)", "to (V)", "Li uptake", "products", "phases per formula unit"],
      rows: result.steps.map { step in
        let key = labelled.keys.first {
          $0.step.from == step.from_V.rounded(to: 4)
            && $0.step.to == step.to_V?.rounded(to: 4)
            && $0.step.label == StabilityFigure.label(step)
        }
        return [
          RichText(plain: key.map { "\($0.number)" } ?? ""),
          RichText(plain: shown(step.from_V, 3)),
          RichText(plain: step.to_V.map { rounded($0, 3) } ?? "no end"),
          RichText(plain: trimmed(step.uptake.rounded(to: 3)).replacing("-", with: "−")),
          productsText(step.products), sum(step.phases),
        ]
      }, alignment: [.right, .right, .right, .right, .left, .left])
  }

  func windowText(_ window: WindowResult?) -> RichText {
    guard let window else { return "none" }
    let upper = window.oxidation_V.map { rounded($0, 3) } ?? "no end"
    // Spaces that do not break: a window stays on one line.
    return RichText(plain: "\(rounded(window.reduction_V, 3))\u{A0}–\u{A0}\(upper)")
  }

  private func paperWindow(_ ends: [Double]?, isNone: Bool) -> RichText {
    if let ends { return RichText(plain: ends.map { rounded($0, 2) }.joined(separator: " – ")) }
    return isNone ? "none" : "not given"
  }

  private func windowTable() -> Table {
    let rows = zip(electrolytes, results.thermodynamics).flatMap { electrolyte, result in
      configuration.thermodynamics.schemes.map { scheme -> [RichText] in
        let leads = scheme == leadingScheme
        let anion = electrolyte.anion
        return [
          leads ? name(electrolyte) : "", RichText(plain: scheme),
          RichText(
            plain: shown((result.elements[scheme]?.hullDistance_eV_per_atom ?? .nan) * 1000, 1)),
          windowText(result.elements[scheme]?.window),
          leads
            ? paperWindow(
              paper.windowElements_V[anion], isNone: paper.noWindowElements.contains(anion)) : "",
          windowText(result.intact[scheme]?.window),
          leads ? paperWindow(paper.windowIntact_V[anion], isNone: false) : "",
        ]
      }
    }
    return Table(
      caption: "Stability windows in V against Li⁺/Li: the plateau of zero lithium uptake.",
      header: [
        "electrolyte", "corrections", "above the hull (meV/atom)", "elements as vertices", "paper",
        "salt as a vertex", "paper",
      ], rows: rows, alignment: [.left, .left, .right, .right, .right, .right, .right],
      notes: noPlateauNotes() + [
        """
        Above the hull: with elements as vertices, per atom of the electrolyte. The paper's own \
        figure is the excess over Li₃PS₄ + Li₂S + LiX, which is another number.
        """
      ])
  }

  /// An electrolyte without a plateau gets a sentence that says why.
  private func noPlateauNotes() -> [RichText] {
    zip(electrolytes, results.thermodynamics).compactMap { electrolyte, result in
      guard let intact = result.intact[leadingScheme], intact.window == nil,
        let down = intact.steps.last(where: { $0.uptake > 0 }),
        let up = intact.steps.first(where: { $0.uptake < 0 })
      else { return nil }
      return """
        \(name(electrolyte)) has no plateau of zero uptake even with \
        \(formula: electrolyte.salt) whole: at \(rounded(up.from_V, 3)) V its uptake goes from \
        \(trimmed(down.uptake.rounded(to: 3))) to \(trimmed(up.uptake.rounded(to: 3))), because \
        \(sum(up.phases)) lies in the span of the vertices and binds more strongly. A basis must \
        take every phase in its span.
        """
    }
  }

  private func reactionTable() -> Table {
    Table(
      caption: "Reaction energies from the table of phases, scheme \(leadingScheme).",
      header: [
        "reaction", "per atom of all reactants (eV)", "paper (eV)", "difference (eV)",
        "per formula unit (eV)", "per Li (eV)",
      ],
      rows: zip(electrolytes, results.thermodynamics).map { electrolyte, result in
        let reaction = result.reaction[leadingScheme]
        let found = reaction?.energy_eV_per_atom_of_reactants ?? .nan
        let printed = paper.reactionEnergy_eV_per_atom[electrolyte.anion]
        return [
          reactionText(electrolyte.reaction), RichText(plain: shown(found, 3)),
          RichText(plain: printed.map { shown($0, 2) } ?? "not given"),
          RichText(plain: printed.map { signed(found - $0, 3) } ?? ""),
          RichText(plain: shown(reaction?.energy_eV_per_formula ?? .nan, 2)),
          RichText(plain: shown(reaction?.energy_eV_per_working_ion ?? .nan, 2)),
        ]
      },
      notes: [
        """
        The denominator matters: per formula unit the four differ by a few per cent only, the \
        spread per atom comes from the number of atoms.
        """
      ])
  }

  private func reactionText(_ text: String) -> RichText {
    text.split(separator: " ").reduce(RichText(plain: "")) { result, word in
      let isFormula = word.first.map { $0.isLetter } ?? false
      let piece =
        isFormula
        ? RichText(formula: String(word)) : RichText(plain: word == "->" ? "→" : String(word))
      return result + (result.plain.isEmpty ? piece : RichText(plain: " ") + piece)
    }
  }
}

/// A rounded number with a true minus sign.
func shown(_ value: Double, _ decimals: Int) -> String {
  rounded(value, decimals).replacing("-", with: "−")
}

/// A difference with its sign.
func signed(_ value: Double, _ decimals: Int) -> String {
  let text = rounded(value, decimals)
  return text.hasPrefix("-") ? text.replacing("-", with: "−") : "+" + text
}

extension Double {
  func rounded(to decimals: Int) -> Double { Double(Workflows.rounded(self, decimals)) ?? self }
}
