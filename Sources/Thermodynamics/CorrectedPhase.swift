import Atomistics

/// What of a phase's energy is correction, element by element.
public struct CorrectedPhase: Hashable, Sendable {
  /// A correction of one element, or one that its source does not tell an element of.
  public struct Part: Hashable, Sendable {
    public let element: Element?
    /// eV per formula unit.
    public let energy: Double
  }

  public let formula: String
  public let composition: Composition
  /// nil: it is not known what the energy carries.
  public let parts: [Part]?

  init(formula: String, composition: Composition, parts: [Part]?) {
    self.formula = formula
    self.composition = composition
    self.parts = parts.map { parts in
      Dictionary(grouping: parts, by: \.element).map { element, group in
        Part(element: element, energy: group.reduce(0) { $0 + $1.energy })
      }.filter { $0.energy != 0 }.sorted { ($0.element?.symbol ?? "") < ($1.element?.symbol ?? "") }
    }
  }

  /// The corrections of an entry as it carries them; a sum that the scheme's rule gives is split by
  /// that rule.
  public init(_ entry: ComputedEntry, scheme: CorrectionScheme?) {
    let atoms = entry.atomCount
    self.init(
      formula: entry.formula, composition: entry.composition,
      parts: Self.adjustments(of: entry, scheme: scheme)?.map {
        Part(element: $0.element, energy: $0.energyPerAtom * atoms)
      })
  }

  /// An electrolyte whose energy is known as an excess over other phases has their corrections.
  init(formula: String, composition: Composition, excessOver terms: [(CorrectedPhase, Double)]) {
    let isKnown = terms.allSatisfy { $0.0.parts != nil }
    self.init(
      formula: formula, composition: composition,
      parts: isKnown
        ? terms.flatMap { phase, amount in
          (phase.parts ?? []).map { Part(element: $0.element, energy: $0.energy * amount) }
        } : nil)
  }

  /// The same, as an entry carries it.
  var adjustments: [EnergyAdjustment]? {
    parts?.map {
      EnergyAdjustment(
        name: $0.element.map { "inherited (\($0))" } ?? "inherited", element: $0.element,
        energyPerAtom: $0.energy / composition.atomCount)
    }
  }

  private static func adjustments(
    of entry: ComputedEntry, scheme: CorrectionScheme?
  ) -> [EnergyAdjustment]? {
    guard let carried = entry.adjustments else {
      // A formation energy is measured from the elements: these carry nothing.
      return entry.composition.onlyElement != nil && entry.energyPerAtom == 0 ? [] : nil
    }
    guard let scheme, carried.contains(where: { $0.element == nil }) else { return carried }
    let rule = scheme.adjustments(of: entry.composition)
    let sum = carried.reduce(0) { $0 + $1.energyPerAtom }
    // Tables give six digits.
    return abs(rule.reduce(0) { $0 + $1.energyPerAtom } - sum) < 1e-5 ? rule : carried
  }

  /// Elements corrected as anions although every other element of the compound draws electrons more.
  ///
  /// Hydrogen is none of them: what legacy corrects of it is its reference, H2.
  var falseAnions: [Element] {
    guard composition.elements.count > 1, let cation = composition.leastElectronegative else {
      return []
    }
    return (parts ?? []).compactMap(\.element).filter { $0 == cation && $0.symbol != "H" }
  }
}
