import Atomistics

/// What thermodynamics says of one electrolyte against its working ion: hull distance, uptake
/// profile, window, what was left out and what to be careful about.
public struct ElectrolyteStability: Sendable {
  /// How the electrolyte's energy is known.
  public enum Energy: Sendable {
    /// Its own entry in the table, if there is one.
    case fromTable
    /// In eV per atom on the table's scale.
    case given(Double)
    /// eV per atom above the phases that make it up, e.g. `Li3PS4 + Li2S + LiBH4`.
    case excess(Double, over: String)
  }

  public let formula: String
  public let composition: Composition
  public let basis: ComponentBasis
  public let diagram: PhaseDiagram
  /// The electrolyte's energy in eV per atom; nil if it is not known.
  public let energyPerAtom: Double?
  /// eV per atom above the hull; nil if the energy is not known.
  public let hullDistance: Double?
  /// What it decomposes into, per formula unit, with no ion exchanged.
  public let decomposition: Decomposition
  public let profile: UptakeProfile
  /// nil: no voltage range without uptake.
  public let window: ElectrochemicalStabilityWindow?
  /// The energy of decomposing against voltage; nil if the energy is not known.
  public let decompositionCurve: DecompositionCurve?
  /// Where the electrolyte itself is on the hull; nil if nowhere, or if its energy is not known.
  public let stabilityRange: StabilityRange?
  /// How much of the window's edges comes from corrections.
  public let corrections: WindowAudit
  public let warnings: [String]

  /// - Parameters:
  ///   - formula: as typed, clusters in brackets; everything is per this formula unit.
  ///   - intact: compounds that are vertices, such as `LiBH4`; none for elements.
  /// - Throws: `ThermodynamicsError`, or `AtomisticsError` for a formula.
  public init(
    of formula: String, in table: EntryTable, workingIon: Element, intact: [String] = [],
    energy: Energy = .fromTable
  ) throws {
    let composition = try Composition(checking: formula)
    let basis = try ComponentBasis(target: composition, workingIon: workingIon, intact: intact)
    let known = try Self.energyPerAtom(energy, of: composition, formula: formula, in: table)
    // A given energy takes the place of the formula's own entries: they are the same phase.
    var phases = table
    var own: ComputedEntry?
    if let known {
      let carried = try table.correctedPhase(
        formula: formula, composition: composition, energy: energy)
      let entry = ComputedEntry(
        formula: formula, composition: composition, energyPerAtom: known,
        adjustments: carried.adjustments)
      own = entry
      if case .fromTable = energy {} else { phases = table.replacing(entry) }
    }
    let reference = try table.referencePotential(of: workingIon)
    let ion = table.lowestEntry(of: Composition([(workingIon, 1)]))
    let diagram = try PhaseDiagram(
      entries: phases.entries(withElements: basis.elements), basis: basis)
    self.formula = formula
    self.composition = composition
    self.basis = basis
    self.diagram = diagram
    energyPerAtom = known
    hullDistance = try own.map { try diagram.hullDistance(of: $0) }
    decomposition = try diagram.decomposition(of: composition)
    profile = try UptakeProfile(
      of: composition, in: diagram,
      workingIon: ion
        ?? ComputedEntry(
          formula: workingIon.symbol, composition: Composition([(workingIon, 1)]),
          energyPerAtom: reference),
      reference: reference)
    window = ElectrochemicalStabilityWindow(profile)
    decompositionCurve = known.map { [profile] in
      DecompositionCurve(profile, energyPerAtom: $0)
    }
    stabilityRange = decompositionCurve.flatMap { StabilityRange($0) }
    corrections = WindowAudit(profile: profile, scheme: table.scheme)
    let audit = StabilityAudit(
      formula: formula, composition: composition, workingIon: workingIon, intact: intact,
      energy: energy, scheme: table.scheme)
    warnings = audit.warnings(
      profile: profile, window: window, decomposition: decomposition,
      opener: window == nil ? try WindowSensitivity.opener(of: profile, in: diagram) : nil)
  }

  /// The decomposition energy per atom of the electrolyte at a step's lower voltage; nil if the
  /// electrolyte's energy is not known.
  public func decompositionEnergy(of step: UptakeProfile.Step) -> Double? {
    energyPerAtom.map {
      profile.decompositionEnergy(at: step.from, energy: $0 * composition.atomCount)
        / composition.atomCount
    }
  }

  /// The energy of a formula in eV per atom, as given or from the table.
  ///
  /// - Throws: `ThermodynamicsError.noEnergy` or `.unbalanced` for the phases of an excess.
  public static func energyPerAtom(
    _ energy: Energy, of composition: Composition, formula: String, in table: EntryTable
  ) throws -> Double? {
    switch energy {
    case .fromTable: return table.lowestEntry(of: composition)?.energyPerAtom
    case .given(let value): return try checked(energyPerAtom: value, of: formula)
    case .excess(let excess, let over):
      let reaction = try Reaction("\(over) -> \(formula)")
      let sum = try reaction.reactants.reduce(0.0) {
        $0 + $1.coefficient * $1.composition.atomCount
          * (try table.energyPerAtom(of: $1.composition, formula: $1.formula))
      }
      return try checked(energyPerAtom: sum / composition.atomCount + excess, of: formula)
    }
  }
}
