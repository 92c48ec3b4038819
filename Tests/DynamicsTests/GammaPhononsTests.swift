import Atomistics
import Dynamics
import Foundation
import Potentials
import Testing

/// Two atoms on a spring, U = k (r − d)²/2.
private struct Dimer: ShortRangeCalculator {
  let k: Double
  let d: Double
  var name: String { "dimer" }
  var cutoff: Double { 3 }
  func validate(_ species: some Sequence<Element>) throws {}

  func evaluate(_ structure: Structure, neighbors: NeighborList) -> Evaluation {
    let bond = structure.positions[1] - structure.positions[0]
    let off = bond.length - d
    let pull = (k * off) * bond.normalized
    return Evaluation(
      energies: [0, k * off * off / 2], forces: [pull, -1 * pull], stress: .zero)
  }
}

struct GammaPhononsTests {
  private func terahertz(_ k: Double, _ mass: Double) -> Double {
    1000 * (k / mass / Units.massVelocitySquared).squareRoot() / (2 * Double.pi)
  }

  @Test func aSpringVibratesWithItsReducedMass() throws {
    let (carbon, oxygen) = (Element("C")!, Element("O")!)
    let molecule = Structure(
      lattice: Lattice(Vector3(9, 0, 0), Vector3(0, 9, 0), Vector3(0, 0, 9)),
      species: [carbon, oxygen], positions: [.zero, Vector3(0.7, 0.5, 0.6)])
    let d = molecule.positions[1].length
    let found = try GammaPhonons(of: molecule, with: Dimer(k: 80, d: d), displacement: 0.002)
    let mass = carbon.mass * oxygen.mass / (carbon.mass + oxygen.mass)
    // One stretch, two turns that cost nothing.
    #expect(found.frequencies.count == 3)
    #expect(abs(found.frequencies[2] / terahertz(80, mass) - 1) < 1e-4)
    #expect(abs(found.frequencies[0]) < 0.5 && abs(found.frequencies[1]) < 0.5)
    #expect(found.acoustic < 1e-3 && found.sumRule < 1e-9)
    // Compressed beyond its length it buckles: the turns are imaginary, ω² = −k (d/r − 1)/μ.
    let pressed = try GammaPhonons(of: molecule, with: Dimer(k: 80, d: 1.1 * d))
    #expect(pressed.imaginaryCount == 2)
    let turn = -terahertz(80 * 0.1, mass)
    #expect(abs(pressed.frequencies[0] / turn - 1) < 1e-2)
  }

  @Test func translationsOfACrystalCostNothing() throws {
    var relaxation = Relaxation(cell: .isotropic)
    relaxation.largestStress = 1e-8
    let crystal = try relaxation.relax(argonCrystal(1), with: rareGas).structure
    let found = try GammaPhonons(of: crystal, with: rareGas)
    #expect(found.frequencies.count == 9 && found.imaginaryCount == 0)
    #expect(found.acoustic < 1e-4 && found.sumRule < 1e-9)
    #expect(found.frequencies.first! > 0.5 && found.frequencies.last! < 4)
    // The cube folds X onto Γ three times: a transverse pair and a longitudinal mode each.
    for k in [1, 2, 3, 4, 5] { #expect(abs(found.frequencies[k] - found.frequencies[0]) < 1e-3) }
    for k in [7, 8] { #expect(abs(found.frequencies[k] - found.frequencies[6]) < 1e-3) }
    // Other axes, other order, other displacement.
    let turned = crystal.selecting([2, 0, 3, 1]).rotatedForTest
    let again = try GammaPhonons(of: turned, with: rareGas, displacement: 0.005)
    for (a, b) in zip(found.frequencies, again.frequencies) { #expect(abs(a - b) < 1e-3) }
  }

  /// Atoms tied to places: a translation costs what everything else does, and is told.
  @Test func tiedAtomsShowInTheTranslations() throws {
    let crystal = argonCrystal(1, a: 8)
    let wells = Wells(
      sites: crystal.positions,
      springs: Array(repeating: Vector3(2, 2, 2), count: crystal.count))
    let found = try GammaPhonons(of: crystal, with: wells)
    let f = terahertz(2, crystal.species[0].mass)
    #expect(abs(found.acoustic / f - 1) < 1e-6 && abs(found.sumRule - 2) < 1e-6)
    for frequency in found.frequencies { #expect(abs(frequency / f - 1) < 1e-6) }
  }

  @Test func aSlabHasNone() throws {
    var slab = argonCrystal(1)
    slab.periodic[2] = false
    #expect {
      try GammaPhonons(of: slab, with: rareGas)
    } throws: {
      "\($0)".contains("repeats along a, b and c")
    }
  }

  @Test func aSingleAtomHasNoModes() throws {
    let found = try GammaPhonons(of: primitiveArgon(a: 5.25), with: rareGas)
    #expect(found.frequencies.isEmpty && found.acoustic < 1e-6)
  }
}

extension Structure {
  /// The axes turned in a circle, x to y to z.
  fileprivate var rotatedForTest: Structure {
    func turned(_ v: Vector3) -> Vector3 { Vector3(v.z, v.x, v.y) }
    return Structure(
      lattice: Lattice(turned(lattice.a), turned(lattice.b), turned(lattice.c)), species: species,
      positions: positions.map(turned), periodic: periodic)
  }
}
