import Atomistics

/// Why there is no contact.
public enum InterfacesError: ReportableError {
  /// The limits leave nothing; what came nearest, and what to loosen.
  case nothingWithinLimits(String)
  /// The structures cannot be made into slabs.
  case badCrystal(String)
  /// A setting with which no contact can be built.
  case badSetting(String)

  public var kind: FailureKind {
    switch self {
    case .nothingWithinLimits, .badCrystal: .badData
    case .badSetting: .usage
    }
  }

  public var description: String {
    switch self {
    case .nothingWithinLimits(let text): text
    case .badCrystal(let text): text
    case .badSetting(let text): text
    }
  }
}
