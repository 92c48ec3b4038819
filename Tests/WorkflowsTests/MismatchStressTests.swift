import Atomistics
import Potentials
import Testing
import Workflows

@Suite struct MismatchStressTests {
  /// A pull along the first lattice vector, and a pressure that the relaxed crystal has too.
  private struct Pull: Calculator {
    let name = "a pull along a"
    let cutoff = 3.0
    func validate(_ species: some Sequence<Element>) throws {}

    func evaluate(_ structure: Structure, neighbors: NeighborList) -> Evaluation {
      let a = structure.lattice.a
      let pull = (a.length - 4) * Matrix3.outer(a.normalized, a.normalized)
      return Evaluation(
        energies: [0], forces: [.zero], stress: pull + 0.003 * Matrix3.identity)
    }
  }

  private func crystal(_ a: Double, turned angle: Double) -> Structure {
    let (c, s) = (cosine(angle), sine(angle))
    return Structure(
      lattice: Lattice(Vector3(a * c, a * s, 0), Vector3(-4 * s, 4 * c, 0), Vector3(0, 0, 4)),
      species: [Element("Li")!], positions: [.zero])
  }

  @Test func theStressDoesNotDependOnTheAxes() throws {
    let stress = try MismatchStress(bulk: crystal(4, turned: 0), calculator: Pull())
    for angle in [0, 0.3, 0.785, 1.4, 2.5] {
      #expect(abs(try stress.largest(crystal(4.02, turned: angle)) - 0.02) < 1e-12)
      #expect(abs(try stress.largest(crystal(3.98, turned: angle)) - 0.02) < 1e-12)
    }
  }
}
