import Atomistics

/// A phase and its energy.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | E/N | `energyPerAtom` | eV/atom, total or of formation as its table says |
/// | E | `energy` | eV per formula unit as typed |
/// | ΔE/N | `correction`, the sum of `adjustments` | eV/atom, contained in E/N |
/// | E_g | `bandGap` | eV |
public struct ComputedEntry: Hashable, Sendable, Codable {
  /// The formula as it stands in the table, clusters in brackets and all.
  public let formula: String
  public let composition: Composition
  public let energyPerAtom: Double
  /// An identifier such as `mp-1153`, where the table has one.
  public let id: String?
  /// The line (CSV) or the place in the list (JSON, from 1) that it was read from.
  public let source: Int?
  /// The corrections other than zero that the energy contains, apart; nil where its source does not
  /// tell them.
  public let adjustments: [EnergyAdjustment]?
  /// 0 for a metal; nil where it is not known.
  public let bandGap: Double?
  /// The functional or potential that the energy comes from, as its source names it: `GGA`,
  /// `GGA+U`, `R2SCAN`, `nep89`.
  public let functional: String?

  public init(
    formula: String, composition: Composition, energyPerAtom: Double, id: String? = nil,
    source: Int? = nil, adjustments: [EnergyAdjustment]? = nil, bandGap: Double? = nil,
    functional: String? = nil
  ) {
    precondition(composition.atomCount > 0, "an entry has atoms")
    precondition(energyPerAtom.isFinite, "an entry's energy is a number")
    self.formula = formula
    self.composition = composition
    self.energyPerAtom = energyPerAtom
    self.id = id
    self.source = source
    self.adjustments = adjustments
    self.bandGap = bandGap
    self.functional = functional
  }

  /// An entry from its formula.
  ///
  /// - Throws: `AtomisticsError.badFormula` or `.unknownElement`.
  public init(formula: String, energyPerAtom: Double) throws {
    self.init(
      formula: formula, composition: try Composition(formula: formula),
      energyPerAtom: energyPerAtom)
  }

  public var atomCount: Double { composition.atomCount }
  public var energy: Double { energyPerAtom * atomCount }
  /// All corrections together in eV/atom; nil where they are not known.
  public var correction: Double? { adjustments?.reduce(0) { $0 + $1.energyPerAtom } }
}

extension Composition {
  /// Atomic fractions, rounded, by atomic number: equal for Li2S and Li4S2.
  var fractionKey: [FractionKey] {
    let total = atomCount
    return elements.sorted().map {
      FractionKey(element: $0, parts: Int((self[$0] / total * 1e9).rounded()))
    }
  }

  /// The only element, if there is but one.
  public var onlyElement: Element? { elements.count == 1 ? elements[0] : nil }
}

/// One element's share of a composition, in parts per billion.
struct FractionKey: Hashable {
  let element: Element
  let parts: Int
}
