import Analysis
import Atomistics
import Foundation
import Report

extension ReportWriter {
  /// What may be concluded and what not, before anything else.
  func summarySection() -> Section {
    Section(
      "What this study says",
      blocks: [
        .facts(facts()),
        .callout(
          Callout(
            .limit, title: RichText(plain: "About kinetics: \(kinetics)"),
            paragraphs: [
              """
              \(seedCount.capitalizedFirst) of \(trimmed(run.plan.production / 1000)) ps per contact \
              with \(configuration.potential). The verdicts below are those of these runs with this \
              potential; a potential whose forces were held against density-functional theory at these \
              contacts would be needed to say the same of the materials.
              """,
              RichText(plain: potentialLimits),
              """
              The paper's mechanism is that electrons do not pass the interphase. \
              \(Verdict.caveat)
              """,
            ])),
        .paragraph("What thermodynamics says, and may be relied on as far as its energies may:"),
        .list(thermodynamicsSentences()),
        .paragraph("What the dynamics measured:"),
        .list(dynamicsSentences()),
      ])
  }

  private var potentialLimits: String {
    KnownPotential.with(sha256: run.potentialHash)?.limits ?? """
      Nothing is known to this program of the errors of \(configuration.potential); \
      `interphase learn validate` measures them.
      """
  }

  private func facts() -> [Fact] {
    zip(electrolytes, zip(results.thermodynamics, results.analyses)).map { electrolyte, pair in
      let (thermo, analysis) = pair
      let intact = (phosphorusSulfurBonds(analysis) ?? []).compactMap { $0.intactFraction.last }
      let mean = intact.reduce(0, +) / Double(max(1, intact.count))
      return Fact(
        windowText(thermo.intact[leadingScheme]?.window)
          + RichText(plain: thermo.intact[leadingScheme]?.window == nil ? "" : " V"),
        meaning: """
          window of \(name(electrolyte)), \(formula: electrolyte.salt) whole; \
          \(rounded(mean * 100, 0)) % of P–S bonds intact at the end of the run
          """)
    }
  }

  func thermodynamicsSentences() -> [RichText] {
    zip(electrolytes, results.thermodynamics).map { electrolyte, thermo in
      let elements = thermo.elements[leadingScheme]
      let intact = thermo.intact[leadingScheme]
      return """
        \(name(electrolyte)): \
        \(rounded((elements?.hullDistance_eV_per_atom ?? .nan) * 1000, 0)) meV/atom above the hull; \
        with elements as vertices it \(range(elements?.window)), with \
        \(formula: electrolyte.salt) whole it \(range(intact?.window)). At 0 V it becomes \
        \(sum(elements?.steps.first?.phases ?? [])), or \
        \(sum(intact?.steps.first?.phases ?? [])) with the anion whole.
        """
    }
  }

  private func range(_ window: WindowResult?) -> RichText {
    guard let window else { return "exchanges lithium at every voltage" }
    let upper = window.oxidation_V.map { "to \(rounded($0, 2)) V" } ?? "V upwards"
    return RichText(plain: "keeps its lithium from \(rounded(window.reduction_V, 2)) \(upper)")
  }

  func dynamicsSentences() -> [RichText] {
    zip(electrolytes, zip(results.analyses, results.contacts)).map { electrolyte, pair in
      let (analysis, contact) = pair
      let survival = phosphorusSulfurBonds(analysis) ?? []
      let intact = survival.compactMap { $0.intactFraction.last }
      let perArea = survival.compactMap { $0.brokenBonds_per_nm2?.last }
      let whole = analysis.bonds[electrolyte.anion]
      let anion: RichText =
        whole.map { runs in
          let counts = runs.map { "\($0.clustersWhole.last ?? 0) of \($0.referenceClusters)" }
          return """
            ; \(counts.joined(separator: ", ")) \(formula: electrolyte.anion) whole
            """
        } ?? ""
      return """
        \(name(electrolyte)), \(contact.atoms) atoms, \(contact.polyanionLayers) PS₄ layers: \
        \(intact.map { rounded($0 * 100, 1) }.joined(separator: ", ")) % of P–S bonds intact after \
        \(rounded(survival.first?.times_ps.last ?? 0, 1)) ps, that is \
        \(perArea.map { rounded($0, 1) }.joined(separator: ", ")) broken per nm² of contact
        """ + anion + gradeClause(electrolyte) + "."
    }
  }

  /// Where every number comes from.
  func provenanceSection() -> Section {
    let rows = results.manifests.map { manifest -> [RichText] in
      [
        RichText(plain: manifest.stage), RichText(plain: String(manifest.key.prefix(12))),
        RichText(plain: manifest.provenance.date),
        RichText(plain: shown(manifest.provenance.wallSeconds, 1)),
      ]
    }
    let machines = Set(results.manifests.map(\.provenance.machine)).sorted()
    return Section(
      "Where the numbers come from",
      blocks: [
        .list([
          "Interphase \(InterphaseVersion.current) on \(machines.joined(separator: "; ")).",
          """
          Potential \(configuration.potential), SHA-256 \(code: run.potentialHash).
          """,
          "Seeds \(run.plan.seeds.map(String.init).joined(separator: ", ")).",
          """
          Each stage's folder under \(code: "results/") holds a \(code: "manifest.json") with its \
          settings and the hashes of what it read and wrote.
          """,
        ]),
        .table(
          Table(
            caption: "Stages.", header: ["stage", "key", "finished", "seconds"], rows: rows,
            alignment: [.left, .left, .left, .right])),
      ])
  }
}

extension String {
  /// "one seed" as the beginning of a sentence.
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

extension StudyRun {
  /// What thermodynamics says and what the dynamics measured, for the terminal.
  func summary() throws -> String {
    let writer = ReportWriter(
      run: self, results: try StudyResults(self), paper: try .carried(),
      figures: try FigureShop(folder: study.results(planName, "report")))
    let lines =
      ["", "What thermodynamics says (scheme \(writer.leadingScheme)):"]
      + writer.thermodynamicsSentences().map { "  - \($0.plain)" }
      + ["", "What the dynamics measured (\(writer.duration) at \(writer.temperature)):"]
      + writer.dynamicsSentences().map { "  - \($0.plain)" }
      + [
        "",
        "About kinetics: \(writer.kinetics) (\(writer.seedCount), \(study.configuration.potential); "
          + "a local potential carries no electrons). The report says why.", "",
      ]
    return lines.joined(separator: "\n")
  }
}
