import Atomistics
import Dynamics
import Foundation
import Potentials
import Testing

/// C of an isotropic solid from Lamé's constants.
private func isotropic(lambda: Double, mu: Double) -> [[Double]] {
  (0..<6).map { i in
    (0..<6).map { j in
      (i < 3 && j < 3 ? lambda : 0) + (i == j ? (i < 3 ? 2 * mu : mu) : 0)
    }
  }
}

private func cubic(_ c11: Double, _ c12: Double, _ c44: Double) -> [[Double]] {
  (0..<6).map { i in
    (0..<6).map { j in i < 3 && j < 3 ? (i == j ? c11 : c12) : (i == j ? c44 : 0) }
  }
}

private func constants(_ derivatives: [[Double]]) -> ElasticConstants {
  ElasticConstants(derivatives: derivatives, amplitude: 0.01, atoms: .clamped)
}

/// Face-centred cubic argon at rest, and C₁₁ and C₁₂ = C₄₄ by sums over its lattice:
/// C_ijkl = (1/2Ω) Σ (φ'' − φ'/r) x_i x_j x_k x_l / r².
private func argonAtRest() throws -> (crystal: Structure, c11: Double, c12: Double) {
  var relaxation = Relaxation(cell: .flexible)
  relaxation.minimizer = LBFGS()
  relaxation.largestStress = 1e-10
  let crystal = try relaxation.relax(primitiveArgon(a: 5.25), with: rareGas).structure
  let argon = crystal.species[0]
  func energy(_ r: Double) -> Double { rareGas.pairEnergy(argon, argon, at: r) }
  var (c11, c12) = (0.0, 0.0)
  for i in -4...4 {
    for j in -4...4 {
      for k in -4...4 where (i, j, k) != (0, 0, 0) {
        let v = Vector3(Double(i), Double(j), Double(k)) * crystal.lattice.matrix
        let (r, h) = (v.length, 1e-4)
        guard r < 6.99 else { continue }
        let slope = (energy(r + h) - energy(r - h)) / (2 * h)
        let bend = (energy(r + h) - 2 * energy(r) + energy(r - h)) / (h * h)
        let weight = (bend - slope / r) / (r * r) / (2 * crystal.volume)
        c11 += weight * v.x * v.x * v.x * v.x
        c12 += weight * v.x * v.x * v.y * v.y
      }
    }
  }
  return (crystal, c11, c12)
}

@Suite struct ElasticConstantsTests {
  @Test func isotropicSolidHasOneAnswer() throws {
    let (lambda, mu) = (3.0, 2.0)
    let solid = constants(isotropic(lambda: lambda, mu: mu))
    let hill = try #require(solid.hill)
    let reuss = try #require(solid.reuss)
    for moduli in [solid.voigt, reuss, hill] {
      #expect(abs(moduli.bulk - (lambda + 2 * mu / 3)) < 1e-12)
      #expect(abs(moduli.shear - mu) < 1e-12)
      #expect(abs(moduli.young - mu * (3 * lambda + 2 * mu) / (lambda + mu)) < 1e-12)
      #expect(abs(moduli.poisson - lambda / (2 * (lambda + mu))) < 1e-12)
    }
    #expect(abs(try #require(solid.universalAnisotropy)) < 1e-12 && solid.asymmetry == 0)
    let expected = [4.0, 4, 4, 4, 4, 13]
    for (found, value) in zip(solid.eigenvalues, expected) { #expect(abs(found - value) < 1e-12) }
  }

  @Test func cubicCrystalFollowsTheFormulas() throws {
    let (c11, c12, c44) = (22.8, 18.1, 12.1)
    let crystal = constants(cubic(c11, c12, c44))
    let reuss = try #require(crystal.reuss)
    #expect(abs(crystal.voigt.bulk - (c11 + 2 * c12) / 3) < 1e-12)
    #expect(abs(reuss.bulk - (c11 + 2 * c12) / 3) < 1e-12)
    #expect(abs(crystal.voigt.shear - (c11 - c12 + 3 * c44) / 5) < 1e-12)
    let shear = 5 * (c11 - c12) * c44 / (4 * c44 + 3 * (c11 - c12))
    #expect(abs(reuss.shear - shear) < 1e-12)
    #expect(try #require(crystal.hill).shear == (crystal.voigt.shear + reuss.shear) / 2)
    #expect(crystal.isStable)
  }

  @Test(arguments: [(10.0, 12.0, 5.0), (10, 4, -0.1), (4, -3, 5)])
  func unstableCrystalsHaveNoLowerBound(_ c: (Double, Double, Double)) {
    let crystal = constants(cubic(c.0, c.1, c.2))
    #expect(!crystal.isStable)
    #expect(crystal.reuss == nil && crystal.hill == nil && crystal.compliance == nil)
    #expect(crystal.universalAnisotropy == nil && crystal.voigt.bulk.isFinite)
  }

  @Test func complianceIsTheInverse() throws {
    var generator = RandomGenerator(seed: 21)
    let root = (0..<6).map { _ in (0..<6).map { _ in generator.uniform() - 0.5 } }
    let matrix = (0..<6).map { i in
      (0..<6).map { j in (0..<6).reduce(i == j ? 0.2 : 0) { $0 + root[i][$1] * root[j][$1] } }
    }
    let crystal = constants(matrix)
    let compliance = try #require(crystal.compliance)
    for i in 0..<6 {
      for j in 0..<6 {
        let product = (0..<6).reduce(0.0) { $0 + crystal.stiffness[i][$1] * compliance[$1][j] }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-11)
      }
    }
    // The trace in Kelvin's form is the sum of the eigenvalues.
    let trace = (0..<6).reduce(0.0) { $0 + ($1 < 3 ? 1 : 2) * matrix[$1][$1] }
    #expect(abs(crystal.eigenvalues.reduce(0, +) - trace) < 1e-12)
  }

