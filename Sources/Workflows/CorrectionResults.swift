import Thermodynamics

/// How much of one edge of a window comes from corrections.
public struct EdgeResult: Codable, Sendable {
  public let side: String
  public let voltage_V: Double
  /// Where the same reaction stands without them; null where what energies carry is not told.
  public let withoutCorrections_V: Double?
  public let shares: [Share]

  /// V that the corrections of one element make up.
  public struct Share: Codable, Sendable {
    public let element: String?
    public let share_V: Double
  }

  init(_ edge: WindowAudit.Edge) {
    side = edge.side.rawValue
    voltage_V = edge.voltage
    withoutCorrections_V = edge.voltageWithoutCorrections
    shares = edge.corrections.rows.filter { abs(edge.share(of: $0)) > 5e-4 }.map {
      Share(element: $0.element?.symbol, share_V: edge.share(of: $0))
    }
  }
}

/// The window with one phase left out.
public struct LeftOutResult: Codable, Sendable {
  public let phase: String
  public let window: WindowResult?
  public let reductionShift_V: Double?
  public let oxidationShift_V: Double?
  public let replacements: [String]

  init?(_ row: WindowSensitivity.Row) {
    guard case .without(let formula) = row.change else { return nil }
    phase = formula
    window = row.window.map {
      WindowResult(reduction_V: $0.reduction, oxidation_V: $0.oxidation)
    }
    reductionShift_V = row.reductionShift
    oxidationShift_V = row.oxidationShift
    replacements = row.replacements
  }
}

/// The corrections of one element in a reaction, eV as it is written.
public struct CorrectionResult: Codable, Sendable {
  public let element: String?
  public let left_eV: Double
  public let right_eV: Double

  init(_ row: CorrectionAudit.Row) {
    (element, left_eV, right_eV) = (row.element?.symbol, row.left, row.right)
  }
}
