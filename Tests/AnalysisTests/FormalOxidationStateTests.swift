import Analysis
import Atomistics
import Testing

/// Oxidation states of polyanions as they stand in crystals (bond lengths in Å).
@Suite struct FormalOxidationStateTests {
  private static let corners = [
    Vector3(1, 1, 1), Vector3(1, -1, -1), Vector3(-1, 1, -1), Vector3(-1, -1, 1),
  ].map { $0 / 3.0.squareRoot() }

  private func structure(_ atoms: [(String, Vector3)], edge: Double = 20) -> Structure {
    Structure(
      lattice: orthorhombic(edge, edge, edge), species: atoms.map { Element($0.0)! },
      positions: atoms.map(\.1))
  }

  private func states(_ atoms: [(String, Vector3)], of center: String = "P") throws -> [Double] {
    let found = structure(atoms)
    return try FormalOxidationState(of: Element(center)!, in: found).states(in: found)
      .filter { !$0.isNaN }
  }

  /// A centre with a tetrahedron of so many ligands, the first along +x of a chain.
  private func tetrahedron(
    _ center: String, _ ligand: String, _ length: Double, count: Int = 4, at: Vector3 = .zero
  ) -> [(String, Vector3)] {
    [(center, at)] + Self.corners.prefix(count).map { (ligand, at + length * $0) }
  }

  @Test func polyanionsOfPhosphorusAndSulfur() throws {
    #expect(try states(tetrahedron("P", "S", 2.05)) == [5])
    #expect(try states(tetrahedron("P", "S", 2.08, count: 3)) == [3])
    // A bond that is stretched to 2.8 Å still counts, beyond 2.9 Å it does not.
    var stretched = tetrahedron("P", "S", 2.05)
    stretched[4].1 = 2.8 * Self.corners[3]
    #expect(try states(stretched) == [5])
    stretched[4].1 = 2.95 * Self.corners[3]
    #expect(try states(stretched) == [3])
  }

  @Test func ethaneLikeP2S6() throws {
    // Two PS3, staggered, P-P 2.25 Å.
    func half(_ sign: Double) -> [(String, Vector3)] {
      let center = Vector3(1.125 * sign, 0, 0)
      let directions = [Vector3(0, 1, 0), Vector3(0, -0.5, 0.866), Vector3(0, -0.5, -0.866)]
      return [("P", center)]
        + directions.map {
          ("S", center + 2.03 * Vector3(0.333 * sign, 0.943 * $0.y * sign, 0.943 * $0.z * sign))
        }
    }
    #expect(try states(half(1) + half(-1)) == [4, 4])
  }

  @Test func cornerSharingP2S7() throws {
    // Each P has the bridge, at 2.12 Å, and three S of its own.
    let bridge = Vector3(0, 0, 0)
    let first = tetrahedron("P", "S", 2.03, count: 4, at: -2.12 * Self.corners[0])
    let shift = 2.12 * Vector3(Self.corners[0].x, -Self.corners[0].y, Self.corners[0].z)
    let second = Self.corners.map { Vector3(-$0.x, $0.y, -$0.z) }
    let atoms: [(String, Vector3)] =
      [("S", bridge), first[0]] + first[2...].map { $0 }
      + [("P", shift)] + second.dropFirst().map { ("S", shift + 2.03 * $0) }
    #expect(atoms.count == 9)
    #expect(try states(atoms) == [5, 5])
  }

  @Test func phosphideAmongLithium() throws {
    let cage = (0..<6).map { k in
      var v = Vector3.zero
      v[k / 2] = k % 2 == 0 ? 2.5 : -2.5
      return ("Li", v)
    }
    #expect(try states([("P", .zero)] + cage) == [-3])
    #expect(try states([("P", .zero)]) == [-3])
    // Black phosphorus: three bonds to its own kind.
    let own = Self.corners.prefix(3).map { ("P", 2.23 * $0) }
    #expect(try states([("P", .zero)] + own)[0] == 0)
    #expect(
      try states([("P", .zero), ("Li", Vector3(2.5, 0, 0)), ("S", Vector3(0, 2.05, 0))]) == [-1])
  }

  @Test func otherCentres() throws {
    #expect(try states(tetrahedron("B", "H", 1.22), of: "B") == [3])
    #expect(try states(tetrahedron("B", "F", 1.39), of: "B") == [3])
    #expect(try states(tetrahedron("Si", "O", 1.62), of: "Si") == [4])
    #expect(try states(tetrahedron("S", "O", 1.48), of: "S") == [6])
    let octahedron = (0..<6).map { k in
      var v = Vector3.zero
      v[k / 2] = k % 2 == 0 ? 1.6 : -1.6
      return ("F", v)
    }
    #expect(try states([("P", .zero)] + octahedron) == [5])
    let error = analysisError { _ = try states([("Li", .zero)], of: "Li") }
    #expect(error?.description.contains("octet rule") == true && error?.kind == .usage)
  }

  @Test func ligandsAndCutoffsAreStatedAndCanBeSet() throws {
    let found = structure(
      tetrahedron("P", "S", 2.05)
        + [("H", Vector3(5, 0, 0)), ("Li", Vector3(8, 0, 0)), ("O", Vector3(5, 5, 0))])
    let count = try FormalOxidationState(of: phosphorus, in: found)
    // Hydrogen and phosphorus are too much alike; lithium gives its electrons.
    #expect(count.ligands == [Element("O")!, sulfur])
    #expect(count.cutoffs[sulfur] == 2.9)
    #expect(abs(try #require(count.cutoffs[phosphorus]) - 1.3 * 2.14) < 1e-9)
    #expect(
      count.kind.title(of: phosphorus)
        == "formal oxidation state of P counted from P-O, P-S and P-P bonds (octet rule), no charge"
    )
    #expect(count.kind.unit.isEmpty)
    let narrow = try FormalOxidationState(
      of: phosphorus, in: found, ligands: [sulfur], cutoffs: [sulfur: 2])
    #expect(narrow.states(in: found)[0] == -3 && narrow.ligands == [sulfur])
    for (ligands, cutoffs) in [
      ([phosphorus], [:]), ([sulfur], [chlorine: 2]), ([sulfur], [sulfur: -1]),
      ([sulfur], [sulfur: .nan]),
    ] as [([Element], [Element: Double])] {
      let error = analysisError {
        _ = try FormalOxidationState(
          of: phosphorus, in: found, ligands: ligands, cutoffs: cutoffs)
      }
      #expect(error?.kind == .usage)
    }
  }

  /// Bonds reach through the borders of the cell.
  @Test func wrappedAtoms() throws {
    let found = structure(tetrahedron("P", "S", 2.05), edge: 9)
    let count = try FormalOxidationState(of: phosphorus, in: found)
    #expect(count.states(in: found.wrapped())[0] == 5)
    #expect(count.states(in: found.wrapped())[1].isNaN)
  }
}
