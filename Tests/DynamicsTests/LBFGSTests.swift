import Atomistics
import Dynamics
import Potentials
import Testing

/// Energy and forces of one place, by a formula.
private typealias Surface = ([Vector3]) -> (energy: Double, forces: [Vector3])

/// Walks until the largest component of the force is below a bound; nil if it never is.
private func walk(
  _ minimizer: LBFGS, from start: [Vector3], to bound: Double, most: Int = 500, _ surface: Surface
) -> (end: [Vector3], evaluations: Int, longest: Double)? {
  var x = start
  var walker = minimizer.walker(coordinates: x.count)
  var longest = 0.0
  for count in 1...most {
    let (energy, forces) = surface(x)
    if forces.allSatisfy({ max(abs($0.x), abs($0.y), abs($0.z)) < bound }) {
      return (x, count, longest)
    }
    let before = x
    minimizer.step(&x, energy: energy, forces: forces, walker: &walker)
    longest = zip(before, x).reduce(longest) { max($0, ($1.0 - $1.1).length) }
  }
  return nil
}

/// Springs from 0.05 to 200 eV/Å², the axes not those of the coordinates.
private func quadratic(_ x: [Vector3]) -> (energy: Double, forces: [Vector3]) {
  let turn = Matrix3(
    Vector3(2, -1, 2) / 3, Vector3(2, 2, -1) / 3, Vector3(-1, 2, 2) / 3)
  var energy = 0.0
  let forces = x.enumerated().map { k, r in
    let u = r * turn
    let springs = Vector3(0.05, 3, 200) * (1 + Double(k) / 10)
    energy += 0.5 * (springs * u).dot(u)
    return -((springs * u) * turn.transpose)
  }
  return (energy, forces)
}

/// Noise of the given size that depends on the place alone, as rounding does.
private func noise(_ x: Double, _ size: Double) -> Double {
  var generator = RandomGenerator(seed: x.bitPattern)
  return size * (2 * generator.uniform() - 1)
}

@Suite struct LBFGSTests {
  private static let start = (0..<8).map { k in
    Vector3(0.4 - 0.1 * Double(k), 0.3, 0.05 * Double(k) - 0.2)
  }

  @Test func findsTheBottomOfABowl() throws {
    let found = try #require(walk(LBFGS(), from: Self.start, to: 1e-9, quadratic))
    #expect(found.end.allSatisfy { $0.length < 1e-7 })
    // 24 springs that differ by a factor of 7000; scipy 1.15's L-BFGS-B needs 310.
    #expect(found.evaluations < 350)
    #expect(found.longest <= LBFGS().longestMove * (1 + 1e-12))
  }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func convergesWithForcesOfSinglePrecision(seed: UInt64) throws {
    var generator = RandomGenerator(seed: seed)
    let start = (0..<20).map { _ in
      Vector3(generator.uniform(), generator.uniform(), generator.uniform())
    }
    let found = try #require(
      walk(LBFGS(), from: start, to: 1e-5) { x in
        let (energy, forces) = quadratic(x)
        return (
          energy + noise(x[0].x, 1e-5),
          forces.enumerated().map { k, f in
            f + Vector3(noise(x[k].x, 1e-6), noise(x[k].y, 1e-6), noise(x[k].z, 1e-6))
          }
        )
      })
    #expect(found.end.allSatisfy { $0.length < 5e-4 })
  }

  @Test func leavesAPlaceThatBendsDown() throws {
    // U = (u² − 1)² along each axis, from next to the summit.
    let start = [Vector3(0.02, -0.03, 0.01), Vector3(-0.01, 0.05, 0.02)]
    let found = try #require(
      walk(LBFGS(), from: start, to: 1e-8) { x in
        var energy = 0.0
        let forces = x.map { r in
          let w = r * r - Vector3(repeating: 1)
          energy += w.dot(w)
          return -4 * r * w
        }
        return (energy, forces)
      })
    for (a, b) in zip(found.end, start) {
      for axis in 0..<3 { #expect(abs(a[axis] - (b[axis] > 0 ? 1 : -1)) < 1e-8) }
    }
    #expect(found.evaluations < 60)
  }

  @Test func followsABentValley() throws {
    // Rosenbrock's function in (x, y), with z along for the ride.
    let found = try #require(
      walk(LBFGS(), from: [Vector3(-1.2, 1, 0.5)], to: 1e-8) { points in
        let (x, y, z) = (points[0].x, points[0].y, points[0].z)
        let w = y - x * x
        return (
          (1 - x) * (1 - x) + 100 * w * w + z * z,
          [Vector3(2 * (1 - x) + 400 * x * w, -200 * w, -2 * z)]
        )
      })
    #expect((found.end[0] - Vector3(1, 1, 0)).length < 1e-7)
  }

  @Test(arguments: [CellFreedom.fixed, .flexible]) func findsWhatFIREFinds(freedom: CellFreedom)
    throws
  {
    let start = shakenMixture(seed: 12, by: 0.1)
    var relaxation = Relaxation(cell: freedom)
    relaxation.largestForce = 1e-5
    relaxation.largestStress = 1e-5 / Units.gigapascal
    relaxation.mostSteps = 20_000
    let slow = try relaxation.relax(start, with: rareGas)
    relaxation.minimizer = LBFGS()
    let fast = try relaxation.relax(start, with: rareGas)
    #expect(slow.converged && fast.converged)
    #expect(abs(slow.energy - fast.energy) < 1e-7)
    #expect(abs(slow.structure.volume - fast.structure.volume) < 1e-3)
    #expect(3 * fast.evaluations < slow.evaluations)
  }

  @Test func badStartIsBroughtToRest() throws {
    var structure = argonCrystal(2)
    structure.positions[0] = structure.positions[1] + Vector3(0.7, 0.7, 0.7)
    var relaxation = Relaxation()
    relaxation.minimizer = LBFGS()
    let result = try relaxation.relax(structure, with: rareGas)
    #expect(result.converged && result.energy < -1)
  }

  @Test func sameBitsTwice() throws {
    var relaxation = Relaxation(cell: .flexible)
    relaxation.minimizer = LBFGS()
    let one = try relaxation.relax(shakenMixture(seed: 2), with: rareGas)
    let two = try relaxation.relax(shakenMixture(seed: 2), with: rareGas)
    #expect(one.structure == two.structure && one.steps == two.steps)
  }
}
