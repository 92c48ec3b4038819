import Analysis
import Atomistics
import Testing

@Suite struct AtomicDistributionWidthTests {
  private func column(
    _ heights: [Double], cell: Double = 60, time: Double = 0, periodic: Bool = true,
    regions: [Region]? = nil
  ) -> Frame {
    Frame(
      structure: Structure(
        lattice: orthorhombic(10, 10, cell),
        species: Array(repeating: phosphorus, count: heights.count),
        positions: heights.map { Vector3(1, 1, $0) }, periodic: [true, true, periodic],
        regions: regions), time: time)
  }

  @Test func closedForms() throws {
    // N planes d apart: σ² = d² (N² − 1)/12, which tends to L/√12.
    let planes = (0..<40).map { 5 + 0.5 * Double($0) }
    let spread = try AtomicDistributionWidth(phosphorus).analyzing([column(planes)])
    #expect(abs(spread.sigma_A[0] - 0.5 * (1599.0 / 12).squareRoot()) < 1e-12)
    #expect(abs(spread.sigma_A[0] - 20 / 12.0.squareRoot()) < 2e-3)
    // Two atoms h apart: h/2 with the population's 1/N, not h/√2.
    #expect(
      try AtomicDistributionWidth(phosphorus).analyzing([column([4, 10])]).sigma_A == [3])
    #expect(try AtomicDistributionWidth(phosphorus).analyzing([column([4])]).sigma_A == [0])
  }

  @Test func heightIsAcrossTheLayersInASkewedCell() throws {
    // c leans over: the height above the plane of a and b counts, not the length along c.
    let lattice = Lattice(Vector3(10, 0, 0), Vector3(3, 9, 0), Vector3(8, 5, 40))
    let structure = Structure(
      lattice: lattice, species: [phosphorus, phosphorus],
      positions: [Vector3(0, 0, 2), Vector3(4, 7, 10)])
    let spread = try AtomicDistributionWidth(phosphorus)
      .analyzing([Frame(structure: structure, time: 0)])
    #expect(abs(spread.sigma_A[0] - 4) < 1e-12)
  }

  @Test func wrappedEqualsUnwrapped() throws {
    var generator = RandomGenerator(seed: 11)
    var heights = (0..<30).map { 50 + 0.6 * Double($0) }  // straddles the cell's face at 60
    var drift = 0.0
    let frames = (0..<60).map { index in
      drift += 0.9
      heights = heights.map { $0 + 0.4 * generator.gaussian() }
      return column(heights.map { $0 + drift }, time: Double(index))
    }
    let expected = frames.map { frame in
      let z = frame.structure.positions.map(\.z)
      let mean = z.reduce(0, +) / 30
      return (z.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 30).squareRoot()
    }
    for trajectory in [frames, frames.map { $0.wrapped() }] {
      let spread = try AtomicDistributionWidth(phosphorus).analyzing(trajectory)
      for (a, b) in zip(spread.sigma_A, expected) { #expect(abs(a - b) < 1e-9) }
      #expect(spread.warnings.isEmpty, "drifting as a whole is not crossing")
      #expect(spread.crossedBoundary == 0)
    }
  }

  @Test func atomsThroughTheVacuumAreTold() throws {
    // One of 40 atoms leaves downwards through the cell's face and arrives from above.
    let slab = (0..<39).map { 20 + 0.5 * Double($0) }
    let frames = (0..<40).map { index in
      column([20 - Double(index)] + slab, time: Double(index)).wrapped()
    }
    let spread = try AtomicDistributionWidth(phosphorus).analyzing(frames)
    #expect(spread.crossedBoundary == 1)
    #expect(spread.warnings.contains { $0.contains("vacuum") })
    #expect(spread.sigma_A.last! > spread.sigma_A.first!)
  }

  @Test func aFilledCellIsToldAndRegionsMend() throws {
    let heights = (0..<60).map { Double($0) }
    let regions = heights.map { $0 < 30 ? Region.metal : .electrolyte }
    let frame = column(heights, regions: regions)
    let whole = try AtomicDistributionWidth(phosphorus).analyzing([frame])
    #expect(whole.warnings.contains { $0.contains("choose the atoms of one region") })
    let half = try AtomicDistributionWidth(phosphorus, selection: .region(.metal))
      .analyzing([frame])
    #expect(half.atoms == 30)
    #expect(half.warnings.isEmpty)
    #expect(abs(half.sigma_A[0] - (899.0 / 12).squareRoot()) < 1e-9)
  }

  @Test func ambiguousStepsAreTold() throws {
    let frames = [column([10, 12]), column([10, 12 + 29], time: 1)]
    let spread = try AtomicDistributionWidth(phosphorus).analyzing(frames)
    #expect(spread.warnings.contains { $0.contains("closer in time") })
  }

  @Test func openDirectionIsTakenAsItIs() throws {
    let spread = try AtomicDistributionWidth(phosphorus)
      .analyzing([column([-4, 70], periodic: false)])
    #expect(spread.sigma_A == [37])
  }

  @Test func refusesAbsentSpeciesAndMissingLabels() {
    #expect(
      analysisError { _ = try AtomicDistributionWidth(lithium).analyzing([column([1])]) }?
        .description.contains("no Li atom") == true)
    #expect(
      analysisError {
        _ = try AtomicDistributionWidth(phosphorus, selection: .region(.metal))
          .analyzing([column([1])])
      }?.kind == .badData)
    #expect(
      analysisError { _ = try AtomicDistributionWidth(phosphorus).result() } != nil)
  }

  @Test func unwrapperFollowsAllDirections() throws {
    var generator = RandomGenerator(seed: 5)
    let lattice = Lattice(Vector3(7, 0, 0), Vector3(-3, 6, 0), Vector3(2, 2, 8))
    var positions = (0..<20).map { _ in
      lattice.cartesian(
        Vector3(generator.uniform(), generator.uniform(), generator.uniform()))
    }
    let species = Array(repeating: lithium, count: 20)
    let frames = (0..<200).map { index in
      if index > 0 {
        positions = positions.map {
          $0 + 0.3 * Vector3(generator.gaussian(), generator.gaussian(), generator.gaussian())
        }
      }
      return Frame(
        structure: Structure(lattice: lattice, species: species, positions: positions),
        time: Double(index))
    }
    var unwrapper = Unwrapper()
    var left = 0
    for frame in frames {
      let wrapped = frame.wrapped()
      let followed = try unwrapper.unwrap(wrapped)
      for atom in 0..<20 {
        let error = followed.structure.positions[atom] - frame.structure.positions[atom]
        #expect(error.length < 1e-9)
        if (wrapped.structure.positions[atom] - frame.structure.positions[atom]).length > 1 {
          left += 1
        }
      }
    }
    #expect(left > 100, "otherwise nothing was unwrapped")
    #expect(unwrapper.ambiguousSteps == 0)
  }
}
