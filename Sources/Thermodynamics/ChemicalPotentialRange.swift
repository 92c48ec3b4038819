import Atomistics

/// The chemical potentials at which a phase is stable, one component at a time.
///
///     max and min of μ_k subject to Σ_k a_kj μ_k ≤ E_j for every phase j, equal for this one
///
/// These are the one-sided slopes of the hull at the phase's composition, towards more and towards
/// less of the component. They are exact: the first straight piece of the hull in each direction
/// gives them.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | μ_k - μ_k⁰ | `Range.lower`, `Range.upper` | eV per formula unit of the component |
/// | μ_k⁰ | `Range.reference`, lowest entry of the pure component | eV per formula unit |
///
/// In a diagram open to a species its own potential is fixed and has no range.
///
/// Each range is that of one component while the others are free; not every combination of
/// potentials within the ranges is stable.
public struct ChemicalPotentialRange: Hashable, Sendable {
  public struct Range: Hashable, Sendable {
    /// The component as its basis names it.
    public let component: String
    /// Relative to the pure component; nil: no lower end, for a component that the phase has none
    /// of.
    public let lower: Double?
    /// Relative to the pure component; never above 0.
    public let upper: Double
    public let reference: Double
  }

  public let entry: ComputedEntry
  /// One for each component that is not open.
  public let ranges: [Range]

  /// - Parameter composition: of a phase on the hull, whatever the size of its formula unit.
  /// - Throws: `ThermodynamicsError.notStable`, `.noPhase`, `.notSpanned`.
  public init(of composition: Composition, in diagram: PhaseDiagram) throws {
    guard let entry = diagram.lowestEntry(of: composition),
      case .amounts(let all) = diagram.basis.amounts(of: entry.composition)
    else {
      throw ThermodynamicsError.noPhase(
        formula: composition.formula, components: diagram.basis.names)
    }
    let distance = try diagram.hullDistance(of: entry)
    guard distance <= StabilityRange.tolerance else {
      throw ThermodynamicsError.notStable(formula: entry.formula, hullDistance: distance)
    }
    let amounts = all.map { $0 / entry.atomCount }
    self.entry = entry
    ranges = try diagram.basis.components.enumerated().compactMap { index, component in
      guard index != diagram.openIndex else { return nil }
      return try Self.range(of: index, at: amounts, in: diagram)
    }
  }

  /// The range of a component, by the name of its vertex.
  public subscript(component: String) -> Range? { ranges.first { $0.component == component } }

  /// The same range as voltages of a working ion of charge 1: V = -(μ - μ⁰)/e.
  public func voltages(of ion: Element) -> StabilityRange? {
    self[ion.symbol].map { range in
      StabilityRange(lower: -range.upper + 0, upper: range.lower.map { -$0 })
    }
  }

  private static func range(
    of index: Int, at amounts: [Double], in diagram: PhaseDiagram
  ) throws -> Range {
    let component = diagram.basis.components[index]
    guard let pure = diagram.lowestEntry(of: component.composition) else {
      throw ThermodynamicsError.noPhase(
        formula: component.formula, components: diagram.basis.names)
    }
    let reference = pure.energyPerAtom * component.composition.atomCount
    func slope(_ change: Double) throws -> Double {
      var end = amounts
      end[index] += change
      return try MixingLine(in: diagram, from: amounts, to: end).initialSlope() / change
    }
    // Half of what there is: the other end keeps every component.
    let lower = amounts[index] > 0 ? try slope(-amounts[index] / 2) - reference : nil
    let upper = try slope(1 / component.composition.atomCount) - reference
    return Range(
      component: component.formula, lower: lower, upper: abs(upper) < 1e-10 ? 0 : upper,
      reference: reference)
  }
}
