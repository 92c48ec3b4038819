import Analysis
import Atomistics
import Foundation
import Testing

/// Displacements by closed forms and by walkers whose diffusivity is known.
@Suite struct MeanSquaredDisplacementTests {
  private func frames(
    _ paths: [[Vector3]], species: [Element], cell: Double = 30, step: Double = 100,
    regions: [Region]? = nil
  ) -> [Frame] {
    paths.enumerated().map { index, positions in
      Frame(
        structure: Structure(
          lattice: orthorhombic(cell, cell, cell), species: species, positions: positions,
          regions: regions), time: step * Double(index))
    }
  }

  /// Walkers with steps of √(2 D Δt) along each axis; D in Å²/fs, Δt = 1 fs.
  private func walk(
    _ atoms: Int, _ steps: Int, sigma: Double, memory: Double = 0, _ random: inout RandomGenerator
  ) -> [[Vector3]] {
    var positions = Array(repeating: Vector3(15, 15, 15), count: atoms)
    func draw() -> Vector3 {
      Vector3(random.gaussian(), random.gaussian(), random.gaussian()) * sigma
    }
    var velocities = positions.map { _ in draw() }
    let noise = (1 - memory * memory).squareRoot()
    var path = [positions]
    for _ in 0..<steps {
      for atom in 0..<atoms {
        velocities[atom] = velocities[atom] * memory + draw() * noise
        positions[atom] += velocities[atom]
      }
      path.append(positions)
    }
    return path
  }

  @Test func uniformMotionGrowsAsTheSquare() throws {
    let path = (0..<60).map { [Vector3(1, 2, 3) + Vector3(0.3, 0.2, 0.6) * Double($0), .zero] }
    let analysis = try MeanSquaredDisplacement(lithium, removesDrift: false)
    let found = try analysis.analyzing(
      frames(path, species: [lithium, phosphorus]).map { $0.wrapped() })
    #expect(found.atoms == 1 && found.framesKept == 60 && found.lags_ps.count == 59)
    for (k, lag) in (1...59).enumerated() {
      let square = Double(lag * lag)
      #expect(abs(found.msd_A2[k] - 0.49 * square) < 1e-8)
      #expect(abs(found.msdInPlane_A2[k] - 0.13 * square) < 1e-8)
      #expect(abs(found.msdNormal_A2[k] - 0.36 * square) < 1e-8)
      #expect(found.origins[k] == 60 - lag)
    }
    #expect(abs(try #require(found.fit?.exponent) - 2) < 1e-9)
    #expect(found.warnings.contains { $0.contains("power 2.0: this is not (yet) diffusion") })
  }

  /// Against the sum over all pairs of frames, in a skewed cell, wrapped.
  @Test func agreesWithTheDirectSum() throws {
    var random = RandomGenerator(seed: 3)
    let lattice = Lattice(Vector3(12, 1, 0), Vector3(-3, 11, 2), Vector3(1, 4, 14))
    let path = walk(5, 40, sigma: 0.4, &random)
    let trajectory = path.enumerated().map { index, positions in
      Frame(
        structure: Structure(
          lattice: lattice, species: [lithium, lithium, lithium, sulfur, sulfur],
          positions: positions), time: 50 * Double(index)
      ).wrapped()
    }
    let found = try MeanSquaredDisplacement(lithium, removesDrift: false).analyzing(trajectory)
    let across = lattice.a.cross(lattice.b)
    let normal = across / across.length
    for lag in 1...40 {
      var (sum, normalSum) = (0.0, 0.0)
      for start in 0...(40 - lag) {
        for atom in 0..<3 {
          let d = path[start + lag][atom] - path[start][atom]
          sum += d.lengthSquared
          normalSum += d.dot(normal) * d.dot(normal)
        }
      }
      let count = Double(3 * (41 - lag))
      #expect(abs(found.msd_A2[lag - 1] - sum / count) < 1e-10)
      #expect(abs(found.msdNormal_A2[lag - 1] - normalSum / count) < 1e-10)
    }
    #expect(found.lags_ps.last == 2)
  }

  @Test func driftOfTheWholeIsTakenOut() throws {
    var random = RandomGenerator(seed: 5)
    let path = walk(4, 30, sigma: 0.2, &random)
    let species = [lithium, lithium, sulfur, phosphorus]
    func msd(_ drift: Vector3, removes: Bool) throws -> [Double] {
      let moved = path.enumerated().map { index, positions in
        positions.map { $0 + drift * Double(index) }
      }
      return try MeanSquaredDisplacement(lithium, removesDrift: removes)
        .analyzing(frames(moved, species: species).map { $0.wrapped() }).msd_A2
    }
    let still = try msd(.zero, removes: true)
    for (a, b) in zip(try msd(Vector3(0.5, -0.4, 0.9), removes: true), still) {
      #expect(abs(a - b) < 1e-9)
    }
    #expect(try msd(Vector3(0.5, -0.4, 0.9), removes: false)[20] > still[20] + 100)
  }

