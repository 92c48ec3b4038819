import Atomistics

/// Which corrections the energies of a table carry.
///
/// - `mp2020`: Wang et al., Sci. Rep. 11, 15496 (2021), doi 10.1038/s41598-021-94550-5.
/// - `legacy`: the Materials Project's corrections before 2020.
/// - `uncorrected`: the functional's energies as they are.
public enum CorrectionScheme: String, Sendable, Codable, CaseIterable {
  case mp2020, legacy, uncorrected
}

/// A phase and its energy.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | E/N | `energyPerAtom` | eV/atom, total or of formation as its table says |
/// | E | `energy` | eV per formula unit as typed |
public struct ComputedEntry: Hashable, Sendable, Codable {
  /// The formula as it stands in the table, clusters in brackets and all.
  public let formula: String
  public let composition: Composition
  public let energyPerAtom: Double
  /// An identifier such as `mp-1153`, where the table has one.
  public let id: String?
  /// The line (CSV) or the place in the list (JSON, from 1) that it was read from.
  public let source: Int?

  public init(
    formula: String, composition: Composition, energyPerAtom: Double, id: String? = nil,
    source: Int? = nil
  ) {
    precondition(composition.atomCount > 0, "an entry has atoms")
    precondition(energyPerAtom.isFinite, "an entry's energy is a number")
    self.formula = formula
    self.composition = composition
    self.energyPerAtom = energyPerAtom
    self.id = id
    self.source = source
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
  var onlyElement: Element? { elements.count == 1 ? elements[0] : nil }
}

/// One element's share of a composition, in parts per billion.
struct FractionKey: Hashable {
  let element: Element
  let parts: Int
}
