import Atomistics

/// What can go wrong while atoms move.
public enum DynamicsError: ReportableError {
  /// The run left what physics allows; `step` counts from 1.
  case blewUp(step: Int, reason: String)
  /// The relaxation reached something that is no crystal or molecule.
  case relaxationFailed(step: Int, reason: String)
  /// Velocities, masses or settings that no run can start from.
  case badStart(String)
  /// Bytes that are no state, or not all of one.
  case badState(String)

  public var kind: FailureKind { .badData }

  public var description: String {
    switch self {
    case .blewUp(let step, let reason):
      "the dynamics blew up in step \(step): \(reason)"
    case .relaxationFailed(let step, let reason):
      "the relaxation failed in step \(step): \(reason)"
    case .badStart(let reason): reason
    case .badState(let reason): "the saved state of the dynamics cannot be used: \(reason)"
    }
  }
}
