import Atomistics

/// How much of the working ion a solid takes up as the voltage rises, and into which phases.
///
/// At voltage V the solid and a reservoir of the ion at μ = μ0 - eV reach
///
///     Φ(V) = min Σ_j (E_j - μ(V) n_j) x_j
///
/// a concave function made of straight lines, one per equilibrium; the slope of a line is the amount
/// of the ion in its phases. The break points are found from both ends: where two lines meet, either
/// Φ lies on them and that is a break point, or a third line lies below and the search divides. No
/// voltages are scanned, and no line wider than rounding is missed.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | V | `Step.from`, `Step.to` | V against the pure working ion |
/// | n - n0 | `Step.uptake` | ions per formula unit, positive when taken up |
/// | Φ - Φ0 | `decompositionEnergy(at:)` | eV per formula unit |
///
/// Source: Eisner & Severance, J. ACM 23, 619 (1976), doi 10.1145/321978.321982 (break points); Zhu,
/// He & Mo, ACS Appl. Mater. Interfaces 7, 23685 (2015), doi 10.1021/acsami.5b07517 (the profile).
public struct UptakeProfile: Sendable {
  /// One equilibrium and the voltages it holds between.
  public struct Step: Sendable {
    public let from: Double
    /// nil: no upper end.
    public let to: Double?
    /// Ions taken up per formula unit; negative where they leave.
    public let uptake: Double
    /// What forms, per formula unit, the working ion that leaves included.
    public let phases: [PhaseAmount]
    /// Σ E_j x_j of the phases without the working ion, eV per formula unit.
    let energy: Double
  }

  public let composition: Composition
  public let workingIon: Element
  /// The pure working ion as an entry, as it stands among the phases where it leaves.
  public let workingIonEntry: ComputedEntry
  /// The energy of the pure working ion, eV per atom: 0 V.
  public let reference: Double
  public let steps: [Step]
  /// Uptake below this many ions per formula unit is none: rounding leaves about 1e-15.
  public let tolerance: Double

  /// - Parameters:
  ///   - diagram: the phases that compete; its basis has the working ion as a vertex.
  ///   - reference: the lowest energy of the pure working ion on the same scale, eV per atom.
  /// - Throws: `ThermodynamicsError.badBasis` or `.notSpanned`.
  public init(
    of composition: Composition, in diagram: PhaseDiagram, workingIon: ComputedEntry,
    reference: Double
  ) throws {
    guard let ion = workingIon.composition.onlyElement else {
      throw ThermodynamicsError.badBasis("the working ion \(workingIon.formula) is not an element")
    }
    let open = try diagram.opened(to: OpenSpecies(element: ion, chemicalPotential: reference))
    var lines = Lines(
      search: try EquilibriumSearch(of: composition, in: open), composition: composition,
      reference: reference)
    let start = open.openAmount(in: composition)
    let tolerance = 1e-7 * composition.atomCount
    self.composition = composition
    self.workingIon = ion
    workingIonEntry = workingIon
    self.reference = reference
    self.tolerance = tolerance
    steps = try lines.segments().map { segment in
      let change = segment.equilibrium.openAmount - start
      let uptake = abs(change) < tolerance ? 0 : change
      let leaving = PhaseAmount(entry: workingIon, amount: -uptake / workingIon.atomCount)
      return Step(
        from: segment.from, to: segment.to, uptake: uptake,
        phases: segment.equilibrium.phases + (uptake < 0 ? [leaving] : []),
        energy: segment.energy)
    }
  }

  /// The step that holds at a voltage; at a break point the one above it.
  public func step(at voltage: Double) -> Step {
    precondition(voltage >= 0, "the profile begins at 0 V")
    return steps.last { $0.from <= voltage } ?? steps[0]
  }

  /// The energy of turning into the equilibrium at a voltage, eV per formula unit, for a solid of the
  /// given energy (eV per formula unit): E(phases) - E - uptake μ(V). Negative: it goes by itself.
  public func decompositionEnergy(at voltage: Double, energy: Double) -> Double {
    let step = step(at: voltage)
    return step.energy - energy - step.uptake * (reference - voltage)
  }

  /// The decomposition energy per atom of the solid and of the ions that it takes up.
  public func decompositionEnergyPerReactantAtom(at voltage: Double, energy: Double) -> Double {
    decompositionEnergy(at: voltage, energy: energy)
      / (composition.atomCount + max(0, step(at: voltage).uptake))
  }
}

/// The lines that Φ(V) is made of.
private struct Lines {
  var search: EquilibriumSearch
  let composition: Composition
  let reference: Double

  struct Segment {
    let from: Double
    let to: Double?
    let equilibrium: Decomposition
    let energy: Double
  }

  /// Φ = intercept + slope V, per atom of the composition.
  private struct Line {
    let intercept: Double
    let slope: Double

    func value(at voltage: Double) -> Double { intercept + slope * voltage }
  }

  /// Each line with its range, from 0 V up, taken again in the middle of the range, where no other
  /// line touches it.
  mutating func segments() throws -> [Segment] {
    let first = line(try at(0, .below), 0)
    // The last line's intercept is its value at 0 V, which its energies give whatever V is.
    let last = line(try at(0, .limit), 0)
    var points: [Double] = []
    try divide(first, last, into: &points)
    let edges = [0] + points.filter { $0 > 1e-9 }.sorted()
    var segments: [Segment] = []
    for (index, from) in edges.enumerated() {
      let to = index + 1 < edges.count ? edges[index + 1] : nil
      if let to, to - from < 1e-9 { continue }
      let found = try to.map { try at((from + $0) / 2, .exact) } ?? at(0, .limit)
      let potential = to.map { reference - (from + $0) / 2 } ?? reference
      let segment = Segment(
        from: segments.last?.to ?? 0, to: to, equilibrium: found,
        energy: found.energy + potential * found.openAmount)
      if let before = segments.last,
        abs(before.equilibrium.openAmount - found.openAmount) < 1e-9 * composition.atomCount
      {
        segments[segments.count - 1] = Segment(
          from: before.from, to: to, equilibrium: before.equilibrium, energy: before.energy)
      } else {
        segments.append(segment)
      }
    }
    return segments
  }

  private mutating func at(_ voltage: Double, _ side: EquilibriumSearch.Side) throws
    -> Decomposition
  {
    try search.equilibrium(at: reference - voltage, side)
  }

  private func line(_ equilibrium: Decomposition, _ voltage: Double) -> Line {
    let total = composition.atomCount
    let slope = equilibrium.openAmount / total
    return Line(intercept: equilibrium.energy / total - slope * voltage, slope: slope)
  }

  private mutating func divide(_ left: Line, _ right: Line, into points: inout [Double]) throws {
    guard left.slope - right.slope > 1e-10 else { return }
    let meeting = (right.intercept - left.intercept) / (left.slope - right.slope)
    let lowest = line(try at(meeting, .exact), meeting)
    guard left.value(at: meeting) - lowest.value(at: meeting) > 1e-11 * scale else {
      points.append(meeting)
      return
    }
    try divide(left, lowest, into: &points)
    try divide(lowest, right, into: &points)
  }

  private var scale: Double { max(1, abs(reference)) }
}
