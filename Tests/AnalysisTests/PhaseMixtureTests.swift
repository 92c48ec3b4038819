import Analysis
import Atomistics
import Testing

@Suite struct PhaseMixtureTests {
  private func environment(_ frames: [Frame]) throws -> RadialEnvironment {
    var analysis = try RadialDistributionFunction(
      chlorine, lithium, maximumRadius: 7, binWidth: 0.1)
    for frame in frames { try analysis.consume(frame) }
    return try analysis.environment()
  }

  private func references(
    _ phases: [SyntheticPhase], _ generator: inout RandomGenerator
  ) throws -> [PhaseMixture.Reference] {
    try phases.map { phase in
      let frames = syntheticMixture(
        Array(repeating: phase, count: 24), frames: 12, &generator)
      return PhaseMixture.Reference(
        name: "\(phase)", environments: [try environment(frames)])
    }
  }

  /// Of so many trials, in how many each band holds its true share, and the mean of what was found.
  private func trials(
    _ count: Int, truth: [(phase: SyntheticPhase, share: Double)], known: [SyntheticPhase],
    seeds: Int, centers: Int, seed: UInt64
  ) throws -> [(name: String, held: Int, mean: Double)] {
    var generator = RandomGenerator(seed: seed)
    let references = try references(known, &generator)
    var found = (known.map { "\($0)" } + ["unassigned"]).map { (name: $0, held: 0, mean: 0.0) }
    let expected =
      known.map { phase in truth.first { $0.phase == phase }?.share ?? 0 }
      + [truth.filter { !known.contains($0.phase) }.reduce(0) { $0 + $1.share }]
    for trial in 0..<count {
      let runs = try (0..<seeds).map { _ in
        let phases = (0..<centers).map { _ in
          var u = generator.uniform()
          return truth.first { one in
            u -= one.share
            return u < 0
          }?.phase ?? truth[truth.count - 1].phase
        }
        return [try environment(syntheticMixture(phases, frames: 3, &generator))]
      }
      let mixture = try PhaseMixture(
        runs: runs, references: references, ranges: [1.5...7], resamples: 200,
        seed: UInt64(trial))
      for (k, share) in (mixture.phases + [mixture.unassigned]).enumerated() {
        found[k].mean += share.share / Double(count)
        if share.low - 1e-9 <= expected[k], expected[k] <= share.high + 1e-9 { found[k].held += 1 }
      }
    }
    return found
  }

  private struct Mixture: Sendable, CustomTestStringConvertible {
    let truth: [(phase: SyntheticPhase, share: Double)]
    let seeds: Int
    let centers: Int

    var testDescription: String {
      "\(seeds) x \(centers): "
        + truth.map { "\($0.phase) \($0.share)" }.joined(separator: ", ")
    }
  }

  private static let mixtures = [
    Mixture(truth: [(.rockSalt, 0.6), (.zincBlende, 0.4)], seeds: 1, centers: 40),
    Mixture(
      truth: [(.rockSalt, 0.45), (.zincBlende, 0.3), (.disordered, 0.25)], seeds: 1, centers: 40),
    Mixture(
      truth: [(.rockSalt, 0.45), (.zincBlende, 0.3), (.caesiumChloride, 0.25)], seeds: 3,
      centers: 16),
  ]

  @Test(arguments: mixtures) private func sharesLieInTheirBands(_ mixture: Mixture) throws {
    let found = try trials(
      500, truth: mixture.truth, known: [.rockSalt, .zincBlende], seeds: mixture.seeds,
      centers: mixture.centers, seed: 11)
    for (share, expected) in zip(
      found,
      mixture.truth.prefix(2).map(\.share) + [
        mixture.truth.dropFirst(2).reduce(0) { $0 + $1.share }
      ])
    {
      #expect((450...495).contains(share.held), "\(share)")
      // A crystal without a reference is taken in part for one that has some of its shells.
      #expect(abs(share.mean - expected) < 0.04, "\(share)")
    }
  }

