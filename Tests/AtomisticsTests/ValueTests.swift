import Atomistics
import Testing

@Suite struct CompositionTests {
  @Test(arguments: [
    ("Li6PS5Cl", 13.0, "Li6PS5Cl"), ("Li6PS5(BH4)", 17, "Li6PS5BH4"), ("Li0.5C6", 6.5, "Li0.5C6"),
    ("Li2(B12H12)", 26, "Li2B12H12"), ("Ca(OH)2", 5, "CaO2H2"), ("[Li3(PS4)]2", 16, "Li6P2S8"),
  ])
  func reads(formula: String, atoms: Double, flat: String) throws {
    let composition = try Composition(formula: formula)
    #expect(composition.atomCount == atoms)
    #expect(composition.formula == flat)
  }

  @Test(arguments: ["", "li", "Li(", "Li)", "()", "Li-1", "Li0", "Xx2", "6Li", "Li..5", "LiÜ"])
  func refuses(formula: String) {
    #expect(throws: AtomisticsError.self) { try Composition(formula: formula) }
  }

  @Test func equalWhateverTheOrder() throws {
    #expect(try Composition(formula: "SLi2") == Composition(formula: "Li2S"))
    #expect(try Composition(formula: "Li4S2").reduced == Composition(formula: "Li2S"))
    #expect(try Composition(formula: "Li2S") != Composition(formula: "LiS"))
  }
}

@Suite struct LatticeTests {
  @Test(arguments: 0..<10) func thereAndBack(seed: Int) {
    var random = RandomGenerator(seed: UInt64(seed))
    func near(_ x: Double) -> Double { x + 20 * (random.uniform() - 0.5) }
    let lattice = Lattice(
      a: 3 + 4 * random.uniform(), b: 5, c: 6, alpha: near(90), beta: near(90), gamma: near(90))
    let s = Vector3(random.uniform(), random.uniform(), -random.uniform())
    #expect((lattice.fractional(lattice.cartesian(s)) - s).length < 1e-12)
    let again = Lattice(
      a: lattice.lengths.x, b: lattice.lengths.y, c: lattice.lengths.z, alpha: lattice.angles.x,
      beta: lattice.angles.y, gamma: lattice.angles.z)
    #expect(abs(again.volume - lattice.volume) < 1e-9)
    // Each height times the area of its face is the volume.
    #expect(
      abs(lattice.heights.z * lattice.a.cross(lattice.b).length - lattice.volume) < 1e-9)
  }

  @Test func planesAreRefused() {
    #expect(throws: AtomisticsError.self) {
      try Lattice(validating: Matrix3(Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(1, 1, 0)))
    }
  }
}

@Suite struct QuantityTests {
  @Test func readsUnits() throws {
    #expect(try Quantity.temperature("300 K") == 300)
    #expect(try Quantity.time("20 ps") == 20_000)
    #expect(try Quantity.time("0.5fs") == 0.5)
    #expect(try Quantity.area("300 Å^2") == 300)
    #expect(try abs(Quantity.energyPerAtom("8.6 meV/atom") - 0.0086) < 1e-15)
    #expect(try abs(Quantity.pressure("0.1 GPa") * Units.gigapascal - 0.1) < 1e-15)
  }

  @Test(arguments: ["20", "20 s", "ps", "", "nan ps", "1 2 ps!", "inf fs"])
  func refusesWhatIsNoTime(text: String) {
    #expect(throws: AtomisticsError.self) { try Quantity.time(text) }
  }
}

@Suite struct RandomGeneratorTests {
  /// xoshiro256** seeded by SplitMix64 of 0, computed from the published algorithms in Python.
  @Test func publishedSequence() {
    var random = RandomGenerator(seed: 0)
    let found = (0..<3).map { _ in random.next() }
    #expect(found == [11091344671253066420, 13793997310169335082, 1900383378846508768])
  }

  @Test func momentsOfTheNormalDistribution() {
    var random = RandomGenerator(seed: 42, stage: "moments")
    let values = (0..<200_000).map { _ in random.gaussian() }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + $1 * $1 } / n
    let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / n
    // Four standard errors of each.
    #expect(abs(mean) < 4 / n.squareRoot())
    #expect(abs(variance - 1) < 4 * (2 / n).squareRoot())
    #expect(abs(fourth - 3) < 4 * (96 / n).squareRoot())
  }

  @Test func stagesDiffer() {
    var first = RandomGenerator(seed: 1, stage: "a")
    var second = RandomGenerator(seed: 1, stage: "b")
    #expect(first.next() != second.next())
  }
}

@Suite struct ElementTests {
  @Test func factsOfTheStudy() throws {
    let lithium = try #require(Element("Li"))
    #expect(lithium.atomicNumber == 3 && lithium.mass == 6.94)
    #expect(lithium.vanDerWaalsRadius == 2.12)
    #expect(Element("Xx") == nil && Element(atomicNumber: 0) == nil)
    for number in 1...96 {
      let element = try #require(Element(atomicNumber: number))
      #expect(Element(element.symbol) == element)
      #expect(element.mass > 0.9 * Double(number))
    }
  }
}

@Suite struct StructureTests {
  private let lattice = Lattice(Vector3(4, 0, 0), Vector3(0, 4, 0), Vector3(0, 0, 4))
  private let lithium = Element("Li")!

  @Test func whatNoCalculationSurvives() {
    for positions in [
      [Vector3(0, 0, 0), Vector3(0.1, 0, 0)], [Vector3(0, 0, 0), Vector3(3.9, 0, 0)],
      [Vector3(.nan, 0, 0), Vector3(2, 0, 0)], [Vector3(1e12, 0, 0), Vector3(2, 0, 0)],
    ] {
      let structure = Structure(
        lattice: lattice, species: [lithium, lithium], positions: positions)
      #expect(throws: AtomisticsError.self) { try structure.validate() }
    }
    #expect(throws: AtomisticsError.self) {
      try Structure(lattice: lattice, species: [], positions: []).validate()
    }
  }

  /// Few atoms in a huge cell take memory for the atoms and not for the cell.
  @Test func anEmptyCellIsNoBurden() {
    let huge = Lattice(Vector3(1e6, 0, 0), Vector3(0, 1e6, 0), Vector3(0, 0, 1e6))
    let pair = Structure(
      lattice: huge, species: [lithium, lithium],
      positions: [Vector3(1, 1, 1), Vector3(999_999.5, 1, 1)])
    let list = NeighborList(pair, cutoff: 5)
    #expect(list.pairCount == 2)
    #expect(abs(list.vector(0, from: 0, in: pair).length - 1.5) < 1e-9)
  }
}
