import Atomistics
import Dynamics
import Potentials
import Testing

private func tight(_ freedom: CellFreedom, _ minimizer: any Minimizer) -> Relaxation {
  var relaxation = Relaxation(cell: freedom)
  relaxation.largestForce = 1e-5
  relaxation.largestStress = 1e-5 / Units.gigapascal
  relaxation.minimizer = minimizer
  return relaxation
}

@Suite struct StressTargetTests {
  private static let minimizers: [any Minimizer] = [FIRE(), LBFGS()]

  @Test(arguments: [0, 1]) func cauchysStressBecomesTheTarget(minimizer: Int) throws {
    var relaxation = tight(.flexible, Self.minimizers[minimizer])
    // The cell strains by several percent; at twice this stress it yields.
    let voigt = [-0.07, 0.012, -0.036, 0.018, -0.012, 0.012].map { $0 / Units.gigapascal }
    relaxation.target = StressTarget(voigt: voigt)
    let result = try relaxation.relax(argonCrystal(2), with: rareGas)
    #expect(result.converged)
    for (found, wanted) in zip(result.evaluation.voigtStress, voigt) {
      #expect(abs(found - wanted) <= relaxation.largestStress)
    }
    // The same structure again, from itself: it is at rest.
    #expect(try relaxation.relax(result.structure, with: rareGas).steps == 0)
    let plain = try tight(.flexible, LBFGS()).relax(result.structure, with: rareGas)
    let strain = plain.structure.lattice.lengths / result.structure.lattice.lengths
    #expect(abs(strain.x - 1) > 0.01 && abs(strain.x - strain.y) > 0.01)
  }

  @Test(arguments: [0, 1]) func onlyWhatMayRelaxIsLookedAt(minimizer: Int) throws {
    let start = argonCrystal(2).strained(
      by: Matrix3(Vector3(0.02, 0.01, 0), Vector3(0.01, -0.02, 0.02), Vector3(0, 0.02, -0.03)))
    let normal = start.lattice.a.cross(start.lattice.b).normalized
    for freedom in [CellFreedom.isotropic, .plane, .axis] {
      var relaxation = tight(freedom, Self.minimizers[minimizer])
      relaxation.target = StressTarget(
        voigt: [0.1, -0.2, 0.15, 0.05, 0.02, -0.03].map { $0 / Units.gigapascal })
      let result = try relaxation.relax(start, with: rareGas)
      #expect(result.converged, "\(freedom)")
      let excess = result.evaluation.stress - relaxation.target.tensor
      let largest = relaxation.largestStress * 1.0001
      switch freedom {
      case .isotropic: #expect(abs(excess.trace / 3) <= largest)
      case .axis: #expect(abs((normal * excess).dot(normal)) <= largest)
      default:
        for u in [start.lattice.a.normalized, start.lattice.b.normalized] {
          // Two vectors of the plane; three times the bound covers every component among them.
          #expect(abs((u * excess).dot(u)) <= 3 * largest)
          #expect(abs((u * excess).dot(start.lattice.a.normalized)) <= 3 * largest)
        }
      }
      // What may not relax is far from the target.
      #expect(excess.voigt.contains { abs($0) > 0.05 / Units.gigapascal })
    }
  }

  @Test func frozenDirectionsAreTold() {
    var slab = argonCrystal(2)
    slab.periodic = [true, true, false]
    #expect(throws: DynamicsError.self) {
      try Relaxation(cell: .axis).relax(slab, with: rareGas)
    }
    slab.periodic = [false, false, true]
    #expect(throws: DynamicsError.self) {
      try Relaxation(cell: .plane).relax(slab, with: rareGas)
    }
  }

  @Test func targetsSplitIntoPressureAndDeviator() {
    let target = StressTarget(voigt: [1, 2, 6, 0.1, 0.2, 0.3])
    #expect(target.pressure == -3 && abs(target.deviator.trace) < 1e-15)
    #expect(target.tensor.voigt == [1, 2, 6, 0.1, 0.2, 0.3] && !target.isHydrostatic)
    let pressure = StressTarget(pressure: 0.1)
    #expect(pressure.isHydrostatic && pressure.deviator == .zero && pressure.pressure == 0.1)
  }

  @Test func stopsWithinAStep() throws {
    var asked = 0
    let result = try tight(.flexible, LBFGS()).relax(
      shakenMixture(seed: 6), with: rareGas,
      shouldStop: {
        asked += 1; return asked == 4
      })
    #expect(result.stopped && !result.converged && result.steps == 3 && result.evaluations == 4)
  }
}
