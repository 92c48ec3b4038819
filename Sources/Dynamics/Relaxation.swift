import Atomistics
import Potentials

/// Which part of the cell may change its shape while atoms relax.
public enum CellFreedom: String, Sendable, Codable, CaseIterable {
  /// The lattice stays.
  case fixed
  /// Every strain along the periodic directions.
  case flexible
}

/// Relaxation of atoms, and of the cell if wished, to the nearest minimum of the enthalpy.
///
///     H(x, D) = E(r, M) + p V,    r = x D,   M = M₀ D
///     −∂H/∂x_i = f_i Dᵀ
///     −∂H/∂D  = −V D⁻ᵀ (σ + p 1)
///
/// The walker of `FIRE` moves in x and in √N (V₀/N)^(1/3) D: with this scale a strain is about as
/// stiff as a bond, in a cell of one atom and in one of thousands.
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | f | forces | eV/Å | per atom |
/// | σ | stress | eV/Å³ | 3 × 3 |
/// | p | `pressure`, the target | eV/Å³ | - |
/// | D | deformation of the starting cell | - | 3 × 3 |
/// | - | `largestForce`, to which forces converge | eV/Å | - |
/// | - | `largestStress`, to which every component of σ + p 1 converges | eV/Å³ | - |
///
/// The defaults, 0.002 eV/Å and 0.01 GPa, are tight enough for cells of one to three atoms.
///
/// Source of the unit-cell filter: Tadmor et al., Phys. Rev. B 59, 235 (1999),
/// doi 10.1103/PhysRevB.59.235.
public struct Relaxation: Sendable {
  public var largestForce = 0.002
  public var largestStress = 0.01 / Units.gigapascal
  public var mostSteps = 3000
  public var cell = CellFreedom.fixed
  public var pressure = 0.0
  /// Atoms of these regions stay where they are (in fractional coordinates, if the cell moves).
  public var frozenRegions: Set<Region> = []
  public var minimizer = FIRE()

  public init(cell: CellFreedom = .fixed) { self.cell = cell }

  /// Relaxes a structure; that it did not converge is a result, not an error.
  ///
  /// - Parameter progress: called after every evaluation with the step, the energy (eV) and the
  ///   largest force (eV/Å); what it throws ends the relaxation.
  /// - Throws: `AtomisticsError.badStructure`, `PotentialsError.unsupportedElement`,
  ///   `DynamicsError.relaxationFailed` when energy or cell leave what is physical.
  public func relax(
    _ structure: Structure, with calculator: any Calculator,
    progress: (RelaxationProgress) throws -> Void = { _ in }
  ) throws -> RelaxationResult {
    try structure.validate(minimumDistance: 0.2)
    try calculator.validate(Set(structure.species))
    var frame = DeformedCell(structure, freedom: cell, frozen: frozenRegions)
    var evaluator = calculator.evaluator(for: structure, skin: 1)
    var walker = minimizer.walker(coordinates: frame.coordinates.count)
    var evaluation = evaluator.evaluate(structure)
    for step in 0...mostSteps {
      let result = RelaxationResult(
        structure: frame.structure, evaluation: evaluation, steps: step,
        largestForce: frame.largestForce(evaluation),
        largestStress: frame.largestStress(evaluation, pressure: pressure), goals: self)
      try check(result, start: structure)
      try progress(
        RelaxationProgress(
          step: step, energy: result.energy, largestForce: result.largestForce,
          largestStress: result.largestStress))
      if result.converged || step == mostSteps { return result }
      minimizer.step(
        &frame.coordinates, forces: frame.forces(evaluation, pressure: pressure), walker: &walker)
      try checkCell(frame, step: step + 1)
      evaluation = evaluator.evaluate(frame.structure)
    }
    preconditionFailure("the loop returns in its last round")
  }

  private func check(_ result: RelaxationResult, start: Structure) throws {
    guard result.energy.isFinite, result.largestForce.isFinite, result.largestStress.isFinite
    else {
      throw DynamicsError.relaxationFailed(
        step: result.steps,
        reason: "energy, forces or stress are not finite numbers; the atoms are probably too near "
          + "to one another or far outside what the potential was made for; check the structure")
    }
  }

  private func checkCell(_ frame: DeformedCell, step: Int) throws {
    let ratio = frame.volumeRatio
    guard ratio > 0.125, ratio < 8 else {
      throw DynamicsError.relaxationFailed(
        step: step,
        reason: "the cell's volume became \(ratio) times what it was; the potential does not hold "
          + "this structure together, or the start is far from one; relax with the cell fixed first"
      )
    }
  }
}

/// How far a relaxation is.
public struct RelaxationProgress: Sendable {
  public let step: Int
  public let energy: Double
  public let largestForce: Double
  public let largestStress: Double
}

/// Where a relaxation ended.
///
/// | name | unit |
/// |---|---|
/// | `energy` | eV |
/// | `largestForce` on an atom that may move | eV/Å |
/// | `largestStress`, the largest component of σ + p 1 that may relax | eV/Å³ |
/// | `pressure` of the structure, −tr σ/3 | eV/Å³ |
public struct RelaxationResult: Sendable {
  public let structure: Structure
  public let evaluation: Evaluation
  public let steps: Int
  public let largestForce: Double
  public let largestStress: Double
  public let converged: Bool

  public var energy: Double { evaluation.energy }
  public var pressure: Double { evaluation.pressure }

  init(
    structure: Structure, evaluation: Evaluation, steps: Int, largestForce: Double,
    largestStress: Double, goals: Relaxation
  ) {
    self.structure = structure
    self.evaluation = evaluation
    self.steps = steps
    self.largestForce = largestForce
    self.largestStress = largestStress
    converged =
      largestForce <= goals.largestForce
      && (goals.cell == .fixed || largestStress <= goals.largestStress)
  }
}
