import Atomistics

/// How a window changes with the correction scheme and with every single phase left out.
///
/// Only phases that occur in an equilibrium of the profile can change it; each of them is left out
/// in turn, its other entries of the same composition too. The solid's own energy stays what it is.
public struct WindowSensitivity: Sendable {
  /// What was changed.
  public enum Change: Hashable, Sendable {
    case scheme(CorrectionScheme)
    case without(String)
  }

  /// The window after one change.
  public struct Row: Sendable {
    public let change: Change
    public let window: ElectrochemicalStabilityWindow?
    /// Shifts of the edges in V; nil where one of the two windows has no such edge.
    public let reductionShift: Double?
    public let oxidationShift: Double?
    /// Phases of the new window and its neighbours that the old ones have not.
    public let replacements: [String]

    /// The larger shift; a window that opens or closes counts most.
    var effect: Double {
      guard let reductionShift else { return window == nil ? 0 : .infinity }
      return max(abs(reductionShift), oxidationShift.map { abs($0) } ?? .infinity)
    }
  }

  public let window: ElectrochemicalStabilityWindow?
  /// Schemes first, then phases by effect; phases that change no edge by 0.1 mV are not there.
  public let rows: [Row]
  /// Phases that cannot be left out, because they are the reference of a component.
  public let references: [String]

  /// - Parameters:
  ///   - base: the window to compare with.
  ///   - others: the same electrolyte in the same basis on other schemes.
  /// - Throws: `ThermodynamicsError`.
  public init(
    of base: ElectrolyteStability,
    others: [(scheme: CorrectionScheme, stability: ElectrolyteStability)] = []
  ) throws {
    let old = base.window
    let oldPhases = Self.phasesAtWindow(base.profile)
    func row(_ change: Change, _ profile: UptakeProfile) -> Row {
      let new = ElectrochemicalStabilityWindow(profile)
      return Row(
        change: change, window: new,
        reductionShift: new.flatMap { new in old.map { new.reduction - $0.reduction } },
        oxidationShift: Self.oxidationShift(from: old, to: new),
        replacements: Self.phasesAtWindow(profile).filter { !oldPhases.contains($0) })
    }
    var left: [Row] = []
    var references: [String] = []
    for phase in Self.phases(of: base.profile) {
      guard let profile = try Self.profile(base.profile, in: base.diagram, without: phase) else {
        references.append(phase.formula)
        continue
      }
      let changed = row(.without(phase.formula), profile)
      let isLost = old != nil && changed.window == nil
      if changed.effect > 1e-4 || isLost { left.append(changed) }
    }
    window = old
    self.references = references
    rows =
      others.map { row(.scheme($0.scheme), $0.stability.profile) }
      + left.sorted { ($0.rank, $1.text) > ($1.rank, $0.text) }
  }

  /// None between two windows without upper end.
  private static func oxidationShift(
    from old: ElectrochemicalStabilityWindow?, to new: ElectrochemicalStabilityWindow?
  ) -> Double? {
    guard let old, let new else { return nil }
    switch (old.oxidation, new.oxidation) {
    case (let before?, let after?): return after - before
    case (nil, nil): return 0
    default: return nil
    }
  }

  /// The phase without which the widest window opens where there is none; nil if no single one does.
  static func opener(
    of profile: UptakeProfile, in diagram: PhaseDiagram
  ) throws -> (phase: String, window: ElectrochemicalStabilityWindow)? {
    try phases(of: profile).compactMap { phase in
      try Self.profile(profile, in: diagram, without: phase)
        .flatMap(ElectrochemicalStabilityWindow.init).map { (phase.formula, $0) }
    }.max { ($0.1.width ?? .infinity) < ($1.1.width ?? .infinity) }
  }

  /// The profile without a phase; nil if that is the reference of a component.
  private static func profile(
    _ profile: UptakeProfile, in diagram: PhaseDiagram, without phase: ComputedEntry
  ) throws -> UptakeProfile? {
    let key = phase.composition.fractionKey
    let others = (diagram.entries + diagram.excluded.map(\.entry)).filter {
      $0.composition.fractionKey != key
    }
    do {
      return try UptakeProfile(
        of: profile.composition, in: PhaseDiagram(entries: others, basis: diagram.basis),
        workingIon: profile.workingIonEntry, reference: profile.reference)
    } catch ThermodynamicsError.noReference, ThermodynamicsError.notSpanned {
      return nil
    }
  }

  /// Each phase of the profile once, the working ion left out.
  private static func phases(of profile: UptakeProfile) -> [ComputedEntry] {
    var seen: Set<String> = []
    return profile.steps.flatMap(\.phases).map(\.entry).filter {
      $0.composition.onlyElement != profile.workingIon && seen.insert($0.formula).inserted
    }
  }

  /// The phases of the plateau of zero uptake and of the steps beside it; without a plateau, of the
  /// steps between which the uptake changes its sign.
  private static func phasesAtWindow(_ profile: UptakeProfile) -> [String] {
    let steps = profile.steps
    let plateau = steps.indices.filter { abs(steps[$0].uptake) <= profile.tolerance }
    let turn = steps.firstIndex { $0.uptake < 0 } ?? steps.count - 1
    let first = max(0, (plateau.first ?? turn) - 1)
    let last = min(steps.count - 1, (plateau.last ?? turn) + 1)
    var seen: Set<String> = []
    return steps[first...max(first, last)].flatMap(\.phases).map(\.entry)
      .filter { $0.composition.onlyElement != profile.workingIon }.map(\.formula)
      .filter { seen.insert($0).inserted }
  }
}

extension WindowSensitivity.Row {
  /// A window that opens or closes before any shift.
  fileprivate var rank: Double {
    reductionShift == nil ? .infinity : effect
  }

  fileprivate var text: String {
    switch change {
    case .scheme(let scheme): scheme.rawValue
    case .without(let formula): formula
    }
  }
}
