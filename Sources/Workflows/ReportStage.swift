import Analysis
import Atomistics
import FileFormats
import Foundation
import Report

extension StudyRun {
  var reportName: String { planName == "short" ? "report" : "report-\(planName)" }
  var reportURL: URL { study.directory.appendingPathComponent("\(reportName).html") }
  private var figuresURL: URL {
    study.directory.appendingPathComponent(planName == "short" ? "figures" : "figures-\(planName)")
  }

  /// The page and its figures. The page lies beside `study.yaml`; the stage's own folder holds only
  /// its hash, so that a page that was altered or removed is drawn again.
  func reportStage() throws -> Stage {
    let configuration = study.configuration
    var files: [String: URL] = [:]
    for electrolyte in configuration.electrolytes {
      let name = electrolyte.name
      files["thermodynamics \(name)"] = study.results("thermodynamics")
        .appendingPathComponent("\(name).json")
      files["contact \(name)"] = study.results("contact", name)
        .appendingPathComponent("contact.json")
      files["structure \(name)"] = study.results("contact", name)
        .appendingPathComponent("contact.extxyz")
      files["analysis \(name)"] = study.results(planName, "analysis", name)
        .appendingPathComponent("analysis.json")
      for seed in plan.seeds {
        files["thermo \(name), seed \(seed)"] = study.results(
          planName, "dynamics", name, "seed-\(seed)"
        ).appendingPathComponent("thermo.csv")
        guard grading != nil else { continue }
        files["extrapolating \(name), seed \(seed)"] = study.results(
          planName, "dynamics", name, "seed-\(seed)"
        ).appendingPathComponent(DynamicsRunFiles.extrapolatingName)
      }
    }
    for crystal in study.crystals {
      files["bulk \(crystal.name)"] = study.results("bulk", crystal.name)
        .appendingPathComponent("relaxation.json")
    }
    if let grading { files["active set"] = grading.file }
    // The phase diagrams are drawn from the entries themselves.
    files["entries"] = try study.input(configuration.thermodynamics.entries)
    files["paper"] = try DataDirectory.file("paper.json")
    return try Stage(
      "report", in: study.results(planName, "report"), revision: 8,
      settings: ReportSettings(
        version: InterphaseVersion.current, name: reportName, title: configuration.title,
        potential: configuration.potential,
        limits: KnownPotential.with(sha256: potentialHash)?.limits,
        schemes: configuration.thermodynamics.schemes,
        electrolytes: configuration.electrolytes, contact: configuration.contact,
        dynamics: configuration.dynamics, slowedAgainst: configuration.slowedAgainst, plan: plan),
      inputs: hashes(of: files), outputs: ["../../../\(reportName).html", "verdict.json"],
      outputFolder: "../../../\(figuresURL.lastPathComponent)"
    ) { directory in
      let results = try StudyResults(self)
      try drawReport(results)
      try writeJSON(VerdictRecord(results), to: directory, "verdict.json")
    }
  }

  /// What the page says beside the results themselves.
  private struct ReportSettings: Encodable {
    let version: String
    let name: String
    let title: String
    let potential: String
    let limits: String?
    let schemes: [String]
    let electrolytes: [StudyConfiguration.Electrolyte]
    let contact: StudyConfiguration.Contact
    let dynamics: StudyConfiguration.Dynamics
    let slowedAgainst: String
    let plan: StudyConfiguration.Plan
  }

  private func drawReport(_ results: StudyResults) throws {
    do {
      let writer = ReportWriter(
        run: self, results: results, paper: try .carried(),
        figures: try FigureShop(folder: figuresURL))
      try writer.page().write(to: reportURL)
    } catch ReportError.gnuplotFailed where Interruption.isRequested {
      // Ctrl-C in a terminal reaches gnuplot as well.
      throw WorkflowsError.stopped(
        directory: study.directory.path, reason: "while the report was drawn")
    } catch let error as ReportError {
      throw WorkflowsError.stageFailed(
        stage: "report", reason: error.description, kind: error.failureKind)
    }
  }
}

/// `verdict.json`: verdicts with their definitions, and what they cannot say.
private struct VerdictRecord: Encodable {
  let caveat = Verdict.caveat
  let rules = Verdict.Rules()
  let ranking: ReactionRanking?
  /// By contact, of the counted oxidation state and the spread of P.
  let laws: [String: [CurveLaws]]
  /// Intact bonds with their 95 % band, by contact and cluster.
  let bands: [String: [String: SurvivalBand]]

