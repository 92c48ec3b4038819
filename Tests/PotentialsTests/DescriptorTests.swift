import Atomistics
import Potentials
import Testing

struct DescriptorTests {
  private func golden(_ name: String) throws -> Structure {
    try #require(
      GoldenValues(name).structures.map { try $0.structure() }.max { $0.count < $1.count })
  }

  private static func difference(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
  }

  @Test(arguments: ["nep3", "nep4", "nep4_zbl", "nep4_high_l", "nep4_cutoffs"])
  func theyAreInvariant(_ name: String) throws {
    let potential = try Fixture.potential(name)
    let structure = try golden(name)
    let found = try potential.descriptors(of: structure)
    #expect(found.width == potential.header.descriptorCount && found.activations == nil)
    #expect(found.rows.count == structure.count * found.width)
    #expect(found.rows.contains { abs($0) > 1e-3 })
    // Moved and turned: x to y, y to z, z to x.
    var moved = structure
    let turn = Matrix3(Vector3(0, 1, 0), Vector3(0, 0, 1), Vector3(1, 0, 0))
    moved.lattice = Lattice(structure.lattice.matrix * turn)
    moved.positions = structure.positions.map { ($0 + Vector3(0.3, -0.1, 7)) * turn }
    let other = try potential.descriptors(of: moved)
    #expect(Self.difference(found.rows, other.rows) < 1e-9)
    let backwards = try potential.descriptors(
      of: structure.selecting(Array(structure.species.indices.reversed())))
    for atom in 0..<structure.count {
      let mirror = structure.count - 1 - atom
      #expect(
        Self.difference(
          Array(found.rows[(atom * found.width)..<((atom + 1) * found.width)]),
          Array(backwards.rows[(mirror * found.width)..<((mirror + 1) * found.width)])) < 1e-9)
    }
  }

  @Test func theyAreWhatTheNetworkSees() throws {
    var potential = try Fixture.potential("nep4_zbl")
    let structure = try golden("nep4_zbl")
    let found = try potential.descriptors(of: structure, withActivations: true)
    #expect(try found.activations == potential.activations(of: structure))
    potential.threads = 3
    #expect(try potential.descriptors(of: structure).rows == found.rows)
  }

  /// Nothing around an atom gives zeros; the radial part adds up neighbours and does not see their
  /// angles, which the rest does.
  @Test func theyCountNeighbours() throws {
    let potential = try Fixture.potential("nep4_zbl")
    let element = potential.header.species[0]
    func rows(_ positions: [Vector3]) throws -> [Double] {
      let structure = Structure(
        lattice: Lattice(Vector3(50, 0, 0), Vector3(0, 50, 0), Vector3(0, 0, 50)),
        species: positions.map { _ in element }, positions: positions)
      let found = try potential.descriptors(of: structure)
      return Array(found.rows[..<found.width])
    }
    let lone = try rows([.zero, Vector3(25, 25, 25)])
    #expect(lone.allSatisfy { $0 == 0 })
    let one = try rows([.zero, Vector3(2, 0, 0)])
    let two = try rows([.zero, Vector3(2, 0, 0), Vector3(0, 2, 0)])
    let line = try rows([.zero, Vector3(2, 0, 0), Vector3(-2, 0, 0)])
    let radial = potential.header.radialCount
    for n in 0..<radial {
      #expect(abs(two[n] - 2 * one[n]) < 1e-12 * max(1, abs(one[n])))
      #expect(abs(line[n] - two[n]) < 1e-12 * max(1, abs(one[n])))
    }
    #expect(Self.difference(Array(two[radial...]), Array(line[radial...])) > 1e-6)
    #expect(potential.descriptorScale.count == two.count)
  }

  @Test func unknownElementsAreTold() throws {
    let potential = try Fixture.potential("nep3")
    let uranium = Structure(
      lattice: Lattice(Vector3(5, 0, 0), Vector3(0, 5, 0), Vector3(0, 0, 5)),
      species: [Element("U")!], positions: [.zero])
    #expect(throws: PotentialsError.self) { try potential.descriptors(of: uranium) }
  }
}
