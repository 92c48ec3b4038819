import Foundation
import Testing

/// What is wrong in `study.yaml` is told before anything is computed.
@Suite struct StudyFileTests {
  private static func plan(_ name: String) -> String {
    "  \(name): {equilibration: 0 ps, production: 1 ps, seeds: [1], "
      + "reference_equilibration: 0 ps, reference_production: 1 ps}\n"
  }

  /// The last line of 'dynamics'.
  private static let last = "checkpoint: 0.02 ps"

  /// What is changed to what, the line that the message names, and what it says.
  static let mistakes: [(from: String, to: String, line: Int, says: String)] = [
    ("title:", "titel:", 1, "unknown key 'titel'"),
    ("  max_area", "  max_aera", 26, "unknown key 'max_aera' in 'contact'"),
    ("contact:\n", "contact:\n  colour: {a: 1}\n", 26, "unknown key 'colour'"),
    ("  max_index: 1\n", "", 26, "lacks the key 'max_index'"),
    ("temperature: 300 K", "temperature: 300 ps", 36, "300 ps"),
    ("temperature: 300 K", "temperature: 0 K", 36, "above zero"),
    ("max_area: 80 Å^2", "max_area: -80 Å^2", 26, "above zero"),
    ("min_thickness: 5 Å", "min_thickness: thick", 33, "thick"),
    ("max_atoms: 150", "max_atoms: 150\n  termination: 0", 35, "above zero"),
    ("max_atoms: 150", "max_atoms: many", 34, "whole number"),
    ("checkpoint: 0.02 ps", "checkpoint: 0.02 K", 40, "0.02 K"),
    ("every: 0.01 ps", "every: 0.0015 ps", 42, "whole number of time steps"),
    ("    production: 0.1 ps", "    production: -0.1 ps", 42, "above 0 ps"),
    (last, last + "\n  pressure: 0 GPa", 41, "needs a 'barostat'"),
    (last, last + "\n  barostat: sideways", 41, "in-plane"),
    (last, last + "\n  barostat: flexible", 41, "the contacts have a vacuum"),
    (last, last + "\n  barostat: in-plane\n  pressure: 1 GPa", 42, "the contacts have a vacuum"),
    (last, last + "\n  barostat: in-plane\n  frozen: [metal]", 41, "strains the cell"),
    (last, last + "\n  frozen: [lithium]", 41, "electrolyte"),
    (last, last + "\n  regions: [\"metal: 300 K\"]", 41, "metal = 350 K"),
    (last, last + "\n  thermostat: berendsen", 41, "nose-hoover"),
    (last, last + "\n  grades: {threshold: 2}", 41, "needs an 'active_set'"),
    (last, last + "\n  grades:\n    active_set: a\n    training_set: b", 43, "not both"),
    (last, last + "\n  grades:\n    active_set: a\n    treshold: 3", 43, "unknown key 'treshold'"),
    (last, last + "\n  grades:\n    active_set: a\n    threshold: 0", 43, "above zero"),
    (last, last + "\n  grades:\n    active_set: a\n    stop: 1", 43, "below the threshold 2.0"),
    (last, last + "\n  grades:\n    active_set: a\n    interval: 3 K", 43, "3 K"),
    (last, last + "\n  grades:\n    active_set: a\n    interval: 1.5 fs", 43, "whole number"),
    (last, last + "\n  ramp_time: 1 ps", 41, "'final_temperature'"),
    (last, last + "\n  thermostat: none\n  final_temperature: 400 K", 41, "thermostat"),
    ("\ndynamics:\n", "\ntitle: again\ndynamics:\n", 35, "'title' stands twice"),
    ("    salt: LiCl\n", "    salt: LiCl\n    salt: LiCl\n", 17, "'salt' stands twice"),
    ("\nmetal:\n", "\nclusters: [\"X: N-O3\"]\nmetal:\n", 7, "three parts"),
    ("name: LiCl,", "name: Li,", 24, "stands for two crystals"),
    ("name: LiCl,", "name: ../LiCl,", 24, "cannot name a directory"),
    ("references: [LiCl]", "references: [LiXX]", 19, "'LiXX'"),
    ("pair: Li-Cl", "pair: Li-Qq", 19, "'Qq'"),
    ("center: Cl", "center: Qq", 20, "'Qq'"),
    ("partners: [Li, S]", "partners: []", 20, "at least one"),
    ("S], references: [LiCl]", "S], references: [LiBr]", 20, "LiBr"),
    ("LiCl.cif}", "LiCl.cif, replace: \"Cl: 2 S\"}", 24, "add up to 1"),
    ("formula: Li6PS5Cl", "formula: Li6PS5Qq", 12, "'Qq'"),
    ("working_ion: Li", "working_ion: Lithium", 2, "'Lithium'"),
    ("mp2020", "mp2021", 6, "no scheme 'mp2021'"),
    ("short:", "long:", 41, "'short'"),
    ("plans:\n", "plans:\n" + plan("../x"), 42, "cannot name a directory"),
    ("plans:\n", "plans:\n" + plan("bulk"), 42, "cannot be named 'bulk'"),
    ("seeds: [1]", "seeds: [1, 1]", 45, "each seed once"),
    ("plans:", "plans: [", 43, "not valid YAML"),
    ("contact:\n", "contact:\n\tx\n", 26, "not valid YAML"),
    ("  max_area", "  [1, 2]: 3\n  max_area", 26, "single word"),
    (SmallStudy.text, "", 1, "is empty"),
    (SmallStudy.text, "- a list\n", 1, "mapping"),
  ]

