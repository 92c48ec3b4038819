import Foundation
import Testing

/// A study whose dynamics are graded, against a set that it makes itself and one that is given.
@Suite(.enabled(if: SmallStudy.hasPotential)) struct StudyGradeTests {
  private static let last = "checkpoint: 0.02 ps"

  private static func grades(_ source: String) -> [(String, String)] {
    [(last, last + "\n  grades: {\(source), threshold: 1.5, interval: 0.02 ps}")]
  }

  /// One crystal of lithium chloride: the contact's P, S and most of its Li are new to it.
  private static let frames = """
    2
    Lattice="0 2.5 2.5 2.5 0 2.5 2.5 2.5 0" Properties=species:S:1:pos:R:3 pbc="T T T"
    Li 0 0 0
    Cl 2.5 2.5 2.5

    """

  @Test func aTrainingSetBecomesTheSetOnceAndTheReportHasItsGrades() throws {
    let study = try SmallStudy()
    let plain = try study.runAll()
    #expect(plain.status == 0, "\(plain.errors)")
    let before = try study.contents(["\(SmallStudy.run)/trajectory.extxyz"])
    var page = try String(contentsOf: study["report.html"], encoding: .utf8)
    #expect(page.contains("No extrapolation grade is available"))
    #expect(page.contains("ran in single precision, "))
    try Data(Self.frames.utf8).write(to: study["train.extxyz"])
    try study.rewrite(Self.grades("training_set: train.extxyz"))
    let run = try study.runAll()
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      SmallStudy.stages(run) == ["active set", "dynamics Li6PS5Cl, seed 1", "report"],
      "\(run.errors)")
    // Grades only look.
    #expect(try study.contents(["\(SmallStudy.run)/trajectory.extxyz"]) == before)
    page = try String(contentsOf: study["report.html"], encoding: .utf8)
    #expect(page.contains("no environment of P, S"))
    #expect(page.contains("\(SmallStudy.run)/extrapolating.extxyz"))
    #expect(study.size("figures/extrapolation-grades.csv") > 0)
    #expect(SmallStudy.stages(try study.runAll()) == [])
    try study.alter("results/active-set/active-set.json")
    let again = try study.runAll()
    #expect(again.status == 0 && SmallStudy.stages(again) == ["active set"], "\(again.errors)")
    // The set that it made, given, changes nothing that is computed.
    try FileManager.default.copyItem(
      at: study["results/active-set/active-set.json"], to: study["set.json"])
    try study.rewrite(Self.grades("active_set: set.json"))
    let given = try study.runAll()
    #expect(given.status == 0 && SmallStudy.stages(given) == ["report"], "\(given.errors)")
    try study.halve("set.json")
    let cut = try study.runAll()
    #expect(cut.status == 65 && cut.errors.contains("set.json"), "\(cut.errors)")
  }

  @Test func whatIsMissingIsToldBeforeAnythingIsComputed() throws {
    let study = try SmallStudy(Self.grades("active_set: set.json"))
    let absent = try study.runAll()
    #expect(absent.status == 66 && absent.errors.contains("set.json"), "\(absent.errors)")
    try study.rewrite(Self.grades("training_set: train.extxyz"))
    let frames = try study.runAll()
    #expect(frames.status == 66 && frames.errors.contains("train.extxyz"), "\(frames.errors)")
    #expect(!FileManager.default.fileExists(atPath: study["results"].path))
    try Data().write(to: study["train.extxyz"])
    let empty = try study.runAll()
    #expect(empty.status == 65 && empty.errors.contains("no frames"), "\(empty.errors)")
    #expect(SmallStudy.stages(empty) == ["thermodynamics", "active set"], "\(empty.errors)")
  }
}