  @Test func asymmetryIsKept() {
    var derivatives = cubic(10, 5, 4)
    derivatives[0][1] += 0.3
    let crystal = constants(derivatives)
    #expect(abs(crystal.asymmetry - 0.15) < 1e-12)
    #expect(crystal.stiffness[0][1] == crystal.stiffness[1][0])
  }

  @Test func argonEqualsItsLatticeSums() throws {
    let (crystal, c11, c12) = try argonAtRest()
    for (amplitude, tolerance) in [(0.005, 5e-3), (2e-4, 1e-5)] {
      var strain = FiniteStrain()
      strain.amplitude = amplitude
      let found = try strain.constants(of: crystal, with: rareGas)
      #expect(found.converged && found.isStable)
      let expected = cubic(c11, c12, c12)
      for i in 0..<6 {
        for j in 0..<6 {
          #expect(abs(found.stiffness[i][j] - expected[i][j]) < tolerance * c11, "\(i) \(j)")
        }
      }
      #expect(found.asymmetry < 1e-6 * c11)
    }
  }

  @Test func turnedCrystalHasTheSameInvariants() throws {
    let (crystal, _, _) = try argonAtRest()
    let turn = Matrix3(
      Vector3(2, -1, 2) / 3, Vector3(2, 2, -1) / 3, Vector3(-1, 2, 2) / 3)
    var turned = crystal
    turned.lattice = Lattice(crystal.lattice.matrix * turn)
    var strain = FiniteStrain()
    strain.amplitude = 2e-4
    let straight = try strain.constants(of: crystal, with: rareGas)
    let other = try strain.constants(of: turned, with: rareGas)
    #expect(abs(straight.stiffness[0][0] - other.stiffness[0][0]) > 1e-3 * straight.stiffness[0][0])
    for (a, b) in zip(straight.eigenvalues, other.eigenvalues) {
      #expect(abs(a - b) < 1e-5 * straight.stiffness[0][0])
    }
    let (a, b) = (try #require(straight.hill), try #require(other.hill))
    #expect(abs(a.shear - b.shear) < 1e-5 * a.shear && abs(a.bulk - b.bulk) < 1e-5 * a.bulk)
  }

  @Test func relaxedConstantsAreTheCurvatureOfTheRelaxedEnergy() throws {
    var relaxation = Relaxation(cell: .flexible)
    relaxation.minimizer = LBFGS()
    relaxation.largestForce = 1e-7
    relaxation.largestStress = 1e-9
    let glass = try relaxation.relax(shakenMixture(seed: 3), with: rareGas)
    try #require(glass.converged)
    relaxation.cell = .fixed
    var strain = FiniteStrain()
    strain.amplitude = 1e-4
    strain.relaxation = relaxation
    let constants = try strain.constants(of: glass.structure, with: rareGas)
    strain.atoms = .clamped
    let clamped = try strain.constants(of: glass.structure, with: rareGas)
    #expect(constants.converged && constants.asymmetry < 1e-3 * clamped.stiffness[0][0])
    for k in 0..<6 {
      func energy(_ e: Double) throws -> Double {
        var voigt = Array(repeating: 0.0, count: 6)
        voigt[k] = k < 3 ? e : e / 2
        let strained = glass.structure.strained(by: Matrix3(voigt: voigt))
        return try relaxation.relax(strained, with: rareGas).energy
      }
      let h = 1e-4
      let curvature =
        try (energy(h) - 2 * glass.energy + energy(-h)) / (h * h * glass.structure.volume)
      #expect(abs(curvature - constants.stiffness[k][k]) < 2e-3 * clamped.stiffness[k][k])
      // Atoms that may follow make a crystal softer.
      #expect(constants.stiffness[k][k] < 0.98 * clamped.stiffness[k][k])
    }
  }

  @Test func whatIsNotAtRestIsRefused() {
    let strain = FiniteStrain()
    #expect {
      try strain.constants(of: primitiveArgon(a: 5.0), with: rareGas)
    } throws: { error in
      guard case DynamicsError.notRelaxed(let stress, let most, _, _) = error else { return false }
      return stress > most && "\(error)".contains("GPa") && "\(error)".contains("not relaxed")
    }
    var slab = argonCrystal(2)
    slab.periodic = [true, true, false]
    #expect {
      try strain.constants(of: slab, with: rareGas)
    } throws: { error in
      guard case DynamicsError.notACrystal = error else { return false }
      return true
    }
  }
}
