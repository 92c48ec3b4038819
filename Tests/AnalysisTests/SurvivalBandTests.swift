import Analysis
import Atomistics
import Testing

@Suite struct SurvivalBandTests {
  private static let end = 40

  /// Runs of polyanions whose four bonds break together, S(t) = 1 − lost · t / end; one frame more shows
  /// that what broke last stays so.
  private func runs(
    seeds: Int, clusters: Int, lost: Double, _ generator: inout RandomGenerator
  ) throws -> [BondSurvival] {
    let corners = [
      Vector3(1, 1, 1), Vector3(1, -1, -1), Vector3(-1, 1, -1), Vector3(-1, -1, 1),
    ].map { $0 / 3.0.squareRoot() }
    return try (0..<seeds).map { _ in
      let breaks = (0..<clusters).map { _ in
        generator.uniform() < lost
          ? 1 + Int(generator.uniform() * Double(Self.end)) : Int.max
      }
      var analysis = try BondIntegrity(.PS4)
      for frame in 0...Self.end + 1 {
        var (centers, ligands): ([Vector3], [Vector3]) = ([], [])
        for cluster in 0..<clusters {
          let place = Vector3(10 * Double(cluster), 0, 0)
          centers.append(place)
          ligands += corners.map { place + $0 * (frame >= breaks[cluster] ? 3.5 : 2.05) }
        }
        try analysis.consume(
          Frame(
            structure: Structure(
              lattice: orthorhombic(10 * Double(clusters), 12, 12),
              species: centers.map { _ in phosphorus } + ligands.map { _ in sulfur },
              positions: centers + ligands), time: 1000 * Double(frame)))
      }
      return try analysis.result()
    }
  }

  @Test(arguments: [(1, 36, 0.5), (3, 18, 0.3), (3, 15, 0.05), (5, 12, 0.9)])
  func bandsHoldTheLaw(seeds: Int, clusters: Int, lost: Double) throws {
    var generator = RandomGenerator(seed: UInt64(seeds * 100 + clusters))
    var held = [10: 0, 20: 0, 40: 0]
    for _ in 0..<500 {
      let band = try SurvivalBand(
        runs(seeds: seeds, clusters: clusters, lost: lost, &generator))
      for frame in held.keys {
        let truth = 1 - lost * Double(frame) / Double(Self.end)
        if band.low[frame] <= truth, truth <= band.high[frame] { held[frame]! += 1 }
      }
    }
    for (frame, count) in held { #expect((450...497).contains(count), "\(frame): \(count) of 500") }
  }

  @Test func theMeanIsThatOfTheRuns() throws {
    var generator = RandomGenerator(seed: 4)
    let found = try runs(seeds: 3, clusters: 10, lost: 0.6, &generator)
    let band = try SurvivalBand(found)
    #expect(band.times_ps.count == 42 && band.clusters == 30 && band.seeds == 3)
    for frame in [0, 20, 40] {
      let mean = found.reduce(0) { $0 + $1.intactFraction[frame] } / 3
      #expect(abs(band.intactFraction[frame] - mean) < 1e-12)
    }
    // Nothing lost yet does not mean that nothing can be.
    #expect(band.intactFraction[0] == 1 && band.low[0] < 0.9 && band.low[0] > 0.8)
    #expect(band.high[0] == 1)
  }

  @Test func runsThatDifferWidenIt() throws {
    var generator = RandomGenerator(seed: 5)
    let even = try (0..<3).flatMap { _ in try runs(seeds: 1, clusters: 20, lost: 0.5, &generator) }
    let uneven = try [0.1, 0.5, 0.9].flatMap {
      try runs(seeds: 1, clusters: 20, lost: $0, &generator)
    }
    let (a, b) = (try SurvivalBand(even), try SurvivalBand(uneven))
    #expect(b.high[40] - b.low[40] > 2 * (a.high[40] - a.low[40]))
  }
}

@Suite struct CurveLawsTests {
  /// A known law with noise that is correlated over `memory` steps, seeds differing by a factor.
  private func curves(
    _ law: (Double) -> Double, seeds: Int, noise: Double, memory: Double, scatter: Double,
    _ generator: inout RandomGenerator
  ) -> [[Double]] {
    (0..<seeds).map { _ in
      let factor = 1 + scatter * generator.gaussian()
      let keep = exponential(-1 / memory)
      var e = generator.gaussian()
      return (0..<400).map { step in
        e = keep * e + (1 - keep * keep).squareRoot() * generator.gaussian()
        return factor * law(Double(step) / 399) + noise * e
      }
    }
  }

  @Test(arguments: ["linear", "parabolic", "plateau"]) func lawsAreToldApart(name: String) throws {
    var generator = RandomGenerator(seed: 7)
    let times = (0..<400).map { Double($0) * 0.5 }
    var (right, wrong) = (0, 0)
    for _ in 0..<200 {
      let runs = curves(
        { u in
          switch name {
          case "linear": u
          case "parabolic": u.squareRoot()
          default: ReactionLaw.saturating(x: 8).share(u)
          }
        }, seeds: 3, noise: 0.05, memory: 4, scatter: 0.2, &generator)
      let laws = try CurveLaws("sigma of P", unit: "Å", times_ps: times, runs: runs)
      let (stopped, going) = (try #require(laws.hasStopped), try #require(laws.stillChanging))
      let (yes, no) = name == "plateau" ? (stopped, going) : (going, stopped)
      if yes > 0.95 { right += 1 }
      if no > 0.95 { wrong += 1 }
    }
    #expect(right >= 160 && wrong < 4, "\(name): \(right) right, \(wrong) wrong")
  }

  @Test func changesLieInTheirBands() throws {
    var generator = RandomGenerator(seed: 9)
    let times = (0..<400).map { Double($0) * 0.5 }
    // Of runs with their own errors as large as they differ by, and of runs without.
    for knownErrors in [true, false] {
      var held = 0
      for _ in 0..<500 {
        let runs = curves(
          { $0 }, seeds: 4, noise: 0, memory: 4, scatter: 0.3, &generator)
        let laws = try CurveLaws(
          "state", unit: "e", times_ps: times, runs: runs,
          errors: knownErrors ? Array(repeating: 0.3, count: 4) : [])
        // The last tenth of a line ends 0.05 below its end.
        let truth = (360..<400).reduce(0) { $0 + Double($1) / 399 } / 40
        if try #require(laws.low) <= truth, try #require(laws.high) >= truth { held += 1 }
      }
      #expect((450...495).contains(held), "\(knownErrors): \(held) of 500")
    }
  }

  @Test func whatCannotBeToldIsNot() throws {
    let times = (0..<30).map(Double.init)
    let short = analysisError {
      _ = try CurveLaws("x", unit: "", times_ps: [0, 1], runs: [[0, 1]])
    }
    guard case .tooShort = short else {
      Issue.record("\(String(describing: short))")
      return
    }
    // Noise that never repeats itself within the run: few independent values, no preference.
    let slow = times.map { sine($0 / 8) }
    let laws = try CurveLaws("x", unit: "", times_ps: times, runs: [slow])
    #expect(laws.independentValues < 8 && laws.low == nil && laws.hasStopped == nil)
    #expect(laws.rows.allSatisfy { abs($0.weight - 1.0 / 3) < 1e-9 })
  }
}
