import Atomistics

/// What is read of a ComputedEntry or ComputedStructureEntry dictionary of pymatgen.
///
/// The energy is E = `energy` + Σ adjustments, in eV for the amounts in `composition`. `correction`,
/// which pymatgen writes beside the adjustments, must be their sum; where there are no adjustments it
/// is the only one.
///
/// Source: pymatgen's documentation of `pymatgen.entries.computed_entries`.
struct PymatgenEntry: Decodable {
  private let kind: String?
  private let composition: [String: Double]?
  private let structure: Sites?
  private let energy: Double
  private let correction: Double?
  private let adjustments: [Adjustment]?
  private let entryID: Identifier?
  private let parameters: Parameters?
  private let data: DataFields?

  private enum CodingKeys: String, CodingKey {
    case composition, structure, energy, correction, parameters, data
    case adjustments = "energy_adjustments"
    case entryID = "entry_id"
    case kind = "@class"
  }

  /// pymatgen's identifiers are text or numbers.
  private struct Identifier: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      text = try (try? container.decode(String.self)) ?? String(container.decode(Int.self))
    }
  }

  private struct Parameters: Decodable {
    let run_type: String?
  }

  private struct DataFields: Decodable {
    let band_gap: Double?
  }

  /// The sites of a structure, for dictionaries that give no composition.
  private struct Sites: Decodable {
    struct Site: Decodable { let species: [Species] }
    struct Species: Decodable {
      let element: String
      let occu: Double
    }
    let sites: [Site]
  }

  /// One of pymatgen's kinds of adjustment; what is missing decides which it is.
  private struct Adjustment: Decodable {
    let name: String?
    let value: Double?
    let adj_per_atom: Double?
    let adj_per_deg: Double?
    let temp: Double?
    let n_atoms: Double?
    let cls: Maker?

    struct Maker: Decodable {
      let kind: String?

      private enum CodingKeys: String, CodingKey { case kind = "@class" }
    }

    /// eV for the amounts of the entry; nil if it cannot be told.
    var energy: Double? {
      if let value { return value }
      if let adj_per_atom, let n_atoms { return adj_per_atom * n_atoms }
      if let adj_per_deg, let temp, let n_atoms { return adj_per_deg * temp * n_atoms }
      return nil
    }

    /// `MP2020 anion correction (S)` is for S.
    var element: Element? {
      guard let name, let open = name.lastIndex(of: "("), name.last == ")" else { return nil }
      let inside = name[name.index(after: open)..<name.index(before: name.endIndex)]
      // Oxygen's corrections are named after the kind of oxide.
      return ["oxide", "peroxide", "superoxide", "ozonide"].contains(inside)
        ? Element("O") : Element(inside)
    }

    var scheme: CorrectionScheme? {
      if name?.hasPrefix("MP2020 ") == true || cls?.kind == "MaterialsProject2020Compatibility" {
        return .mp2020
      }
      if cls?.kind == "MaterialsProjectCompatibility"
        || ["MP Anion Correction", "MP Advanced Correction", "MP Gas Correction"].contains(name)
      {
        return .legacy
      }
      return nil
    }
  }

  /// The scheme that the adjustments name; nil where there are none or they name none.
  var scheme: CorrectionScheme? { adjustments?.lazy.compactMap(\.scheme).first }

  /// - Parameter number: the place in the list, from 1.
  func entry(number: Int) throws -> ComputedEntry {
    if let kind, !["ComputedEntry", "ComputedStructureEntry", "PDEntry"].contains(kind) {
      throw ThermodynamicsError.unreadableEntry(
        reason: "a \(kind) is not read, because its energy means something else; "
          + "a ComputedEntry or ComputedStructureEntry is expected")
    }
    let whole = try wholeComposition()
    let formula = whole.reduced.formula
    let label = entryID.map { "\(formula) (\($0.text))" } ?? formula
    guard whole.atomCount < 1e9 else {
      throw ThermodynamicsError.outOfScale("the composition \(formula)")
    }
    let parts = try adjustmentParts(of: label, atoms: whole.atomCount)
    let corrected = energy + (parts ?? []).reduce(0) { $0 + $1.energyPerAtom * whole.atomCount }
    let gap = data?.band_gap
    if let gap, !(gap >= 0 && gap.isFinite) {
      throw ThermodynamicsError.outOfScale("the band gap \(gap) of \(label)")
    }
    return ComputedEntry(
      formula: formula, composition: whole.reduced,
      energyPerAtom: try checked(energyPerAtom: corrected / whole.atomCount, of: label),
      id: entryID?.text, source: number, adjustments: parts, bandGap: gap,
      functional: parameters?.run_type)
  }

  /// The corrections in eV per atom; nil where the dictionary has none of these keys.
  private func adjustmentParts(of label: String, atoms: Double) throws -> [EnergyAdjustment]? {
    guard let adjustments, !adjustments.isEmpty || (correction ?? 0) == 0 else {
      return try correction.map {
        [
          EnergyAdjustment(
            name: "correction", energyPerAtom: try checked(energyPerAtom: $0 / atoms, of: label))
        ]
      }
    }
    let parts = try adjustments.map { item in
      guard let value = item.energy, value.isFinite else {
        throw ThermodynamicsError.unreadableEntry(
          reason: "\(label): the energy adjustment '\(item.name ?? "")' has no finite value")
      }
      return EnergyAdjustment(
        name: item.name ?? "", element: item.element, energyPerAtom: value / atoms)
    }
    let sum = parts.reduce(0) { $0 + $1.energyPerAtom * atoms }
    if let correction, abs(correction - sum) > 1e-6 * max(1, abs(sum)) {
      throw ThermodynamicsError.unreadableEntry(
        reason: "\(label): its correction is \(correction) eV, but its energy_adjustments sum to "
          + "\(rounded(sum)) eV; save the entry again")
    }
    return parts.filter { $0.energyPerAtom != 0 }
  }

  private func wholeComposition() throws -> Composition {
    let amounts: [(String, Double)]
    if let composition {
      amounts = composition.map { ($0, $1) }
    } else if let structure {
      amounts = structure.sites.flatMap(\.species).map { ($0.element, $0.occu) }
    } else {
      throw ThermodynamicsError.unreadableEntry(
        reason: "it has neither a composition nor a structure")
    }
    // A dictionary has no order; by atomic number the formula is the same on every run.
    let whole = Composition(
      try amounts.map { species, amount in
        guard let element = Self.element(species) else {
          throw AtomisticsError.unknownElement(species, context: "in a composition")
        }
        guard amount >= 0, amount.isFinite else {
          throw AtomisticsError.badFormula(species, reason: "its amount is \(amount)")
        }
        return (element, amount)
      }.sorted { $0.0 < $1.0 })
    guard whole.atomCount > 0 else {
      throw AtomisticsError.badFormula("", reason: "it holds no atoms")
    }
    return whole
  }

  /// `Li`, `Li+`, `S2-`, `Fe0+,spin=5`: the element without its charge; deuterium is hydrogen.
  private static func element(_ species: String) -> Element? {
    let symbol = species.prefix { $0.isLetter }
    let rest = species.dropFirst(symbol.count)
    guard rest.isEmpty || rest.first!.isNumber || "+-,".contains(rest.first!) else { return nil }
    return ["D", "T"].contains(symbol) ? Element("H") : Element(symbol)
  }
}
