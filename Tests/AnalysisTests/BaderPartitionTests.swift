import Analysis
import Atomistics
import Foundation
import Testing

@Suite struct BaderPartitionTests {
  private let boxes = AnalyticDensity.Boxes()
  private let edge = 4.0

  private func boxGrid(_ counts: SIMD3<Int>, shift: Vector3, rows: Matrix3? = nil) -> VolumetricGrid
  {
    let cube = Matrix3(Vector3(edge, 0, 0), Vector3(0, edge, 0), Vector3(0, 0, edge))
    let lattice = Lattice((rows ?? .identity) * cube)
    let structure = boxes.structure(lattice, edge: edge, shift: shift)
    return AnalyticDensity.grid(structure, counts, boxes.density(edge, shift: shift))
  }

  /// The largest error of any atom's electrons, and of their sum.
  private func errors(_ partition: BaderPartition) -> (basins: Double, sum: Double) {
    let exact = boxes.basins(edge)
    let errors = zip(partition.atoms, exact).map { abs($0.electrons - $1.electrons) }
    let sum = partition.atoms.map(\.electrons).reduce(partition.vacuumElectrons, +)
    return (errors.max() ?? .infinity, abs(sum - partition.electrons))
  }

  @Test func boxesConvergeWithTheGridWhereverItLies() throws {
    #expect(boxes.maxima.count == 2 && boxes.minima.count == 2)
    var worst: [Double] = []
    for n in [16, 32, 64] {
      var largest = 0.0
      var found: [Double] = []
      for shift in [Vector3(0, 0, 0), Vector3(0.013, 0.02, 0.04), Vector3(1.03, 0.7, 2.11)] {
        let partition = try BaderPartition(of: boxGrid(SIMD3(n, n, n), shift: shift))
        let (basins, sum) = errors(partition)
        #expect(sum < 1e-9 * partition.electrons)
        #expect(partition.maxima.count == 2 && partition.offNucleusMaxima.isEmpty)
        largest = max(largest, basins)
        found.append(partition.atoms[0].electrons)
      }
      worst.append(largest)
      // Of 256 electrons.
      if n == 64 { #expect((found.max() ?? 0) - (found.min() ?? 0) < 0.05) }
    }
    #expect(worst[1] < 0.5 * worst[0] && worst[2] < 0.5 * worst[1], "\(worst)")
  }

  @Test func aRigidShiftChangesLittle() throws {
    let lattice = Lattice(Vector3(5, 0, 0), Vector3(0, 5, 0), Vector3(0, 0, 5))
    var electrons: [Double] = []
    for shift in [Vector3(0, 0, 0), Vector3(0.03, 0.05, 0.02), Vector3(0.031, 1.444, 0.017)] {
      let centers = [
        (at: shift, height: 4.0, alpha: 2.0),
        (at: shift + Vector3(2.5, 2.5, 2.5), height: 1.5, alpha: 1.2),
      ]
      let structure = Structure(
        lattice: lattice, species: [Element("Cl")!, Element("Li")!], positions: centers.map(\.at))
      let grid = AnalyticDensity.grid(
        structure, SIMD3(50, 50, 50), AnalyticDensity.gaussians(lattice, centers))
      let partition = try BaderPartition(of: grid, vacuumDensity: 0)
      electrons.append(partition.atoms[0].electrons)
      #expect(partition.maxima.count == 2)
    }
    #expect(electrons.max()! - electrons.min()! < 0.002, "\(electrons)")
  }

  @Test(arguments: [
    Matrix3(Vector3(1, 0, 0), Vector3(1, 1, 0), Vector3(0, 1, 1)),
    Matrix3(Vector3(1, 0, 0), Vector3(-1, 1, 0), Vector3(2, 1, 1)),
  ])
  func theSameBoxesOnSkewedGrids(_ rows: Matrix3) throws {
    let exact = boxes.basins(edge)
    for method in BaderPartition.Method.allCases {
      let grid = boxGrid(SIMD3(60, 50, 66), shift: Vector3(0.3, 0.1, 0.2), rows: rows)
      let partition = try BaderPartition(of: grid, method: method)
      #expect(partition.maxima.count == 2)
      let tolerance = method == .weight ? 0.005 : 0.03
      for (atom, basin) in zip(partition.atoms, exact) {
        #expect(abs(atom.electrons - basin.electrons) < tolerance * basin.electrons, "\(method)")
        #expect(abs(atom.volume - basin.volume) < tolerance * basin.volume, "\(method)")
      }
      #expect(errors(partition).sum < 1e-9 * partition.electrons)
    }
  }

  @Test func nearGridConverges() throws {
    var worst: [Double] = []
    for n in [20, 40, 80] {
      let partition = try BaderPartition(
        of: boxGrid(SIMD3(n, n, n), shift: Vector3(0.03, 0.02, 0.04)), method: .nearGrid)
      let (basins, sum) = errors(partition)
      #expect(sum < 1e-9 * partition.electrons)
      worst.append(basins)
    }
    #expect(worst[2] < 0.6 * worst[0], "\(worst)")
    #expect(worst[2] < 0.02 * boxes.basins(edge)[0].electrons, "\(worst)")
  }

  @Test(arguments: BaderPartition.Method.allCases)
  func equalIonsShareEqually(_ method: BaderPartition.Method) throws {
    // A translation by half the diagonal maps the density onto itself, whatever the cell.
    let lattice = Lattice(a: 3.4, b: 3.9, c: 4.3, alpha: 75, beta: 68, gamma: 100)
    let centers = [0.0, 0.5].map {
      (at: lattice.cartesian(Vector3(repeating: $0)), height: 2.0, alpha: 1.5)
    }
    let structure = Structure(
      lattice: lattice, species: [Element("Li")!, Element("Li")!], positions: centers.map(\.at))
    let density = AnalyticDensity.gaussians(lattice, centers)
    let partition = try BaderPartition(
      of: AnalyticDensity.grid(structure, SIMD3(24, 26, 28), density), method: method,
      vacuumDensity: 0)
    let (first, second) = (partition.atoms[0], partition.atoms[1])
    #expect(abs(first.electrons - second.electrons) < (method == .weight ? 1e-6 : 0.3))
    #expect(abs(first.electrons + second.electrons - partition.electrons) < 1e-9)
    #expect(abs(first.volume + second.volume - lattice.volume) < 1e-9)
    #expect(partition.vacuumElectrons == 0)
  }

  @Test(arguments: BaderPartition.Method.allCases)
  func anyNumberOfThreadsGivesTheSameBits(_ method: BaderPartition.Method) throws {
    let grid = boxGrid(SIMD3(45, 32, 37), shift: Vector3(0.03, 0.02, 0.04))
    let one = try BaderPartition(of: grid, method: method, vacuumDensity: 3.5)
    for threads in [2, 3, 7] {
      let more = try BaderPartition(of: grid, method: method, vacuumDensity: 3.5, threads: threads)
      #expect(one.atoms.map(\.electrons) == more.atoms.map(\.electrons))
      #expect(one.atoms.map(\.volume) == more.atoms.map(\.volume))
      #expect(one.vacuumElectrons == more.vacuumElectrons && one.electrons == more.electrons)
    }
    #expect(one.vacuumElectrons > 1 && errors(one).sum < 1e-9 * one.electrons)
  }

  @Test func theOrderOfStorageDoesNotMatter() throws {
    let lattice = Lattice(a: 3.4, b: 3.9, c: 4.3, alpha: 75, beta: 68, gamma: 100)
    let centers = [
      (at: Vector3(0.1, 0.2, 0.3), height: 3.0, alpha: 1.5),
      (at: lattice.cartesian(Vector3(0.5, 0.6, 0.4)), height: 1.5, alpha: 1.0),
    ]
    let structure = Structure(
      lattice: lattice, species: [Element("Cl")!, Element("Li")!], positions: centers.map(\.at))
    let density = AnalyticDensity.gaussians(lattice, centers)
    let results = try [VolumetricGrid.FastestAxis.a, .c].map { axis in
      try BaderPartition(
        of: AnalyticDensity.grid(structure, SIMD3(20, 24, 27), fastestAxis: axis, density))
    }
    for (a, c) in zip(results[0].atoms, results[1].atoms) {
      #expect(abs(a.electrons - c.electrons) < 1e-9)
    }
  }

  @Test(arguments: BaderPartition.Method.allCases)
  func plateausHaveOneWayOff(_ method: BaderPartition.Method) throws {
    let grid = boxGrid(SIMD3(24, 24, 24), shift: .zero)
    // Steps of 0.5 make most points equal to their neighbours.
    let coarse = VolumetricGrid(
      structure: grid.structure, counts: grid.counts,
      values: grid.values.map { ($0 * 2).rounded() / 2 })
    let partition = try BaderPartition(of: coarse, method: method, vacuumDensity: 0)
    #expect(errors(partition).sum < 1e-9 * partition.electrons)
    if method == .weight { #expect((2...8).contains(partition.maxima.count)) }
    let flat = VolumetricGrid(
      structure: grid.structure, counts: grid.counts,
      values: Array(repeating: 1, count: grid.values.count))
    let one = try BaderPartition(of: flat, method: method)
    #expect(one.maxima.count == 1)
    #expect(abs(one.atoms.map(\.electrons).reduce(0, +) - 64) < 1e-9)
    let none = VolumetricGrid(
      structure: grid.structure, counts: grid.counts,
      values: Array(repeating: 0, count: grid.values.count))
    let empty = try BaderPartition(of: none, method: method)
    #expect(empty.maxima.isEmpty && abs(empty.vacuumVolume - 64) < 1e-9)
  }

  @Test func gridsOfOnePointAndTwo() throws {
    let grid = boxGrid(SIMD3(12, 1, 2), shift: .zero)
    for method in BaderPartition.Method.allCases {
      let partition = try BaderPartition(of: grid, method: method, threads: 2)
      #expect(errors(partition).sum < 1e-9 * partition.electrons)
    }
  }

  @Test func maximaOffTheNucleiAreAssignedAndReported() throws {
    let lattice = Lattice(Vector3(8, 0, 0), Vector3(0, 5, 0), Vector3(0, 0, 5))
    let centers = [
      (at: Vector3(1, 1, 1), height: 3.0, alpha: 3.0), (at: Vector3(5, 1, 1), height: 3, alpha: 3),
      (at: Vector3(2.6, 1, 1), height: 1, alpha: 3),
    ]
    let structure = Structure(
      lattice: lattice, species: [Element("Li")!, Element("Cl")!],
      positions: centers.prefix(2).map(\.at))
    let grid = AnalyticDensity.grid(
      structure, SIMD3(64, 40, 40), AnalyticDensity.gaussians(lattice, centers))
    let partition = try BaderPartition(of: grid)
    #expect(partition.maxima.count == 3)
    let off = try #require(partition.offNucleusMaxima.first)
    #expect(partition.offNucleusMaxima.count == 1 && off.atom == 0)
    #expect(abs(off.distance - 1.6) < 0.15)
    #expect(partition.atoms.map(\.maxima) == [2, 1])
    // The integral of a Gaussian is its height times (π/α)^1.5, but for what others overlap.
    let whole = pow(Double.pi / 3, 1.5)
    #expect(abs(off.electrons - whole) < 0.1)
    #expect(abs(partition.atoms[0].electrons - 4 * whole) < 0.1)
    #expect(partition.vacuumElectrons > 0 && partition.vacuumElectrons < 0.02)
    #expect(partition.vacuumVolume > 50)
  }

  @Test func theReferenceFindsTheBasins() throws {
    let lattice = Lattice(Vector3(5, 0, 0), Vector3(0, 5, 0), Vector3(0, 0, 5))
    let valence = [
      (at: Vector3(0, 0, 0), height: 2.0, alpha: 1.0),
      (at: Vector3(2.5, 2.5, 2.5), height: 0.05, alpha: 1),
    ]
    let core = [
      (at: Vector3(0, 0, 0), height: 20.0, alpha: 6.0),
      (at: Vector3(2.5, 2.5, 2.5), height: 20, alpha: 3),
    ]
    let structure = Structure(
      lattice: lattice, species: [Element("Cl")!, Element("Li")!], positions: core.map(\.at))
    let counts = SIMD3(40, 40, 40)
    let density = AnalyticDensity.grid(
      structure, counts, AnalyticDensity.gaussians(lattice, valence))
    var reference = AnalyticDensity.grid(
      structure, counts, AnalyticDensity.gaussians(lattice, core))
    reference.add(density)
    let partition = try BaderPartition(of: density, reference: reference)
    #expect(partition.atoms.map(\.maxima) == [1, 1])
    #expect(partition.atoms[1].electrons > 0.1 && partition.atoms[1].electrons < 1)
    #expect(abs(partition.electrons - 2.05 * pow(Double.pi, 1.5)) < 1e-6)
    let sum = partition.atoms.map(\.electrons).reduce(partition.vacuumElectrons, +)
    #expect(abs(sum - partition.electrons) < 1e-9)
  }

  @Test func badDensitiesAreRefused() throws {
    let grid = boxGrid(SIMD3(8, 8, 8), shift: .zero)
    for bad in [Double.nan, .infinity] {
      var values = grid.values
      values[77] = bad
      let damaged = VolumetricGrid(
        structure: grid.structure, counts: grid.counts, values: values)
      #expect(throws: AnalysisError.self) { try BaderPartition(of: damaged) }
    }
    let other = boxGrid(SIMD3(8, 8, 9), shift: .zero)
    #expect(throws: AnalysisError.self) { try BaderPartition(of: grid, reference: other) }
  }

  @Test func negativeAndTinyDensities() throws {
    let grid = boxGrid(SIMD3(16, 16, 16), shift: .zero)
    let low = VolumetricGrid(
      structure: grid.structure, counts: grid.counts, values: grid.values.map { $0 - 5 })
    for method in BaderPartition.Method.allCases {
      let partition = try BaderPartition(of: low, method: method, vacuumDensity: 0)
      #expect(abs(errors(partition).sum) < 1e-9)
      let vacuum = try BaderPartition(of: low, method: method)
      #expect(vacuum.vacuumElectrons < 0)
    }
  }
}

@Suite struct VoronoiCellTests {
  private func cell(_ a: Vector3, _ b: Vector3, _ c: Vector3) -> (VoronoiCell, Double) {
    let cell = VoronoiCell([a, b, c])
    return (cell, cell.faces.map { $0.area * $0.distance / 6 }.reduce(0, +))
  }

  @Test func cellsOfTheCubicLattices() {
    let (cubic, v1) = cell(Vector3(2, 0, 0), Vector3(0, 2, 0), Vector3(0, 0, 2))
    #expect(cubic.faces.count == 6 && abs(v1 - 8) < 1e-9)
    #expect(cubic.faces.allSatisfy { abs($0.area - 4) < 1e-9 && abs($0.distance - 2) < 1e-9 })
    let (fcc, v2) = cell(Vector3(0, 1, 1), Vector3(1, 0, 1), Vector3(1, 1, 0))
    #expect(fcc.faces.count == 12 && abs(v2 - 2) < 1e-9)
    let (bcc, v3) = cell(Vector3(-1, 1, 1), Vector3(1, -1, 1), Vector3(1, 1, -1))
    #expect(bcc.faces.count == 14 && abs(v3 - 4) < 1e-9)
    let sheared = cell(Vector3(2, 0, 0), Vector3(6, 2, 0), Vector3(-4, 8, 2)).0
    #expect(sheared.faces.count == 6)
  }

  @Test func anyCellFillsSpace() {
    var random = RandomGenerator(seed: 4)
    for _ in 0..<200 {
      func vector() -> Vector3 {
        Vector3(random.uniform() - 0.5, random.uniform() - 0.5, random.uniform() - 0.5)
      }
      let (a, b, c) = (vector(), vector(), vector())
      let volume = abs(a.dot(b.cross(c)))
      guard volume > 0.01 else { continue }
      let (found, filled) = cell(a, b, c)
      #expect(abs(filled - volume) < 1e-9)
      #expect(found.faces.count <= 14)
      for k in stride(from: 0, to: found.faces.count, by: 2) {
        #expect(found.faces[k].step == 0 &- found.faces[k + 1].step)
      }
    }
  }
}

@Suite struct IonChargesTests {
  private let structure = Structure(
    lattice: Lattice(Vector3(4, 0, 0), Vector3(0, 4, 0), Vector3(0, 0, 4)),
    species: [Element("Li")!, Element("Cl")!], positions: [.zero, Vector3(2, 2, 2)])

  @Test func whatIsKnownIsUsedAndNothingIsGuessed() throws {
    let all = try IonCharges(of: structure, counted: 20.01)
    #expect(all.electrons == .all && all.charges == [3, 17] && all.warnings.isEmpty)
    let unknown = try IonCharges(of: structure, counted: 8)
    #expect(unknown.electrons == nil && unknown.charges == nil && unknown.warnings.count == 1)
    // CP2K says the ions' charges, Quantum ESPRESSO the nuclei's.
    let cp2k = try IonCharges(of: structure, counted: 10, fromFile: [3, 7])
    #expect(cp2k.electrons == .valence && cp2k.charges == [3, 7] && cp2k.warnings.isEmpty)
    let espresso = try IonCharges(of: structure, counted: 8, fromFile: [3, 17])
    #expect(espresso.charges == nil)
    let said = try IonCharges(of: structure, counted: 20, fromFile: [3, 17], kind: .valence)
    #expect(said.charges == nil && said.electrons == .valence)
    let told = try IonCharges(
      of: structure, counted: 8, told: [Element("Li")!: 1, Element("Cl")!: 7])
    #expect(told.charges == [1, 7] && told.electrons == .valence && told.warnings.isEmpty)
  }

  @Test func doubtsAreVoiced() throws {
    let charged = try IonCharges(of: structure, counted: 19, kind: .all)
    #expect(charged.charges == [3, 17] && charged.warnings.count == 1)
    let units = try IonCharges(of: structure, counted: 20 * 6.7483)
    #expect(units.charges == nil && units.warnings.first?.contains("e/Å³") == true)
    #expect(throws: AnalysisError.self) {
      try IonCharges(of: structure, counted: 8, told: [Element("Li")!: 1])
    }
    #expect(throws: AnalysisError.self) {
      try IonCharges(of: structure, counted: 8, told: [Element("Li")!: 4, Element("Cl")!: 7])
    }
  }
}
