import Analysis
import Atomistics
import Foundation
import Testing

/// Charges by layer and time of contacts whose atoms stand, and are charged, as closed forms say.
@Suite struct LayerChargeMapTests {
  /// Lithium metal below 20 Å; phosphorus at these heights above it, and lithium at 20 ... 29 Å, so
  /// that the contact plane lies at 19.5 Å. The whole drifts by `drift` a frame.
  private func contact(
    _ heights: [[Double]], drift: Double = 0, regions: Bool = true
  ) -> [Frame] {
    heights.enumerated().map { index, depths in
      let lithium20 = (0..<20).map { 10 + Double($0) }
      let z = lithium20 + depths.map { 19.5 + $0 }
      let sides: [Region] =
        Array(repeating: .metal, count: 10) + Array(repeating: .electrolyte, count: 10)
        + depths.map { _ in .electrolyte }
      return Frame(
        structure: Structure(
          lattice: orthorhombic(5, 4, 80),
          species: Array(repeating: lithium, count: 20) + depths.map { _ in phosphorus },
          positions: z.map { Vector3(1, 1, $0 + drift * Double(index)) },
          regions: regions ? sides : nil), time: 1000 * Double(index))
    }
  }

  private func map(
    _ frames: [Frame], _ charges: [[Double]], thickness: Double = 2, bins: Int = 100
  ) throws -> LayerCharges {
    var map = try LayerChargeMap(
      phosphorus, kind: .bader, layerThickness: thickness, timeBins: bins)
    for (frame, row) in zip(frames, charges) {
      try map.consume(frame, charges: Array(repeating: -9, count: 20) + row)
    }
    return try map.result()
  }

  @Test func knownChargesInKnownLayers() throws {
    let heights = Array(repeating: [1, 1.5, 7], count: 3)
    let charges = [[1.0, 2, 5], [0, 1, 5], [-1, -1, 4.5]]
    let found = try map(contact(heights), charges)
    #expect(found.title == "Bader charge of P" && found.unit == "e" && found.contacts == 1)
    #expect(found.depth_A == [0, 2, 4, 6, 8] && found.times_ps == [0, 1, 2])
    #expect(found.mean[0] == [1.5, 0.5, -1] && found.mean[3] == [5, 5, 4.5])
    // Empty layers have no charge; one atom has no error, and two have s/√2.
    #expect(found.mean[1] == [nil, nil, nil] && found.mean[2] == [nil, nil, nil])
    #expect(found.change[1] == [nil, nil, nil] && found.changeOfAtoms[2] == [nil, nil, nil])
    #expect(found.standardError[3] == [nil, nil, nil])
    #expect(abs(try #require(found.standardError[0][0]) - 0.5) < 1e-12)
    #expect(found.standardError[0][2] == 0)
    #expect(found.atomsCounted == [[2, 2, 2], [0, 0, 0], [0, 0, 0], [1, 1, 1]])
    #expect(found.layerAtoms == [2, 0, 0, 1])
    #expect(found.meanOfAll.map { ($0 * 3).rounded() } == [8, 6, 2.5].map { $0.rounded() })
    #expect(found.change[0] == [0, -1, -2.5] && found.changeOfAtoms[3] == [0, 0, -0.5])
    let text = String(decoding: try JSONEncoder().encode(found), as: UTF8.self)
    #expect(text.contains("[null,null,null]"))
    #expect(try JSONDecoder().decode(LayerCharges.self, from: Data(text.utf8)) == found)
  }

  @Test func aSlabThatMovesKeepsItsLayers() throws {
    let heights = Array(repeating: [1.0, 3, 9], count: 30)
    let charges = (0..<30).map { [Double($0), 2, 3] }
    let still = try map(contact(heights), charges)
    for drift in [3.7, -11] {
      let moving = try map(contact(heights, drift: drift).map { $0.wrapped() }, charges)
      #expect(moving.mean == still.mean && moving.depth_A == still.depth_A)
    }
  }

  @Test func anAtomThatChangesLayersTakesItsChargeAlong() throws {
    // The heavy rest would have to move: one atom in 23 moves the centre of mass a little.
    let found = try map(contact([[1, 3], [3.5, 3]]), [[0, 4], [-2, 4]])
    #expect(found.mean[0] == [0, nil] && found.mean[1] == [4, 1])
    // The layer as such changes by −3; its atoms by −2 and 0.
    #expect(found.change[1] == [0, -3] && found.changeOfAtoms[1] == [0, -1])
  }

