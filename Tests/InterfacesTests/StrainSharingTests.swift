import Atomistics
import Interfaces
import Testing

/// E = ½ (D Dᵀ − 1), D = S⁻¹ C, rows a and b.
private func greenLagrange(_ s: PlaneLattice, _ c: PlaneLattice) -> [Double] {
  func deformed(_ x: Double, _ y: Double) -> SIMD2<Double> {
    ((x * s.b.y - y * s.b.x) / s.area) * c.a + ((y * s.a.x - x * s.a.y) / s.area) * c.b
  }
  let (x, y) = (deformed(1, 0), deformed(0, 1))
  return [((x * x).sum() - 1) / 2, ((y * y).sum() - 1) / 2, (x * y).sum() / 2]
}

private func isotropic(_ lambda: Double, _ mu: Double) -> ElasticStiffness {
  cubic(lambda + 2 * mu, lambda, mu)
}

private func cubic(_ c11: Double, _ c12: Double, _ c44: Double) -> ElasticStiffness {
  ElasticStiffness(
    (0..<6).map { i in
      (0..<6).map { j in i == j ? (i < 3 ? c11 : c44) : (i < 3 && j < 3 ? c12 : 0) }
    })
}

@Suite struct ElasticStiffnessTests {
  private let turn: Matrix3 = {
    let (a, b) = (0.7, -1.1)
    let first = Matrix3(
      Vector3(cosine(a), sine(a), 0), Vector3(-sine(a), cosine(a), 0), Vector3(0, 0, 1))
    let second = Matrix3(
      Vector3(1, 0, 0), Vector3(0, cosine(b), sine(b)), Vector3(0, -sine(b), cosine(b)))
    return first * second
  }()

