import Analysis
import Atomistics
import Testing

@Suite struct BondIntegrityTests {
  /// One P-S pair: distances in, broken bonds out, a frame every 0.1 ps and a lifetime of 0.2 ps.
  @Test(arguments: [
    // A vibration across the outer cut-off, one and two frames long: nothing breaks.
    ([2.05, 3.0, 2.05, 2.05], [0, 0, 0, 0], 0),
    ([2.05, 3.0, 3.0, 2.05], [0, 0, 0, 0], 0),
    // Three frames span 0.2 ps: broken, and dated to the first of them.
    ([2.05, 3.0, 3.0, 3.0], [0, 1, 1, 1], 0),
    // Coming back between the cut-offs starts the clock again, and does not mend what is broken.
    ([2.05, 3.0, 2.8, 3.0, 3.0], [0, 0, 0, 0, 0], 1),
    ([2.05, 3.0, 3.0, 3.0, 2.8, 2.6], [0, 1, 1, 1, 1, 1], 0),
    // Within the inner cut-off it is intact again, and may break again.
    ([2.05, 3.0, 3.0, 3.0, 2.4, 2.8], [0, 1, 1, 1, 0, 0], 0),
    ([2.05, 3.0, 3.0, 3.0, 2.4, 4, 4, 4], [0, 1, 1, 1, 0, 1, 1, 1], 0),
    // Beyond for too short a time when the trajectory ends: intact, told as undecided.
    ([2.05, 2.05, 3.0, 3.0], [0, 0, 0, 0], 1),
    // Between the cut-offs it may stay for ever.
    ([2.05, 2.8, 2.8, 2.8, 2.8], [0, 0, 0, 0, 0], 0),
  ])
  func followsOneBond(distances: [Double], broken: [Int], undecided: Int) throws {
    let survival = try BondIntegrity(.PS4).analyzing(stretched(distances.map { [$0] }))
    #expect(survival.brokenBonds == broken)
    #expect(survival.undecidedAtEnd == undecided)
    #expect(survival.referenceBonds == 1)
    #expect(survival.intactFraction == broken.map { 1 - Double($0) })
    #expect(survival.exchangedBonds == broken.map { _ in 0 })
  }

  @Test func lifetimeIsTimeNotFrames() throws {
    let rows = [[2.05], [3.0], [3.0], [2.05]]
    func broken(step: Double, lifetime: Double) throws -> [Int] {
      try BondIntegrity(.PS4, minimumLifetime: lifetime)
        .analyzing(stretched(rows, step: step)).brokenBonds
    }
    #expect(try broken(step: 100, lifetime: 100) == [0, 1, 1, 0])
    #expect(try broken(step: 99, lifetime: 100) == [0, 0, 0, 0])
    #expect(try broken(step: 1000, lifetime: 200) == [0, 1, 1, 0])
    #expect(try broken(step: 1, lifetime: 0) == [0, 1, 1, 0])
  }

  @Test func exchangeIsToldFromBreaking() throws {
    // The S of the first P leaves; in the fourth frame a free S takes its place.
    let far = 6.0
    let near = [2.05, far, far, far, far, far, far, far]
    let incoming = [far, far, far, 2.1, 2.1, 3.5, 3.5, 3.5]
    let frames = zip(near, incoming).enumerated().map { index, distances in
      Frame(
        structure: Structure(
          lattice: orthorhombic(30, 30, 30), species: [phosphorus, sulfur, sulfur],
          positions: [
            .zero, Vector3(0, distances.0, 0), Vector3(0, 0, distances.1),
          ]), time: 100 * Double(index))
    }
    let survival = try BondIntegrity(.PS4).analyzing(frames)
    #expect(survival.referenceBonds == 1)
    #expect(survival.brokenBonds == [0, 1, 1, 1, 1, 1, 1, 1])
    #expect(survival.exchangedBonds == [0, 0, 0, 1, 1, 0, 0, 0])
    #expect(survival.pairsWithinCutoff == [1, 0, 0, 1, 1, 0, 0, 0])
    #expect(survival.events.map(\.kind) == [.broken, .gained, .lost])
    #expect(survival.events.map(\.frame) == [1, 3, 5])
    #expect(survival.events.map(\.ligand) == [1, 2, 2])
  }