  @Test func aPurePhaseIsItself() throws {
    var generator = RandomGenerator(seed: 3)
    let references = try references([.rockSalt, .zincBlende], &generator)
    let run = try environment(
      syntheticMixture(Array(repeating: .zincBlende, count: 30), frames: 10, &generator))
    let mixture = try PhaseMixture(
      runs: [[run]], references: references, ranges: [1.5...7])
    #expect(mixture.phases.map(\.name) == ["rockSalt", "zincBlende"])
    #expect(mixture.phases[0].share < 0.02 && mixture.phases[1].share > 0.97)
    #expect(mixture.unassigned.low == 0 && mixture.unassigned.share < 0.03)
    #expect(mixture.misfit < 0.2)
    #expect(mixture.centers == 30 && mixture.seeds == 1)
    let curve = mixture.curves[0]
    let sum = curve.phases_per_A3.reduce(curve.unassigned_per_A3) { zip($0, $1).map { $0 + $1 } }
    let misses = zip(sum, curve.density_per_A3).map { abs($0 - $1) }
    #expect((misses.max() ?? 1) < 0.2 * (curve.density_per_A3.max() ?? 0))
    // The same in any order of references, and with the same seed the same bits.
    let turned = try PhaseMixture(
      runs: [[run]], references: references.reversed(), ranges: [1.5...7])
    #expect(abs(turned.phases[0].share - mixture.phases[1].share) < 1e-6)
    let again = try PhaseMixture(runs: [[run]], references: references, ranges: [1.5...7])
    #expect(again.phases == mixture.phases)
  }

  @Test func phasesThatAreAlikeAreToldTogether() throws {
    var generator = RandomGenerator(seed: 5)
    let first = try references([.rockSalt, .rockSalt, .zincBlende], &generator)
    let run = try environment(
      syntheticMixture(
        Array(repeating: .rockSalt, count: 30) + Array(repeating: .zincBlende, count: 10),
        frames: 10, &generator))
    let names = ["one", "other", "zincBlende"]
    let mixture = try PhaseMixture(
      runs: [[run]],
      references: zip(names, first).map {
        PhaseMixture.Reference(name: $0, environments: $1.environments)
      }, ranges: [1.5...7])
    let together = try #require(mixture.together.first)
    #expect(together.name == "one or other" && mixture.together.count == 1)
    #expect(abs(together.share - 0.75) < 0.05)
    #expect(together.low < 0.75 && together.high > 0.75)
    #expect(mixture.warnings.contains { $0.contains("do not tell one or other apart") })
  }

  @Test func runsThatDifferWidenTheBands() throws {
    var generator = RandomGenerator(seed: 6)
    let references = try references([.rockSalt, .zincBlende], &generator)
    func width(_ counts: [Int]) throws -> Double {
      let runs = try counts.map { count in
        [
          try environment(
            syntheticMixture(
              Array(repeating: .rockSalt, count: count)
                + Array(repeating: .zincBlende, count: 20 - count), frames: 4, &generator))
        ]
      }
      let share = try PhaseMixture(runs: runs, references: references, ranges: [1.5...7]).phases[0]
      #expect(abs(share.share - 0.5) < 0.05)
      return share.high - share.low
    }
    #expect(try width([2, 10, 18]) > 2 * width([10, 10, 10]))
  }

