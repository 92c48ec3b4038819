import Foundation
import Testing

/// Bad input and bad luck in the middle of a study: one message, the right code, nothing lost.
@Suite(.enabled(if: SmallStudy.hasPotential)) struct StudyDamageTests {
  private static let reference = Result { () throws -> SmallStudy in
    let study = try SmallStudy()
    let run = try study.runAll()
    try #require(run.status == 0, "\(run.errors)")
    return study
  }

  /// A crystal of the study, and what is wrong with it.
  private static let crystals: [(file: String, text: String, status: Int32, says: String)] = [
    ("gone.cif", "", 66, "gone.cif"),
    ("partial.cif", cif("Cl1 Cl 0.5 0.5 0.5 0.4"), 65, "occupied to 0.4"),
    ("unknown.xyz", xyz("Qq 2.5 2.5 2.5"), 65, "'Qq'"),
    ("nan.xyz", xyz("Cl 2.5 nan 2.5"), 65, "line 4"),
    ("close.xyz", xyz("Cl 0.1 0.0 0.0"), 65, "0.1"),
    ("short.xyz", xyz(""), 65, "line 4"),
    ("empty.cif", " ", 65, "empty.cif"),
  ]

  private static func xyz(_ second: String) -> String {
    """
    2
    Lattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3 pbc="T T T"
    Li 0.0 0.0 0.0
    \(second)

    """
  }

  private static func cif(_ second: String) -> String {
    """
    data_x
    _cell_length_a 5.1
    _cell_length_b 5.1
    _cell_length_c 5.1
    _cell_angle_alpha 90
    _cell_angle_beta 90
    _cell_angle_gamma 90
    _symmetry_space_group_name_H-M 'P 1'
    loop_
    _atom_site_label
    _atom_site_type_symbol
    _atom_site_fract_x
    _atom_site_fract_y
    _atom_site_fract_z
    _atom_site_occupancy
    Li1 Li 0 0 0 1
    \(second)

    """
  }

  @Test(arguments: crystals.indices) func aBadCrystalStopsTheStudyAndKeepsTheRest(
    index: Int
  ) throws {
    let crystal = Self.crystals[index]
    let study = try SmallStudy([("Structures/LiCl.cif", crystal.file)])
    if !crystal.text.isEmpty { try Data(crystal.text.utf8).write(to: study[crystal.file]) }
    let run = try study.runAll()
    #expect(run.status == crystal.status, "\(run.errors)")
    #expect(run.errors.contains(crystal.says) && run.errors.contains(crystal.file), "\(run.errors)")
    #expect(run.output.isEmpty)
    // What came before stays done, and a mended file goes on from there.
    try study.rewrite([])
    let status = try InterphaseProcess("study", "status", study.url.path).output
    #expect(status.contains("done      relax Li6PS5Cl"), "\(status)")
  }

  @Test(arguments: [
    ("formula,formation_energy_eV_per_atom\nLi2S,-1.5\nLi3P,,\n", "line 3"),
    ("formula,formation_energy_eV_per_atom\nLi2S,-1.5\nLi3P,low\n", "line 3"),
    ("formula,formation_energy_eV_per_atom\nLi2S,-1.5\nLi3Qq,-1\n", "'Qq'"),
    ("formula,formation_energy_eV_per_atom\nLi2S,nan\n", "line 2"),
    ("formula,energy\nLi2S,-1.5\n", "energy_eV_per_atom"), ("", "empty"),
  ])
  func aBadTableOfPhasesStopsTheStudy(text: String, says: String) throws {
    let study = try SmallStudy()
    try Data(text.utf8).write(to: study["phases.csv"])
    let run = try study.runAll()
    #expect(run.status == 65, "\(run.errors)")
    #expect(run.errors.contains("phases.csv") && run.errors.contains(says), "\(run.errors)")
    try study.remove("phases.csv")
    try study.rewrite([("entries: phases.csv", "entries: other.csv")])
    let gone = try study.runAll()
    #expect(gone.status == 66 && gone.errors.contains("other.csv"), "\(gone.errors)")
  }

  @Test func clustersOfAStudyAreCountedAndMustBeThere() throws {
    let missing = try SmallStudy([("\nmetal:", "\nclusters: [\"NO3: N-O3, 1.25 Å, -1\"]\nmetal:")])
    let refused = try missing.runAll()
    #expect(refused.status == 65 && refused.errors.contains("'NO3'"), "\(refused.errors)")
    // The same bonds by another name: everything but names is as it was.
    let own = try SmallStudy([("\nmetal:", "\nclusters: [\"thio: P-S4, 2.05 Å, -3\"]\nmetal:")])
    #expect(try own.runAll().status == 0)
    let analysis = "results/short/analysis/Li6PS5Cl/analysis.json"
    let mine = try own.json(analysis)["bonds"] as? [String: Any]
    #expect(mine?.keys.sorted() == ["thio"])
    let contact = try own.json("results/contact/Li6PS5Cl/contact.json")
    #expect(contact["clusters"] as? [String] == ["thio"])
    let usual = try Self.reference.get()
    #expect(
      try own.contents(["results/contact/Li6PS5Cl/contact.extxyz"])
        == usual.contents(["results/contact/Li6PS5Cl/contact.extxyz"]))
  }

  @Test func aPotentialThatLacksAnElementIsTold() throws {
    let study = try SmallStudy([("potential: nep89", "potential: nep.txt")])
    let fixture = InterphaseProcess.root
      .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep4_zbl.nep.txt")
    try FileManager.default.copyItem(at: fixture, to: study["nep.txt"])
    let run = try study.runAll()
    #expect(run.status == 69, "\(run.errors)")
    #expect(run.errors.contains("Li6PS5Cl") && run.errors.contains("nep.txt"), "\(run.errors)")
    #expect(study.size("results/thermodynamics/manifest.json") > 0)
    try study.halve("nep.txt")
    let cut = try study.runAll()
    #expect(cut.status == 65 && cut.errors.contains("nep.txt"), "\(cut.errors)")
  }

  /// Blocks of 1024 bytes that no file may pass: in the equilibration, in the production, in the
  /// page.
  @Test(arguments: [20, 60, 120]) func aFullDiskStopsTheStudyWhichThenGoesOn(blocks: Int) throws {
    let study = try SmallStudy()
    let full = try study.runAll(shell: "trap '' XFSZ; ulimit -f \(blocks)")
    #expect(full.status == 74, "\(full.errors)")
    let name = blocks == 20 ? "equilibration.extxyz" : blocks == 60 ? "trajectory.extxyz" : "report"
    #expect(full.errors.contains(name), "\(full.errors)")
    let rest = try study.runAll()
    let first = blocks == 120 ? "report" : "dynamics Li6PS5Cl, seed 1"
    #expect(rest.status == 0 && SmallStudy.stages(rest).first == first, "\(rest.errors)")
    #expect(try study.contents() == Self.reference.get().contents())
  }

  @Test func damagedCheckpointsGiveWayOrAreTold() throws {
    let study = try stoppedStudy()
    try study.halve("\(SmallStudy.run)/checkpoint.bin")
    let both = try SmallStudy(copyOf: study)
    try both.halve("\(SmallStudy.run)/checkpoint.previous.bin")
    let before = try both.snapshot()
    let refused = try both.runAll()
    #expect(refused.status == 65, "\(refused.errors)")
    #expect(refused.errors.contains("checkpoint.previous.bin"), "\(refused.errors)")
    #expect(refused.errors.contains("remove the checkpoint"), "\(refused.errors)")
    #expect(try both.snapshot() == before)
    let rest = try study.runAll()
    #expect(rest.status == 0 && rest.errors.contains("the checkpoint before it"), "\(rest.errors)")
    #expect(try study.contents() == Self.reference.get().contents())
    // As the message advises.
    for name in ["checkpoint.bin", "checkpoint.previous.bin"] {
      try both.remove("\(SmallStudy.run)/\(name)")
    }
    #expect(try both.runAll().status == 0)
    #expect(try both.contents() == Self.reference.get().contents())
  }

  @Test func aTrajectoryThatLostItsEndIsTold() throws {
    let study = try stoppedStudy()
    try study.halve("\(SmallStudy.run)/thermo.csv")
    let size = study.size("\(SmallStudy.run)/trajectory.extxyz")
    let run = try study.runAll()
    #expect(run.status == 65 && run.errors.contains("thermo.csv"), "\(run.errors)")
    #expect(study.size("\(SmallStudy.run)/trajectory.extxyz") == size)
  }

  /// A study that was asked to stop in the middle of its dynamics.
  private func stoppedStudy() throws -> SmallStudy {
    let study = try SmallStudy()
    let ended = try InterphaseProcess.interrupt(study.arguments(), with: SIGTERM) {
      study.size("\(SmallStudy.run)/thermo.csv") > 600
    }
    try #require(ended.status == 75)
    return study
  }

  @Test func aPlaceThatCannotBeWrittenIsTold() throws {
    let study = try SmallStudy()
    try Data("in the way".utf8).write(to: study["results"])
    let file = try study.runAll()
    #expect(file.status == 74 && file.errors.contains("results"), "\(file.errors)")
    try study.remove("results")
    // Nobody can make files there, not even root.
    try FileManager.default.createSymbolicLink(
      at: study["results"], withDestinationURL: URL(fileURLWithPath: "/proc/self"))
    let fixed = try study.runAll()
    #expect(fixed.status == 74 && fixed.errors.contains("results"), "\(fixed.errors)")
    try study.remove("results")
    #expect(try study.runAll().status == 0)
  }

  @Test(.enabled(if: getuid() != 0)) func aDirectoryWithoutPermissionIsTold() throws {
    let study = try SmallStudy()
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: study.url.path)
    defer {
      try? FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: study.url.path)
    }
    let run = try study.runAll()
    #expect(run.status == 74 && run.errors.contains("results"), "\(run.errors)")
  }
}