  @Test func turningIsThatOfTheTensor() {
    let same = isotropic(0.3, 0.2).rotated(by: turn)
    let before = isotropic(0.3, 0.2)
    for i in 0..<6 { for j in 0..<6 { #expect(abs(same.rows[i][j] - before.rows[i][j]) < 1e-14) } }
    // A cube by 45° about z: C₁₁′ = (C₁₁ + C₁₂)/2 + C₄₄, C₁₂′ = (C₁₁ + C₁₂)/2 − C₄₄,
    // C₆₆′ = (C₁₁ − C₁₂)/2.
    let h = 0.5.squareRoot()
    let turned = cubic(1.3, 0.9, 0.6).rotated(
      by: Matrix3(Vector3(h, h, 0), Vector3(-h, h, 0), Vector3(0, 0, 1))
    ).rows
    let expected = [
      (0, 0, 1.7), (0, 1, 0.5), (5, 5, 0.2), (2, 2, 1.3), (0, 2, 0.9), (3, 3, 0.6), (0, 5, 0),
    ]
    for (i, j, value) in expected { #expect(abs(turned[i][j] - value) < 1e-12) }
    // Every element by the four-index rule.
    var rows = Array(repeating: Array(repeating: 0.0, count: 6), count: 6)
    for i in 0..<6 { for j in 0..<6 { rows[i][j] = Double((i + 1) * (j + 1)) } }
    for i in 0..<6 { rows[i][i] += 40 }
    let general = ElasticStiffness(rows)
    let index = [[0, 5, 4], [5, 1, 3], [4, 3, 2]]
    let pairs = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
    let found = general.rotated(by: turn).rows
    for (p, (i, j)) in pairs.enumerated() {
      for (q, (k, l)) in pairs.enumerated() {
        var sum = 0.0
        for n in 0..<81 {
          let (a, b, c, d) = (n / 27, n / 9 % 3, n / 3 % 3, n % 3)
          let element: Double = rows[index[a][b]][index[c][d]]
          sum += turn[i, a] * turn[j, b] * turn[k, c] * turn[l, d] * element
        }
        #expect(abs(found[p][q] - sum) < 1e-10)
      }
    }
  }

  @Test func theNormalIsFree() {
    // E/(1 − ν²) and its ν-fold; the shear modulus.
    let (lambda, mu) = (0.3, 0.2)
    let young = mu * (3 * lambda + 2 * mu) / (lambda + mu)
    let poisson = lambda / (2 * (lambda + mu))
    let plane = isotropic(lambda, mu).inPlane
    #expect(abs(plane[0].x - young / (1 - poisson * poisson)) < 1e-14)
    #expect(abs(plane[0].y - poisson * young / (1 - poisson * poisson)) < 1e-14)
    #expect(abs(plane[2].z - mu) < 1e-14 && abs(plane[0].z) < 1e-14)
    #expect(isotropic(lambda, mu).isStable && !cubic(0.5, 0.6, 0.2).isStable)
  }
}

@Suite struct StrainSharingTests {
  private func contacts(
    _ change: (inout ContactSettings) -> Void
  ) throws -> [(ContactCandidate, CoherentInterface)] {
    var settings = ContactSettings()
    settings.maximumArea = 160
    change(&settings)
    let found = try CoherentInterface.candidates(
      electrolyte: SampleCrystals.named("Li6PS5Cl"), metal: SampleCrystals.named("Li"),
      settings: settings)
    return stride(from: 0, to: found.count, by: max(1, found.count / 12)).map {
      (found[$0], CoherentInterface(found[$0], settings: settings))
    }
  }

  /// The built cell is both superlattices under the stated strains.
  private func check(_ candidate: ContactCandidate, _ contact: CoherentInterface) {
    let m = contact.structure.lattice
    let built = PlaneLattice(a: SIMD2(m.a.x, m.a.y), b: SIMD2(m.b.x, m.b.y))
    for (surface, cell, strain) in [
      (candidate.metal.surface, candidate.match.metal, candidate.shared.metal),
      (candidate.electrolyte.surface, candidate.match.electrolyte, candidate.shared.electrolyte),
    ] {
      func vector(_ n: SIMD2<Int>) -> SIMD2<Double> {
        Double(n.x) * surface.a + Double(n.y) * surface.b
      }
      let side = PlaneLattice(a: vector(cell.rows[0]), b: vector(cell.rows[1]))
      let e = greenLagrange(side, built)
      #expect(abs(e[0] - strain.xx) < 1e-10 && abs(e[1] - strain.yy) < 1e-10)
      #expect(abs(e[2] - strain.xy) < 1e-10)
      let third = (e[0] + e[1]) / 3
      let deviator = [e[0] - third, e[1] - third, -third]
      let square = deviator.reduce(0) { $0 + $1 * $1 } + 2 * e[2] * e[2]
      #expect(abs((2.0 / 3 * square).squareRoot() - strain.vonMises) < 1e-10)
    }
  }

  @Test(arguments: [
    StrainSharing.metal, .electrolyte, .fraction(0.3),
    .stiffness(electrolyte: isotropic(0.2, 0.1), metal: cubic(0.09, 0.07, 0.06)),
  ]) func theCellIsBothSuperlatticesStrained(_ sharing: StrainSharing) throws {
    let built = try contacts { $0.sharing = sharing }
    #expect(built.count > 5)
    for (candidate, contact) in built {
      check(candidate, contact)
      let full = candidate.match.vonMisesStrain
      switch sharing {
      case .metal:
        #expect(candidate.shared.electrolyte.vonMises < 1e-13)
        #expect(abs(candidate.shared.metal.vonMises - full) < 1e-12)
      case .electrolyte: #expect(candidate.shared.metal.vonMises < 1e-13)
      case .fraction(let share):
        #expect(abs(candidate.shared.metal.vonMises - (1 - share) * full) < 1e-12)
      case .stiffness:
        #expect(candidate.shared.metal.vonMises > candidate.shared.electrolyte.vonMises)
      }
    }
    let ranks = built.map { $0.0.shared.largest }
    #expect(zip(ranks, ranks.dropFirst()).allSatisfy { $0 <= $1 + 1e-7 })
  }

  /// No change of the lattice lowers the energy of both slabs, whose gradient vanishes.
  @Test func stiffnessMakesTheEnergyLeast() throws {
    let (film, base) = (
      cubic(0.2, 0.1, 0.07), cubic(0.09, 0.07, 0.06)
    )
    let built = try contacts { $0.sharing = .stiffness(electrolyte: film, metal: base) }
    for (candidate, _) in built {
      func energy(_ lattice: PlaneLattice) -> Double {
        let sides = [
          (candidate.match.metalLattice, candidate.metal, candidate.metalLayers, base),
          (
            candidate.match.electrolyteLattice, candidate.electrolyte, candidate.electrolyteLayers,
            film
          ),
        ]
        return sides.reduce(0) { sum, side in
          let (superlattice, cell, layers, stiffness) = side
          let e = greenLagrange(superlattice, lattice)
          let v = Vector3(e[0], e[1], 2 * e[2])
          let k = stiffness.rotated(by: cell.rotation).inPlane
          return sum + superlattice.area * Double(layers) * cell.spacing * v.dot(v * k) / 2
        }
      }
      let lattice = candidate.shared.lattice
      let least = energy(lattice)
      let h = 1e-3
      for (x, y) in [(h, 0), (0, h)] as [(Double, Double)] {
        for vector in 0..<2 {
          func moved(_ sign: Double) -> Double {
            let d = sign * SIMD2(x, y)
            return energy(
              vector == 0
                ? PlaneLattice(a: lattice.a + d, b: lattice.b)
                : PlaneLattice(a: lattice.a, b: lattice.b + d))
          }
          let (up, down) = (moved(1), moved(-1))
          #expect(up >= least - 1e-12 && down >= least - 1e-12)
          #expect(abs(up - down) < 1e-3 * (up + down - 2 * least) + 1e-9)
        }
      }
    }
  }

  @Test func badSharesAreTold() throws {
    for share in [-0.1, 1.1, .nan] {
      #expect(throws: InterfacesError.self) { _ = try contacts { $0.sharing = .fraction(share) } }
    }
    let unstable = cubic(0.5, 0.6, 0.2)
    #expect(throws: InterfacesError.self) {
      _ = try contacts { $0.sharing = .stiffness(electrolyte: unstable, metal: unstable) }
    }
  }
}
