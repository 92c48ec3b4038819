import Atomistics

/// Whether the products of an equilibrium let electrons through, as far as their band gaps tell.
///
/// A layer of products can stop a reaction only if no electrons pass it, so that one conductor among
/// the products decides, however little is known of the others; whether there is enough of it for a
/// connected path is not asked:
///
///     conducting   E_g < E_t for at least one product
///     unknown      E_g < E_t for none, and no E_g for at least one
///     insulating   E_g ≥ E_t for all
///
/// | symbol | name | unit |
/// |---|---|---|
/// | E_g | `ComputedEntry.bandGap` | eV |
/// | E_t | `threshold` | eV |
///
/// The metal of the working ion is the reservoir and no product. A gap says nothing of ions that
/// carry charge, of defects, or of grain boundaries.
///
/// Source: Fang & Jena, PRX Energy 2, 043013 (2023), doi 10.1103/PRXEnergy.2.043013, section III.
public struct ProductConductivity: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case insulating
    /// The products whose gap lies below the threshold.
    case conducting([String])
    /// The products without a known gap; none at all where there is nothing to judge.
    case unknown([String])
  }

  /// In eV. Lithium phosphide, which counts as an insulator in the paper, has 0.7 eV with PBE, which
  /// makes gaps a third to a half too small; metals and semimetals have none.
  public static let usualThreshold = 0.5

  /// Amounts below this many formula units are none: rounding leaves about 1e-15.
  static let smallestAmount = 1e-6

  public let kind: Kind
  public let threshold: Double
  /// The product with the smallest known gap, which is the first to turn when the threshold rises.
  public let narrowest: ComputedEntry?

  /// - Parameters:
  ///   - phases: the equilibrium, per formula unit.
  ///   - workingIon: its metal is left out, as it is the reservoir.
  ///   - threshold: in eV, above 0.
  public init(
    of phases: [PhaseAmount], workingIon: Element?, threshold: Double = usualThreshold
  ) {
    precondition(threshold > 0 && threshold.isFinite, "a threshold is a gap above 0 eV")
    let products = phases.filter {
      $0.amount > Self.smallestAmount
        && (workingIon == nil || $0.entry.composition.onlyElement != workingIon)
    }.map(\.entry)
    let known = products.compactMap { entry in entry.bandGap.map { (entry: entry, gap: $0) } }
    let conductors = known.filter { $0.gap < threshold }.map(\.entry)
    let unknown = products.filter { $0.bandGap == nil }
    self.threshold = threshold
    narrowest = known.min { $0.gap < $1.gap }?.entry
    if !conductors.isEmpty {
      kind = .conducting(Self.names(conductors))
    } else if !unknown.isEmpty || products.isEmpty {
      kind = .unknown(Self.names(unknown))
    } else {
      kind = .insulating
    }
  }

  /// `insulating`, `conducting` or `unknown`.
  public var name: String {
    switch kind {
    case .insulating: "insulating"
    case .conducting: "conducting"
    case .unknown: "unknown"
    }
  }

  /// The phases that decide: those that conduct, or those without a gap.
  public var phases: [String] {
    switch kind {
    case .insulating: []
    case .conducting(let phases), .unknown(let phases): phases
    }
  }

  private static func names(_ entries: [ComputedEntry]) -> [String] {
    var seen: Set<String> = []
    return entries.map(\.formula).filter { seen.insert($0).inserted }
  }
}

extension UptakeProfile {
  /// Whether the products of one of its steps let electrons through; `threshold` in eV, above 0.
  public func productConductivity(
    of step: Step, threshold: Double = ProductConductivity.usualThreshold
  ) -> ProductConductivity {
    ProductConductivity(of: step.phases, workingIon: workingIon, threshold: threshold)
  }
}

extension ElectrolyteStability {
  /// Whether the products let electrons through, step by step in the order of the profile.
  public func productConductivities(
    threshold: Double = ProductConductivity.usualThreshold
  ) -> [ProductConductivity] {
    profile.steps.map { profile.productConductivity(of: $0, threshold: threshold) }
  }
}

extension EntryTable {
  /// Whether any entry's band gap is known.
  public var hasBandGaps: Bool { entries.contains { $0.bandGap != nil } }
}
