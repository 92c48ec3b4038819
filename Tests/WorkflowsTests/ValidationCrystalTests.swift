import Atomistics
import FileFormats
import Foundation
import Testing
import Workflows

@Suite struct ValidationCrystalTests {
  /// All energies 1.3 times those of the potential: lattices are equal, and everything else is known.
  @Test func aScaledReferenceGivesKnownRatios() throws {
    let folder = try ValidationFolder()
    defer { folder.remove() }
    var validation = try plainValidation()
    validation.crystals = [dataCrystal("Li.cif"), dataCrystal("Li2S.cif"), try folder.sulfur()]
    validation.reactions = ["2 Li + S -> Li2S", "Li2S -> S, Li"]
    validation.reference = .init(
      calculator: try ScaledCalculator(1.3), name: "scaled", sha256: "ab")
    let result = try validation.run([], in: folder.url)
    #expect(result.troubles.isEmpty, "\(result.troubles)")

    let lattice = try folder.table("lattice.csv")
    #expect(abs(try lattice.value("Li2S", "a_difference_percent")) < 0.01)
    #expect(abs(try lattice.value("Li", "volume_difference_percent")) < 0.05)
    let edges = try ["a", "b", "c"].map { try lattice.value("S", "\($0)_difference_percent") }
    let largest = try lattice.value("S", "largest_difference_percent")
    #expect(largest == edges.max { abs($0) < abs($1) })
    let experiment = try folder.table("experiment.csv")
    #expect(experiment.rows.map { $0[0] } == ["Li", "Li2S"])
    // Twelve atoms fill the cube.
    let cube = 12 * (try lattice.value("Li2S", "volume_potential_A3_per_atom"))
    let a = power(cube, 1.0 / 3)
    #expect(abs(try experiment.value("Li2S", "a_potential_percent") - 100 * (a / 5.708 - 1)) < 1e-6)

    let formation = try folder.table("formation.csv")
    let e = try ["Li", "S", "Li2S"].map { try formation.value($0, "energy_potential_eV_per_atom") }
    let hand = e[2] - (2 * e[0] + e[1]) / 3
    #expect(abs(try formation.value("Li2S", "formation_potential_eV_per_atom") - hand) < 1e-12)
    #expect(abs(try formation.value("Li2S", "formation_reference_eV_per_atom") - 1.3 * hand) < 1e-4)

    let reactions = try folder.table("reactions.csv")
    #expect(abs(try reactions.value("2 Li + S -> Li2S", "potential_eV_per_atom") - hand) < 1e-12)
    #expect(
      abs(try reactions.value("2 Li + S -> Li2S", "difference_meV_per_atom") + 300 * hand) < 0.1)
    #expect(abs(try reactions.value("Li2S -> S + 2 Li", "potential_eV_per_atom") + hand) < 1e-12)

