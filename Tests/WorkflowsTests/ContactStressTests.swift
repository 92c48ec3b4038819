import Atomistics
import Interfaces
import Potentials
import Testing
import Workflows

@Suite struct ContactStressTests {
  private let rareGas = LennardJones(
    [
      Element("Ar")!: .init(epsilon: 0.0104, sigma: 3.4),
      Element("Kr")!: .init(epsilon: 0.0104, sigma: 3.4),
    ], cutoff: 7)

  private func crystal(_ symbol: String, _ a: Double) -> Structure {
    let sites = [Vector3.zero, Vector3(0, 0.5, 0.5), Vector3(0.5, 0, 0.5), Vector3(0.5, 0.5, 0)]
    return Structure(
      lattice: Lattice(Vector3(a, 0, 0), Vector3(0, a, 0), Vector3(0, 0, a)),
      species: sites.map { _ in Element(symbol)! }, fractional: sites)
  }

  /// Where the crystal is at rest.
  private func atRest() throws -> Double {
    var (low, high) = (5.0, 5.5)
    for _ in 0..<60 {
      let a = (low + high) / 2
      if try rareGas.evaluate(crystal("Ar", a)).stress[0].x < 0 { low = a } else { high = a }
    }
    return (low + high) / 2
  }

  private func candidates(_ sharing: StrainSharing) throws -> (
    metal: Structure, film: Structure, found: [ContactCandidate]
  ) {
    let a = try atRest()
    let (metal, film) = (crystal("Ar", a), crystal("Kr", 1.001 * a))
    var settings = ContactSettings()
    settings.maximumArea = 40
    settings.sharing = sharing
    settings.maximumAtoms = 200
    let found = try CoherentInterface.candidates(
      electrolyte: film, metal: metal, settings: settings)
    return (metal, film, found)
  }

  /// The stress that the calculator finds in the strained bulk once its normal has let go.
  private func exact(_ strained: Structure) throws -> Double {
    func stress(_ stretch: Double) throws -> Matrix3 {
      let m = strained.lattice
      var copy = strained
      copy.lattice = Lattice(m.a, m.b, Vector3(m.c.x, m.c.y, m.c.z * stretch))
      copy.positions = strained.positions.map { Vector3($0.x, $0.y, $0.z * stretch) }
      return try rareGas.evaluate(copy).stress
    }
    var (low, high) = (0.98, 1.02)
    for _ in 0..<50 {
      let middle = (low + high) / 2
      if try stress(middle)[2].z < 0 { low = middle } else { high = middle }
    }
    let s = try stress((low + high) / 2)
    let half = (s[0].x - s[1].y) / 2
    return abs(s[0].x + s[1].y) / 2 + (half * half + s[0].y * s[0].y).squareRoot()
  }

  @Test func stressIsThatOfTheStrainedBulkWithItsNormalFree() throws {
    let (metal, _, found) = try candidates(.metal)
    let stress = try ContactStress(metal: metal, calculator: rareGas)
    let cubes = found.filter {
      abs($0.match.vonMisesStrain - 2.0 / 3 * 1e-3) < 1e-5
        && $0.metal.miller == $0.electrolyteMiller
    }
    // (1 0 0) and (1 1 1) have no shear out of the plane, so that letting the normal go is enough.
    let flat = cubes.filter {
      [1, 3].contains(abs($0.metal.miller.h) + abs($0.metal.miller.k) + abs($0.metal.miller.l))
    }
    #expect(Set(flat.map { "\($0.metal.miller)" }).count == 2)
    for candidate in flat {
      let (linear, full) = (stress.metal(candidate), try exact(candidate.strainedMetal))
      #expect(abs(linear / full - 1) < 0.015, "\(linear) \(full)")
      #expect(stress.electrolyte(candidate) == 0 && stress.largest(candidate) == linear)
    }
    // Both axes of (1 0 0) by the same: (C₁₁ + C₁₂ − 2 C₁₂²/C₁₁) e.
    let c = stress.metal.rows
    let (c11, c12) = (c[0][0], c[0][1])
    let face = try #require(flat.first { $0.metal.miller == MillerIndex(1, 0, 0) })
    let e = (1.001 * 1.001 - 1) / 2
    #expect(abs(stress.metal(face) / ((c11 + c12 - 2 * c12 * c12 / c11) * e) - 1) < 1e-4)
  }

  @Test func bothSidesOfEqualStiffnessShareEvenly() throws {
    let a = try atRest()
    let stiffness = try ContactStress.stiffness(of: crystal("Ar", a), rareGas)
    let (metal, film, found) = try candidates(.stiffness(electrolyte: stiffness, metal: stiffness))
    let stress = ContactStress(metal: stiffness, electrolyte: stiffness)
    #expect(try ContactStress.residue(of: metal, calculator: rareGas) < 1e-6)
    #expect(try ContactStress.residue(of: film, calculator: rareGas) > 1e-5)
    let face = try #require(
      found.first { $0.metal.miller == MillerIndex(1, 0, 0) && $0.match.vonMisesStrain < 1e-3 })
    let thickness = (
      Double(face.metalLayers) * face.metal.spacing,
      Double(face.electrolyteLayers) * face.electrolyte.spacing
    )
    // Forces balance: σ₁ t₁ = σ₂ t₂.
    let (s, t) = (
      stress.metal(face) * thickness.0, try #require(stress.electrolyte(face)) * thickness.1
    )
    #expect(s > 0 && abs(s / t - 1) < 0.01)
  }
}
