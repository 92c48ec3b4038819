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

  func warnings(
    profile: UptakeProfile, window: ElectrochemicalStabilityWindow?, decomposition: Decomposition,
    opener: (phase: String, window: ElectrochemicalStabilityWindow)?
  ) -> [String] {
    let phases = profile.steps.flatMap(\.phases) + decomposition.phases
    return [
      noPlateau(profile, window, opener), choiceOfVertex(),
      falseAnions(phases.map(\.entry)), oneSided(phases.map(\.entry)),
    ].compactMap { $0 }
  }

  private func noPlateau(
    _ profile: UptakeProfile, _ window: ElectrochemicalStabilityWindow?,
    _ opener: (phase: String, window: ElectrochemicalStabilityWindow)?
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
    if let opener {
      let end = opener.window.oxidation.map { "to \(volts($0)) V" } ?? "upwards"
      text +=
        ". Without \(opener.phase) there would be one from "
        + "\(volts(opener.window.reduction)) V \(end)"
    }
    return text + "."
  }

  private func choiceOfVertex() -> String? {
    guard !intact.isEmpty else { return nil }
    let names = intact.joined(separator: ", ")
    return "With \(names) as a vertex, \(workingIon) cannot leave \(names): the oxidation side of "
      + "this profile is an upper bound of what is stable."
  }

  /// An element that a scheme corrects as an anion where it is none, as sulfur in SCl.
  private func falseAnions(_ entries: [ComputedEntry]) -> String? {
    guard let scheme, scheme != .uncorrected else { return nil }
    var found: [(element: Element, names: [String])] = []
    for entry in entries {
      for element in CorrectedPhase(entry, scheme: scheme).falseAnions {
        if let place = found.firstIndex(where: { $0.element == element }) {
          if !found[place].names.contains(entry.formula) {
            found[place].names.append(entry.formula)
          }
        } else {
          found.append((element, [entry.formula]))
        }
      }
    }
    guard !found.isEmpty else { return nil }
    return found.map { element, names in
      "\(names.joined(separator: ", ")): the \(scheme.rawValue) scheme corrects \(element) as an "
        + "anion, although it is none there; the voltages of their steps depend on it."
    }.joined(separator: " ")
  }

  /// An element that the scheme's rule corrects in the phases and, by the composition, not in the
  /// electrolyte: mp2020 corrects hydrogen only where it is the most electronegative element.
  private func oneSided(_ entries: [ComputedEntry]) -> String? {
    guard let scheme else { return nil }
    let own = Set(scheme.adjustments(of: composition).compactMap(\.element))
    let overTerms: [Composition] =
      if case .excess(_, let over) = energy {
        ((try? Reaction.terms(over, of: over)) ?? []).map(\.composition)
      } else { [] }
    for element in composition.elements where !own.contains(element) {
      func carries(_ other: Composition) -> EnergyAdjustment? {
        scheme.adjustments(of: other).first { $0.element == element }
      }
      let corrected = entries.filter { carries($0.composition) != nil }
      let inherited = overTerms.first { carries($0) != nil }
      guard let example = corrected.first?.composition ?? inherited, let part = carries(example)
      else { continue }
      let perAtom = part.energyPerAtom * example.atomCount / example[element]
      let size = Int((abs(perAtom) * composition[element] / composition.atomCount * 1000).rounded())
      let holders =
        corrected.isEmpty ? "its phases" : unique(corrected).joined(separator: ", ")
      return "\(scheme.rawValue) corrects \(element) (\(rounded4(perAtom)) eV per \(element)) in "
        + "\(holders) but, by its rule on the composition, not in \(formula)"
        + (inherited != nil
          ? "; the energy given as an excess carries it, an entry of \(formula) made by the rule "
            + "would not and would lie \(size) meV/atom higher."
          : "; the reaction energies of \(formula) may be off by \(size) meV/atom.")
    }
    return nil
  }

  private func unique(_ entries: [ComputedEntry]) -> [String] {
    entries.map(\.formula).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private func volts(_ value: Double) -> String { rounded((value * 1000).rounded() / 1000) }
  private func rounded4(_ value: Double) -> String { rounded((value * 1e4).rounded() / 1e4) }
}
