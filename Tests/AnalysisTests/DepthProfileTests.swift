import Analysis
import Atomistics
import Foundation
import Testing

/// Profiles and depths of contacts whose atoms stand where closed forms put them.
@Suite struct DepthProfileTests {
  /// Metal at 10.5 ... 19.5 Å and electrolyte at 20.5 ... 29.5 Å, lithium all; the contact lies at
  /// 20 Å. The topmost metal atom (index 9) is moved up by `depths` from the plane.
  private func slab(
    _ depths: [Double], height: Double = 60, drift: Double = 0, mirrored: Bool = false
  ) -> [Frame] {
    depths.enumerated().map { index, depth in
      var heights = (0..<20).map { 10.5 + Double($0) }
      heights[9] = 20 + depth
      if mirrored { heights = heights.map { 40 - $0 } }
      return Frame(
        structure: Structure(
          lattice: orthorhombic(5, 4, height), species: Array(repeating: lithium, count: 20),
          positions: heights.map { Vector3(1, 1, $0 + drift * Double(index)) },
          regions: Array(repeating: .metal, count: 10) + Array(repeating: .electrolyte, count: 10)),
        time: 1000 * Double(index))
    }
  }

  @Test func densityAndDepthOfASlabWithVacuum() throws {
    for mirrored in [false, true] {
      let found = try DepthProfile(lithium, window: 2000)
        .analyzing(slab([-0.5, -0.5, 4, 6], mirrored: mirrored).map { $0.wrapped() })
      #expect(found.contacts == 1 && found.atoms == 20)
      #expect(found.depth_A.first == -9.5 && found.depth_A.last == 9.5)
      // One atom in 5 · 4 · 1 Å³ is 50 per nm³.
      #expect(found.windows.count == 2)
      for density in found.windows[0].density_per_nm3 { #expect(abs(density - 50) < 1e-9) }
      #expect(found.windows.map(\.frames) == [2, 2] && found.windows[1].from_ps == 2)
      let series = try #require(found.intoElectrolyte)
      #expect(series.atoms == [0, 0, 1, 1] && series.median_A[0] == nil)
      // The centre of mass moves by a twentieth of what the one atom does.
      #expect(abs(try #require(series.deepest_A[2]) - (4 - 4.5 / 20)) < 1e-9)
      #expect(found.intoMetal?.atoms == [0, 0, 0, 0])
    }
  }

  @Test func driftOfTheWholeChangesNothing() throws {
    let still = try DepthProfile(lithium).analyzing(slab([-0.5, 2, 3, 5]))
    let drifting = try DepthProfile(lithium).analyzing(
      slab([-0.5, 2, 3, 5], drift: 7.3).map { $0.wrapped() })
    for (a, b) in zip(
      still.intoElectrolyte?.deepest_A ?? [], drifting.intoElectrolyte?.deepest_A ?? [])
    {
      #expect(abs((a ?? 0) - (b ?? 0)) < 1e-9)
    }
    #expect(still.intoElectrolyte?.atoms == drifting.intoElectrolyte?.atoms)
  }

  /// Without vacuum there are two contacts, and an atom counts from the nearer one.
  @Test func periodicStackHasTwoContacts() throws {
    // 20 Å high: metal from 0.5 to 9.5, electrolyte from 10.5 to 19.5, contacts at 10 and 20.
    let found = try DepthProfile(lithium).analyzing(slab([-0.5, 4], height: 20))
    #expect(found.contacts == 2)
    #expect(found.depth_A == (-5..<5).map { Double($0) + 0.5 })
    let one = try DepthProfile(lithium).analyzing([slab([-0.5], height: 20)[0]])
    for density in one.windows[0].density_per_nm3 { #expect(abs(density - 50) < 1e-9) }
    #expect(abs(try #require(found.intoElectrolyte?.deepest_A[1]) - (4 - 4.5 / 20)) < 1e-9)
  }

  @Test func quantilesOfManyAtoms() throws {
    // Eleven atoms of the metal 1 ... 11 Å deep in the second frame; a heavy lattice stands still.
    let lattice = orthorhombic(10, 10, 60)
    let species =
      Array(repeating: lithium, count: 11) + Array(repeating: Element("U")!, count: 40)
    let regions: [Region] =
      Array(repeating: .metal, count: 11) + Array(repeating: .electrolyte, count: 40)
    func frame(_ heights: [Double], _ time: Double) -> Frame {
      Frame(
        structure: Structure(
          lattice: lattice, species: species,
          positions: (heights + (0..<40).map { 20 + 0.5 * Double($0) }).map { Vector3(1, 1, $0) },
          regions: regions), time: time)
    }
    let found = try DepthProfile(lithium).analyzing([
      frame((0..<11).map { 19 - 0.5 * Double($0) }, 0),
      frame((0..<11).map { 20.5 + Double($0) }, 100),
    ])
    let series = try #require(found.intoElectrolyte)
    let shift = (0..<11).reduce(0.0) { $0 + 1.5 + 1.5 * Double($1) } * lithium.mass
    let drift = shift / (11 * lithium.mass + 40 * Element("U")!.mass)
    #expect(series.atoms == [0, 11])
    #expect(abs(try #require(series.median_A[1]) - (6 - drift)) < 1e-9)
    #expect(abs(try #require(series.ninety_A[1]) - (10 - drift)) < 1e-9)
    #expect(abs(try #require(series.deepest_A[1]) - (11 - drift)) < 1e-9)
    #expect(found.intoMetal == nil)
  }

  @Test func whatHasNoContactIsRefused() throws {
    var frames = slab([-0.5, 1])
    #expect(
      analysisError { _ = try DepthProfile(sulfur).analyzing(frames) }?.description
        .contains("no S atom") == true)
    frames[0].structure.regions = Array(repeating: .metal, count: 20)
    #expect(
      analysisError { _ = try DepthProfile(lithium).analyzing(frames) }?.description
        .contains("no atom of the electrolyte") == true)
    frames[0].structure.regions = nil
    #expect(
      analysisError { _ = try DepthProfile(lithium).analyzing(frames) }?.description
        .contains("which side of the contact") == true)
    var apart = slab([-0.5])[0]
    for atom in 10..<20 { apart.structure.positions[atom].z += 12 }
    #expect(
      analysisError { _ = try DepthProfile(lithium).analyzing([apart]) }?.description
        .contains("nowhere within 5.0 Å") == true)
    #expect(analysisError { _ = try DepthProfile(lithium, window: 0) }?.kind == .usage)
    #expect(analysisError { _ = try DepthProfile(lithium).result() } != nil)
  }

  /// The error of a change of σ is what the change scatters by from draw to draw of the atoms.
  @Test func errorOfTheSpreadsChange() throws {
    var random = RandomGenerator(seed: 21)
    var changes: [Double] = []
    var errors: [Double] = []
    for _ in 0..<400 {
      let start = (0..<60).map { _ in 20 + 10 * random.uniform() }
      let end = start.map { $0 + 1.5 * random.gaussian() }
      let frames = [start, end].enumerated().map { index, heights in
        Frame(
          structure: Structure(
            lattice: orthorhombic(10, 10, 80), species: Array(repeating: phosphorus, count: 60),
            positions: heights.map { Vector3(1, 1, $0) }), time: Double(index))
      }
      let spread = try AtomicDistributionWidth(phosphorus).analyzing(frames)
      changes.append(spread.sigma_A[1] - spread.sigma_A[0])
      errors.append(try #require(spread.changeError_A)[1])
      #expect(spread.changeError_A?[0] == 0)
    }
    let mean = changes.reduce(0, +) / 400
    let scatter = (changes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 399).squareRoot()
    let error = errors.reduce(0, +) / 400
    #expect(abs(error / scatter - 1) < 0.12, "\(error) \(scatter)")
  }
}
