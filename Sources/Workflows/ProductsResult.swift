import Thermodynamics

/// Whether the products of a plateau let electrons through, as far as their band gaps tell.
public struct ProductsResult: Codable, Sendable {
  public enum Kind: String, Codable, Sendable {
    case insulating, conducting, unknown
  }

  enum CodingKeys: String, CodingKey {
    case kind = "class"
    case phases
    case gapThreshold_eV, smallestGap_eV, smallestGapPhase
  }

  public let kind: Kind
  /// The phases that conduct, or those whose gap is not known.
  public let phases: [String]
  public let gapThreshold_eV: Double
  /// The smallest gap that is known among the products, and whose it is.
  public let smallestGap_eV: Double?
  public let smallestGapPhase: String?

  init(_ products: ProductConductivity) {
    kind =
      switch products.kind {
      case .insulating: .insulating
      case .conducting: .conducting
      case .unknown: .unknown
      }
    phases = products.phases
    gapThreshold_eV = products.threshold
    smallestGap_eV = products.narrowest?.bandGap
    smallestGapPhase = products.narrowest?.formula
  }
}
