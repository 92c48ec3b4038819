import Atomistics
import Potentials

extension Relaxation {
  /// Relaxes to a minimum that no atom is held off by symmetry.
  ///
  /// On a saddle no force tells where down is: a relaxation that starts from atoms on symmetric places
  /// ends there. So from where it ended it relaxes again, with every atom displaced at random by
  /// `displacement` along each axis, and goes on from there as long as H = E + pV falls by more than
  /// `leastDescent` per atom. What lies no lower is dropped, so a minimum keeps the numbers, and the
  /// symmetry, of its first relaxation. A mode of curvature −k is felt where k `displacement` is above
  /// `largestForce`; a flatter one is not.
  ///
  /// - Returns: the lowest that was found. Where a relaxation did not converge or was stopped, the last
  ///   one if it was the first, else what was found before it; it then tells in `stopped` that it was.
  ///   Steps are those of all.
  /// - Throws: as `relax(_:with:progress:shouldStop:)`; `DynamicsError.badStart` for a target that is no
  ///   pressure, whose work has no potential to compare two cells by.
  public func relaxPastSaddles(
    _ structure: Structure, with calculator: any Calculator,
    progress: (RelaxationProgress) throws -> Void = { _ in },
    shouldStop: () -> Bool = { false }
  ) throws -> RelaxationResult {
    guard target.isHydrostatic else {
      throw DynamicsError.badStart(
        "saddles are left by comparing enthalpies, and a stress that is no pressure has none; relax "
          + "to a pressure")
    }
    var random = RandomGenerator(seed: 1)
    var lowest = try relax(structure, with: calculator, progress: progress, shouldStop: shouldStop)
    guard lowest.converged else { return lowest }
    var steps = lowest.steps
    for _ in 0..<Self.mostSaddles {
      let next: RelaxationResult
      do {
        next = try relax(
          displaced(lowest.structure, &random), with: calculator,
          progress: { try progress($0.later(by: steps)) }, shouldStop: shouldStop)
      } catch DynamicsError.relaxationFailed {
        break
      }
      steps += next.steps
      let descent = enthalpyPerAtom(lowest) - enthalpyPerAtom(next)
      lowest.stopped = next.stopped
      guard next.converged, descent > Self.leastDescent else { break }
      lowest = next
    }
    lowest.steps = steps
    return lowest
  }

  /// Å along each axis, one standard deviation.
  public static let displacement = 0.03
  /// eV/atom: above what programs in single precision know energies to.
  public static let leastDescent = 1e-4
  private static let mostSaddles = 4

  private func enthalpyPerAtom(_ result: RelaxationResult) -> Double {
    (result.energy + target.pressure * result.structure.volume) / Double(result.structure.count)
  }

  private func displaced(_ structure: Structure, _ random: inout RandomGenerator) -> Structure {
    var result = structure
    for (atom, isFrozen) in structure.membership(in: frozenRegions).enumerated() {
      let step = Self.displacement * random.gaussianVector()
      if !isFrozen { result.positions[atom] += step }
    }
    return result
  }
}
