import Atomistics
import Potentials
import Testing

struct ActiveSetTests {
  /// A set made of small displacements of a golden structure, and those frames.
  private func selection(
    _ potential: NEPPotential, frames: Int = 6, width: Double = 0.1, model: String = "nep4_zbl"
  ) throws -> (set: ActiveSet, frames: [Structure]) {
    let start = try GoldenValues(model).structures.map { try $0.structure() }
      .max { $0.count < $1.count }!
    var random = RandomGenerator(seed: 5, stage: "active set")
    let structures = (0..<frames).map { _ in displaced(start, by: width, &random) }
    var builder = ActiveSetBuilder(neurons: potential.header.neurons)
    var passes = 0
    var exchanges = 1
    var before: [Element: Double] = [:]
    while exchanges > 0 {
      exchanges = 0
      for (frame, structure) in structures.enumerated() {
        let found = builder.offer(
          try potential.activations(of: structure), species: structure.species, frame: frame,
          counting: passes == 0)
        exchanges += found.exchanges
        for (element, value) in builder.logarithms {
          #expect(value >= before[element] ?? 0, "|det A| never falls")
        }
        before = builder.logarithms
      }
      passes += 1
      try #require(passes < 100)
    }
    return (builder.activeSet(), structures)
  }

  private func displaced(
    _ structure: Structure, by width: Double, _ random: inout RandomGenerator
  ) -> Structure {
    var result = structure
    for k in result.positions.indices {
      result.positions[k] += Vector3(
        width * random.gaussian(), width * random.gaussian(), width * random.gaussian())
    }
    return result
  }

  @Test func environmentsOfTheSetAreWithinIt() throws {
    let potential = try Fixture.potential("nep4_zbl")
    let (set, frames) = try selection(potential)
    let graded = potential.graded(against: set)
    for frame in frames {
      let grades = try #require(try graded.evaluate(frame).grades)
      #expect(grades.count == frame.count)
      #expect(grades.max()! <= 1 + ActiveSetBuilder.tolerance + 1e-9)
    }
    for part in set.parts.values {
      #expect(part.rank > 0 && part.rank <= min(part.environments, set.neurons))
    }
    #expect(try potential.evaluate(frames[0]).grades == nil, "no grade without a set")
  }

  /// h = Σ c_k (row k) has the grade max |c_k|.
  @Test func aCombinationHasTheGradeOfItsLargestShare() throws {
    let potential = try Fixture.potential("nep4_zbl")
    let (set, _) = try selection(potential)
    var random = RandomGenerator(seed: 8, stage: "shares")
    for (element, part) in set.parts {
      let shares = (0..<set.neurons).map { _ in 3 * random.gaussian() }
      let h = (0..<set.neurons).map { m in
        (0..<set.neurons).reduce(0) { $0 + shares[$1] * part.rows[$1, m] }
      }
      let expected = shares.map(abs).max()!
      let found = set.grades(of: h, species: [element])[0]
      #expect(abs(found - expected) < 1e-6 * expected)
    }
  }

  /// The wider atoms move, the farther they are outside a set of small displacements.
  @Test func distortedFramesAreOutside() throws {
    let potential = try Fixture.potential("nep4_zbl")
    let (set, frames) = try selection(potential, width: 0.01)
    let graded = potential.graded(against: set)
    var random = RandomGenerator(seed: 6, stage: "hot")
    for frame in frames {
      let largest = try [0.01, 0.1, 0.4].map { width in
        try #require(try graded.evaluate(displaced(frame, by: width, &random)).grades).max()!
      }
      #expect(largest[0] < 1.1)
      #expect(largest[1] > largest[0])
      #expect(largest[2] > 1.5 && largest[2] > largest[1])
    }
  }

  @Test(arguments: ["nep3", "nep4_zbl", "nep4_cutoffs", "nep4_high_l"])
  func theKernelGivesTheSameGradesAndLeavesForcesAlone(model: String) throws {
    let potential = try Fixture.potential(model)
    let (set, frames) = try selection(potential, model: model)
    var random = RandomGenerator(seed: 7, stage: "kernel")
    for instructions in NEPInstructions.available {
      let plain = SinglePrecisionNEP(potential, instructions: instructions)
      let graded = SinglePrecisionNEP(potential.graded(against: set), instructions: instructions)
      for frame in frames {
        let moved = displaced(frame, by: 0.1, &random)
        guard (try? moved.validate(minimumDistance: 0.2)) != nil else { continue }
        let exact = try #require(try graded.reference.evaluate(moved).grades)
        let found = try graded.evaluate(moved)
        for (a, b) in zip(exact, try #require(found.grades)) {
          #expect(abs(a - b) < 2e-2 * max(1, a), "\(instructions): \(a) and \(b)")
        }
        let without = try plain.evaluate(moved)
        #expect(without.grades == nil)
        #expect(found.energies == without.energies && found.forces == without.forces)
        #expect(found.stress == without.stress)
      }
    }
  }

  @Test func gradesFollowTheirAtomsAndNotTheThreads() throws {
    let (set, frames) = try selection(try Fixture.potential("nep4_zbl"))
    let big = frames[0].supercell(3, 2, 2)
    let order = Array((0..<big.count).reversed())
    let turned = Structure(
      lattice: big.lattice, species: order.map { big.species[$0] },
      positions: order.map { big.positions[$0] }, periodic: big.periodic)
    var first: [Double]?
    for threads in [1, 2, 5] {
      let potential = try Fixture.potential("nep4_zbl", threads: threads).graded(against: set)
      let fast = SinglePrecisionNEP(potential)
      let grades = try #require(try fast.evaluate(big).grades)
      #expect(grades == first ?? grades)
      first = grades
      let others = try #require(try potential.evaluate(turned).grades)
      let mine = try #require(try potential.evaluate(big).grades)
      for (place, atom) in order.enumerated() {
        #expect(abs(others[place] - mine[atom]) < 1e-6 * max(1, mine[atom]))
      }
    }
  }

  @Test func aSpeciesThatTheSetLacksIsOutside() throws {
    let potential = try Fixture.potential("nep4_zbl")
    let (_, frames) = try selection(potential, frames: 1)
    let empty = ActiveSet(neurons: potential.header.neurons, parts: [:])
    let grades = try #require(
      try potential.graded(against: empty).evaluate(frames[0]).grades)
    #expect(grades.allSatisfy { $0 > 1 })
  }
}
