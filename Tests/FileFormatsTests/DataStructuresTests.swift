import Atomistics
import FileFormats
import Foundation
import Testing

/// The structures that the project carries in `Data/Structures` are what they say.
struct DataStructuresTests {
  static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path + "/Data/Structures/"

  /// Name, formula of the conventional cell, cluster bonds in it, the nearest pair and its
  /// distance (Å), which pymatgen 2026.10.24 found in the P 1 cells of the Materials Project.
  static let crystals: [(String, String, Int, String)] = [
    ("Li", "Li2", 0, "Li-Li 2.98"), ("Li2S", "Li8S4", 0, "Li-S 2.46"),
    ("Li3P", "Li6P2", 0, "Li-P 2.44"), ("LiCl", "Li4Cl4", 0, "Li-Cl 2.54"),
    ("LiF", "Li4F4", 0, "Li-F 2.04"), ("LiBH4", "H16Li4B4", 16, "H-B 1.22"),
    ("LiBF4", "Li3B3F12", 12, "B-F 1.40"), ("LiCN", "Li4C4N4", 4, "C-N 1.18"),
    ("SCl", "S32Cl32", 0, "S-S 1.92"), ("SCl2", "S8Cl16", 0, "S-Cl 2.02"),
    ("Li3PS4", "Li12P4S16", 16, "P-S 2.03"),
  ]

  @Test(arguments: crystals)
  func crystal(name: String, formula: String, bonds: Int, nearest: String) throws {
    let structure = try StructureFile.read(Self.folder + name + ".cif")
    #expect(structure.composition.formula == formula)
    let found = Cluster.known.map { $0.bonds(in: structure).count }.reduce(0, +)
    #expect(found == bonds)
    #expect(nearestPair(structure) == nearest)
  }

  static let models: [(String, String, Int)] = [
    ("Li6PS5Cl", "Li6PS5Cl", 4), ("Li6PS5BH4", "H4Li6BPS5", 8),
    ("Li6PS5BF4", "Li6BF4PS5", 8), ("Li6PS5CN", "Li6CNPS5", 5),
  ]

  @Test(arguments: models)
  func model(name: String, formula: String, bonds: Int) throws {
    let structure = try StructureFile.read(Self.folder + name + ".extxyz")
    #expect(structure.composition.formula == formula)
    #expect(structure.lattice.matrix.determinant > 0)
    let found = Cluster.present(in: structure).map { $0.bonds(in: structure).count }
    #expect(found.reduce(0, +) == bonds)
    for cluster in Cluster.present(in: structure) {
      #expect(cluster.bonds(in: structure).count == cluster.ligandCount)
    }
  }

  private func nearestPair(_ structure: Structure) -> String {
    let list = NeighborList(structure, cutoff: 4)
    var best = (Double.infinity, "")
    for i in 0..<structure.count {
      for pair in list.pairs(of: i) {
        let distance = list.vector(pair, from: i, in: structure).length
        let ends = [structure.species[i], structure.species[Int(list.neighbors[pair])]].sorted()
        if distance < best.0 { best = (distance, "\(ends[0])-\(ends[1])") }
      }
    }
    return "\(best.1) \(String(format: "%.2f", best.0))"
  }
}
