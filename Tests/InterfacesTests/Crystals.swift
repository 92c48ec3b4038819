import Atomistics
import FileFormats
import Foundation
import Interfaces

/// The crystals that the project carries, and made-up ones.
enum Crystals {
  static func data(_ name: String) throws -> Structure {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try StructureFile.read(
      root.appendingPathComponent("Data/Structures/\(name)").path)
  }

  static let argyrodites = [
    "Li6PS5Cl.extxyz", "Li6PS5BH4.extxyz", "Li6PS5BF4.extxyz", "Li6PS5CN.extxyz",
  ]

  /// Body-centred cubic lithium by its conventional cell of two atoms.
  static func lithium(_ a: Double = 3.44) throws -> Structure {
    Structure(
      lattice: Lattice(Vector3(a, 0, 0), Vector3(0, a, 0), Vector3(0, 0, a)),
      species: ["Li", "Li"].compactMap { Element($0) },
      fractional: [.zero, Vector3(0.5, 0.5, 0.5)])
  }

  /// The same by its primitive cell of one atom.
  static func primitiveLithium(_ a: Double = 3.44) -> Structure {
    Structure(
      lattice: Lattice(
        0.5 * Vector3(-a, a, a), 0.5 * Vector3(a, -a, a), 0.5 * Vector3(a, a, -a)),
      species: ["Li"].compactMap { Element($0) }, fractional: [.zero])
  }

  /// One atom on a lattice whose (0 0 1) surface has the vectors (ax, 0) and (bx, by).
  static func plane(_ ax: Double, _ bx: Double, _ by: Double) -> Structure {
    Structure(
      lattice: Lattice(Vector3(ax, 0, 0), Vector3(bx, by, 0), Vector3(0, 0, 4)),
      species: ["Li"].compactMap { Element($0) }, fractional: [.zero])
  }
}