  @Test func countsClustersLayersAndArea() throws {
    // Two P with two S each; P 0 in layer 0 loses both, one after the other; P 1 loses none.
    let lattice = orthorhombic(40, 40, 40)
    let out: [(Double, Double)] = [(2, 2), (4, 2), (4, 2), (4, 4), (4, 4), (4, 4)]
    let frames = out.enumerated().map { index, distance in
      Frame(
        structure: Structure(
          lattice: lattice,
          species: [phosphorus, phosphorus, sulfur, sulfur, sulfur, sulfur],
          positions: [
            Vector3(1, 1, 1), Vector3(20, 1, 1), Vector3(1 + distance.0, 1, 1),
            Vector3(1, 1 + distance.1, 1), Vector3(22, 1, 1), Vector3(20, 3, 1),
          ], layers: [0, 1, 0, 0, 1, 1]), time: 100 * Double(index))
    }
    let survival = try BondIntegrity(.PS4, contact: ContactArea(cellArea: 250, contacts: 2))
      .analyzing(frames)
    #expect(survival.referenceBonds == 4)
    #expect(survival.referenceClusters == 2)
    #expect(survival.intactFraction == [1, 0.75, 0.75, 0.5, 0.5, 0.5])
    #expect(survival.clustersWhole == [2, 1, 1, 1, 1, 1])
    #expect(survival.clustersLostOne == [0, 1, 1, 0, 0, 0])
    #expect(survival.clustersLostMore == [0, 0, 0, 1, 1, 1])
    let layers = try #require(survival.layers)
    #expect(layers.map(\.layer) == [0, 1])
    #expect(layers[0].intactFraction == [1, 0.5, 0.5, 0, 0, 0])
    #expect(layers[0].wholeFraction == [1, 0, 0, 0, 0, 0])
    #expect(layers[1].intactFraction == [1, 1, 1, 1, 1, 1])
    #expect(survival.reactedLayers == [0, 1, 1, 1, 1, 1])
    let perArea = try #require(survival.brokenBonds_per_nm2)
    #expect(perArea.map { ($0 * 1000).rounded() / 1000 } == [0, 0.2, 0.2, 0.4, 0.4, 0.4])
    #expect(survival.warnings.count == 1, "two S on P are not a PS4")
  }

  @Test func manyBondsInStepsGiveTheKnownLaw() throws {
    // Bond k leaves for good in frame k + 1: the intact fraction falls by 1/20 a frame.
    let rows = (0..<24).map { t in (0..<20).map { k in t > k ? 5.0 : 2.05 } }
    let survival = try BondIntegrity(.PS4).analyzing(stretched(rows))
    for (t, intact) in survival.intactFraction.enumerated() {
      #expect(abs(intact - (1 - Double(min(t, 20)) / 20)) < 1e-12)
    }
    #expect(survival.times_ps == (0..<24).map { Double($0) * 100 / 1000 })
  }

