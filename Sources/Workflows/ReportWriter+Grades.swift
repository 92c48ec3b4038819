import Atomistics
import Foundation
import Potentials
import Report

extension ReportWriter {
  /// In which precision and with which instructions the dynamics ran.
  func arithmeticSentence() -> RichText {
    let dynamics = results.manifests.filter { $0.stage.hasPrefix("dynamics ") }
    let kinds = Set(dynamics.map { $0.provenance.arithmetic ?? "an unrecorded precision" }).sorted()
    return """
      Crystals and contacts were relaxed in double precision; the dynamics of the contacts ran in \
      \(kinds.joined(separator: "; ")). Other instructions give other bits and, over many runs, the \
      same statistics.
      """
  }

  /// How far the contacts went from the frames that the potential is trusted on.
  func gradeBlocks() throws -> [Block] {
    guard let grading = run.grading, let set = results.activeSet else {
      return [
        .paragraph(
          """
          No extrapolation grade is available: the study has no active set (\(code: "grades") under \
          \(code: "dynamics") in \(code: "study.yaml") takes one, or the potential's training set).
          """)
      ]
    }
    return [
      .paragraph(
        """
        Extrapolation grades measure every atom at every step against an active set: up to 1 its \
        environment lies within what the set spans, above 1 the potential extrapolates. A grade \
        says how far an atom is from the set, not how large the error is: one below 1 does not make \
        a force right, one above 1 does not make it wrong, and neither knows of errors that the \
        training data have themselves.
        """),
      try gradeFigure(grading.settings),
      .table(gradeTable(grading.settings)),
      .paragraph(setSentence(grading, set)),
    ]
  }

  /// "; largest extrapolation grade 3.4, above 1 in 20 % of frames" behind a contact's sentence.
  func gradeClause(_ electrolyte: StudyConfiguration.Electrolyte) -> RichText {
    let found = (results.grades[electrolyte.name] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
    guard !found.isEmpty else { return "" }
    let peaks = found.map { Self.gradeText($0.peak.grade) }
    let shares = found.map { rounded($0.share(above: GradeSummary.extrapolates) * 100, 0) }
    return RichText(
      plain: "; largest extrapolation grade \(peaks.joined(separator: ", ")), above 1 in "
        + "\(shares.joined(separator: ", ")) % of frames")
  }

  private func gradeFigure(_ settings: GradeSettings) throws -> Block {
    let series = electrolytes.flatMap { electrolyte in
      (results.grades[electrolyte.name] ?? [:]).sorted { $0.key < $1.key }.map { seed, grades in
        Series(
          name: ChemicalText.unicode(electrolyte.formula)
            + (run.plan.seeds.count > 1 ? ", seed \(seed)" : ""),
          x: grades.times_ps, y: grades.grades, color: Palette.system(electrolyte.anion))
      }
    }
    let marks = Set([1, settings.threshold]).sorted()
    // The marks stay on the axis, whatever the grades are.
    let values = series.flatMap(\.y).filter { $0 > 0 } + marks
    let range = (values.min() ?? 1) / 1.3...(values.max() ?? 1) * 1.3
    let chart = Chart(
      x: Axis("Time", unit: "ps"),
      y: Axis("Largest extrapolation grade", unit: "", range: range, isLogarithmic: true),
      series: series, shaded: equilibrationShade, lines: marks.map { ReferenceLine(y: $0) })
    return try figures.draw(
      .chart(chart), "extrapolation-grades",
      caption: """
        The largest grade of any atom in each frame. The lines are at 1, above which the potential \
        extrapolates, and at \(trimmed(settings.threshold)), above which frames are kept.
        """)
  }

  private func gradeTable(_ settings: GradeSettings) -> Table {
    let rows = zip(electrolytes, results.structures).flatMap { electrolyte, structure in
      (results.grades[electrolyte.name] ?? [:]).sorted { $0.key < $1.key }.map {
        seed, grades -> [RichText] in
        let folder = "\(run.planName)/dynamics/\(electrolyte.name)/seed-\(seed)"
        let file = "results/\(folder)/\(DynamicsRunFiles.extrapolatingName)"
        return [
          name(electrolyte), RichText(plain: "\(seed)"),
          RichText(plain: shown(grades.share(above: GradeSummary.extrapolates) * 100, 1)),
          RichText(plain: shown(grades.share(above: settings.threshold) * 100, 1)),
          RichText(plain: Self.gradeText(grades.peak.grade)),
          RichText(plain: "\(grades.peak.step)"),
          RichText(plain: "\(structure.species[grades.peak.atom].symbol) \(grades.peak.atom)"),
          RichText(plain: "\(grades.kept)"), grades.kept > 0 ? "\(code: file)" : "none",
        ]
      }
    }
    let threshold = trimmed(settings.threshold)
    return Table(
      caption: "Extrapolation grades of the contacts' atoms.",
      header: [
        "electrolyte", "seed", "frames above 1 (%)", "frames above \(threshold) (%)", "largest",
        "at step", "atom (from 0)", "frames kept", "where",
      ], rows: rows, alignment: [.left] + Array(repeating: .right, count: 7) + [.left],
      notes: [
        """
        Shares are of the frames of equilibration and production; above 1 counts from \
        \(GradeSummary.extrapolates), since single precision knows a grade to 2 %. Frames are kept for labelling \
        above a grade of \(threshold), at most one every \(trimmed(settings.interval / 1000)) ps; the \
        largest grade is that of the frames and of those kept between them.
        """
      ])
  }

  /// What the set is made of, and which elements of the contacts it does not have.
  private func setSentence(_ grading: StudyGrading, _ set: ActiveSet) -> RichText {
    let ranks = set.parts.sorted { $0.key < $1.key }.map { element, part in
      "\(element.symbol) \(part.rank) of \(part.environments)"
    }
    let missing = Set(results.structures.flatMap(\.species)).subtracting(set.parts.keys).sorted()
      .map(\.symbol)
    let source = grading.trainingSet?.lastPathComponent ?? grading.file.lastPathComponent
    let lack: RichText =
      missing.isEmpty
      ? ""
      : RichText(
        plain: " It has no environment of \(missing.joined(separator: ", ")): every such atom "
          + "extrapolates.")
    return """
      The set, from \(code: source), has of each element so many independent environments of those \
      offered, at most \(set.neurons): \(ranks.joined(separator: ", ")).
      """ + lack
  }

  /// Grades span decades: three figures.
  private static func gradeText(_ grade: Double) -> String {
    grade < 10 ? rounded(grade, 2) : grade < 100 ? rounded(grade, 1) : rounded(grade, 0)
  }
}
