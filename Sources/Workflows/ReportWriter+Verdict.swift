import Analysis
import Atomistics
import Foundation
import Report

extension ReportWriter {
  /// "not enough evidence", or each contact with its outcome.
  var kinetics: String {
    let rows = results.ranking?.rows ?? []
    guard rows.contains(where: { $0.verdict.outcome != .notEnoughEvidence }) else {
      return Verdict.Outcome.notEnoughEvidence.rawValue
    }
    return rows.map { "\($0.name) \($0.verdict.outcome.rawValue)" }.joined(separator: ", ")
  }

  /// Verdicts with their reasons, least lost first.
  func verdictSection() -> Section {
    guard let ranking = results.ranking else {
      return Section(
        "Verdict", blocks: [.paragraph("No contact has P–S bonds; there is nothing to judge by.")])
    }
    let rules = Verdict.Rules()
    return Section(
      "Verdict",
      blocks: [
        .paragraph(
          RichText(
            plain: "A polyanion counts once, when it lost bonds for good. Stable: fewer than "
              + "\(rounded(rules.stableBelow * 100, 0)) % lost; passivating: an exponential law that "
              + "has stopped is \(rounded(rules.confidence * 100, 0)) % probable, something is left, and "
              + "no spent layer explains the plateau; slowed: less lost per area than "
              + "\(ranking.reference ?? "") with that probability; reacting: a law that does not stop, or "
              + "all consumed; each with \(rounded(rules.confidence * 100, 0)) % probability and at least "
              + "\(rules.seeds) seeds. Else there is not enough evidence.")),
        .table(verdictTable(ranking)),
        .list(ranking.rows.flatMap(verdictSentences)),
      ] + lawBlocks() + [
        .paragraph(RichText(plain: Verdict.caveat))
      ])
  }

  private func verdictTable(_ ranking: ReactionRanking) -> Table {
    Table(
      caption: RichText(
        plain:
          "Clusters lost per nm² of contact after \(rounded(ranking.time_ps, 1)) ps"
          + (ranking.usedUp.map {
            ", when \($0) has lost \(rounded(100 * LayerFront.spentShare, 0)) % of its clusters: a slab that "
              + "is used up can lose no more"
          } ?? "") + ", least first; bands from seeds and clusters drawn with replacement."),
      header: [
        "contact", "verdict", "lost per nm²", "95 %", "has stopped", "does not stop",
        "time constant (ps)", "loses least",
      ],
      rows: ranking.rows.map { row in
        let evidence = row.verdict.evidence
        let laws = evidence.clustersLost > 0
        func chance(_ value: Double) -> RichText { RichText(plain: rounded(value, 2)) }
        return [
          RichText(plain: row.name), RichText(plain: row.verdict.outcome.rawValue),
          RichText(plain: rounded(row.lost_per_nm2[0], 2)),
          RichText(
            plain: "\(rounded(row.lost_per_nm2[1], 2)) to \(rounded(row.lost_per_nm2[2], 2))"),
          laws ? chance(evidence.hasStopped) : "", laws ? chance(evidence.goesOn) : "",
          laws ? RichText(plain: rounded(evidence.timeConstant_ps[0], 1)) : "",
          chance(row.isLeast),
        ]
      }, alignment: [.left, .left] + Array(repeating: .right, count: 6))
  }

  /// Laws of what else changes; the verdict is on bonds alone.
  private func lawBlocks() -> [Block] {
    let rows = zip(electrolytes, results.analyses).flatMap { electrolyte, analysis in
      (analysis.laws ?? []).map { laws -> [RichText] in
        let band = laws.low.flatMap { low in
          laws.high.map { "\(signed(low, 2)) to \(signed($0, 2))" }
        }
        let best = laws.rows.max { $0.weight < $1.weight }
        return [
          name(electrolyte), prose(laws.quantity),
          RichText(plain: "\(signed(laws.change, 2)) \(laws.unit)"), RichText(plain: band ?? ""),
          RichText(
            plain: laws.hasStopped == nil ? "not told apart" : best?.law.rawValue ?? ""),
          RichText(plain: laws.hasStopped.map { rounded($0, 2) } ?? ""),
          RichText(plain: laws.stillChanging.map { rounded($0, 2) } ?? ""),
          RichText(plain: rounded(laws.independentValues, 0)),
        ]
      }
    }
    guard !rows.isEmpty else { return [] }
    return [
      .table(
        Table(
          caption: "Laws of other quantities that change as P is reduced.",
          header: [
            "contact", "quantity", "change", "95 %", "best law", "has stopped", "still changing",
            "independent values",
          ], rows: rows,
          alignment: [.left, .left, .right, .right, .left, .right, .right, .right],
          notes: [
            """
            Mean over the seeds; bands from seeds and resampled atoms. Linear, parabolic and \
            exponential laws weighed by Akaike's criterion with as many values as are independent. The \
            verdict is on bonds alone; where these go on while bonds have stopped, or the other way \
            round, doubt it.
            """
          ]))
    ]
  }

  private func verdictSentences(_ row: ReactionRanking.Row) -> [RichText] {
    var sentences = [
      "\(row.name), \(row.verdict.outcome.rawValue): "
        + row.verdict.reasons.joined(separator: "; ") + "."
    ]
    let others = row.outlook.withoutSeed.sorted { $0.key < $1.key }
    if !others.isEmpty {
      sentences.append(
        "\(row.name): "
          + others.map { "without seed \($0.key) \($0.value.rawValue)" }
          .joined(separator: ", ") + ".")
    }
    if let needed = row.outlook.neededDuration_ps {
      sentences.append(
        "\(row.name): if it goes on like this, runs of \(rounded(needed, 0)) ps would tell.")
    }
    return sentences.map { RichText(plain: $0) }
  }
}
