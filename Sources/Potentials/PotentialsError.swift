import Atomistics

/// What can be wrong with a potential.
public enum PotentialsError: ReportableError {
  case missingFile(path: String)
  case badFile(path: String, line: Int?, reason: String)
  case unsupportedElement(Element, potential: String, supported: [Element])

  public var kind: FailureKind {
    switch self {
    case .missingFile: .missingInput
    case .badFile: .badData
    case .unsupportedElement: .unavailable
    }
  }

  public var description: String {
    switch self {
    case .missingFile(let path):
      "\(path): there is no such file, or it cannot be read; expected a potential in the format "
        + "nep.txt"
    case .badFile(let path, let line, let reason):
      "\(path)\(line.map { ", line \($0)" } ?? ""): \(reason)"
    case .unsupportedElement(let element, let potential, let supported):
      "the potential \(potential) does not know \(element); it knows "
        + supported.map(\.symbol).joined(separator: " ") + "; choose a potential that does"
    }
  }
}