    let eos = try folder.table("eos.csv")
    let b = try eos.value("Li", "B0_potential_GPa")
    #expect(abs(try eos.value("Li", "B0_reference_GPa") / b - 1.3) < 0.01)
    let elastic = try folder.table("elastic.csv")
    let row = try #require(elastic.rows.first { $0[0] == "Li" && $0[2] == "C11" })
    #expect(abs(Double(row[4])! / Double(row[3])! - 1.3) < 0.01)
    // The bulk modulus of both ways.
    let k = try #require(elastic.rows.first { $0[0] == "Li" && $0[2] == "K" })
    #expect(abs(Double(k[3])! / b - 1) < 0.1)
    let phonons = try folder.table("phonons.csv")
    let f = try phonons.value("Li", "highest_potential_THz")
    #expect(abs(try phonons.value("Li", "highest_reference_THz") / f - 1.3.squareRoot()) < 0.005)
    #expect(try phonons.value("Li", "translations_potential_THz") < 0.05)
    #expect(FileManager.default.fileExists(atPath: folder.path("validation.html")))
    let card = try String(contentsOfFile: folder.path("model-card.md"), encoding: .utf8)
    #expect(card.contains("## Not tested") && card.contains("2 Li + S -> Li2S"))
    #expect(card.contains(try SHA256Digest.hex(ofFile: nep4)))
  }

  @Test func aBondOnASpringHasItsStiffness() throws {
    let folder = try ValidationFolder()
    defer { folder.remove() }
    let structure = try StructureFile.read(dataCrystal("Li3PS4.cif"))
    var validation = try plainValidation()
    validation.crystals = [dataCrystal("Li3PS4.cif")]
    validation.mostAtoms = 0
    validation.reference = .init(
      calculator: TetheredCalculator(places: structure.positions, k: 17), name: "springs",
      sha256: "cd")
    let result = try validation.run([], in: folder.url)
    let bonds = try folder.table("bonds.csv")
    #expect(abs(try bonds.value("Li3PS4", "k_reference_eV_per_A2") - 17) < 1e-6)
    #expect(abs(try bonds.value("Li3PS4", "minimum_reference_A")) < 1e-9)
    #expect(abs(try bonds.value("Li3PS4", "energy_at_1.2_A_reference_eV") - 0.5 * 17 * 1.44) < 1e-6)
    #expect(abs(try bonds.value("Li3PS4", "length_reference_A") - 2.05) < 0.05)
    // Above the limit.
    #expect(!FileManager.default.fileExists(atPath: folder.path("phonons.csv")))
    #expect(result.untested.contains { $0.contains("above 0 atoms: Li3PS4") })
  }

  /// The same forces from the same start: the same motion, but for the last bits.
  @Test func equalForcesGiveEqualRadialDistributions() throws {
    let folder = try ValidationFolder()
    defer { folder.remove() }
    var validation = try plainValidation()
    validation.crystals = [dataCrystal("Li.cif")]
    validation.mostAtoms = 0
    validation.motion = try MotionSettings(duration: 250, temperature: 300)
    validation.reference = .init(calculator: try ScaledCalculator(1), name: "scaled", sha256: "ab")
    let result = try validation.run([], in: folder.url)
    let table = try folder.table("rdf.csv")
    #expect(table.rows.count == 1 && table.rows[0][2] == "Li-Li")
    #expect(try table.value("Li", "overlap") > 0.995)
    #expect(try table.value("Li", "overlap_of_halves") < 0.995)
    // Below the edge of the cell, 4.194 Å.
    #expect(try folder.table("rdf-curves.csv").rows.count == 41)
    #expect(!result.untested.contains { $0.contains("in motion") })
    #expect(throws: AtomisticsError.self) { try MotionSettings(duration: 5, temperature: 300) }
    #expect(throws: AtomisticsError.self) { try MotionSettings(duration: 500, temperature: 0) }
  }

  /// Sulfur collapses with nep3; that is told, and everything else is there.
  @Test func aCrystalThatFallsApartIsAResult() throws {
    let folder = try ValidationFolder()
    defer { folder.remove() }
    let other = repositoryRoot.appendingPathComponent("Tests/PotentialsTests/Fixtures/nep3.nep.txt")
      .path
    var validation = Validation(potential: try PotentialFile(other))
    validation.crystals = [dataCrystal("Li.cif"), try folder.sulfur()]
    validation.mostAtoms = 0
    validation.reference = .init(calculator: try ScaledCalculator(1), name: "scaled", sha256: "ab")
    let result = try validation.run([], in: folder.url)
    #expect(
      result.troubles.contains { $0.hasPrefix("S by the potential: relaxation: ") },
      "\(result.troubles)")
    let lattice = try folder.table("lattice.csv")
    let row = try #require(lattice.rows.first { $0[0] == "S" })
    #expect(row[try lattice.requiredColumn("a_potential_A")] == "")
    #expect(abs(try lattice.value("Li", "a_reference_A") - 4.194) < 0.01)
    #expect(try lattice.value("Li", "a_potential_A") > 1)
    #expect(abs(try lattice.value("S", "a_reference_A") - 4.101) < 0.01)
    let card = try String(contentsOfFile: folder.path("model-card.md"), encoding: .utf8)
    #expect(card.contains("## What failed"))
  }
}
