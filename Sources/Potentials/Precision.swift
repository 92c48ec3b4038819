/// In which precision a neuroevolution potential is evaluated.
public enum Precision: String, Sendable, Codable, CaseIterable {
  /// The vectorised kernel (`SinglePrecisionNEP`), for dynamics.
  case single
  /// The plain evaluator (`NEPPotential`).
  case double

  /// The potential in this precision.
  public func calculator(_ potential: NEPPotential) -> any Calculator {
    switch self {
    case .single: SinglePrecisionNEP(potential)
    case .double: potential
    }
  }
}
