import Analysis
import Atomistics
import Foundation
import Report

extension ReportWriter {
  /// How far the reduction of P reached, by layer and time (in place of Fig. 5).
  func chargesSection() throws -> Section {
    let items = zip(electrolytes, results.analyses).compactMap { electrolyte, analysis in
      analysis.phosphorusStates.map {
        (name: ChemicalText.unicode(electrolyte.formula), charges: $0)
      }
    }
    guard let first = items.first else {
      return Section(
        "How far the reduction reached", blocks: [.paragraph("No contact holds phosphorus.")])
    }
    let figure = LayerChargeFigure(
      items,
      title: "Change of the formal oxidation state of P counted from bonds (octet rule), no charge")
    let seeds = Set(results.analyses.compactMap(\.seeds.first)).sorted().map { "\($0)" }
    let overlaid =
      items.contains { ($0.charges.contacts ?? 0) > 1 }
      ? " Where a cell has two contacts, depths count from the nearer one." : ""
    return Section(
      "How far the reduction reached",
      blocks: [
        .paragraph(
          """
          Fig. 5 of the paper shows Bader charges of P by layer and time. **This map shows no \
          charges**: a potential with a cut-off of a few ångström carries no electrons, and there is \
          no density to partition. It shows a count from bonds, the formal oxidation state. Each \
          bond of P to a more electronegative atom counts +2, each bond to another P +1, from −3 on: \
          PS₄ is +5, P₂S₆ +4, PS₃ +3, P that holds nothing but lithium −3. It shows where P–S bonds \
          are gone, in whole steps, and cannot show a charge that spreads without breaking bonds.
          """),
        try figures.draw(
          .maps(figure.map), "oxidation-state-of-P",
          caption: """
            Change of the formal oxidation state of P since the start, mean over the atoms that are \
            in a layer of \(trimmed(first.charges.layerThickness_A)) Å, seed \
            \(seeds.joined(separator: ", ")). Depth 0 is the contact plane, the electrolyte lies \
            above it. White: no P there. Lines: the labelled values of the scale.\(overlaid) \
            Measured with \(configuration.potential), which does not tell the anions apart reliably.
            """),
        .table(statesTable()),
        .paragraph(
          """
          Charges of the kind that the paper shows come from densities of single snapshots: \
          `interphase bader` partitions them and `interphase analyze charges` maps them as here.
          """),
      ])
  }

  private func statesTable() -> Table {
    let rows = zip(electrolytes, results.analyses).compactMap { electrolyte, analysis in
      analysis.phosphorusStates.map { charges -> [RichText] in
        let last = charges.times_ps.count - 1
        let deepest = (0..<charges.layers).last { (charges.changeOfAtoms[$0][last] ?? 0) <= -1 }
        return [
          name(electrolyte), RichText(plain: "\(charges.atoms)"),
          RichText(plain: shown(charges.meanOfAll[0], 2)),
          RichText(plain: shown(charges.meanOfAll[last], 2)),
          RichText(plain: deepest.map { rounded(charges.depth_A[$0 + 1], 0) } ?? "none"),
        ]
      }
    }
    return Table(
      caption: "Mean formal oxidation state of P (a count from bonds), first seed.",
      header: [
        "electrolyte", "P atoms", "at the start", "at the end",
        "deepest layer lowered by 1 or more, up to (Å)",
      ], rows: rows, alignment: [.left, .right, .right, .right, .right])
  }
}
