import Atomistics

/// What can go wrong while atoms move.
public enum DynamicsError: ReportableError {
  /// The run left what physics allows; `step` counts from 1.
  case blewUp(step: Int, reason: String)
  /// The relaxation reached something that is no crystal or molecule.
  case relaxationFailed(step: Int, reason: String)
  /// Velocities, masses or settings that no run can start from.
  case badStart(String)
  /// Elastic constants are asked of what is no crystal.
  case notACrystal(String)
  /// A crystal has stress (eV/Å³) or forces (eV/Å) above what its elastic constants allow.
  case notRelaxed(stress: Double, mostStress: Double, force: Double, mostForce: Double)
  /// Bytes that are no state, or not all of one.
  case badState(String)

  public var kind: FailureKind { .badData }

  public var description: String {
    switch self {
    case .blewUp(let step, let reason):
      "the dynamics blew up in step \(step): \(reason)"
    case .relaxationFailed(let step, let reason):
      "the relaxation failed in step \(step): \(reason)"
    case .badStart(let reason), .notACrystal(let reason): reason
    case .notRelaxed(let stress, let mostStress, let force, let mostForce):
      "the structure is not relaxed: largest component of the stress "
        + "\(Self.rounded(stress * Units.gigapascal)) GPa, at most "
        + "\(Self.rounded(mostStress * Units.gigapascal)) GPa are allowed; largest force "
        + "\(Self.rounded(force)) eV/Å, at most \(Self.rounded(mostForce)) eV/Å; relax positions and "
        + "cell with this potential first"
    case .badState(let reason): "the saved state of the dynamics cannot be used: \(reason)"
    }
  }

  /// Three decimals are enough for people.
  private static func rounded(_ value: Double) -> String {
    value.isFinite ? "\((value * 1000).rounded() / 1000)" : "no number"
  }
}