  init(_ results: StudyResults) {
    ranking = results.ranking
    laws = Dictionary(uniqueKeysWithValues: results.analyses.map { ($0.name, $0.laws ?? []) })
    bands = Dictionary(uniqueKeysWithValues: results.analyses.map { ($0.name, $0.bands ?? [:]) })
  }
}

/// Draws figures into one folder with one gnuplot.
struct FigureShop {
  let folder: URL
  private let gnuplot: Gnuplot

  init(folder: URL) throws {
    self.folder = folder
    gnuplot = try Gnuplot()
    try createDirectory(folder)
  }

  func draw(_ figure: Figure, _ name: String, caption: RichText) throws -> Block {
    .figure(
      PageFigure(
        try FigureFile(figure, name: name, in: folder, gnuplot: gnuplot), caption: caption))
  }
}

/// Puts the page together; one extension a section, in the order of the paper.
struct ReportWriter {
  let run: StudyRun
  let results: StudyResults
  let paper: PaperNumbers
  let figures: FigureShop

  var configuration: StudyConfiguration { run.study.configuration }
  var electrolytes: [StudyConfiguration.Electrolyte] { configuration.electrolytes }
  var leadingScheme: String { configuration.thermodynamics.schemes[0] }
  var temperature: String { "\(rounded(configuration.dynamics.temperature, 0)) K" }
  /// "2 + 10 ps".
  var duration: String {
    "\(trimmed(run.plan.equilibration / 1000)) + \(trimmed(run.plan.production / 1000)) ps"
  }
  var seedCount: String {
    run.plan.seeds.count == 1 ? "one seed" : "\(run.plan.seeds.count) seeds"
  }

  /// Of each seed, whatever the study calls the cluster; nil without such bonds.
  func phosphorusSulfurBonds(_ analysis: ContactAnalysis) -> [BondSurvival]? {
    analysis.bonds[configuration.phosphorusSulfide]
  }

  func page() throws -> Page {
    Page(
      title: RichText(plain: configuration.title),
      subtitle: """
        Interphase \(InterphaseVersion.current), potential \(configuration.potential), \
        \(duration) at \(temperature), \(seedCount) per contact
        """,
      sections: [
        summarySection(), try thermodynamicsSection(), try contactSection(),
        try dynamicsSection(), try chargesSection(), try formationSection(), try spreadSection(),
        verdictSection(),
        comparisonSection(),
        try potentialSection(), provenanceSection(),
      ],
      footer: """
        After H. Fang and P. Jena, PRX Energy 2, 043013 (2023), doi 10.1103/PRXEnergy.2.043013. \
        Phase energies: Materials Project, CC BY 4.0 (Jain et al., APL Mater. 1, 011002 (2013)).
        """)
  }

  /// A formula for running text.
  func name(_ electrolyte: StudyConfiguration.Electrolyte) -> RichText {
    RichText(formula: electrolyte.formula)
  }
}

/// A number without trailing zeros.
func trimmed(_ value: Double) -> String {
  value == value.rounded() ? String(Int(value)) : String(value)
}

/// A sentence whose chemical formulas get their subscripts.
func prose(_ sentence: String) -> RichText {
  sentence.split(separator: " ", omittingEmptySubsequences: false).enumerated().reduce(
    RichText(plain: "")
  ) { text, item in
    let word = String(item.element)
    let formula = word.trimmingCharacters(in: CharacterSet(charactersIn: ",.:;"))
    let isFormula =
      formula.contains(where: \.isNumber) && formula.first?.isUppercase == true
      && (try? Composition(formula: formula)) != nil
    let space = RichText(plain: item.offset == 0 ? "" : " ")
    guard isFormula, word.hasPrefix(formula) else { return text + space + RichText(plain: word) }
    return text + space + RichText(formula: formula)
      + RichText(plain: String(word.dropFirst(formula.count)))
  }
}

/// "Li₃P + 5 Li₂S + LiCl", most of it first as the stage listed it.
func sum(_ phases: [PhaseResult]) -> RichText {
  phases.enumerated().reduce(RichText(plain: "")) { text, item in
    let amount = rounded(item.element.amount, 4)
    let number = trimmed(Double(amount) ?? item.element.amount)
    let lead = (item.offset == 0 ? "" : " + ") + (number == "1" ? "" : number + " ")
    return text + RichText(plain: lead) + RichText(formula: item.element.formula)
  }
}
