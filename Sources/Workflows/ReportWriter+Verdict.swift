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
        .paragraph(RichText(plain: Verdict.caveat)),
      ])
  }

  private func verdictTable(_ ranking: ReactionRanking) -> Table {
    Table(
      caption: RichText(
        plain:
          "Clusters lost per nm² of contact after \(rounded(ranking.time_ps, 1)) ps, least first; "
          + "bands from seeds and clusters drawn with replacement."),
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
