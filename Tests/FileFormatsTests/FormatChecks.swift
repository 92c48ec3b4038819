import Atomistics
import FileFormats
import Foundation
import Testing

/// Structures that every format is tried on: triclinic, left-handed, outside the cell, tiny and
/// huge numbers.
func sampleStructures() -> [Structure] {
  var random = RandomGenerator(seed: 7)
  var samples: [Structure] = []
  let matrices = [
    Matrix3(Vector3(4.03, 0, 0), Vector3(0, 4.1, 0), Vector3(0, 0, 5)),
    Matrix3(Vector3(-0.12, 5.15, 5.14), Vector3(4.96, 0.06, 4.96), Vector3(4.89, 4.9, 0.14)),
    Matrix3(Vector3(0, 6.1, 0.3), Vector3(7.2, 0, -1), Vector3(1, 1, 30.0 / 7)),
  ]
  for matrix in matrices {
    let lattice = Lattice(matrix)
    var fractional: [Vector3] = []
    for i in 0..<2 {
      for j in 0..<2 {
        let jitter = 0.2 * random.uniform()
        fractional.append(
          Vector3(0.5 * Double(i) + jitter, 0.5 * Double(j) - jitter / 3, 0.7 + 1e-17 * jitter))
      }
    }
    let species = ["Li", "P", "Li", "S"].compactMap { Element($0) }
    samples.append(Structure(lattice: lattice, species: species, fractional: fractional))
  }
  return samples
}

/// What every format that writes must pass: the same structure comes back, atom for atom.
func checkReadsBack(_ format: any WritableFormat, _ name: String, exactly: Bool) throws {
  let directory = try TemporaryDirectory()
  for structure in sampleStructures() {
    let path = directory.file(name)
    try StructureFile.write(structure, to: path)
    let back = try StructureFile.read(path)
    if exactly {
      #expect(back.lattice == structure.lattice)
      let order = (format as? POSCAR).map { _ in POSCAR.ordered(structure).order }
      let same = structure.selecting(order ?? Array(0..<structure.count))
      #expect(back.species == same.species)
      #expect(back.positions == same.positions)
    }
    #expect(sortedDistances(back).count == sortedDistances(structure).count)
    for (a, b) in zip(sortedDistances(back), sortedDistances(structure)) {
      #expect(abs(a - b) < 1e-9)
    }
    #expect(handedness(back) == handedness(structure))
    // The same file, packed, without a telling name.
    let packed = try directory.write(gzipped(InputFile.read(path)), to: "nameless")
    #expect(try StructureFile.read(packed) == back)
  }
}

/// All pair distances within 6 Å: what rotation and the choice of cell leave alone.
func sortedDistances(_ structure: Structure) -> [Double] {
  let list = NeighborList(structure, cutoff: 6.0001)
  var distances: [Double] = []
  for i in 0..<structure.count {
    for pair in list.pairs(of: i) {
      distances.append(list.vector(pair, from: i, in: structure).length)
    }
  }
  return distances.sorted()
}

/// The sign of the triple product of the nearest vectors from P to Li, Li and S, which a mirror
/// image has the other way round.
func handedness(_ structure: Structure) -> Bool? {
  guard let center = structure.species.firstIndex(where: { $0.symbol == "P" }) else { return nil }
  let list = NeighborList(structure, cutoff: 12)
  let vectors = list.pairs(of: center).map {
    (list.vector($0, from: center, in: structure), structure.species[Int(list.neighbors[$0])])
  }.sorted { ($0.0.length, $0.1) < ($1.0.length, $1.1) }
  // The first three that do not lie in one plane.
  for i in vectors.indices {
    for j in 0..<i {
      for k in 0..<j {
        let product = vectors[k].0.dot(vectors[j].0.cross(vectors[i].0))
        if abs(product) > 1 { return product > 0 }
      }
    }
  }
  return nil
}

/// The message of what reading throws, or "read" if it does not.
func message(reading text: String, as name: String) throws -> String {
  try message(reading: Data(text.utf8), as: name)
}

func message(reading data: Data, as name: String) throws -> String {
  let directory = try TemporaryDirectory()
  let path = try directory.write(data, to: name)
  do {
    _ = try StructureFile.read(path)
    return "read"
  } catch let error as FileFormatsError {
    #expect(error.kind == .badData)
    return error.description.replacingOccurrences(of: directory.path + "/", with: "")
  }
}