  /// Two crystals that share a slab: shells near a border reach into the other, and the slab ends.
  @Test func twoPhasesOfOneSlab() throws {
    var generator = RandomGenerator(seed: 8)
    let edge = 5.1
    func rockSalt(_ centers: Element, _ partners: Element, cells: Int) -> [(Element, Vector3)] {
      (0..<cells).flatMap { layer in
        [Vector3.zero, Vector3(0, 0.5, 0.5), Vector3(0.5, 0, 0.5), Vector3(0.5, 0.5, 0)].flatMap {
          site in
          (0..<9).flatMap { k in
            let corner = Vector3(Double(k % 3), Double(k / 3), Double(layer)) + site
            return [
              (centers, corner * edge), (partners, (corner + Vector3(0.5, 0, 0)) * edge),
            ]
          }
        }
      }
    }
    func frames(_ atoms: [(Element, Vector3)], height: Double) -> [Frame] {
      (0..<8).map { frame in
        Frame(
          structure: Structure(
            lattice: orthorhombic(3 * edge, 3 * edge, height), species: atoms.map(\.0),
            positions: atoms.map {
              $0.1 + Vector3(generator.gaussian(), generator.gaussian(), generator.gaussian())
                * 0.15
            }), time: Double(frame))
      }
    }
    func measured(_ frames: [Frame], _ normalization: RadialNormalization) throws
      -> RadialEnvironment
    {
      var analysis = try RadialDistributionFunction(
        chlorine, lithium, maximumRadius: 7, binWidth: 0.1, normalization: normalization)
      for frame in frames { try analysis.consume(frame) }
      return try analysis.environment()
    }
    let whole = rockSalt(chlorine, lithium, cells: 4)
    let bulk = try measured(frames(whole, height: 4 * edge), .cell)
    let slab = try measured(frames(whole, height: 40), .slab)
    let mixture = try PhaseMixture(
      runs: [[slab]],
      references: [PhaseMixture.Reference(name: "LiCl", environments: [bulk])], ranges: [1.5...7])
    // Its surfaces are allowed for: without that a tenth of the partners would be missing.
    #expect(abs(mixture.phases[0].share - 1) < 0.05, "\(mixture.phases[0])")
    let signal = PeakWindowSignal(
      4...5, runs: [slab], references: [("LiCl", bulk)], electrolyte: "LiCl")
    #expect(abs(signal.contact.partners - 8) < 0.6 && abs(signal.references[0].partners - 8) < 0.3)
    let excess = try #require(signal.excess)
    #expect(abs(excess.partners) < 0.6)
  }

  @Test func badRangesAreRefused() throws {
    var generator = RandomGenerator(seed: 3)
    let references = try references([.rockSalt], &generator)
    let run = try environment(syntheticMixture([.rockSalt], frames: 2, &generator))
    for range in [3.0...3.5, 0...1.2, 20...30] {
      let error = analysisError {
        _ = try PhaseMixture(runs: [[run]], references: references, ranges: [range])
      }
      guard case .badParameter = error else {
        Issue.record("\(range) gave \(String(describing: error))")
        continue
      }
    }
  }
}

@Suite struct NonNegativeLeastSquaresTests {
  /// Karush, Kuhn and Tucker: slopes vanish where x > 0, point down where x = 0.
  @Test func optimaMeetTheirConditions() {
    var generator = RandomGenerator(seed: 1)
    for trial in 0..<200 {
      let (size, rows) = (1 + trial % 9, 14)
      let a = (0..<rows).map { _ in (0..<size).map { _ in generator.gaussian() } }
      let b = (0..<rows).map { _ in generator.gaussian() + 0.5 }
      var gram: [Double] = []
      for i in 0..<size {
        for j in 0..<size { gram.append(a.reduce(0) { $0 + $1[i] * $1[j] }) }
      }
      let moments = (0..<size).map { i in zip(a, b).reduce(0) { $0 + $1.0[i] * $1.1 } }
      // A sum of all at most 1, and each at most 0.3.
      for limits in [
        [], [NonNegativeLeastSquares.Limit(Array(0..<size), most: 1)],
        (0..<size).map { NonNegativeLeastSquares.Limit([$0], most: 0.3) },
      ] {
        let x = NonNegativeLeastSquares(gram: gram, moments: moments, limits: limits).solution
        let slopes = (0..<size).map { i in
          moments[i] - (0..<size).reduce(0) { $0 + gram[i * size + $1] * x[$1] }
        }
        #expect(x.allSatisfy { $0 >= 0 })
        for limit in limits {
          #expect(limit.unknowns.reduce(0) { $0 + x[$1] } < limit.most + 1e-6)
        }
        for i in 0..<size {
          let reached = limits.filter { limit in
            limit.unknowns.contains(i)
              && limit.unknowns.reduce(0) { $0 + x[$1] } > limit.most - 1e-5
          }
          // What a reached limit costs is the same for all its unknowns that are not 0.
          let price =
            reached.map { limit in
              limit.unknowns.filter { x[$0] > 0 }.map { slopes[$0] }.max() ?? 0
            }.max() ?? 0
          #expect(price > -1e-4)
          #expect(x[i] > 0 ? abs(slopes[i] - price) < 1e-4 : slopes[i] < price + 1e-4)
        }
      }
    }
  }
}
