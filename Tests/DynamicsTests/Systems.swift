import Atomistics
import Potentials

/// Argon and krypton with textbook parameters.
let rareGas = LennardJones(
  [
    Element("Ar")!: .init(epsilon: 0.0104, sigma: 3.4),
    Element("Kr")!: .init(epsilon: 0.0141, sigma: 3.65),
  ], cutoff: 7)

func primitiveArgon(a: Double) -> Structure {
  let h = a / 2
  return Structure(
    lattice: Lattice(Vector3(0, h, h), Vector3(h, 0, h), Vector3(h, h, 0)),
    species: [Element("Ar")!], positions: [.zero])
}

/// 4 n³ atoms of face-centred cubic argon.
func argonCrystal(_ n: Int, a: Double = 5.3) -> Structure {
  let cell = Structure(
    lattice: Lattice(Vector3(a, 0, 0), Vector3(0, a, 0), Vector3(0, 0, a)),
    species: Array(repeating: Element("Ar")!, count: 4),
    fractional: [
      .zero, Vector3(0, 0.5, 0.5), Vector3(0.5, 0, 0.5), Vector3(0.5, 0.5, 0),
    ])
  return cell.supercell(n, n, n)
}

/// A triclinic mixture, shaken.
func shakenMixture(seed: UInt64, by amplitude: Double = 0.3) -> Structure {
  var generator = RandomGenerator(seed: seed)
  var structure = argonCrystal(2, a: 5.5)
  for k in structure.positions.indices {
    if generator.uniform() < 0.4 { structure.species[k] = Element("Kr")! }
    for axis in 0..<3 {
      structure.positions[k][axis] += amplitude * (2 * generator.uniform() - 1)
    }
  }
  let strain = Matrix3(
    Vector3(0.02, 0.03, -0.02), Vector3(0, -0.01, 0.04), Vector3(0.01, 0, 0.03))
  return structure.strained(by: strain)
}

/// Atoms each tied to its own place by springs along x, y and z, and in a ring to one another by
/// quartic springs, U = Σ k u²/2 + Σ g |u_i − u_{i+1}|⁴/4, so that energy passes between them.
struct Wells: ShortRangeCalculator {
  let sites: [Vector3]
  /// Spring constants along x, y, z in eV/Å².
  let springs: [Vector3]
  /// g in eV/Å⁴.
  var coupling = 0.0

  var name: String { "wells" }
  var cutoff: Double { 0.5 }
  func validate(_ species: some Sequence<Element>) throws {}

  func evaluate(_ structure: Structure, neighbors: NeighborList) -> Evaluation {
    var energies: [Double] = []
    var forces: [Vector3] = []
    for k in sites.indices {
      let u = structure.positions[k] - sites[k]
      energies.append(0.5 * (springs[k] * u).dot(u))
      forces.append(-springs[k] * u)
    }
    if coupling > 0 { couple(structure, &energies, &forces) }
    return Evaluation(energies: energies, forces: forces, stress: .zero)
  }

  private func couple(
    _ structure: Structure, _ energies: inout [Double], _ forces: inout [Vector3]
  ) {
    for k in sites.indices {
      let next = (k + 1) % sites.count
      let stretch =
        structure.positions[next] - sites[next] - (structure.positions[k] - sites[k])
      let squared = stretch.lengthSquared
      energies[k] += 0.25 * coupling * squared * squared
      forces[k] += coupling * squared * stretch
      forces[next] -= coupling * squared * stretch
    }
  }
}

/// Running mean and variance.
struct Moments {
  private(set) var count = 0.0
  private(set) var mean = 0.0
  private var squares = 0.0

  mutating func add(_ x: Double) {
    count += 1
    let delta = x - mean
    mean += delta / count
    squares += delta * (x - mean)
  }
  var variance: Double { squares / count }
}
