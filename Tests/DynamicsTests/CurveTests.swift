import Atomistics
import Dynamics
import Foundation
import Testing

/// Birch's equation and the stiffness of bonds, against curves whose parameters are known.
struct CurveTests {
  private func birch(_ v: Double, e0: Double, v0: Double, b0: Double, prime: Double) -> Double {
    let x = pow(v0 / v, 2.0 / 3)
    return e0 + 9 * v0 * b0 / 16
      * (pow(x - 1, 3) * prime + pow(x - 1, 2) * (6 - 4 * x))
  }

  @Test(arguments: [(40.0, 0.3, 4.2), (12.5, 1.1, 2.0), (20.0, 0.05, 7.5), (300, 0.2, -1)])
  func anExactCurveGivesItsParameters(v0: Double, b0: Double, prime: Double) throws {
    let points = (-4...3).map { k in
      let v = v0 * (1 + 0.02 * Double(k))
      return (volume: v, energy: birch(v, e0: -7.3, v0: v0, b0: b0, prime: prime))
    }
    let fit = try #require(BirchMurnaghan(points))
    #expect(abs(fit.volume / v0 - 1) < 1e-9)
    #expect(abs(fit.energy + 7.3) < 1e-10)
    #expect(abs(fit.bulkModulus / b0 - 1) < 1e-7)
    #expect(abs(fit.derivative - prime) < 1e-5 && fit.residual < 1e-10)
    let v = 0.97 * v0
    #expect(abs(fit.energy(at: v) - birch(v, e0: -7.3, v0: v0, b0: b0, prime: prime)) < 1e-10)
    #expect(BirchMurnaghan(points.shuffled()).map { abs($0.volume / v0 - 1) < 1e-9 } == true)
  }

  @Test func aCurveWithoutAMinimumHasNoFit() {
    let falling = (0..<6).map { (volume: 20 + Double($0), energy: -Double($0)) }
    #expect(BirchMurnaghan(falling) == nil)
    let capped = (0..<6).map { k in
      (volume: 20 + Double(k), energy: -(Double(k) - 2.5) * (Double(k) - 2.5))
    }
    #expect(BirchMurnaghan(capped) == nil)
    #expect(BirchMurnaghan([(10, 0), (11, 1), (12, 2)]) == nil)
    #expect(BirchMurnaghan([(10, 0), (10, 0), (10, 0), (10, 0), (10, 0)]) == nil)
    #expect(BirchMurnaghan([(10, 1), (11, 0), (12, 1), (13, .nan), (14, 5)]) == nil)
  }

  /// U = D (1 − exp(−a (s − s₀)))²: k = 2 D a².
  @Test(arguments: [(4.0, 1.5, 0.0), (6.0, 2.0, 0.03), (3.2, 1.7, -0.05)])
  func aMorseCurveGivesItsStiffness(depth: Double, a: Double, shift: Double) throws {
    let curve = BondCurve(
      stretches: BondCurve.usualStretches,
      energies: BondCurve.usualStretches.map { s in
        5 + depth * pow(1 - exp(-a * (s - shift)), 2)
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
