import Foundation
import Testing

/// `interphase energy` and `interphase potential`, run as a person would.
struct EnergyCommandTests {
  private static let potential = InterphaseProcess.root
    .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep3.nep.txt").path

  private static let cell = """
    2
    Lattice="4 0 0 0 4 0 0 0 4" Properties=species:S:1:pos:R:3 pbc="T T T"
    Li 0 0 0
    S 2 2 2.1

    """

  /// Runs `energy` on a file with that text.
  private func energy(
    _ text: String, potential: String = potential, _ more: String...
  ) throws -> InterphaseProcess {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("energy-\(UUID().uuidString).extxyz")
    try Data(text.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try InterphaseProcess(["energy", file.path, "--potential", potential] + more)
  }

  @Test func printsOneJSONObject() throws {
    let run = try energy(Self.cell, "--json", "--threads", "2")
    #expect(run.status == 0 && run.errors.isEmpty)
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let keys = try #require(object as? [String: Any])
    let energies = try #require(keys["energies_eV"] as? [Double])
    let forces = try #require(keys["forces_eV_per_A"] as? [[Double]])
    #expect(abs(try #require(keys["energy_eV"] as? Double) - energies.reduce(0, +)) < 1e-12)
    #expect(energies.count == 2 && forces.count == 2 && forces.allSatisfy { $0.count == 3 })
    #expect((keys["stress_eV_per_A3"] as? [Double])?.count == 6)
  }

  @Test func namesUnitsToAPerson() throws {
    let run = try energy(Self.cell)
    #expect(run.status == 0)
    for unit in ["eV", "energy/atom", "eV/Å", "GPa"] { #expect(run.output.contains(unit)) }
  }

  @Test(arguments: [
    (cell.replacingOccurrences(of: "S 2 2 2.1", with: "Na 2 2 2.1"), Int32(69), "Na"),
    (cell.replacingOccurrences(of: "S 2 2 2.1", with: "Qq 2 2 2.1"), 65, "Qq"),
    (cell.replacingOccurrences(of: "S 2 2 2.1", with: "S 2 2 nan"), 65, "nan"),
    (cell.replacingOccurrences(of: "S 2 2 2.1", with: "S 0 0 0.1"), 65, "0.1"),
    (cell.replacingOccurrences(of: "2\n", with: "3\n"), 65, "ends too early"),
    ("", 65, "empty"),
  ])
  func aBadStructureEndsWithOneMessage(text: String, status: Int32, says: String) throws {
    let run = try energy(text)
    #expect(run.status == status && run.output.isEmpty, "\(run.errors)")
    #expect(run.errors.hasPrefix("interphase: ") && run.errors.contains(says), "\(run.errors)")
  }

  @Test func aBadPotentialEndsWithOneMessage() throws {
    #expect(try energy(Self.cell, potential: "/nowhere/nep.txt").status == 66)
    #expect(try energy(Self.cell, potential: "nep00").status == 69)
    let notOne = InterphaseProcess.root.appendingPathComponent("Package.swift").path
    let run = try energy(Self.cell, potential: notOne)
    #expect(run.status == 65 && run.errors.contains("line 1"), "\(run.errors)")
    #expect(try energy(Self.cell, "--threads", "0").status == 64)
  }

  @Test func tellsWhatAPotentialIsMadeOf() throws {
    let run = try InterphaseProcess(["potential", "info", Self.potential, "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let keys = try #require(object as? [String: Any])
    #expect(keys["format"] as? String == "nep3" && keys["species"] as? [String] == ["Li", "S"])
    #expect(try InterphaseProcess(["potential", "list"]).output.contains("nep89"))
    #expect(try InterphaseProcess(["potential", "install", "nep00"]).status == 69)
  }
}
