import Atomistics
import Dynamics
import FileFormats
import Foundation
import Potentials
import Testing
import Thermodynamics
import Workflows

/// The potential that the program carries is what its folder says it is.
struct CarriedPotentialTests {
  private static let folder = repositoryRoot.appendingPathComponent("Data/Potentials/argyrodite-1")

  private func path(_ name: String) -> String { Self.folder.appendingPathComponent(name).path }

  private func column(_ table: CSVTable, _ name: String) throws -> Int {
    try #require(table.header.firstIndex(of: name))
  }

  @Test func theFileIsTheKnownOneAndHasAnActiveSet() throws {
    let known = try #require(KnownPotential.all.first { $0.name == "argyrodite-1" })
    #expect(try SHA256Digest.hex(ofFile: path("nep.txt")) == known.sha256)
    let resolved = try PotentialLibrary.resolve("argyrodite-1")
    #expect(try SHA256Digest.hex(ofFile: resolved) == known.sha256)
    #expect(try PotentialLibrary.install("argyrodite-1") == .alreadyInstalled(path: resolved))
    let potential = try NEPPotential(path: resolved)
    let elements = potential.header.species.map(\.symbol)
    #expect(elements == ["H", "Li", "B", "C", "N", "F", "P", "S", "Cl"])
    let set = try ActiveSetFile.read(
      path("active-set.json"), potentialSHA256: known.sha256, neurons: potential.header.neurons)
    // It was made of the frames trained on: none of a random few extrapolates.
    for frame in try TrainingFrame.read([path("train.extxyz.gz")]).prefix(20) {
      let grades = set.grades(
        of: try potential.activations(of: frame.structure), species: frame.structure.species)
      #expect((grades.max() ?? 9) < 1.01)
    }
  }

  /// Its errors are those that the training wrote beside it.
  @Test func theErrorsAreThoseOfTheTable() throws {
    let frames = try TrainingFrame.read([path("valid.extxyz.gz")])
    let found = try TrainingErrors(test: frames, try NEPPotential(path: path("nep.txt")))
    let table = try CSVTable(path: path("errors.csv"))
    let force = try column(table, "force_eV_per_A")
    for row in found.rows {
      let told = try #require(table.rows.first { $0[0] == "valid" && $0[1] == row.group })
      #expect(Int(told[2]) == row.frames)
      #expect(abs(row.force - Double(told[force])!) < 2e-4, "\(row.group)")
    }
  }

  /// Reactions with lithium within 10 meV/atom of SevenNet-l3i5's energies, and the cubic crystals'
  /// lattices within 1 %.
  @Test func reactionsAndLatticesAreThoseOfTheReference() throws {
    let potential = try NEPPotential(path: path("nep.txt"))
    var relaxation = Relaxation(cell: .flexible)
    relaxation.mostSteps = 3000
    var energies: [String: Double] = [:]
    let lattice = try CSVTable(path: path("validation/lattice.csv"))
    let reference = try column(lattice, "a_reference_A")
    for name in [
      "Li.cif", "Li2S.cif", "Li3P.cif", "LiCl.cif", "Li6PS5Cl.extxyz", "LiBH4.cif",
      "Li6PS5BH4.extxyz", "LiBF4.cif", "Li6PS5BF4.extxyz", "LiCN.cif", "Li6PS5CN.extxyz",
    ] {
      let file = dataCrystal(name)
      let start = try StructureFile.read(file)
      let result = try relaxation.relax(start, with: potential)
      #expect(result.converged, "\(name)")
      let formula = String(name.prefix { $0 != "." })
      energies[formula] = result.evaluation.energy / Double(start.count)
      if ["Li", "Li2S", "LiCl"].contains(formula) {
        let row = try #require(lattice.rows.first { $0[0] == formula })
        let edge = result.structure.lattice.a.length
        #expect(abs(edge / Double(row[reference])! - 1) < 0.01, "\(name)")
      }
    }
    let reactions = try CSVTable(path: path("validation/reactions.csv"))
    let told = try column(reactions, "reference_eV_per_atom")
    for (anion, size) in [("Cl", 13.0), ("BH4", 17), ("BF4", 17), ("CN", 14)] {
      let salt = "Li" + anion
      let atoms = [("Li2S", 15.0), ("Li3P", 4.0), (salt, size - 11)]
      let after = atoms.reduce(0) { $0 + $1.1 * energies[$1.0]! }
      let before = size * energies["Li6PS5\(anion)"]! + 8 * energies["Li"]!
      let row = try #require(reactions.rows.first { $0[0].hasPrefix("Li6PS5\(anion) + 8 Li") })
      #expect(abs((after - before) / (size + 8) - Double(row[told])!) < 0.010, "\(anion)")
    }
  }
}