  @Test func wrappingTranslationAndOrderOfAtomsChangeNothing() throws {
    var frames = randomTrajectory(seed: 3, frames: 40)
    let expected = try BondIntegrity(.PS4).analyzing(frames)
    #expect(expected.events.count > 10, "otherwise nothing is compared")
    let shift = Vector3(3.3, -17.1, 8.9)
    for variant in [frames.map { $0.wrapped() }, frames.map { $0.moved(by: shift).wrapped() }] {
      let survival = try BondIntegrity(.PS4).analyzing(variant)
      #expect(survival.brokenBonds == expected.brokenBonds)
      #expect(survival.exchangedBonds == expected.exchangedBonds)
      #expect(survival.pairsWithinCutoff == expected.pairsWithinCutoff)
    }
    let order = Array(frames[0].structure.species.indices.reversed())
    for k in frames.indices { frames[k].structure = frames[k].structure.selecting(order) }
    let reordered = try BondIntegrity(.PS4).analyzing(frames)
    #expect(reordered.brokenBonds == expected.brokenBonds)
    #expect(reordered.exchangedBonds == expected.exchangedBonds)
    #expect(reordered.clustersWhole == expected.clustersWhole)
  }

  /// P and S jostling in a small skewed cell, unwrapped.
  private func randomTrajectory(seed: UInt64, frames: Int) -> [Frame] {
    var generator = RandomGenerator(seed: seed)
    let lattice = Lattice(Vector3(9, 0, 0), Vector3(-4, 8, 0), Vector3(3, -3, 8))
    var positions = (0..<4).flatMap { k -> [Vector3] in
      let center = lattice.cartesian(Vector3(0.25 * Double(k), 0.4 * Double(k), 0.3 * Double(k)))
      return [center, center + Vector3(1.2, 1.2, 1.2), center - Vector3(1.2, -1.2, 1.2)]
    }
    let species = (0..<4).flatMap { _ in [phosphorus, sulfur, sulfur] }
    return (0..<frames).map { index in
      if index > 0 {
        for k in positions.indices {
          positions[k] +=
            0.25
            * Vector3(generator.gaussian(), generator.gaussian(), generator.gaussian())
        }
      }
      return Frame(
        structure: Structure(lattice: lattice, species: species, positions: positions),
        time: 100 * Double(index))
    }
  }

  @Test func refusesWhatCannotBeFollowed() throws {
    let frames = stretched([[2.05], [2.05]])
    #expect(analysisError { _ = try BondIntegrity(.PS4).analyzing([]) }?.kind == .badData)
    #expect(analysisError { _ = try BondIntegrity(.BF4).analyzing(frames) } != nil)
    let apart = stretched([[4.0]])
    #expect(
      analysisError { _ = try BondIntegrity(.PS4).analyzing(apart) }?.description
        .contains("P-S pair within 2.5 Å") == true)
    #expect(
      analysisError {
        _ = try BondIntegrity(
          center: phosphorus, ligand: sulfur, innerCutoff: 3, outerCutoff: 2.5)
      }?.kind == .usage)
    #expect(
      analysisError { _ = try BondIntegrity(.PS4, minimumLifetime: .nan) }?.kind == .usage)
    let tiny = Structure(
      lattice: orthorhombic(4.2, 12, 12), species: [phosphorus, sulfur],
      positions: [.zero, Vector3(2.1, 0, 0)])
    #expect(
      analysisError { _ = try BondIntegrity(.PS4).analyzing([Frame(structure: tiny, time: 0)]) }?
        .description.contains("supercell") == true)
  }

  @Test func damagedTrajectoriesAreRefused() throws {
    let good = stretched([[2.05], [2.05], [2.05]])
    func refusal(_ damage: (inout [Frame]) -> Void) -> String {
      var frames = good
      damage(&frames)
      return analysisError { _ = try BondIntegrity(.PS4).analyzing(frames) }?.description ?? ""
    }
    #expect(refusal { $0[1].structure.positions[1].y = .nan }.contains("frame 2"))
    #expect(refusal { $0[1].structure = $0[1].structure.selecting([0]) }.contains("holds 1 atoms"))
    #expect(refusal { $0[2].structure.species[1] = chlorine }.contains("atom 2 is Cl"))
    #expect(refusal { $0[2].time = 50 }.contains("frame 3 is at 0.05 ps"))
    #expect(refusal { $0[1].time = .nan }.contains("time"))
    #expect(refusal { _ in } == "")
  }
}
