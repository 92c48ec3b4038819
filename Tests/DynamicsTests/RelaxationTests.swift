import Atomistics
import Dynamics
import Potentials
import Testing

/// Energy per atom of face-centred cubic argon by direct summation over lattice points.
private func crystalEnergy(a: Double) -> Double {
  let argon = Element("Ar")!
  var sum = 0.0
  for i in -4...4 {
    for j in -4...4 {
      for k in -4...4 where (i + j + k).isMultiple(of: 2) && (i, j, k) != (0, 0, 0) {
        let r = Vector3(Double(i), Double(j), Double(k)).length * a / 2
        sum += rareGas.pairEnergy(argon, argon, at: r) / 2
      }
    }
  }
  return sum
}

/// The lattice constant of lowest enthalpy, by ternary search.
private func bestConstant(pressure: Double = 0) -> Double {
  var (low, high) = (4.5, 6.0)
  func enthalpy(_ a: Double) -> Double { crystalEnergy(a: a) + pressure * a * a * a / 4 }
  while high - low > 1e-8 {
    let (x, y) = (low + (high - low) / 3, high - (high - low) / 3)
    if enthalpy(x) < enthalpy(y) { high = y } else { low = x }
  }
  return (low + high) / 2
}

@Suite struct RelaxationTests {
  @Test(arguments: [5.0, 5.25, 5.6]) func findsTheLatticeConstant(start: Double) throws {
    let result = try Relaxation(cell: .flexible).relax(primitiveArgon(a: start), with: rareGas)
    #expect(result.converged)
    let a = exponential(naturalLogarithm(4 * result.structure.volume) / 3)
    // 0.01 GPa is 0.008 Å at argon's bulk modulus of 2.3 GPa.
    #expect(abs(a - bestConstant()) < 0.008)
    #expect(abs(result.pressure) < 0.01 / Units.gigapascal)
    #expect(abs(result.energy - crystalEnergy(a: bestConstant())) < 1e-5)
  }

  @Test func tightGoalsFindItTightly() throws {
    var relaxation = Relaxation(cell: .flexible)
    relaxation.largestStress = 1e-6 / Units.gigapascal
    let result = try relaxation.relax(primitiveArgon(a: 5.5), with: rareGas)
    let a = exponential(naturalLogarithm(4 * result.structure.volume) / 3)
    #expect(result.converged)
    #expect(abs(a - bestConstant()) < 1e-5)
  }

  @Test func distortedTriclinicCellComesBack() throws {
    var generator = RandomGenerator(seed: 5)
    var structure = primitiveArgon(a: 5.3).supercell(2, 2, 2)
    let strain = Matrix3(
      Vector3(0.05, 0.04, -0.03), Vector3(0.02, -0.04, 0.05), Vector3(-0.01, 0.03, 0.02))
    structure = structure.strained(by: strain)
    for k in structure.positions.indices {
      for axis in 0..<3 { structure.positions[k][axis] += 0.15 * (generator.uniform() - 0.5) }
    }
    var relaxation = Relaxation(cell: .flexible)
    relaxation.largestForce = 1e-4
    relaxation.largestStress = 1e-4 / Units.gigapascal
    let result = try relaxation.relax(structure, with: rareGas)
    #expect(result.converged)
    #expect(abs(result.energy / 8 - crystalEnergy(a: bestConstant())) < 1e-7)
    // Every atom has its twelve neighbours at a/√2 again.
    let list = NeighborList(result.structure, cutoff: bestConstant() * 0.85)
    for i in 0..<8 {
      #expect(list.pairs(of: i).count == 12)
      for pair in list.pairs(of: i) {
        let r = list.vector(pair, from: i, in: result.structure).length
        #expect(abs(r - bestConstant() / 2.0.squareRoot()) < 2e-3)
      }
    }
  }

  @Test func reachesATargetPressure() throws {
    var relaxation = Relaxation(cell: .flexible)
    relaxation.target = StressTarget(pressure: 1 / Units.gigapascal)
    let result = try relaxation.relax(primitiveArgon(a: 5.3), with: rareGas)
    #expect(result.converged)
    #expect(abs(result.pressure * Units.gigapascal - 1) < 0.011)
    let a = exponential(naturalLogarithm(4 * result.structure.volume) / 3)
    #expect(abs(a - bestConstant(pressure: relaxation.target.pressure)) < 0.003)
  }

  @Test func badStartIsBroughtToRest() throws {
    // Two atoms 1.2 Å apart where they want 3.8: the first force is millions of eV/Å.
    var structure = argonCrystal(2)
    structure.positions[0] = structure.positions[1] + Vector3(0.7, 0.7, 0.7)
    var energies: [Double] = []
    let result = try Relaxation().relax(structure, with: rareGas) { energies.append($0.energy) }
    #expect(result.converged)
    #expect(energies[0] > 1e3)
    #expect(energies.last! < -1)
    // Downhill but for the overshoots, which are stopped.
    let climbs = zip(energies, energies.dropFirst()).filter { $1 > $0 + 1e-12 }.count
    #expect(climbs < energies.count / 3)
    #expect(energies.last! == energies.min()!)
  }

  @Test func frozenRegionStays() throws {
    var structure = shakenMixture(seed: 4)
    structure.regions = (0..<structure.count).map { $0 < 10 ? .metal : .electrolyte }
    var relaxation = Relaxation()
    relaxation.frozenRegions = [.metal]
    let result = try relaxation.relax(structure, with: rareGas)
    #expect(result.converged)
    #expect(Array(result.structure.positions[..<10]) == Array(structure.positions[..<10]))
    #expect(result.structure.positions[10] != structure.positions[10])
    #expect(result.evaluation.forces[..<10].contains { $0.length > 0.01 })
  }

  @Test func openDirectionKeepsItsLatticeVector() throws {
    var structure = argonCrystal(2, a: 5.6)
    structure.lattice = Lattice(
      structure.lattice.a, structure.lattice.b, Vector3(0, 0, 40))
    structure.periodic = [true, true, false]
    let result = try Relaxation(cell: .flexible).relax(structure, with: rareGas)
    #expect(result.converged)
    #expect((result.structure.lattice.c - Vector3(0, 0, 40)).length < 1e-9)
    #expect(result.structure.lattice.a.length < structure.lattice.a.length - 0.2)
  }

  @Test func outOfStepsIsAFlagNotAnError() throws {
    var relaxation = Relaxation(cell: .flexible)
    relaxation.mostSteps = 3
    let result = try relaxation.relax(shakenMixture(seed: 6), with: rareGas)
    #expect(!result.converged)
    #expect(result.steps == 3)
    #expect(result.largestForce > relaxation.largestForce)
  }

  @Test func atomsOnTopOfOneAnotherAreNamed() {
    var structure = argonCrystal(1)
    structure.positions[2] = structure.positions[1] + Vector3(0.1, 0, 0)
    #expect(throws: AtomisticsError.self) {
      try Relaxation().relax(structure, with: rareGas)
    }
  }
}
