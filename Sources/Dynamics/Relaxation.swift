import Atomistics
import Potentials

/// Relaxation of atoms, and of the cell if wished, to the nearest minimum of the enthalpy.
///
/// The `minimizer` moves in the coordinates of `DeformedCell`, which states enthalpy and forces.
/// It has converged when the largest force is small and so is every component of σ − σ* that may
/// relax, σ being Cauchy's stress. Where the target σ* is no pressure, its work is referred to a
/// cell: the one that was reached becomes the next reference until σ itself is the target.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | σ* | `target`, where the cell is free | eV/Å³ |
/// | - | `largestForce`, to which forces converge | eV/Å |
/// | - | `largestStress`, to which every component of σ − σ* that may relax converges | eV/Å³ |
///
/// The defaults, 0.002 eV/Å and 0.01 GPa, are tight enough for cells of one to three atoms.
///
/// Source of the unit-cell filter: Tadmor et al., Phys. Rev. B 59, 235 (1999),
/// doi 10.1103/PhysRevB.59.235; of the work under a stress that is no pressure: Souza & Martins,
/// Phys. Rev. B 55, 8733 (1997), doi 10.1103/PhysRevB.55.8733.
public struct Relaxation: Sendable {
  public var largestForce = 0.002
  public var largestStress = 0.01 / Units.gigapascal
  public var mostSteps = 3000
  public var cell = CellFreedom.fixed
  public var target = StressTarget(pressure: 0)
  /// Atoms of these regions stay where they are (in fractional coordinates, if the cell moves).
  public var frozenRegions: Set<Region> = []
  public var minimizer: any Minimizer = FIRE()

  public init(cell: CellFreedom = .fixed) { self.cell = cell }

  /// Relaxes a structure; that it did not converge, or was stopped, is a result, not an error.
  ///
  /// - Parameters:
  ///   - progress: called after every evaluation; what it throws ends the relaxation.
  ///   - shouldStop: asked after every evaluation.
  /// - Throws: `AtomisticsError.badStructure`, `PotentialsError.unsupportedElement`,
  ///   `DynamicsError.badStart` where the freedom is of a direction that does not repeat,
  ///   `DynamicsError.relaxationFailed` when energy or cell leave what is physical.
  public func relax(
    _ structure: Structure, with calculator: any Calculator,
    progress: (RelaxationProgress) throws -> Void = { _ in },
    shouldStop: () -> Bool = { false }
  ) throws -> RelaxationResult {
    try structure.validate(minimumDistance: 0.2)
    try calculator.validate(Set(structure.species))
    try checkFreedom(structure)
    return try descend(
      by: minimizer, from: structure, with: calculator, progress: progress, shouldStop: shouldStop)
  }

  private func descend<M: Minimizer>(
    by minimizer: M, from structure: Structure, with calculator: any Calculator,
    progress: (RelaxationProgress) throws -> Void, shouldStop: () -> Bool
  ) throws -> RelaxationResult {
    var evaluator = calculator.evaluator(for: structure, skin: 1)
    var frame = reference(structure)
    var walker = minimizer.walker(coordinates: frame.coordinates.count)
    var evaluation = try evaluator.evaluate(structure)
    for step in 0...mostSteps {
      var result = RelaxationResult(
        frame, evaluation, steps: step, stopped: shouldStop(), goals: self)
      try check(result)
      try progress(RelaxationProgress(result))
      if result.converged || result.stopped || step == mostSteps { return result }
      if isMinimum(frame, evaluation) {
        frame = reference(result.structure)
        walker = minimizer.walker(coordinates: frame.coordinates.count)
      }
      minimizer.step(
        &frame.coordinates, energy: frame.enthalpy(evaluation), forces: frame.forces(evaluation),
        walker: &walker)
      let moved = frame.structure
      try checkVolume(moved.volume / structure.volume, step: step + 1)
      do {
        evaluation = try evaluator.evaluate(moved)
      } catch  where shouldStop() {
        // Another program was told to leave off in the middle of this step.
        result.stopped = true
        return result
      }
    }
    preconditionFailure("the loop returns in its last round")
  }

  /// The structure as the cell that strains and the work of the target are referred to.
  private func reference(_ structure: Structure) -> DeformedCell {
    DeformedCell(structure, freedom: cell, target: target, frozen: frozenRegions)
  }

  /// Whether the enthalpy is at its minimum although Cauchy's stress is not yet the target.
  private func isMinimum(_ frame: DeformedCell, _ evaluation: Evaluation) -> Bool {
    !target.isHydrostatic && frame.largestForce(evaluation) <= largestForce
      && frame.largestDrivingStress(evaluation) <= largestStress
  }

  private func checkFreedom(_ structure: Structure) throws {
    let missing =
      switch cell {
      case .plane where !structure.periodic[0] && !structure.periodic[1]: "a and b"
      case .axis where !structure.periodic[2]: "c"
      default: ""
      }
    guard missing.isEmpty else {
      throw DynamicsError.badStart(
        "the cell cannot relax along \(missing), where the structure does not repeat; choose "
          + "another freedom of the cell, or declare the structure periodic there")
    }
  }

  private func check(_ result: RelaxationResult) throws {
    guard result.energy.isFinite, result.largestForce.isFinite, result.largestStress.isFinite
    else {
      throw DynamicsError.relaxationFailed(
        step: result.steps,
        reason: "energy, forces or stress are not finite numbers; the atoms are probably too near "
          + "to one another or far outside what the potential was made for; check the structure")
    }
  }

  private func checkVolume(_ ratio: Double, step: Int) throws {
    guard ratio > 0.125, ratio < 8 else {
      throw DynamicsError.relaxationFailed(
        step: step,
        reason: "the cell's volume became \(ratio) times what it was; the potential does not hold "
          + "this structure together, or the start is far from one; relax with the cell fixed first"
      )
    }
  }
}
