import Atomistics

/// What can go wrong with an external code.
public enum EnginesError: ReportableError {
  /// A text that names no calculator.
  case badCalculator(String, reason: String)
  /// A file that the calculator's name leads to is not there.
  case missingFile(path: String, what: String)
  /// A template that lacks what it must have.
  case badTemplate(path: String, reason: String)
  /// The program is not installed.
  case missing(engine: String, what: String, install: String?)
  /// The line that installs it failed.
  case cannotInstall(engine: String, line: String, reason: String)
  /// A client could not be started.
  case cannotStart(engine: String, reason: String)
  /// A client that did not come to the socket, or gave no answer however often it was started.
  case clientFailed(client: String, tries: Int, reason: String, log: ClientLog?)
  /// The client is well, but these atoms are beyond it: no convergence, an element it lacks.
  case calculationFailed(client: String, reason: String)
  /// No stress where one is needed.
  case noStress(client: String)
  /// A client that was started by hand serves other atoms.
  case otherAtoms(client: String)
  /// Nobody came to a socket at which we wait.
  case nobodyCame(address: String, waited: Double)
  case stopped(client: String)

  public var kind: FailureKind {
    switch self {
    case .badCalculator: .usage
    case .missingFile: .missingInput
    case .badTemplate, .calculationFailed, .noStress, .otherAtoms: .badData
    case .missing, .cannotInstall, .cannotStart, .clientFailed, .nobodyCame: .unavailable
    case .stopped: .stopped
    }
  }

  public var description: String {
    switch self {
    case .badCalculator(let text, let reason):
      "'\(text)' is no calculator: \(reason); write \(CalculatorName.grammar)"
    case .missingFile(let path, let what): "\(path) is not there; expected \(what)"
    case .badTemplate(let path, let reason): "\(path): \(reason)"
    case .missing(let engine, let what, let install):
      "\(engine): \(what)"
        + (install.map { "; install it with:\n  \($0)" } ?? "")
    case .cannotInstall(let engine, let line, let reason):
      "\(engine) was not installed: \(reason); the line is\n  \(line)"
    case .cannotStart(let engine, let reason): "\(engine) could not be started: \(reason)"
    case .clientFailed(let client, let tries, let reason, let log):
      "\(client): \(reason)" + (tries > 1 ? ", \(tries) times in a row" : "")
        + (log.map { "\n\($0)" } ?? "")
    case .calculationFailed(let client, let reason): "\(client): \(reason)"
    case .noStress(let client):
      "\(client) gives no stress (a virial of zeros), which a cell that moves needs; keep the cell "
        + "fixed, or make the program compute it"
    case .otherAtoms(let client):
      "\(client) was started for other atoms, and the protocol tells it of none; start it anew with "
        + "these atoms in this order"
    case .nobodyCame(let address, let waited):
      "no client came to \(address) within \(Int(waited)) s; start one that connects there, or wait "
        + "longer with --client-start"
    case .stopped(let client): "stopped while \(client) was at work"
    }
  }
}

/// The end of what a client wrote, and where all of it is.
public struct ClientLog: Sendable, CustomStringConvertible {
  public let path: String
  public let lastLines: [String]

  public var description: String {
    guard !lastLines.isEmpty else { return "It wrote nothing (\(path))." }
    return "The last lines of \(path):\n" + lastLines.map { "  | \($0)" }.joined(separator: "\n")
  }
}
