import Analysis
import Atomistics
import Testing

@Suite struct RadialDistributionFunctionTests {
  private func gas(
    _ count: Int, in cell: Vector3, frames: Int, seed: UInt64, slab: ClosedRange<Double>? = nil,
    periodic: Bool = true
  ) -> [Frame] {
    var generator = RandomGenerator(seed: seed)
    let species = (0..<count).map { $0 < count / 2 ? phosphorus : sulfur }
    return (0..<frames).map { index in
      let positions = (0..<count).map { _ in
        let z = generator.uniform()
        return Vector3(
          generator.uniform() * cell.x, generator.uniform() * cell.y,
          slab.map { $0.lowerBound + z * ($0.upperBound - $0.lowerBound) } ?? z * cell.z)
      }
      return Frame(
        structure: Structure(
          lattice: orthorhombic(cell.x, cell.y, cell.z), species: species, positions: positions,
          periodic: [true, true, periodic]), time: Double(index))
    }
  }

  /// Mean of g over bins between two radii.
  private func mean(_ d: RadialDistribution, _ range: ClosedRange<Double>) -> Double {
    let g = zip(d.r_A, d.g).filter { range.contains($0.0) }.map(\.1)
    return g.reduce(0, +) / Double(g.count)
  }

  @Test func idealGasOfFewAtomsIsOne() throws {
    // Six atoms of a kind: with N in place of N − 1 this would be 0.83.
    let frames = gas(12, in: Vector3(10, 11, 12), frames: 4000, seed: 1)
    for (a, b) in [(phosphorus, phosphorus), (phosphorus, sulfur)] {
      let g = try RadialDistributionFunction(a, b, maximumRadius: 5, binWidth: 0.25)
        .analyzing(frames)
      #expect(abs(mean(g, 2...5) - 1) < 0.02)
      #expect(g.centers == 6 && g.frames == 4000)
    }
    let all = try RadialDistributionFunction(nil, nil, maximumRadius: 5, binWidth: 0.25)
      .analyzing(frames)
    #expect(abs(mean(all, 1...5) - 1) < 0.015)
    #expect(all.pair == ["any", "any"])
  }

  @Test func idealGasBeyondTheCellIsOne() throws {
    let frames = gas(24, in: Vector3(6, 6, 6), frames: 300, seed: 2)
    let g = try RadialDistributionFunction(phosphorus, sulfur, maximumRadius: 14, binWidth: 0.5)
      .analyzing(frames)
    #expect(abs(mean(g, 3...14) - 1) < 0.01)
  }

  @Test(arguments: [true, false]) func idealGasInASlabIsOne(periodic: Bool) throws {
    let frames = gas(
      40, in: Vector3(12, 12, 40), frames: 600, seed: 3, slab: 35...43, periodic: periodic
    ).map { periodic ? $0.wrapped() : $0 }
    for (a, b) in [(phosphorus, phosphorus), (sulfur, phosphorus)] {
      let g = try RadialDistributionFunction(
        a, b, maximumRadius: 11.5, binWidth: 0.5, normalization: .slab
      ).analyzing(frames)
      #expect(abs(mean(g, 1...4) - 1) < 0.03)
      #expect(abs(mean(g, 4...8) - 1) < 0.02)
      #expect(abs(mean(g, 8...11.5) - 1) < 0.02, "also where spheres are wider than the slab")
      #expect(abs(try #require(g.partnerThickness_A) - 8) < 0.1)
    }
    // Over the whole cell the same gas is 40/8 times too dense near by.
    guard periodic else { return }
    let wrong = try RadialDistributionFunction(
      sulfur, phosphorus, maximumRadius: 2, binWidth: 0.5
    ).analyzing(frames)
    #expect(mean(wrong, 0.5...2) > 4)
  }

  @Test func centersInOneSlabPartnersInAnother() throws {
    // P in [30, 36], S in [28, 44]: even density of each over its own slab.
    var frames = gas(60, in: Vector3(14, 14, 60), frames: 400, seed: 4, slab: 28...44)
    for k in frames.indices {
      for atom in 0..<30 {
        let z = frames[k].structure.positions[atom].z
        frames[k].structure.positions[atom].z = 30 + (z - 28) * 6 / 16
      }
    }
    let g = try RadialDistributionFunction(
      phosphorus, sulfur, maximumRadius: 13, binWidth: 0.5, normalization: .slab
    ).analyzing(frames)
    #expect(abs(mean(g, 1...5) - 1) < 0.03)
    #expect(abs(mean(g, 5...13) - 1) < 0.02)
  }

  @Test func aSlabThatFillsItsCellIsABulk() throws {
    // The images of the slab above and below count as well.
    let frames = gas(60, in: Vector3(8, 8, 8), frames: 200, seed: 12)
    let g = try RadialDistributionFunction(
      phosphorus, sulfur, maximumRadius: 12, binWidth: 0.5, normalization: .slab
    ).analyzing(frames)
    #expect(abs(mean(g, 1...6) - 1) < 0.04)
    #expect(abs(mean(g, 6...12) - 1) < 0.04)
  }