  @Test(arguments: mistakes.indices) func aMistakeNamesTheFileAndTheLine(index: Int) throws {
    let mistake = Self.mistakes[index]
    let study = try SmallStudy([(mistake.from, mistake.to)])
    for verb in ["run", "status"] {
      let run = try InterphaseProcess(["study", verb, study.url.path])
      #expect(run.status == 65, "\(run.errors)")
      #expect(run.errors.contains("study.yaml, line \(mistake.line): "), "\(run.errors)")
      #expect(run.errors.contains(mistake.says), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
      #expect(run.output.isEmpty)
    }
    #expect(!FileManager.default.fileExists(atPath: study["results/short"].path))
  }

  @Test func bytesThatAreNoTextAreTold() throws {
    let study = try SmallStudy()
    try Data([0xff, 0xfe, 0x00]).write(to: study["study.yaml"])
    let run = try study.runAll()
    #expect(run.status == 65 && run.errors.contains("study.yaml"), "\(run.errors)")
  }

  @Test func missingThingsHaveTheirCodes() throws {
    let study = try SmallStudy()
    let plan = try study.runAll("--plan", "longer")
    #expect(plan.status == 65 && plan.errors.contains("'longer'"), "\(plan.errors)")
    #expect(try study.runAll("--plan", "longer", "--full").status == 64)
    #expect(!FileManager.default.fileExists(atPath: study["results"].path))
    try study.rewrite([("potential: nep89", "potential: nep00")])
    let unknown = try study.runAll()
    #expect(unknown.status == 69 && unknown.errors.contains("nep00"), "\(unknown.errors)")
    try study.rewrite([("potential: nep89", "potential: nowhere/nep.txt")])
    #expect(try study.runAll().status == 66)
    try FileManager.default.removeItem(at: study["study.yaml"])
    let gone = try study.runAll()
    #expect(gone.status == 66 && gone.errors.contains("study init"), "\(gone.errors)")
    #expect(try InterphaseProcess(["study", "run"]).status == 64)
  }

  @Test(.enabled(if: SmallStudy.hasPotential)) func aNewStudyIsTheExampleAndNothingIsDone() throws {
    let study = try SmallStudy()
    let path = study["mine"].path
    let first = try InterphaseProcess(["study", "init", path])
    #expect(first.status == 0 && first.output.contains("study.yaml"), "\(first.errors)")
    let example = InterphaseProcess.root.appendingPathComponent("Examples/argyrodite/study.yaml")
    #expect(
      try Data(contentsOf: study["mine/study.yaml"]) == Data(contentsOf: example))
    let again = try InterphaseProcess(["study", "init", path])
    #expect(again.status == 65 && again.errors.contains("already there"), "\(again.errors)")
    let status = try InterphaseProcess(["study", "status", path])
    #expect(status.status == 0, "\(status.errors)")
    #expect(status.output.contains("missing   thermodynamics"), "\(status.output)")
    #expect(status.output.contains("waiting   report"))
    #expect(status.output.contains("0 of "))
    #expect(!FileManager.default.fileExists(atPath: study["mine/results"].path))
  }
}
