import Atomistics
import Foundation
import Potentials

/// Structures with energies, forces and stresses from another program (Fixtures/generate_nep.py).
struct GoldenValues: Decodable {
  struct Row: Decodable {
    let name: String
    let lattice: [[Double]]
    let periodic: [Bool]
    let symbols: [String]
    let positions: [[Double]]
    /// eV, eV/Å, and eV/Å³ in the order xx, yy, zz, yz, xz, xy.
    let energies: [Double]
    let forces: [[Double]]
    let stress: [Double]

    func structure() throws -> Structure {
      func vector(_ row: [Double]) -> Vector3 { Vector3(row[0], row[1], row[2]) }
      let rows = lattice.map(vector)
      return Structure(
        lattice: Lattice(rows[0], rows[1], rows[2]),
        species: try symbols.map { symbol in
          guard let element = Element(symbol) else {
            throw AtomisticsError.unknownElement(symbol, context: "golden values")
          }
          return element
        },
        positions: positions.map(vector), periodic: periodic)
    }
  }

  let source: String
  let structures: [Row]

  init(_ name: String) throws {
    let data = try Data(contentsOf: Fixture.url("\(name).golden.json"))
    self = try JSONDecoder().decode(GoldenValues.self, from: data)
  }

  /// The largest difference of an evaluation from a row: energy per atom, force, stress.
  static func difference(
    _ found: Evaluation, _ row: Row
  ) -> (energy: Double, perAtom: Double, force: Double, stress: Double) {
    let count = Double(row.energies.count)
    let energy = abs(found.energy - row.energies.reduce(0, +)) / count
    let perAtom = zip(found.energies ?? [], row.energies).map { abs($0 - $1) }.max() ?? 0
    let force =
      zip(found.forces, row.forces).map { f, g in
        max(abs(f.x - g[0]), abs(f.y - g[1]), abs(f.z - g[2]))
      }.max() ?? 0
    let stress = zip(found.voigtStress, row.stress).map { abs($0 - $1) }.max() ?? 0
    return (energy, perAtom, force, stress)
  }
}

enum Fixture {
  static func url(_ name: String) -> URL {
    Bundle.module.resourceURL!.appendingPathComponent("Fixtures").appendingPathComponent(name)
  }

  static func potential(_ name: String, threads: Int = 1) throws -> NEPPotential {
    try NEPPotential(path: url("\(name).nep.txt").path, threads: threads)
  }

  /// The models that Fixtures/generate_nep.py writes.
  static let models = [
    "nep3", "nep3_zbl", "nep4", "nep4_three_body", "nep4_low_l", "nep4_zbl",
    "nep4_zbl_flexible", "nep4_zbl_covalent", "nep4_cutoffs", "nep4_high_l",
  ]

  /// Where `interphase potential install nep89` puts the file, if it is there.
  static let nep89: String? = {
    let environment = ProcessInfo.processInfo.environment
    var folder = environment["INTERPHASE_POTENTIALS"]
    if folder == nil, let cache = environment["XDG_CACHE_HOME"], !cache.isEmpty {
      folder = cache + "/interphase/potentials"
    }
    let path =
      (folder ?? NSHomeDirectory() + "/.cache/interphase/potentials") + "/nep89.txt"
    return FileManager.default.isReadableFile(atPath: path) ? path : nil
  }()
}
