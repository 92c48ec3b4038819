import Atomistics
import Testing

@Suite struct CrystalSymmetryTests {
  /// Whether an operation carries every atom onto its like.
  private func holds(_ operation: SymmetryOperation, in crystal: Structure) -> Bool {
    let places = crystal.fractionalPositions
    return places.indices.allSatisfy { i in
      let image = operation(places[i])
      return places.indices.contains { j in
        var d = image - places[j]
        for k in 0..<3 { d[k] -= d[k].rounded() }
        return crystal.species[i] == crystal.species[j]
          && crystal.lattice.cartesian(d).length < 0.02
      }
    }
  }

  @Test(arguments: SymmetryCrystals.all.indices) func groupsAreFoundAndTheirOperationsHold(
    index: Int
  ) throws {
    let sample = SymmetryCrystals.all[index]
    for crystal in [sample.crystal, SymmetryCrystals.turned(sample.crystal, seed: 3)] {
      let symmetry = try CrystalSymmetry(crystal)
      #expect(symmetry.number == sample.number, "\(sample.name): \(symmetry.symbol)")
      let rotations = Set(symmetry.operations.map(\.rotation))
      #expect(rotations.count == sample.order)
      #expect(Set(symmetry.operations.filter(\.isProper).map(\.rotation)).count == sample.turns)
      #expect(symmetry.isChiral == (sample.order == sample.turns))
      for operation in symmetry.operations {
        #expect(holds(operation, in: crystal))
        // Lengths and angles are kept.
        let c = operation.cartesian(in: crystal.lattice)
        #expect((c * c.transpose - .identity).frobeniusNorm < 1e-9)
        #expect(abs(c.determinant - Double(operation.determinant)) < 1e-9)
        let x = Vector3(0.1, 0.23, 0.37)
        let image = crystal.lattice.cartesian(operation(x) - operation.translation)
        #expect((image - crystal.lattice.cartesian(x) * c).length < 1e-9)
      }
    }
  }

  /// A point on a plane lands on the plane's image.
  @Test func planesGoWhereTheirPointsGo() throws {
    for sample in SymmetryCrystals.all {
      for operation in try CrystalSymmetry(sample.crystal).operations {
        for h in [SIMD3(1, 0, 0), SIMD3(1, -2, 3), SIMD3(0, 1, 1)] {
          let (image, shift) = operation.plane(h)
          for x in [Vector3(0.3, -0.4, 0.9), Vector3(-1.2, 0.5, 0.1)] {
            let y = operation(x)
            let s = Double(h.x) * x.x + Double(h.y) * x.y + Double(h.z) * x.z
            let t = Double(image.x) * y.x + Double(image.y) * y.y + Double(image.z) * y.z
            #expect(abs(t - s - shift) < 1e-9)
          }
        }
      }
    }
  }

  @Test func theConventionalCellIsFoundFromAnyOther() throws {
    let primitive = Structure(
      lattice: Lattice(Vector3(0, 2.82, 2.82), Vector3(2.82, 0, 2.82), Vector3(2.82, 2.82, 0)),
      species: ["Na", "Cl"].map(SymmetryCrystals.element),
      fractional: [Vector3(0, 0, 0), Vector3(0.5, 0.5, 0.5)])
    for crystal in [primitive, primitive.supercell(2, 1, 1), SymmetryCrystals.rockSalt] {
      let symmetry = try CrystalSymmetry(crystal)
      #expect(symmetry.number == 225 && symmetry.symbol == "Fm-3m" && symmetry.pointGroup == "m-3m")
      #expect(symmetry.conventional.count == 8)
      #expect((symmetry.conventional.lattice.lengths - Vector3(repeating: 5.64)).length < 1e-9)
      #expect(symmetry.conventional.composition.reduced == primitive.composition)
    }
  }

  /// The same crystal by a left-handed basis keeps its hand.
  @Test func aLeftHandedBasisDoesNotMirror() throws {
    let quartz = SymmetryCrystals.quartz()
    var left = quartz
    left.lattice = Lattice(quartz.lattice.b, quartz.lattice.a, quartz.lattice.c)
    #expect(left.lattice.matrix.determinant < 0)
    let symmetry = try CrystalSymmetry(left)
    #expect(symmetry.number == 152)
    for operation in symmetry.operations { #expect(holds(operation, in: left)) }
  }

  @Test func whatHasNoSymmetryToFindIsRefused() {
    var slab = SymmetryCrystals.rockSalt
    slab.periodic = [true, true, false]
    #expect(throws: AtomisticsError.self) { try CrystalSymmetry(slab) }
    var doubled = SymmetryCrystals.rockSalt
    doubled.positions[2] = doubled.positions[0]
    do {
      _ = try CrystalSymmetry(doubled)
      Issue.record("two atoms in one place")
    } catch { #expect(error.description.contains("spglib finds no space group"), "\(error)") }
    let empty = Structure(lattice: slab.lattice, species: [], positions: [])
    #expect(throws: AtomisticsError.self) { try CrystalSymmetry(empty) }
    var broken = SymmetryCrystals.rockSalt
    broken.positions[0].x = .nan
    #expect(throws: AtomisticsError.self) { try CrystalSymmetry(broken) }
  }

  /// spglib's state is shared by all threads.
  @Test func manyThreadsFindTheSame() async throws {
    let numbers = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
      for k in 0..<56 {
        let sample = SymmetryCrystals.all[k % SymmetryCrystals.all.count]
        group.addTask { (try CrystalSymmetry(sample.crystal).number, sample.number) }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(numbers.count == 56 && numbers.allSatisfy { $0.0 == $0.1 })
  }
}
