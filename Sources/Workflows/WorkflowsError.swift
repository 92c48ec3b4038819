import Atomistics

/// What can go wrong with a study.
public enum WorkflowsError: ReportableError {
  /// The study file cannot be used: where, what was found, what was expected.
  case badStudy(path: String, line: Int?, reason: String)
  /// A file the study names is not there.
  case missing(path: String, hint: String)
  /// Something outside the program is not installed, with the line that installs it.
  case unavailable(String)
  /// Another process works in the same study.
  case locked(directory: String)
  /// A stage could not do its work; what was done before is kept.
  case stageFailed(stage: String, reason: String, kind: FailureKind)
  /// A run was asked to stop; it can go on.
  case stopped(directory: String, reason: String)
  /// Frames that a potential cannot be trained on.
  case badTraining(String)
  /// What frames cannot be made from.
  case badSampling(String)
  /// What a potential cannot be validated on.
  case badValidation(String)
  /// Work that keeps what is done was asked to stop; the same command goes on.
  case interruptedAndKept(what: String, done: String)
  /// Work that keeps nothing was asked to stop; the same command begins anew.
  case interrupted(String)
  /// A structure is not the contact that is needed.
  case badContact(String)
  /// A directory of a run cannot be gone on with.
  case badRun(directory: String, reason: String)
  /// A figure could not be drawn or written.
  case figureFailed(path: String, reason: String, kind: FailureKind)

  public var kind: FailureKind {
    switch self {
    case .badStudy, .badRun, .badContact, .badTraining, .badSampling, .badValidation: .badData
    case .stopped, .interrupted, .interruptedAndKept: .stopped
    case .missing: .missingInput
    case .unavailable: .unavailable
    case .locked: .cannotWrite
    case .stageFailed(_, _, let kind), .figureFailed(_, _, let kind): kind
    }
  }

  public var description: String {
    switch self {
    case .badStudy(let path, let line, let reason):
      "\(path)\(line.map { ", line \($0)" } ?? ""): \(reason)"
    case .missing(let path, let hint): "\(path) is not there; \(hint)"
    case .unavailable(let text): text
    case .badTraining(let text), .badSampling(let text), .badValidation(let text): text
    case .badContact(let text): "the contact: \(text)"
    case .interruptedAndKept(let what, let done):
      "stopped: \(done) in \(what); the same command goes on"
    case .interrupted(let what):
      "stopped during \(what); files written before are whole, the same command begins anew"
    case .stopped(let directory, let reason):
      "stopped in \(directory): \(reason); all is kept, resume it to go on with the same bits"
    case .figureFailed(let path, let reason, _): "the figure \(path): \(reason)"
    case .badRun(let directory, let reason): "the run in \(directory): \(reason)"
    case .locked(let directory):
      "another interphase is at work in \(directory); wait for it or stop it first"
    case .stageFailed(let stage, let reason, _):
      "stage \(stage): \(reason)\nWhat was computed before is kept; mend this, then run the same "
        + "command again to go on."
    }
  }
}
