import Atomistics
import Potentials

/// How far a relaxation is.
///
/// | name | unit |
/// |---|---|
/// | `step`, from 0 | - |
/// | `energy` | eV |
/// | `largestForce` on an atom that may move | eV/Å |
/// | `largestStress`, the largest component of σ − σ* that may relax; of all with a fixed cell | eV/Å³ |
public struct RelaxationProgress: Sendable {
  public private(set) var step: Int
  public let energy: Double
  public let largestForce: Double
  public let largestStress: Double

  init(_ result: RelaxationResult) {
    step = result.steps
    energy = result.energy
    largestForce = result.largestForce
    largestStress = result.largestStress
  }

  func later(by steps: Int) -> RelaxationProgress {
    var result = self
    result.step += steps
    return result
  }
}

/// Where a relaxation ended.
///
/// | name | unit |
/// |---|---|
/// | `energy` | eV |
/// | `enthalpy`, the energy plus the work against the target, from the last reference cell on | eV |
/// | `largestForce` on an atom that may move | eV/Å |
/// | `largestStress`, the largest component of σ − σ* that may relax; of all with a fixed cell | eV/Å³ |
/// | `pressure` of the structure, −tr σ/3 | eV/Å³ |
public struct RelaxationResult: Sendable {
  public let structure: Structure
  public let evaluation: Evaluation
  public let enthalpy: Double
  public internal(set) var steps: Int
  public let largestForce: Double
  public let largestStress: Double
  public let converged: Bool
  /// Somebody asked to stop before it converged.
  public internal(set) var stopped: Bool

  public var energy: Double { evaluation.energy }
  public var pressure: Double { evaluation.pressure }
  /// How often energy and forces were computed.
  public var evaluations: Int { steps + 1 }

  init(
    _ frame: DeformedCell, _ evaluation: Evaluation, steps: Int, stopped: Bool, goals: Relaxation
  ) {
    structure = frame.structure
    self.evaluation = evaluation
    enthalpy = frame.enthalpy(evaluation)
    self.steps = steps
    largestForce = frame.largestForce(evaluation)
    largestStress = frame.largestStress(evaluation)
    converged =
      largestForce <= goals.largestForce
      && (goals.cell == .fixed || largestStress <= goals.largestStress)
    self.stopped = stopped && !converged
  }
}
