import Atomistics

/// Which corrections enter a reaction, and on which side.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | Σ ν_j c_j(e), left | `Row.left` | eV as the reaction is written |
/// | Σ ν_j c_j(e), right | `Row.right` | eV |
/// | right - left | `Row.net`: what the corrections of e add to the reaction energy | eV |
///
/// where c_j(e) is the correction of element e in a formula unit of phase j.
public struct CorrectionAudit: Hashable, Sendable {
  /// The corrections of one element.
  public struct Row: Hashable, Sendable {
    /// nil for corrections whose element is not told.
    public let element: Element?
    public let left: Double
    public let right: Double
    /// The phases that carry them.
    public let leftPhases: [String]
    public let rightPhases: [String]

    public var net: Double { right - left }
  }

  /// By element; those that neither side has are not there.
  public let rows: [Row]
  /// Phases of which it is not known what their energies carry.
  public let unknown: [String]
  public let warnings: [String]

  /// What the corrections add to the reaction energy in eV; nil if some are unknown.
  public var net: Double? { unknown.isEmpty ? rows.reduce(0) { $0 + $1.net } : nil }

  init(left: [(CorrectedPhase, Double)], right: [(CorrectedPhase, Double)]) {
    func sides(_ terms: [(CorrectedPhase, Double)], _ element: Element?) -> (Double, [String]) {
      terms.reduce(into: (0, [])) { result, term in
        guard let part = term.0.parts?.first(where: { $0.element == element }) else { return }
        result.0 += part.energy * term.1
        result.1.append(term.0.formula)
      }
    }
    let elements = Set((left + right).flatMap { $0.0.parts ?? [] }.map(\.element))
    rows = elements.sorted { ($0?.atomicNumber ?? 999) < ($1?.atomicNumber ?? 999) }.map {
      element in
      let (l, r) = (sides(left, element), sides(right, element))
      return Row(element: element, left: l.0, right: r.0, leftPhases: l.1, rightPhases: r.1)
    }
    unknown = (left + right).filter { $0.0.parts == nil }.map(\.0.formula)
    warnings = Self.oneSided(rows, left: left, right: right) + Self.falseAnions(left + right)
  }

  /// The corrections of a reaction whose energies come from a table.
  ///
  /// - Parameter energy: how the energy of the first reactant is known.
  /// - Throws: `ThermodynamicsError.noEnergy`.
  public init(
    of reaction: Reaction, in table: EntryTable, energy: ElectrolyteStability.Energy = .fromTable
  ) throws {
    func phase(_ term: Reaction.Term, _ energy: ElectrolyteStability.Energy) throws -> (
      CorrectedPhase, Double
    ) {
      (
        try table.correctedPhase(
          formula: term.formula, composition: term.composition, energy: energy), term.coefficient
      )
    }
    self.init(
      left: try reaction.reactants.enumerated().map {
        try phase($1, $0 == 0 ? energy : .fromTable)
      },
      right: try reaction.products.map { try phase($0, .fromTable) })
  }

  /// An element that is bound on both sides and corrected on one.
  private static func oneSided(
    _ rows: [Row], left: [(CorrectedPhase, Double)], right: [(CorrectedPhase, Double)]
  ) -> [String] {
    rows.compactMap { row in
      guard let element = row.element, (row.left == 0) != (row.right == 0) else { return nil }
      let bare = row.left == 0 ? left : right
      let bound = bare.filter {
        $0.0.composition[element] > 0 && $0.0.composition.elements.count > 1 && $0.0.parts != nil
      }.map(\.0.formula)
      guard !bound.isEmpty else { return nil }
      let corrected = row.left == 0 ? row.rightPhases : row.leftPhases
      let atoms = left.reduce(0) { $0 + $1.0.composition.atomCount * $1.1 }
      let size = Int((abs(row.net) / atoms * 1000).rounded())
      return "\(element) is corrected in \(corrected.joined(separator: ", ")) and not in "
        + "\(bound.joined(separator: ", ")): the reaction energy is off by up to \(size) meV per "
        + "atom of the reactants."
    }
  }

  private static func falseAnions(_ terms: [(CorrectedPhase, Double)]) -> [String] {
    var seen: Set<String> = []
    return terms.flatMap { phase, _ in
      phase.falseAnions.compactMap { element in
        guard seen.insert(phase.formula).inserted else { return nil }
        return "\(phase.formula) carries the correction of \(element) as an anion, although "
          + "\(element) is no anion there."
      }
    }
  }
}

extension EntryTable {
  /// What the energy of a phase carries, however that energy is known.
  ///
  /// - Throws: `ThermodynamicsError.noEnergy` or `.badReaction` for the phases of an excess.
  func correctedPhase(
    formula: String, composition: Composition, energy: ElectrolyteStability.Energy
  ) throws -> CorrectedPhase {
    switch energy {
    case .given:
      return CorrectedPhase(formula: formula, composition: composition, parts: nil)
    case .fromTable:
      guard let entry = lowestEntry(of: composition) else {
        return CorrectedPhase(formula: formula, composition: composition, parts: nil)
      }
      // The entry may be typed with another formula unit.
      let found = CorrectedPhase(entry, scheme: scheme)
      let units = composition.atomCount / entry.atomCount
      return CorrectedPhase(
        formula: formula, composition: composition,
        parts: found.parts?.map { .init(element: $0.element, energy: $0.energy * units) })
    case .excess(_, let over):
      return CorrectedPhase(
        formula: formula, composition: composition,
        excessOver: try Reaction.terms(over, of: over).map { term in
          (
            try correctedPhase(
              formula: term.formula, composition: term.composition, energy: .fromTable),
            term.coefficient
          )
        })
    }
  }
}