  @Test func oneRegionAlone() throws {
    // The metal's lithium moves, the electrolyte's does not.
    let path = (0..<30).map { [Vector3(1, 1, 1), Vector3(8 + 0.2 * Double($0), 8, 8)] }
    let trajectory = frames(path, species: [lithium, lithium], regions: [.electrolyte, .metal])
    func msd(_ region: Region) throws -> SquaredDisplacements {
      try MeanSquaredDisplacement(lithium, selection: .region(region), removesDrift: false)
        .analyzing(trajectory)
    }
    #expect(try msd(.electrolyte).msd_A2.allSatisfy { $0 == 0 })
    #expect(abs(try msd(.metal).msd_A2[9] - 4) < 1e-9)
    #expect(try msd(.metal).selection == "atoms of the metal")
  }

  /// However many frames come, no more than `capacity` are kept, and the values stay.
  @Test func memoryIsBounded() throws {
    var random = RandomGenerator(seed: 8)
    let trajectory = frames(
      walk(3, 999, sigma: 0.1, &random), species: Array(repeating: lithium, count: 3))
    let all = try MeanSquaredDisplacement(lithium, removesDrift: false).analyzing(trajectory)
    let few = try MeanSquaredDisplacement(lithium, removesDrift: false, capacity: 128)
      .analyzing(trajectory)
    #expect(all.framesKept == 1000 && few.framesKept == 125)
    #expect(few.lags_ps[0] == 0.8)
    // Every eighth frame, from the first one on.
    let eighth = stride(from: 0, to: 1000, by: 8).map { trajectory[$0] }
    let direct = try MeanSquaredDisplacement(lithium, removesDrift: false).analyzing(eighth)
    #expect(direct.msd_A2 == few.msd_A2)
  }

  /// 95 % bands hold in 90 to 99 % of trials, and the mean over trials is the true value.
  @Test(arguments: [(memory: 0.0, steps: 400), (memory: 0.8, steps: 1000)])
  func knownDiffusivitiesLieInTheirBands(memory: Double, steps: Int) throws {
    let (trials, sigma) = (500, 0.1)
    // Along one axis D Δt = σ²/2 (1 + m)/(1 − m) for steps with the correlation mᵏ.
    let expected = sigma * sigma / 2 * (1 + memory) / (1 - memory) * 0.1
    let atoms = 12
    let species = Array(repeating: lithium, count: atoms)
    var held = (total: 0, inPlane: 0, normal: 0)
    var sum = 0.0
    for trial in 0..<trials {
      var random = RandomGenerator(seed: 1000 + UInt64(trial))
      let trajectory = frames(
        walk(atoms, steps, sigma: sigma, memory: memory, &random), species: species, step: 1)
      let found = try MeanSquaredDisplacement(
        lithium, removesDrift: false,
        fitRange: memory == 0 ? nil : 30...100
      ).analyzing(trajectory)
      let fit = try #require(found.fit)
      #expect(fit.segments == 5)
      func holds(_ d: Diffusivity) -> Int {
        guard let low = d.low95_cm2_per_s, let high = d.high95_cm2_per_s else { return 0 }
        return (low...high).contains(expected) ? 1 : 0
      }
      held.total += holds(fit.total)
      held.inPlane += holds(fit.inPlane)
      held.normal += holds(fit.normal)
      sum += fit.total.value_cm2_per_s
    }
    print(
      "memory \(memory): bands held in \(held) of \(trials); mean D / D =",
      sum / Double(trials) / expected)
    for count in [held.total, held.inPlane, held.normal] {
      #expect((450...495).contains(count), "\(held)")
    }
    #expect(abs(sum / Double(trials) / expected - 1) < 0.02)
  }

  @Test func whatCannotBeMeasuredIsRefused() throws {
    let path = (0..<30).map { [Vector3(0.1 * Double($0), 1, 1)] }
    var trajectory = frames(path, species: [lithium])
    func error(_ frames: [Frame], _ element: Element = lithium) -> String {
      analysisError { _ = try MeanSquaredDisplacement(element).analyzing(frames) }?
        .description ?? "none"
    }
    #expect(error([]).contains("no whole frame"))
    #expect(error([trajectory[0]]).contains("there is one"))
    #expect(error(trajectory, sulfur).contains("no S atom among all atoms"))
    trajectory[9].time += 50
    #expect(error(trajectory).contains("frame 10 comes 0.15 ps after the one before"))
    trajectory[9].time = 10
    #expect(error(trajectory).contains("frame 10 is at 0.01 ps, after one at 0.8 ps"))
    trajectory[9].structure.positions[0].x = .nan
    #expect(error(trajectory).contains("frame 10: a coordinate of atom 1 (Li)"))
    let short = try MeanSquaredDisplacement(lithium, fitRange: 100...9000)
    #expect(
      analysisError { _ = try short.analyzing(frames(path, species: [lithium])) }?.description
        .contains("the trajectory is 2.9 ps long") == true)
    #expect(
      analysisError { _ = try MeanSquaredDisplacement(lithium, fitRange: 0...9) }?.kind == .usage)
    let few = try MeanSquaredDisplacement(lithium, removesDrift: false, fitRange: 100...1000)
      .analyzing(frames(path, species: [lithium]))
    #expect(few.fit?.total.standardError_cm2_per_s == nil)
    #expect(few.warnings.contains { $0.contains("has no error") })
  }
}
