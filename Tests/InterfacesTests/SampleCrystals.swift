import Atomistics
import FileFormats
import Foundation
import Interfaces

/// SampleCrystals for the tests.
enum SampleCrystals {
  static let argyrodites = ["Li6PS5Cl", "Li6PS5BH4", "Li6PS5BF4", "Li6PS5CN"]

  static func named(_ name: String) throws -> Structure {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let isArgyrodite = argyrodites.contains(name)
    return try StructureFile.read(
      root.appendingPathComponent(
        "Data/Structures/\(name).\(isArgyrodite ? "extxyz" : "cif")"
      ).path)
  }

  /// A triclinic crystal of four unlike atoms: no symmetry at all, so that it has a hand.
  static func chiral(seed: UInt64, leftHanded: Bool = false) -> Structure {
    var random = RandomGenerator(seed: seed)
    func angle() -> Double { 65 + 50 * random.uniform() }
    var lattice: Lattice
    repeat {
      lattice = Lattice(
        a: 4 + 3 * random.uniform(), b: 4 + 3 * random.uniform(), c: 4 + 3 * random.uniform(),
        alpha: angle(), beta: angle(), gamma: angle())
    } while !(lattice.volume > 40)
    if leftHanded { lattice = Lattice(lattice.b, lattice.a, lattice.c) }
    let elements = ["Li", "Na", "Cl", "F"].map { Element($0)! }
    return Structure(
      lattice: lattice, species: elements,
      fractional: elements.indices.map { k in
        Vector3(0.5 * Double(k & 1), 0.5 * Double(k >> 1 & 1), 0.25 * Double(k))
          + 0.1 * Vector3(random.uniform(), random.uniform(), random.uniform())
      })
  }

  static func cubic(_ a: Double, _ element: String, bodyCentred: Bool = true) -> Structure {
    let sites = [Vector3.zero] + (bodyCentred ? [Vector3(0.5, 0.5, 0.5)] : [])
    return Structure(
      lattice: Lattice(Vector3(a, 0, 0), Vector3(0, a, 0), Vector3(0, 0, a)),
      species: sites.map { _ in Element(element)! }, fractional: sites)
  }

  /// The elements and lengths of the shells around an atom, sorted.
  static func shells(_ structure: Structure, cutoff: Double) -> [[String]] {
    let list = NeighborList(structure, cutoff: cutoff)
    return (0..<structure.count).map { i in
      list.pairs(of: i).map { pair in
        let length = list.vector(pair, from: i, in: structure).length
        return "\(structure.species[Int(list.neighbors[pair])]) \(Int((length * 1e4).rounded()))"
      }.sorted()
    }
  }
}
