/// What kind of trouble an error is; the command line turns it into its exit code.
public enum FailureKind: Int32, Sendable {
  case usage = 64
  case badData = 65
  case missingInput = 66
  case unavailable = 69
  case cannotWrite = 74
  case stopped = 75
}

/// An error that a person reads: what happened, where, what was expected and what to do.
///
/// Every target has one enum of errors that conforms. `description` is the whole message.
public protocol ReportableError: Error, CustomStringConvertible, Sendable {
  var kind: FailureKind { get }
}

/// What can be wrong with a structure, a formula or a quantity as given.
public enum AtomisticsError: ReportableError {
  case unknownElement(String, context: String)
  case badFormula(String, reason: String)
  case badQuantity(String, expected: String)
  case badStructure(String)
  /// A cluster as a person described it.
  case badCluster(String, reason: String)
  /// Formal charges that cannot be assigned, or are given wrongly.
  case badCharges(String)
  /// A substitution as a person described it, or one that a crystal cannot take.
  case badSubstitution(String, reason: String)

  public var kind: FailureKind {
    switch self {
    case .badQuantity, .badCluster, .badSubstitution: .usage
    case .unknownElement, .badFormula, .badStructure, .badCharges: .badData
    }
  }

  public var description: String {
    switch self {
    case .unknownElement(let symbol, let context):
      "'\(symbol)' is not the symbol of an element\(context.isEmpty ? "" : " (\(context))"); "
        + "write symbols as in the periodic table, e.g. Li, P, S, Cl"
    case .badFormula(let formula, let reason):
      "cannot read the formula '\(formula)': \(reason); write it like Li6PS5Cl or Li6PS5(BH4)"
    case .badQuantity(let text, let expected):
      "cannot read the quantity '\(text)': expected \(expected)"
    case .badStructure(let reason), .badCharges(let reason): reason
    case .badCluster(let text, let reason):
      "cannot take the cluster '\(text)': \(reason); write it like "
        + "'\(Cluster.grammar)', for instance 'NO3: N-O3, 1.25 Å, -1'"
    case .badSubstitution(let text, let reason):
      "cannot make the substitution '\(text)': \(reason); write it like 'S: 0.12 P, 0.12 Cl', "
        + "shares of the sites of the first element"
    }
  }
}
