import Atomistics

/// What a reader of a window must know: what the vertices cannot express, and corrections that
/// enter on one side only or where they do not belong.
struct StabilityAudit {
  let formula: String
  let composition: Composition
  let workingIon: Element
  let intact: [String]
  let energy: ElectrolyteStability.Energy
  let scheme: CorrectionScheme?

  /// A phase without which there would be a window, and that window.
  struct Spoiler {
    let phase: String
    let window: ElectrochemicalStabilityWindow
  }

  func warnings(
    profile: UptakeProfile, window: ElectrochemicalStabilityWindow?, decomposition: Decomposition,
    spoiler: Spoiler?
  ) -> [String] {
    let phases = profile.steps.flatMap(\.phases) + decomposition.phases
    return [
      noPlateau(profile, window, spoiler), choiceOfVertex(),
      sulfideCorrection(phases.map(\.entry)), hydrogenCorrection(phases.map(\.entry)),
    ].compactMap { $0 }
  }

  private func noPlateau(
    _ profile: UptakeProfile, _ window: ElectrochemicalStabilityWindow?, _ spoiler: Spoiler?
  ) -> String? {
    guard window == nil else { return nil }
    let name = workingIon.symbol
    var text = "\(formula) has no stability window: at no voltage is the uptake of \(name) zero"
    if let below = profile.steps.last(where: { $0.uptake > 0 }), let edge = below.to {
      text += "; up to \(volts(edge)) V it takes up \(rounded4(below.uptake)) \(name)"
    }
    if let above = profile.steps.first(where: { $0.uptake < 0 }) {
      text += "; from \(volts(above.from)) V on it gives off \(rounded4(-above.uptake)) \(name)"
    }
    if let spoiler {
      let end = spoiler.window.oxidation.map { "to \(volts($0)) V" } ?? "upwards"
      text +=
        ". Without \(spoiler.phase) there would be one from "
        + "\(volts(spoiler.window.reduction)) V \(end)"
    }
    return text + "."
  }

  private func choiceOfVertex() -> String? {
    guard !intact.isEmpty else { return nil }
    let names = intact.joined(separator: ", ")
    return "With \(names) as a vertex, \(workingIon) cannot leave \(names): the oxidation side of "
      + "this profile is an upper bound of what is stable."
  }

  /// mp2020 and legacy correct every sulfur as sulfide, also where sulfur is the cation.
  private func sulfideCorrection(_ entries: [ComputedEntry]) -> String? {
    guard let scheme, scheme != .uncorrected, let sulfur = Element("S") else { return nil }
    let names = unique(
      entries.filter { entry in
        let others = entry.composition.elementSet.subtracting([sulfur])
        return entry.composition[sulfur] > 0 && !others.isEmpty
          && others.isSubset(of: Self.moreElectronegativeThanSulfur)
      })
    guard !names.isEmpty else { return nil }
    return
      "\(names.joined(separator: ", ")): the \(scheme.rawValue) scheme gives the correction of "
      + "a sulfide although sulfur is no anion there; the voltages of their steps depend on it."
  }

  /// mp2020 corrects hydrogen only where it is the most electronegative element.
  private func hydrogenCorrection(_ entries: [ComputedEntry]) -> String? {
    guard scheme == .mp2020, let hydrogen = Element("H"), composition[hydrogen] > 0,
      !isHydride(composition)
    else { return nil }
    let overTerms: [Composition] =
      if case .excess(_, let over) = energy {
        ((try? Reaction.terms(over, of: over)) ?? []).map(\.composition)
      } else { [] }
    let names = unique(entries.filter { isHydride($0.composition) && $0.atomCount > 1 })
    guard !names.isEmpty || overTerms.contains(where: isHydride) else { return nil }
    let size = Self.hydrogenCorrection * composition[hydrogen] / composition.atomCount * 1000
    let inherited =
      overTerms.contains(where: isHydride)
      ? "; the energy given as an excess carries it, an entry of \(formula) made by the rule would "
        + "not and would lie \(Int(size.rounded())) meV/atom higher"
      : "; the reaction energies of \(formula) may be off by \(Int(size.rounded())) meV/atom"
    let list = names.isEmpty ? "hydrides" : names.joined(separator: ", ")
    return "mp2020 corrects hydrogen (-0.179 eV per H) in \(list) but, by its rule on the "
      + "composition, not in \(formula)\(inherited)."
  }

  /// eV per H, from the hydrides of the Materials Project; Wang et al., Sci. Rep. 11, 15496 (2021).
  private static let hydrogenCorrection = 0.179

  private static let moreElectronegativeThanSulfur = Set(
    ["N", "O", "F", "Cl", "Br"].compactMap { Element($0) })

  private func isHydride(_ composition: Composition) -> Bool {
    let above = ["C", "N", "O", "F", "S", "Cl", "Se", "Br", "I", "At"].compactMap { Element($0) }
    return Element("H").map { composition[$0] > 0 } == true
      && above.allSatisfy { composition[$0] == 0 } && composition.elements.count > 1
  }

  private func unique(_ entries: [ComputedEntry]) -> [String] {
    entries.map(\.formula).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private func volts(_ value: Double) -> String { rounded((value * 1000).rounded() / 1000) }
  private func rounded4(_ value: Double) -> String { rounded((value * 1e4).rounded() / 1e4) }
}
