import Atomistics
import Dynamics
import Potentials
import Testing

@Suite struct SaddleTests {
  /// No force and no shear tells argon on a simple cubic lattice that others are lower.
  private let cubic = Structure(
    lattice: Lattice(Vector3(3.7, 0, 0), Vector3(0, 3.7, 0), Vector3(0, 0, 3.7)),
    species: [Element("Ar")!], positions: [.zero]
  ).supercell(2, 2, 2)

  /// Argon's bonds are soft: a curvature of −0.02 eV/Å² is felt by forces below 0.0006 eV/Å.
  private func tight(_ cell: CellFreedom) -> Relaxation {
    var relaxation = Relaxation(cell: cell)
    relaxation.largestForce = 1e-5
    relaxation.largestStress = 1e-4 / Units.gigapascal
    return relaxation
  }

  @Test func simpleCubicArgonGoesOnToAClosePacking() throws {
    let relaxation = tight(.flexible)
    let saddle = try relaxation.relax(cubic, with: rareGas)
    #expect(saddle.converged)
    let waves = try GammaPhonons(of: saddle.structure, with: rareGas)
    #expect(waves.imaginaryCount > 0)

    var steps: [Int] = []
    let found = try relaxation.relaxPastSaddles(cubic, with: rareGas) { steps.append($0.step) }
    #expect(found.converged && !found.stopped)
    // Close packings differ by less than 1 meV, the simple cubic one lies 15 meV above them.
    let packed = try relaxation.relax(argonCrystal(1), with: rareGas)
    #expect(saddle.energy / 8 - packed.energy / 4 > 0.01)
    #expect(abs(found.energy / 8 - packed.energy / 4) < 0.001)
    #expect(try GammaPhonons(of: found.structure, with: rareGas).imaginaryCount == 0)
    // Steps are counted through.
    #expect(found.steps == steps.last && steps == steps.sorted())
    #expect(found.steps > saddle.steps)
  }

  @Test func aMinimumKeepsItsNumbers() throws {
    let relaxation = tight(.flexible)
    let (once, past) = (
      try relaxation.relax(argonCrystal(1), with: rareGas),
      try relaxation.relaxPastSaddles(argonCrystal(1), with: rareGas)
    )
    #expect(past.converged)
    #expect(past.structure == once.structure && past.energy == once.energy)
    #expect(past.steps > once.steps)
  }

  @Test func frozenAtomsAreNotDisplaced() throws {
    var structure = cubic
    structure.regions = (0..<8).map { $0 < 4 ? .metal : .electrolyte }
    var relaxation = tight(.fixed)
    relaxation.frozenRegions = [.metal]
    let found = try relaxation.relaxPastSaddles(structure, with: rareGas)
    #expect(Array(found.structure.positions[..<4]) == Array(structure.positions[..<4]))
    #expect(found.structure.positions[4] != structure.positions[4])
  }

  @Test func aStopIsTold() throws {
    let first = try tight(.flexible).relax(cubic, with: rareGas).steps
    var evaluations = 0
    let found = try tight(.flexible).relaxPastSaddles(cubic, with: rareGas) { _ in
      evaluations += 1
    } shouldStop: {
      evaluations > first + 3
    }
    #expect(found.stopped)
    // What was found before it is kept.
    #expect(found.structure == (try tight(.flexible).relax(cubic, with: rareGas)).structure)
  }

  @Test func aStressThatIsNoPressureHasNoEnthalpyToCompare() throws {
    var relaxation = Relaxation(cell: .flexible)
    relaxation.target = StressTarget(voigt: [0, 0, -0.001, 0, 0, 0])
    #expect(throws: DynamicsError.self) {
      try relaxation.relaxPastSaddles(cubic, with: rareGas)
    }
  }
}
