import Atomistics
import Dynamics
import Foundation
import Testing

/// Birch's equation and the stiffness of bonds, against curves whose parameters are known.
struct CurveTests {
  private func birch(_ v: Double, e0: Double, v0: Double, b0: Double, prime: Double) -> Double {
    let x = pow(v0 / v, 2.0 / 3)
    let y = x - 1
    let bracket = y * y * y * prime + y * y * (6 - 4 * x)
    return e0 + 9 * v0 * b0 / 16 * bracket
  }

  @Test(arguments: [(40.0, 0.3, 4.2), (12.5, 1.1, 2.0), (20.0, 0.05, 7.5), (300, 0.2, -1)])
  func anExactCurveGivesItsParameters(v0: Double, b0: Double, prime: Double) throws {
    func energy(_ v: Double) -> Double { birch(v, e0: -7.3, v0: v0, b0: b0, prime: prime) }
    let points = (-4...3).map { (k: Int) -> (volume: Double, energy: Double) in
      let v = v0 * (1 + 0.02 * Double(k))
      return (volume: v, energy: energy(v))
    }
    let fit = try #require(BirchMurnaghan(points))
    #expect(abs(fit.volume / v0 - 1) < 1e-9)
    #expect(abs(fit.energy + 7.3) < 1e-10)
    #expect(abs(fit.bulkModulus / b0 - 1) < 1e-7)
    #expect(abs(fit.derivative - prime) < 1e-5 && fit.residual < 1e-10)
    let v = 0.97 * v0
    #expect(abs(fit.energy(at: v) - energy(v)) < 1e-10)
    let turned = try #require(BirchMurnaghan(points.reversed()))
    #expect(abs(turned.volume / v0 - 1) < 1e-9)
  }

  /// To energies at 20 to 25 Å³.
  private func fit(_ energy: (Double) -> Double) -> BirchMurnaghan? {
    BirchMurnaghan((20...25).map { (volume: Double($0), energy: energy(Double($0))) })
  }

  @Test func aCurveWithoutAMinimumHasNoFit() {
    #expect(fit { -$0 } == nil)
    #expect(fit { -($0 - 22.5) * ($0 - 22.5) } == nil)
    #expect(fit { $0 == 23 ? Double.nan : ($0 - 22.5) * ($0 - 22.5) } == nil)
    let few: [(volume: Double, energy: Double)] = [(10, 1), (11, 0), (12, 1)]
    #expect(BirchMurnaghan(few) == nil)
    let same: [(volume: Double, energy: Double)] = Array(repeating: (10, 0), count: 6)
    #expect(BirchMurnaghan(same) == nil)
  }

  /// U = D (1 − exp(−a (s − s₀)))²: k = 2 D a².
  @Test(arguments: [(4.0, 1.5, 0.0), (6.0, 2.0, 0.03), (3.2, 1.7, -0.05)])
  func aMorseCurveGivesItsStiffness(depth: Double, a: Double, shift: Double) throws {
    let curve = BondCurve(
      stretches: BondCurve.usualStretches,
      energies: BondCurve.usualStretches.map { (s: Double) -> Double in
        let part = 1 - exp(-a * (s - shift))
        return 5 + depth * part * part
      })
    let k = 2 * depth * a * a
    let minimum = try #require(curve.minimum)
    #expect(abs(minimum - shift) < 2e-3)
    #expect(abs(try #require(curve.stiffness) / k - 1) < 0.01)
    #expect(curve.energies[4] == 0)
  }

  @Test func aBondThatFallsApartHasNoStiffness() {
    let curve = BondCurve(
      stretches: BondCurve.usualStretches, energies: BondCurve.usualStretches.map { -2 * $0 })
    #expect(curve.minimum == nil && curve.stiffness == nil)
    let far = BondCurve(
      stretches: BondCurve.usualStretches,
      energies: BondCurve.usualStretches.map { ($0 - 0.6) * ($0 - 0.6) })
    #expect(far.minimum == nil)
  }

  /// All others where they are, the stiffness is the derivative of the force along the bond.
  @Test func theStiffnessIsTheForcesDerivative() throws {
    var crystal = argonCrystal(2, a: 5.25)
    crystal.species[3] = Element("Kr")!
    let direction = (crystal.positions[3] - crystal.positions[0]).normalized
    func moved(_ s: Double) -> Structure {
      var copy = crystal
      copy.positions[3] += s * direction
      return copy
    }
    let curve = BondCurve(
      stretches: BondCurve.usualStretches,
      energies: try BondCurve.usualStretches.map { try rareGas.evaluate(moved($0)).energy })
    let (s, h) = (try #require(curve.minimum), 1e-4)
    let forces = try [s + h, s - h].map {
      try rareGas.evaluate(moved($0)).forces[3].dot(direction)
    }
    let k = -(forces[0] - forces[1]) / (2 * h)
    #expect(abs(try rareGas.evaluate(moved(s)).forces[3].dot(direction)) < 2e-3)
    #expect(abs(try #require(curve.stiffness) / k - 1) < 0.02)
  }
}
