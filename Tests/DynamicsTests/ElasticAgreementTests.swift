import Atomistics
import Dynamics
import Foundation
import Potentials
import Testing

/// Elastic constants by calorine (Fixtures/generate_elastic.py).
private struct GoldenElasticity: Decodable {
  struct Crystal: Decodable {
    let name: String
    let lattice: [[Double]]
    let symbols: [String]
    let positions: [[Double]]
    /// ∂σ_I/∂e_J in eV/Å³, not made symmetric.
    let clamped: [[Double]]
    let relaxed: [[Double]]

    func structure() throws -> Structure {
      func vector(_ row: [Double]) -> Vector3 { Vector3(row[0], row[1], row[2]) }
      return Structure(
        lattice: Lattice(vector(lattice[0]), vector(lattice[1]), vector(lattice[2])),
        species: try symbols.map { try #require(Element($0)) }, positions: positions.map(vector))
    }
  }

  let amplitude: Double
  let crystals: [Crystal]

  init() throws {
    let fixtures = try #require(Bundle.module.resourceURL).appendingPathComponent("Fixtures")
    let data = try Data(contentsOf: fixtures.appendingPathComponent("elastic.golden.json"))
    self = try JSONDecoder().decode(GoldenElasticity.self, from: data)
  }
}

@Suite struct ElasticAgreementTests {
  /// The potential of the golden values, from the checkout that these tests were built from.
  private static func potential() throws -> NEPPotential {
    let tests = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.appendingPathComponent("PotentialsTests/Fixtures/nep4_zbl.nep.txt")
    return try NEPPotential(path: file.path)
  }

  /// A fast kernel with forces good to 1e-6 eV/Å has stresses good to about 1e-6 eV/Å³, which the
  /// difference divides by the strain.
  @Test(arguments: AtomResponse.allCases) func equalsCalorine(atoms: AtomResponse) throws {
    let golden = try GoldenElasticity()
    let potential = try Self.potential()
    #expect(golden.crystals.count == 3)
    for crystal in golden.crystals {
      var strain = FiniteStrain()
      strain.amplitude = golden.amplitude
      strain.atoms = atoms
      let found = try strain.constants(of: crystal.structure(), with: potential)
      let derivatives = atoms == .clamped ? crystal.clamped : crystal.relaxed
      let largest = derivatives.flatMap { $0 }.max() ?? 0
      let expected = ElasticConstants(
        derivatives: derivatives, amplitude: golden.amplitude, atoms: atoms)
      #expect(found.converged)
      for i in 0..<6 {
        for j in 0..<6 {
          let off = abs(found.stiffness[i][j] - expected.stiffness[i][j])
          #expect(off < 5e-4 * largest, "\(crystal.name), \(i) \(j): \(off)")
        }
      }
      #expect(found.isStable == expected.isStable)
    }
  }
}