  @Test func mergingTimeBinsKeepsMeans() throws {
    var random = RandomGenerator(seed: 3)
    let heights = (0..<37).map { _ in (0..<6).map { _ in 12 * random.uniform() } }
    // Only the phosphorus moves, so that the centre of mass does; the layers are asked of the map.
    let charges = (0..<37).map { _ in (0..<6).map { _ in random.gaussian() } }
    let frames = contact(heights)
    let fine = try map(frames, charges)
    #expect(fine.times_ps.count == 37)
    for bins in [2, 3, 7, 8, 20, 36] {
      let coarse = try map(frames, charges, bins: bins)
      #expect(coarse.times_ps.count <= bins && 2 * coarse.times_ps.count >= bins)
      #expect(coarse.framesInBin.reduce(0, +) == 37 && coarse.depth_A == fine.depth_A)
      #expect(Set(coarse.framesInBin.dropLast()).count == 1)
      // The mean of a bin is the mean of its frames, weighted by their atoms.
      var first = 0
      for (bin, count) in coarse.framesInBin.enumerated() {
        let range = first..<first + count
        first += count
        #expect(coarse.from_ps[bin] == Double(range.lowerBound))
        #expect(coarse.to_ps[bin] == Double(range.upperBound - 1))
        for layer in 0..<fine.layers {
          let atoms = range.map { Double(fine.atomsCounted[layer][$0]) }
          let sum = zip(range, atoms).reduce(0) { $0 + (fine.mean[layer][$1.0] ?? 0) * $1.1 }
          let number = atoms.reduce(0, +)
          guard let mean = coarse.mean[layer][bin] else {
            #expect(number == 0)
            continue
          }
          #expect(abs(mean - sum / number) < 1e-12)
        }
      }
    }
  }

  /// With one value an atom the error is s/√N, however many frames each atom is seen in.
  @Test func errorIsThatBetweenTheAtoms() throws {
    let values = [0.1, 0.7, -0.4, 1.3]
    let frames = contact(Array(repeating: [1, 1.2, 1.4, 1.6], count: 16))
    let found = try map(frames, Array(repeating: values, count: 16), bins: 2)
    let mean = values.reduce(0, +) / 4
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3
    #expect(found.times_ps.count == 2 && found.atomsCounted == [[4, 4]])
    #expect(abs(try #require(found.standardError[0][1]) - (variance / 4).squareRoot()) < 1e-12)
  }

  @Test func withoutSidesHeightsTakeTheirPlace() throws {
    let found = try map(contact([[1, 7]], regions: false), [[1, 2]])
    #expect(found.contacts == nil && found.depth_A == [20, 22, 24, 26, 28])
    #expect(found.depthName.contains("plane of a and b"))
    #expect(found.mean.map { $0[0] } == [1, nil, nil, 2])
    // A crystal that fills its cell is folded into it.
    let bulk = (0..<3).map { index in
      Frame(
        structure: Structure(
          lattice: orthorhombic(4, 4, 12), species: [phosphorus, sulfur, sulfur, sulfur],
          positions: [1.0, 4, 7, 10].map { Vector3(0, 0, $0 + 12 * Double(index)) }),
        time: Double(index))
    }
    var map = try LayerChargeMap(phosphorus, kind: .mulliken, layerThickness: 3)
    for frame in bulk { try map.consume(frame.wrapped(), charges: [1, 0, 0, 0]) }
    #expect(try map.result().depth_A == [0, 3])
  }

  @Test func whatIsNoChargeIsRefused() throws {
    let frames = contact([[1, 7], [1, 7]])
    var map = try LayerChargeMap(phosphorus, kind: .bader)
    #expect(analysisError { _ = try map.result() } != nil)
    #expect(
      analysisError { try map.consume(frames[0], charges: [1]) }?.description
        == "frame 1: there are 1 charges for 22 atoms")
    map = try LayerChargeMap(phosphorus, kind: .bader)
    #expect(
      analysisError {
        try map.consume(frames[0], charges: Array(repeating: 0, count: 21) + [.nan])
      }?.description.contains("the charge of atom 22 (P) is not a finite number") == true)
    // Lithium's charges are not looked at.
    map = try LayerChargeMap(phosphorus, kind: .bader)
    try map.consume(frames[0], charges: Array(repeating: .nan, count: 20) + [1, 2])
    #expect(try map.result().mean[0] == [1])
    for (thickness, bins) in [(0.0, 10), (.nan, 10), (2, 1), (2, 0)] {
      let error = analysisError {
        _ = try LayerChargeMap(
          phosphorus, kind: .bader, layerThickness: thickness, timeBins: bins)
      }
      #expect(error?.kind == .usage)
    }
    var far = try LayerChargeMap(phosphorus, kind: .bader)
    var open = contact([[1, 60_000]])[0]
    open.structure.periodic = [true, true, false]
    try far.consume(open, charges: Array(repeating: 0, count: 22))
    #expect(analysisError { _ = try far.result() }?.description.contains("10000 layers") == true)
  }

  @Test func kindsAreToldAndNeverGuessed() throws {
    #expect(ChargeKind(columnName: "bader_charge") == .bader)
    #expect(ChargeKind(columnName: "mulliken_charges") == .mulliken)
    for name in ["charges", "initial_charges", "q", "xtb_charge", "bader_or_mulliken"] {
      #expect(ChargeKind(columnName: name) == nil)
    }
    func told(_ text: String, _ source: ChargeKind?) -> ChargeKind? {
      try? ChargeKind(told: text, source: source, of: "the column")
    }
    #expect(
      told(" GFN2-xTB  Mulliken ", .mulliken)?.title(of: phosphorus)
        == "GFN2-xTB Mulliken charge of P")
    #expect(told("Bader charge (PBE)", .bader)?.name == "Bader charge (PBE)")
    #expect(told("Bader", .mulliken) == nil && told("xTB", .bader) == nil && told(" ", nil) == nil)
    #expect(told("Bader beside Mulliken", .bader) == nil)
  }
}