  @Test func aPlaneOfCenters() throws {
    var frames = gas(60, in: Vector3(14, 14, 60), frames: 300, seed: 6, slab: 28...44)
    for k in frames.indices {
      for atom in 0..<30 { frames[k].structure.positions[atom].z = 30 }
    }
    let g = try RadialDistributionFunction(
      phosphorus, sulfur, maximumRadius: 10, binWidth: 0.5, normalization: .slab
    ).analyzing(frames)
    #expect(abs(mean(g, 1...10) - 1) < 0.03)
  }

  @Test func shellsOfCrystals() throws {
    let a = 4.0
    let fcc = Structure(
      lattice: Lattice(Vector3(0, 2, 2), Vector3(2, 0, 2), Vector3(2, 2, 0)), species: [lithium],
      positions: [Vector3(0.3, 0.1, -0.2)])
    let bcc = Structure(
      lattice: orthorhombic(a, a, a), species: [lithium, lithium],
      fractional: [.zero, Vector3(0.5, 0.5, 0.5)])
    let shells: [(Structure, [(Double, Double)])] = [
      (fcc, [(0.5.squareRoot(), 12), (1, 18), (1.5.squareRoot(), 42), (2.0.squareRoot(), 54)]),
      (bcc, [(0.75.squareRoot(), 8), (1, 14), (2.0.squareRoot(), 26)]),
    ]
    for (crystal, expected) in shells {
      for structure in [crystal, crystal.supercell(2, 2, 2)] {
        let g = try RadialDistributionFunction(
          lithium, lithium, maximumRadius: 6.5, binWidth: 0.1
        ).analyzing([Frame(structure: structure, time: 0)])
        for (radius, neighbors) in expected {
          let bin = Int(radius * a / 0.1 + 1e-9)
          #expect(g.coordination[min(bin + 1, 64)] == neighbors)
          #expect(g.g[bin] + g.g[bin + 1] > 1)
        }
        #expect(g.partners(in: 0...(a * 0.6)) == 0)
        #expect(g.g.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test func countsMatchBruteForce() throws {
    // g over a cell by definition, written out for one bin of a frame of nine atoms.
    let frame = gas(9, in: Vector3(8, 9, 10), frames: 1, seed: 8)[0]
    let s = frame.structure
    var pairs = 0
    for i in 0..<4 {
      for j in 4..<9 {
        var d = s.positions[j] - s.positions[i]
        for k in 0..<3 { d[k] -= (d[k] / (8 + Double(k))).rounded() * (8 + Double(k)) }
        if (2..<4).contains(d.length) { pairs += 1 }
      }
    }
    #expect(pairs > 0)
    let g = try RadialDistributionFunction(phosphorus, sulfur, maximumRadius: 4, binWidth: 2)
      .analyzing([frame])
    let shell = 4 * Double.pi / 3 * (64 - 8)
    #expect(abs(g.g[1] - Double(pairs) / (20 * shell / 720)) < 1e-12)
    #expect(abs(g.radialDensity_per_A[1] - Double(pairs) / 4 / 2) < 1e-12)
    #expect(g.r_A == [1, 3])
    let mirrored = try RadialDistributionFunction(
      sulfur, phosphorus, maximumRadius: 4, binWidth: 2
    ).analyzing([frame])
    #expect(abs(mirrored.g[1] - g.g[1]) < 1e-12, "g_AB = g_BA")
  }

  @Test func translationWrappingAndOrderChangeNothing() throws {
    let frames = gas(30, in: Vector3(9, 10, 30), frames: 10, seed: 9, slab: 24...36)
    func g(_ frames: [Frame]) throws -> [Double] {
      try RadialDistributionFunction(
        phosphorus, sulfur, maximumRadius: 8, binWidth: 0.4, normalization: .slab
      ).analyzing(frames).g
    }
    let expected = try g(frames)
    #expect(expected.contains { $0 > 0.5 })
    let order = Array((0..<30).reversed())
    for variant in [
      frames.map { $0.wrapped() }, frames.map { $0.moved(by: Vector3(2, 31, 14)).wrapped() },
      frames.map { Frame(structure: $0.structure.selecting(order), time: $0.time) },
    ] {
      for (a, b) in zip(try g(variant), expected) { #expect(abs(a - b) < 1e-6 * (1 + b)) }
    }
  }

  @Test func selectionsChooseByRegionLayerAndDistance() throws {
    let structure = Structure(
      lattice: orthorhombic(10, 10, 40), species: [lithium, lithium, sulfur, sulfur, chlorine],
      positions: [1, 4, 7, 12, 17].map { Vector3(0, 0, $0) },
      regions: [.metal, .metal, .electrolyte, .electrolyte, .electrolyte],
      layers: [-1, -1, 0, 1, 1])
    #expect(try AtomSelection.all.atoms(of: nil, in: structure) == [0, 1, 2, 3, 4])
    #expect(try AtomSelection.region(.electrolyte).atoms(of: sulfur, in: structure) == [2, 3])
    #expect(try AtomSelection.layers(1...1).atoms(of: nil, in: structure) == [3, 4])
    #expect(try AtomSelection.nearContact(within: 3.5).atoms(of: nil, in: structure) == [1, 2])
    #expect(try AtomSelection.nearContact(within: 6.5).atoms(of: sulfur, in: structure) == [2])
    for bad in [0, -1, Double.nan, 1e9] {
      #expect(
        analysisError {
          _ = try AtomSelection.nearContact(within: bad).atoms(of: nil, in: structure)
        }?.kind == .usage)
    }
    #expect(RadialNormalization.suited(to: structure) == .slab)
  }

  @Test func peaksAndWindows() throws {
    let bcc = Structure(
      lattice: orthorhombic(4, 4, 4), species: [lithium, lithium],
      fractional: [.zero, Vector3(0.5, 0.5, 0.5)])
    let g = try RadialDistributionFunction(lithium, lithium, maximumRadius: 5, binWidth: 0.1)
      .analyzing([Frame(structure: bcc, time: 0)])
    #expect(abs(try #require(g.peak(in: 3...3.8)).r_A - 12.0.squareRoot()) < 0.06)
    #expect(g.peak(in: 1...2) == nil)
    #expect(abs(g.partners(in: 3...4.2) - 14) < 1e-9)
    #expect(PeakWindow.paper.count == 6)
  }

  @Test func refusesWhatCannotBeNormalized() throws {
    let frame = gas(10, in: Vector3(8, 8, 30), frames: 1, seed: 10, slab: 2...9, periodic: false)[0]
    func refusal(
      _ a: Element?, _ b: Element?, _ normalization: RadialNormalization, _ frame: Frame,
      radius: Double = 5, bin: Double = 0.1, partners: AtomSelection = .all
    ) -> AnalysisError? {
      analysisError {
        _ = try RadialDistributionFunction(
          a, b, maximumRadius: radius, binWidth: bin, normalization: normalization,
          partners: partners
        ).analyzing([frame])
      }
    }
    #expect(refusal(phosphorus, sulfur, .cell, frame)?.description.contains("slab") == true)
    #expect(refusal(phosphorus, sulfur, .slab, frame) == nil)
    #expect(refusal(phosphorus, chlorine, .slab, frame)?.description.contains("no Cl") == true)
    for (radius, bin) in [(0, 0.1), (.nan, 0.1), (5, 0), (5, -1), (5, .nan), (5, 6), (1e9, 1)] {
      #expect(refusal(nil, nil, .slab, frame, radius: radius, bin: bin)?.kind == .usage)
    }
    // One atom of a kind is no slab; in a bulk it has its own images only.
    let single = Structure(
      lattice: orthorhombic(8, 8, 8), species: [phosphorus], positions: [.zero])
    #expect(
      refusal(phosphorus, phosphorus, .slab, Frame(structure: single, time: 0))?.description
        .contains("one plane") == true)
    let own = try RadialDistributionFunction(phosphorus, phosphorus, maximumRadius: 9)
      .analyzing([Frame(structure: single, time: 0)])
    #expect(own.coordination.last == 6)
    var broken = frame
    broken.structure.positions[3].x = .infinity
    #expect(refusal(nil, nil, .slab, broken)?.description.contains("atom 4") == true)
  }

  /// One image of each pair in a large cell, several where the range is beyond half the cell, and by
  /// a list where these are many: the same pairs, in skewed cells, wrapped or not, open along c or not.
  @Test(arguments: [true, false])
  func bothWaysOfFindingPairsAgree(isPeriodic: Bool) throws {
    var random = RandomGenerator(seed: 31)
    let lattice = Lattice(Vector3(12, 0, 1), Vector3(4, 13, 0), Vector3(-3, 5, 14))
    let frames = (0..<5).map { index in
      Frame(
        structure: Structure(
          lattice: lattice, species: (0..<90).map { [lithium, sulfur, phosphorus][$0 % 3] },
          fractional: (0..<90).map { _ in
            Vector3(3 * random.uniform(), random.uniform() - 2, random.uniform())
          }, periodic: [true, true, isPeriodic]), time: Double(index))
    }
    for pair in [(lithium, sulfur), (lithium, lithium)] {
      func result(_ radius: Double) throws -> RadialDistribution {
        try RadialDistributionFunction(
          pair.0, pair.1, maximumRadius: radius, normalization: .slab
        ).analyzing(frames)
      }
      let (near, far, farthest) = (try result(5), try result(12), try result(45))
      #expect(near.coordination == Array(far.coordination[..<near.coordination.count]))
      #expect(far.coordination == Array(farthest.coordination[..<far.coordination.count]))
      #expect(near.coordination.last ?? 0 > 0.5)
    }
  }
}
