import Foundation
import Testing

/// A small potential of Li, B and F that describes no material.
private let potential = InterphaseProcess.root
  .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep4_zbl.nep.txt").path

/// Caesium chloride of Li and F, and a cell of five atoms, both strained.
private let salt = """
  2
  Lattice="2.9 0 0 0 2.9 0 0 0 2.9" Properties=species:S:1:pos:R:3 pbc="T T T"
  Li 0 0 0
  F 1.45 1.45 1.45

  """
private let slab = salt.replacingOccurrences(of: "T T T", with: "T T F")

private final class Scratch {
  let url: URL
  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-elastic-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    try Data(salt.utf8).write(to: url.appendingPathComponent("salt.xyz"))
    try Data(slab.utf8).write(to: url.appendingPathComponent("slab.xyz"))
  }
  deinit { try? FileManager.default.removeItem(at: url) }
  subscript(_ name: String) -> String { url.appendingPathComponent(name).path }
}

@Suite struct ElasticCommandTests {
  @Test func refusesWhatIsNotRelaxedUnlessAskedToRelaxIt() throws {
    let scratch = try Scratch()
    let elastic = ["elastic", scratch["salt.xyz"], "--potential", potential]
    let refused = try InterphaseProcess(elastic)
    #expect(refused.status == 65 && refused.output.isEmpty)
    #expect(refused.errors.contains("not relaxed") && refused.errors.contains("0.05 GPa"))
    let run = try InterphaseProcess(elastic + ["--relax", "--json"])
    #expect(run.status == 0, "\(run.errors)")
    let object = try run.json()
    let c = try #require(object["elasticConstants_GPa"] as? [[Double]])
    // The caesium chloride of Tests/DynamicsTests/Fixtures/elastic.golden.json.
    #expect(abs(c[0][0] - 693.4) < 1 && abs(c[0][1] - 361.5) < 1 && abs(c[3][3] - 275.9) < 1)
    #expect(object["stable"] as? Bool == true && object["atoms"] as? String == "relaxed")
    let voigt = try #require(object["voigt"] as? [String: Double])
    #expect(abs(try #require(voigt["bulk_GPa"]) - (c[0][0] + 2 * c[0][1]) / 3) < 1e-6)
    #expect((object["eigenvalues_GPa"] as? [Double])?.count == 6)
    let table = try InterphaseProcess(elastic + ["--relax", "--atoms", "clamped"])
    #expect(table.output.hasPrefix("LiF, atoms clamped") && table.output.contains("Reuss"))
    #expect(!table.output.contains("-0.000"))
  }

  @Test func wrongUseAndWrongInputHaveTheirCodes() throws {
    let scratch = try Scratch()
    let elastic = ["elastic", scratch["salt.xyz"], "--potential", potential]
    #expect(try InterphaseProcess(elastic + ["--amplitude", "0"]).status == 64)
    #expect(try InterphaseProcess(elastic + ["--atoms", "still"]).status == 64)
    #expect(try InterphaseProcess(elastic + ["--residual", "1"]).status == 64)
    let open = try InterphaseProcess("elastic", scratch["slab.xyz"], "--potential", potential)
    #expect(open.status == 65 && open.errors.contains("repeats along a, b and c"))
  }
}

@Suite struct RelaxCommandTests {
  private func relax(_ scratch: Scratch, _ more: String...) throws -> InterphaseProcess {
    try InterphaseProcess(
      ["relax", scratch["salt.xyz"], "--potential", potential, "--json", "-o", scratch["out.xyz"]]
        + more)
  }

  @Test func bothMinimizersReachTheSameCell() throws {
    let scratch = try Scratch()
    let tight = ["--fmax", "1e-4", "--smax", "0.001 GPa"]
    let volumes = try ["fire", "lbfgs"].map { name in
      let run = try InterphaseProcess(
        ["relax", scratch["salt.xyz"], "--potential", potential, "--json", "--cell"]
          + ["--minimizer", name] + tight)
      #expect(run.status == 0 && run.output.contains("\"converged\" : true"), "\(run.errors)")
      return try #require(try run.json()["volume_A3"] as? Double)
    }
    #expect(abs(volumes[0] - volumes[1]) < 1e-3)
  }

  @Test func stressIsReached() throws {
    let scratch = try Scratch()
    let run = try relax(
      scratch, "--freedom", "flexible", "--stress", "-5, 2, 1, 3 0 -4 GPa", "--minimizer", "lbfgs")
    let object = try run.json()
    #expect(object["converged"] as? Bool == true)
    let stress = try #require(object["stress_GPa"] as? [Double])
    for (found, wanted) in zip(stress, [-5.0, 2, 1, 3, 0, -4]) {
      #expect(abs(found - wanted) <= 0.0101)
    }
    let squeezed = try relax(scratch, "--freedom", "isotropic", "--pressure", "2 GPa").json()
    #expect(abs(try #require(squeezed["pressure_GPa"] as? Double) - 2) <= 0.0101)
    let enthalpy = try #require(squeezed["enthalpy_eV"] as? Double)
    let energy = try #require(squeezed["energy_eV"] as? Double)
    let volume = try #require(squeezed["volume_A3"] as? Double)
    #expect(abs(enthalpy - energy - 2 / 160.2176634 * volume) < 1e-9)
  }

  @Test func wrongUseIsTold() throws {
    let scratch = try Scratch()
    #expect(try relax(scratch, "--pressure", "1 GPa").status == 64)
    #expect(try relax(scratch, "--cell", "--freedom", "plane").status == 64)
    #expect(try relax(scratch, "--cell", "--stress", "1 2 3 GPa").status == 64)
    #expect(try relax(scratch, "--cell", "--stress", "1 2 3 4 5 6").status == 64)
    let both = try relax(
      scratch, "--cell", "--pressure", "1 GPa", "--stress", "1 0 0 0 0 0 GPa")
    #expect(both.status == 64)
    #expect(try relax(scratch, "--minimizer", "newton").status == 64)
    let axis = try InterphaseProcess(
      "relax", scratch["slab.xyz"], "--potential", potential, "--freedom", "axis")
    #expect(axis.status == 65 && axis.errors.contains("does not repeat"))
  }

  @Test(arguments: [SIGTERM, SIGINT]) func stopsWithinAStepAndKeepsWhatItReached(
    signal: Int32
  ) throws {
    let scratch = try Scratch()
    let start = Date()
    // Goals that nothing reaches.
    let ended = try InterphaseProcess.interrupt(
      [
        "relax", scratch["salt.xyz"], "--potential", potential, "--cell", "--fmax", "1e-30",
        "--smax", "1e-30 GPa", "--steps", "1000000000", "-o", scratch["out.xyz"],
      ], with: signal
    ) { Date().timeIntervalSince(start) > 1.5 }
    #expect(ended.status == 75 && ended.reason == .exit)
    #expect(Date().timeIntervalSince(start) < 30)
    let rest = try InterphaseProcess(
      "relax", scratch["out.xyz"], "--potential", potential, "--cell", "--json")
    #expect(rest.output.contains("\"steps\" : 0"), "\(rest.output)\(rest.errors)")
  }
}
