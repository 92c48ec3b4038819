import Foundation
import Testing

/// A study run, continued, changed and damaged; compared with one that ran through.
@Suite(.enabled(if: SmallStudy.hasPotential)) struct StudyRunTests {
  /// A study that ran through, on two threads.
  private static let whole = Result { () throws -> SmallStudy in
    let study = try SmallStudy()
    let run = try study.runAll()
    try #require(run.status == 0, "\(run.errors)")
    return study
  }

  private static let all = [
    "thermodynamics", "relax Li", "relax Li6PS5Cl", "relax LiCl", "contact Li6PS5Cl",
    "dynamics Li6PS5Cl, seed 1", "reference LiCl", "analyze Li6PS5Cl", "report",
  ]

  /// What must not depend on how often a study was interrupted, nor on the number of threads.
  private static let results =
    SmallStudy.grown + [
      "results/thermodynamics/Li6PS5Cl.json", "results/bulk/Li/relaxed.extxyz",
      "results/contact/Li6PS5Cl/contact.extxyz", "results/contact/Li6PS5Cl/contact.json",
      "results/short/references/LiCl/trajectory.extxyz",
      "results/short/analysis/Li6PS5Cl/analysis.json", "figures/spread.csv",
      "figures/oxidation-state-of-P.csv",
    ]

  private func expectSameResults(_ study: SmallStudy) throws {
    let whole = try Self.whole.get()
    for path in Self.results {
      #expect(try study.contents([path]) == whole.contents([path]), "\(path)")
    }
  }

  /// Dynamics takes hours; that the report cannot be drawn is told before, and all else is kept.
  @Test func withoutGnuplotOnlyTheReportFails() throws {
    let study = try SmallStudy(copyOf: Self.whole.get())
    try FileManager.default.removeItem(at: study["results/short/report"])
    let words = ["study", "run", study.url.path]
    let run = try InterphaseProcess(words, shell: "export PATH=/nowhere")
    #expect(run.status == 69 && run.errors.contains("only the report will fail"), "\(run.errors)")
    #expect(run.errors.contains("apt-get install gnuplot-nox"))
    let status = try InterphaseProcess("study", "status", study.url.path)
    #expect(status.output.contains("8 of 9 stages are done"))
    let again = try study.runAll()
    #expect(again.status == 0 && SmallStudy.stages(again) == ["report"], "\(again.errors)")
    #expect(!again.errors.contains("only the report will fail"))
  }

  @Test func oneCommandMakesAReportAndASecondDoesNothing() throws {
    let study = try SmallStudy(copyOf: Self.whole.get())
    let page = try String(contentsOf: study["report.html"], encoding: .utf8)
    #expect(page.hasSuffix("</html>\n") && page.contains("not enough evidence"))
    #expect(page.contains("as a mixture") && page.contains("unassigned"))
    let analysis = try study.json("results/short/analysis/Li6PS5Cl/analysis.json")
    let mixtures = try #require(analysis["mixtures"] as? [[String: Any]])
    let mixture = try #require(mixtures.first?["mixture"] as? [String: Any])
    let phases = try #require(mixture["phases"] as? [[String: Any]])
    #expect(phases.map { $0["name"] as? String } == ["LiCl"])
    let bands = try #require(analysis["bands"] as? [String: [String: Any]])
    #expect((bands["PS4"]?["low"] as? [Double])?.allSatisfy { $0 < 1 } == true)
    let verdict = try study.json("results/short/report/verdict.json")
    #expect(verdict.keys.sorted() == ["bands", "caveat", "laws", "rules"])
    let manifest = try study.json("\(SmallStudy.run)/manifest.json")
    let outputs = try #require(manifest["outputs"] as? [String: String])
    #expect(outputs.count == 4 && outputs.values.allSatisfy { $0.count == 64 })
    #expect((manifest["inputs"] as? [String: String])?.keys.sorted() == ["potential", "start"])
    let before = try study.snapshot()
    let again = try study.runAll()
    #expect(again.status == 0 && SmallStudy.stages(again) == [], "\(again.errors)")
    #expect(again.output.contains("Li₆PS₅Cl") && again.output.contains("report.html"))
    #expect(try study.snapshot() == before)
    let status = try InterphaseProcess("study", "status", study.url.path)
    #expect(status.output.contains("9 of 9 stages are done"))
    let redrawn = try InterphaseProcess("study", "report", study.url.path)
    #expect(redrawn.status == 0, "\(redrawn.errors)")
  }

  @Test(arguments: [SIGTERM, SIGINT]) func relaxationOfAContactStopsWithinAStep(signal: Int32)
    throws
  {
    let study = try SmallStudy()
    let ended = try InterphaseProcess.interrupt(study.arguments(), with: signal) {
      study.size("results/contact/Li6PS5Cl/as-built.POSCAR") > 0
    }
    #expect(ended.status == 75 && ended.reason == .exit)
    #expect(study.size("results/contact/Li6PS5Cl/contact.extxyz") == 0)
    let rest = try study.runAll()
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(SmallStudy.stages(rest).first == "contact Li6PS5Cl")
    try expectSameResults(study)
  }

  @Test func anotherTemperatureRedoesWhatDependsOnIt() throws {
    let study = try SmallStudy(copyOf: Self.whole.get())
    try study.rewrite([("300 K", "310 K")])
    let status = try InterphaseProcess("study", "status", study.url.path).output
    #expect(status.contains("done      contact Li6PS5Cl"))
    #expect(status.contains("outdated  dynamics Li6PS5Cl, seed 1"))
    let run = try study.runAll()
    #expect(run.status == 0 && SmallStudy.stages(run) == Array(Self.all[5...]), "\(run.errors)")
    #expect(try study.contents() != Self.whole.get().contents())
    try study.rewrite([])
    #expect(try study.runAll("--threads", "1").status == 0)
    try expectSameResults(study)
  }

  @Test(arguments: [
    ("title: A small study", "title: Another", ["report"]),
    ("anion: Cl", "anion: CN", ["report"]),
    ("windows: [3.6-4.5]", "windows: [3-5]", ["analyze Li6PS5Cl", "report"]),
    ("max_atoms: 64", "max_atoms: 30", ["reference LiCl", "analyze Li6PS5Cl", "report"]),
  ])
  func aChangeRedoesOnlyWhatFollows(from: String, to: String, stages: [String]) throws {
    let study = try SmallStudy(copyOf: Self.whole.get())
    try study.rewrite([(from, to)])
    let run = try study.runAll()
    #expect(run.status == 0 && SmallStudy.stages(run) == stages, "\(run.errors)")
  }

  @Test(arguments: [
    ("results/thermodynamics/Li6PS5Cl.json", "thermodynamics"),
    ("results/bulk/LiCl/relaxed.extxyz", "relax LiCl"),
    ("results/contact/Li6PS5Cl/contact.json", "contact Li6PS5Cl"),
    ("\(SmallStudy.run)/trajectory.extxyz", "dynamics Li6PS5Cl, seed 1"),
    ("results/short/analysis/Li6PS5Cl/analysis.json", "analyze Li6PS5Cl"),
    ("report.html", "report"), ("figures/spread.csv", "report"),
    ("results/contact/Li6PS5Cl/manifest.json", "contact Li6PS5Cl"),
    ("\(SmallStudy.run)/manifest.json", "dynamics Li6PS5Cl, seed 1"),
  ])
  func aDamagedOrLostFileIsMadeAgainAndNothingElse(path: String, stage: String) throws {
    let study = try SmallStudy(copyOf: Self.whole.get())
    for damage in [study.halve, study.alter, study.remove] {
      try damage(path)
      let run = try study.runAll()
      #expect(run.status == 0 && SmallStudy.stages(run) == [stage], "\(run.errors)")
      try expectSameResults(study)
    }
    #expect(SmallStudy.stages(try study.runAll()) == [])
  }

  /// A file that shows where the study is, and how long it must be before the kill.
  @Test(arguments: [
    [("results/bulk/Li6PS5Cl/.key", 1)], [("results/contact/Li6PS5Cl/.key", 1)],
    [("\(SmallStudy.run)/run.json", 1), ("\(SmallStudy.run)/thermo.csv", 1100)],
    [("\(SmallStudy.run)/thermo.csv", 400), ("\(SmallStudy.run)/thermo.csv", 1800)],
    [("results/short/references/LiCl/thermo.csv", 600), ("results/short/report/.key", 1)],
  ])
  func killedAndStartedAgainEndsWithTheSameBytes(points: [(String, Int)]) throws {
    let study = try SmallStudy()
    for (path, size) in points {
      let ended = try InterphaseProcess.interrupt(study.arguments(), with: SIGKILL) {
        study.size(path) >= size
      }
      #expect(ended.reason == .uncaughtSignal)
    }
    #expect(!FileManager.default.fileExists(atPath: study["report.html"].path))
    let rest = try study.runAll()
    #expect(rest.status == 0, "\(rest.errors)")
    try expectSameResults(study)
  }

  @Test func stoppedBySignalAndClosedToASecondRun() throws {
    let study = try SmallStudy()
    var second: InterphaseProcess?
    let ended = try InterphaseProcess.interrupt(study.arguments(), with: SIGTERM) {
      study.size("\(SmallStudy.run)/thermo.csv") > 0
    } whileHalted: {
      second = try study.runAll()
    }
    #expect(ended.status == 75 && ended.reason == .exit)
    #expect(second?.status == 74)
    #expect(second?.errors.contains("another interphase is at work") == true)
    let early = try InterphaseProcess("study", "report", study.url.path)
    #expect(early.status == 66 && early.errors.contains("study run"), "\(early.errors)")
    let rest = try study.runAll()
    let done = SmallStudy.stages(rest)
    #expect(!done.isEmpty && done == Array(Self.all[5...].suffix(done.count)), "\(rest.errors)")
    try expectSameResults(study)
  }

  @Test func aRunThatGoesOnSaysSoBelowItsStage() throws {
    let study = try SmallStudy()
    let ended = try InterphaseProcess.interrupt(study.arguments(), with: SIGTERM) {
      study.size("\(SmallStudy.run)/thermo.csv") >= 400
    }
    #expect(ended.status == 75)
    let rest = try study.runAll()
    #expect(SmallStudy.stages(rest).first == "dynamics Li6PS5Cl, seed 1", "\(rest.errors)")
    let lines = rest.errors.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("        going on after step ") }, "\(rest.errors)")
  }

  @Test func aSignalInARelaxationStopsBeforeTheNextStage() throws {
    let study = try SmallStudy()
    let ended = try InterphaseProcess.interrupt(study.arguments(), with: SIGTERM) {
      study.size("results/bulk/Li6PS5Cl/.key") > 0
    }
    #expect(ended.status == 75)
    #expect(!FileManager.default.fileExists(atPath: study["results/short/dynamics"].path))
  }
}
