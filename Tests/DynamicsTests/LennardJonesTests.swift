import Atomistics
import Potentials
import Testing

private let argon = Element("Ar")!
private let krypton = Element("Kr")!

@Suite struct LennardJonesTests {
  @Test func dimerFollowsTheFormula() throws {
    let (epsilon, sigma) = (0.0104, 3.4)
    func plain(_ r: Double) -> Double {
      let q = sigma / r
      return 4 * epsilon * (power(q, 12) - power(q, 6))
    }
    let slope = 4 * epsilon * (-12 * power(sigma / 7, 12) + 6 * power(sigma / 7, 6)) / 7
    for r in [3.2, 3.8, 5, 6.9] {
      let dimer = Structure(
        lattice: Lattice(Vector3(30, 0, 0), Vector3(0, 30, 0), Vector3(0, 0, 30)),
        species: [argon, argon], positions: [.zero, Vector3(0, r, 0)])
      let result = try rareGas.evaluate(dimer)
      let expected = plain(r) - plain(7) - (r - 7) * slope
      #expect(abs(result.energy - expected) < 1e-14)
      #expect(abs(result.energies![0] - expected / 2) < 1e-14)
    }
  }

  @Test func energyAndForceVanishAtTheCutoff() {
    for other in [argon, krypton] {
      let h = 1e-5
      #expect(abs(rareGas.pairEnergy(argon, other, at: 7 - h)) < 1e-12)
      #expect(rareGas.pairEnergy(argon, other, at: 7) == 0)
      #expect(rareGas.pairEnergy(argon, other, at: 6) < -1e-5)
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64]) func forcesAreMinusTheGradient(seed: UInt64) throws {
    let structure = shakenMixture(seed: seed)
    let forces = try rareGas.evaluate(structure).forces
    let h = 1e-4
    for atom in stride(from: 0, to: structure.count, by: 5) {
      for axis in 0..<3 {
        var (up, down) = (structure, structure)
        up.positions[atom][axis] += h
        down.positions[atom][axis] -= h
        let slope =
          (try rareGas.evaluate(up).energy - rareGas.evaluate(down).energy) / (2 * h)
        #expect(abs(slope + forces[atom][axis]) < 1e-7)
      }
    }
  }

  @Test(arguments: [1, 2] as [UInt64]) func stressIsTheStrainGradient(seed: UInt64) throws {
    let structure = shakenMixture(seed: seed)
    let stress = try rareGas.evaluate(structure).stress
    let h = 1e-5
    for row in 0..<3 {
      for column in 0..<3 {
        var strain = Matrix3.zero
        strain[row, column] = h
        let up = structure.strained(by: strain)
        let down = structure.strained(by: -1.0 * strain)
        let slope =
          (try rareGas.evaluate(up).energy - rareGas.evaluate(down).energy) / (2 * h)
        #expect(abs(slope / structure.volume - stress[row, column]) < 1e-8)
      }
    }
  }

  @Test func unknownElementIsRefused() {
    var structure = argonCrystal(1)
    structure.species[2] = Element("Li")!
    #expect(throws: PotentialsError.self) { try rareGas.evaluate(structure) }
  }

  @Test func ownParametersOfAPairReplaceTheMixingRule() {
    let own = LennardJones(
      [argon: .init(epsilon: 0.01, sigma: 3), krypton: .init(epsilon: 0.04, sigma: 4)],
      pairs: [.init(krypton, argon): .init(epsilon: 0.5, sigma: 2)], cutoff: 60)
    #expect(abs(own.pairEnergy(argon, krypton, at: 2 * sixthRootOfTwo) + 0.5) < 1e-6)
    let mixed = LennardJones(
      [argon: .init(epsilon: 0.01, sigma: 3), krypton: .init(epsilon: 0.04, sigma: 4)], cutoff: 60)
    #expect(abs(mixed.pairEnergy(argon, krypton, at: 3.5 * sixthRootOfTwo) + 0.02) < 1e-6)
  }
}

private let sixthRootOfTwo = exponential(naturalLogarithm(2) / 6)

private func power(_ x: Double, _ n: Int) -> Double { (0..<n).reduce(1) { y, _ in y * x } }
