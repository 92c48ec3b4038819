import Atomistics
import Potentials
import Testing

/// The kernel in single precision against the plain evaluator in double precision.
struct SinglePrecisionTests {
  /// Every form of the model, on every instruction set of this processor.
  @Test(arguments: Fixture.models)
  func equalsTheReferenceOnSyntheticModels(model: String) throws {
    let reference = try Fixture.potential(model)
    for instructions in NEPInstructions.available {
      let fast = SinglePrecisionNEP(reference, instructions: instructions)
      for row in try GoldenValues(model).structures {
        let structure = try row.structure()
        let exact = try reference.evaluate(structure)
        let found = try fast.evaluate(structure)
        let scale = max(1, exact.forces.map(\.length).max()!)
        let label: Comment = "\(fast.name) with \(instructions), \(row.name)"
        #expect(abs(found.energy - exact.energy) < 1e-6 * Double(structure.count) * scale, label)
        #expect(largestDifference(found, exact) < 2e-5 * scale, label)
        #expect(
          (found.stress - exact.stress).frobeniusNorm
            < 1e-5 * max(exact.stress.frobeniusNorm, 1e-2), label)
      }
    }
  }

  /// The bar for dynamics: 2e-5 eV/Å on a thousand perturbed frames of many compositions.
  @Test(
    .enabled(
      if: Fixture.nep89 != nil,
      "NEP89 is not installed: run `interphase potential install nep89` first, as ./test does"))
  func forcesOfAThousandFramesAreNearTheReference() throws {
    let reference = try NEPPotential(path: try #require(Fixture.nep89), name: "NEP89")
    var random = RandomGenerator(seed: 11, stage: "perturbed frames")
    let rows = try GoldenValues("nep89").structures
    for (place, instructions) in NEPInstructions.available.enumerated() {
      let fast = SinglePrecisionNEP(reference, instructions: instructions)
      var evaluators = try rows.map { fast.evaluator(for: try $0.structure(), skin: 0.5) }
      let wanted = place == 0 ? 1000 : 200
      var (frames, draws) = (0, 0)
      var worst = 0.0
      while frames < wanted {
        let place = draws % rows.count
        draws += 1
        let structure = perturbed(try rows[place].structure(), &random)
        guard (try? structure.validate(minimumDistance: 0.8)) != nil else { continue }
        frames += 1
        let exact = try reference.evaluate(structure)
        worst = try max(worst, largestDifference(evaluators[place].evaluate(structure), exact))
      }
      #expect(worst < 2e-5, "\(instructions): \(worst) eV/Å")
      #expect(worst > 1e-8, "the two are not the same program")
    }
  }

  @Test func forcesSumToZeroExactly() throws {
    for model in ["nep4_zbl", "nep4_cutoffs"] {
      let fast = SinglePrecisionNEP(try Fixture.potential(model))
      for row in try GoldenValues(model).structures {
        let sum = try fast.evaluate(try row.structure()).forces.reduce(.zero, +)
        #expect(sum == .zero, "\(row.name)")
      }
    }
  }

  @Test func bitsDoNotDependOnTheThreads() throws {
    for instructions in NEPInstructions.available {
      let potentials = try [1, 2, 3, 8].map {
        SinglePrecisionNEP(
          try Fixture.potential("nep4_zbl", threads: $0), instructions: instructions)
      }
      for row in try GoldenValues("nep4_zbl").structures {
        try CalculatorChecks.giveSameBits(potentials, try row.structure().supercell(3, 2, 2))
      }
    }
  }

  /// An evaluator made anew from the origin of another one's list gives its bits.
  @Test func bitsDependOnTheStructureAndTheListOnly() throws {
    var random = RandomGenerator(seed: 3)
    let fast = SinglePrecisionNEP(try Fixture.potential("nep4_zbl"))
    let row = try #require(GoldenValues("nep4_zbl").structures.last)
    var structure = try row.structure()
    var evaluator = fast.evaluator(for: structure, skin: 0.6)
    var lists = 0
    for _ in 0..<40 {
      let before = evaluator.listOrigin
      structure.lattice = Lattice((1 + 1e-4) * structure.lattice.matrix)
      for k in structure.positions.indices {
        structure.positions[k] +=
          0.2
          * Vector3(
            random.uniform() - 0.5, random.uniform() - 0.5, random.uniform() - 0.5)
      }
      let found = try evaluator.evaluate(structure)
      if evaluator.listOrigin != before { lists += 1 }
      var origin = structure
      origin.lattice = evaluator.listOrigin.lattice
      origin.positions = evaluator.listOrigin.positions
      var restored = fast.evaluator(for: origin, skin: 0.6)
      #expect(try same(found, restored.evaluate(structure)))
      #expect(restored.listOrigin == evaluator.listOrigin)
    }
    #expect(lists > 1 && lists < 39, "\(lists) lists")
  }

  /// Margins go by the cube root of the mass and are half the skin on average; half the skin, then,
  /// where there is one element.
  @Test func lightAtomsGoFurtherBeforeTheListIsBuiltAgain() throws {
    let fast = SinglePrecisionNEP(try Fixture.potential("nep4"))
    let lattice = Lattice(Matrix3(Vector3(9, 0, 0), Vector3(1, 8, 0), Vector3(0, 2, 7)))
    func reach(_ symbols: [String], moving atom: Int) throws -> Double {
      let species = symbols.map { Element($0)! }
      let start = Structure(
        lattice: lattice, species: species,
        positions: species.indices.map { 2.5 * Vector3(Double($0), 0.3 * Double($0), 0) })
      var (low, high) = (0.0, 2.0)
      while high - low > 1e-6 {
        var moved = start
        moved.positions[atom].z -= (low + high) / 2
        var evaluator = fast.evaluator(for: start, skin: 1)
        _ = try evaluator.evaluate(moved)
        if evaluator.listOrigin == ListOrigin(start) {
          low = (low + high) / 2
        } else {
          high = (low + high) / 2
        }
      }
      return low
    }
    // Masses 6.94 and 32.06: weights 0.5243 and 0.3148, on average 0.4545.
    #expect(try abs(reach(["Li", "Li", "S"], moving: 0) - 0.5768) < 1e-3)
    #expect(try abs(reach(["Li", "Li", "S"], moving: 2) - 0.3463) < 1e-3)
    #expect(try abs(reach(["S", "S"], moving: 1) - 0.5) < 1e-5)
  }

  @Test func copiesGoOnByThemselves() throws {
    let fast = SinglePrecisionNEP(try Fixture.potential("nep4"))
    let row = try #require(GoldenValues("nep4").structures.last)
    let here = try row.structure()
    var there = here
    for k in there.positions.indices { there.positions[k] += Vector3(3, 0.2 * Double(k % 3), -1) }
    var one = fast.evaluator(for: here, skin: 0.5)
    let first = try one.evaluate(here)
    var other = one
    let moved = try other.evaluate(there)
    #expect(!same(moved, first))
    #expect(try same(one.evaluate(here), first))
    #expect(try same(other.evaluate(there), moved))
  }

  @Test func atomsWithoutAPlaceHaveNoEnergy() throws {
    let fast = SinglePrecisionNEP(try Fixture.potential("nep4"))
    let row = try #require(GoldenValues("nep4").structures.last)
    var structure = try row.structure()
    var evaluator = fast.evaluator(for: structure, skin: 1)
    structure.positions[1].y = .nan
    #expect(try evaluator.evaluate(structure).energy.isNaN)
    structure.positions[1] = try row.structure().positions[1]
    #expect(try evaluator.evaluate(structure).energy.isFinite)
  }

  private func largestDifference(_ a: Evaluation, _ b: Evaluation) -> Double {
    zip(a.forces, b.forces).map { ($0 - $1).length }.max() ?? .nan
  }

  private func same(_ a: Evaluation, _ b: Evaluation) -> Bool {
    a.energies == b.energies && a.forces == b.forces && a.stress == b.stress
  }

  /// Strained by up to 3 %, every atom moved by 0.1 Å (standard deviation along each axis).
  private func perturbed(_ structure: Structure, _ random: inout RandomGenerator) -> Structure {
    var strain = Matrix3.zero
    for row in 0..<3 {
      for column in 0..<3 { strain[row, column] = 0.06 * (random.uniform() - 0.5) }
    }
    var result = structure.strained(by: strain)
    for k in result.positions.indices {
      result.positions[k] += 0.1 * Vector3(random.gaussian(), random.gaussian(), random.gaussian())
    }
    return result
  }
}
