import Atomistics

/// A saved response of OPTIMADE's `/structures`.
///
/// The standard has no energies; these are the providers' own fields that are read:
///
/// | provider | field | energy |
/// |---|---|---|
/// | OQMD | `_oqmd_delta_e` | of formation, eV/atom |
/// | Materials Project | `_mp_stability`, by thermo type: `formation_energy_per_atom` | of formation, eV/atom |
/// | Alexandria | `_alexandria_formation_energy_per_atom` (PBE or PBEsol, by database), `_alexandria_scan_formation_energy_per_atom` | of formation, eV/atom |
/// | JARVIS | `_jarvis_formation_energy_peratom` | of formation, eV/atom (OptB88vdW) |
/// | odbx | `_odbx_formation_energy` | of formation, eV/atom |
///
/// Sources: the OPTIMADE specification, https://www.optimade.org (structures); the providers' lists
/// of their fields at `/info/structures`.
struct OPTIMADEResponse: Decodable {
  struct Item: Decodable {
    let id: String
    let attributes: Attributes
  }

  struct Attributes: Decodable {
    let reduced: String?
    let descriptive: String?
    let elements: [String]?
    let ratios: [Double]?
    let energies: [(field: String, functional: String?, value: Double)]
    let bandGap: Double?
    /// The provider's own fields that are there and not empty.
    let own: [String]
  }

  private struct Meta: Decodable {
    let more_data_available: Bool?
  }

  let items: [Item]
  let isOnePageOfMany: Bool

  private enum CodingKeys: String, CodingKey { case data, meta }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let one = try? container.decode(Item.self, forKey: .data) {
      items = [one]
    } else {
      items = try container.decode([Item].self, forKey: .data)
    }
    isOnePageOfMany =
      (try? container.decode(Meta.self, forKey: .meta))?.more_data_available ?? false
  }
}

extension OPTIMADEResponse.Attributes {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private struct Stability: Decodable {
    let formation_energy_per_atom: Double?
  }

  static let fields = [
    "_oqmd_delta_e", "_alexandria_formation_energy_per_atom",
    "_alexandria_scan_formation_energy_per_atom", "_jarvis_formation_energy_peratom",
    "_odbx_formation_energy",
  ]
  private static let gaps = [
    "_oqmd_band_gap", "_alexandria_band_gap", "_jarvis_optb88vdw_bandgap",
  ]

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    func text(_ name: String) throws -> String? {
      try container.decodeIfPresent(String.self, forKey: Key(stringValue: name))
    }
    // JARVIS writes -99999 or "na" for what was not computed.
    func number(_ name: String) -> Double? {
      let value = try? container.decodeIfPresent(Double.self, forKey: Key(stringValue: name))
      return value.flatMap { $0 > -99999 ? $0 : nil }
    }
    reduced = try text("chemical_formula_reduced")
    descriptive = try text("chemical_formula_descriptive")
    elements = try container.decodeIfPresent(
      [String].self, forKey: Key(stringValue: "elements"))
    ratios = try container.decodeIfPresent(
      [Double].self, forKey: Key(stringValue: "elements_ratios"))
    var found: [(field: String, functional: String?, value: Double)] = []
    for field in Self.fields {
      if let value = number(field) { found.append((field, nil, value)) }
    }
    let stability = try container.decodeIfPresent(
      [String: Stability?].self, forKey: Key(stringValue: "_mp_stability"))
    for (thermo, value) in (stability ?? [:]).sorted(by: { $0.key < $1.key }) {
      if let energy = value?.formation_energy_per_atom {
        found.append(("_mp_stability", thermo, energy))
      }
    }
    energies = found
    bandGap = Self.gaps.lazy.compactMap { number($0) }.first
    own = try container.allKeys.filter {
      try $0.stringValue.hasPrefix("_") && !container.decodeNil(forKey: $0)
    }.map(\.stringValue).sorted()
  }
}

extension EntryTable {
  /// - Throws: `ThermodynamicsError.badTable`, `.mixture` where structures have energies of several
  ///   thermo types and none that all of them have.
  init(_ response: OPTIMADEResponse, name: String) throws {
    guard !response.items.isEmpty else {
      throw ThermodynamicsError.badTable(name: name, line: nil, reason: "the list is empty")
    }
    let kinds = response.items.map { item in
      Set(item.attributes.energies.map { Kind(field: $0.field, functional: $0.functional) })
    }
    let common = kinds.reduce(kinds[0]) { $0.intersection($1) }
    // The Materials Project's own default, the mixture of GGA and GGA+U, before others.
    let order = common.sorted { ($0.rank, $0.text) < ($1.rank, $1.text) }
    guard let kind = order.first else { throw Self.noCommonEnergy(response, kinds, name: name) }
    let entries = try Self.each(response.items, name: name) { item, number in
      try item.entry(kind.field, kind.functional, number: number)
    }
    var warnings: [String] = []
    if response.isOnePageOfMany {
      warnings.append("\(name) is one page of a longer answer: phases may be missing.")
    }
    if order.count > 1 {
      warnings.append(
        "\(name): energies are \(kind.text); there are also "
          + order.dropFirst().map(\.text).joined(separator: ", ") + ".")
    }
    self.init(name: name, entries: entries, scale: .formation, warnings: warnings)
  }

  /// A field of energies, and the thermo type where it holds several.
  private struct Kind: Hashable {
    let field: String
    let functional: String?

    var text: String { functional.map { "\(field) (\($0))" } ?? field }
    var rank: Int { functional == nil || functional == "gga_gga+u" ? 0 : 1 }
  }

  private static func noCommonEnergy(
    _ response: OPTIMADEResponse, _ kinds: [Set<Kind>], name: String
  ) -> ThermodynamicsError {
    let all = kinds.reduce(into: Set()) { $0.formUnion($1) }
    if let bare = kinds.firstIndex(where: \.isEmpty) {
      let item = response.items[bare]
      let seen = item.attributes.own
      return .badTable(
        name: name, line: nil,
        reason:
          "entry \(bare + 1): \(item.attributes.reduced ?? item.id) (\(item.id)) has no energy "
          + "in a field that is known (_mp_stability, "
          + OPTIMADEResponse.Attributes.fields.joined(separator: ", ") + "); it has "
          + (seen.isEmpty ? "none of the provider's own" : seen.joined(separator: ", "))
          + "; ask the server for them with response_fields")
    }
    return .mixture(
      name: name, of: "kinds of energies",
      found: all.sorted { $0.text < $1.text }.map { kind in
        "\(kind.text): \(kinds.filter { $0.contains(kind) }.count) structures"
      }, remedy: "ask for structures that share one")
  }
}

extension OPTIMADEResponse.Item {
  fileprivate func entry(
    _ field: String, _ functional: String?, number: Int
  ) throws -> ComputedEntry {
    let composition: Composition
    let formula: String
    if let text = attributes.reduced ?? attributes.descriptive {
      (composition, formula) = (try Composition(checking: text), text)
    } else if let elements = attributes.elements, let ratios = attributes.ratios,
      elements.count == ratios.count, !elements.isEmpty
    {
      composition = Composition(
        try zip(elements, ratios).map { symbol, ratio in
          guard let element = Element(symbol), ratio > 0, ratio.isFinite else {
            throw AtomisticsError.unknownElement(symbol, context: "in elements of \(id)")
          }
          return (element, ratio)
        })
      formula = composition.formula
    } else {
      throw ThermodynamicsError.unreadableEntry(
        reason: "\(id) has no chemical_formula_reduced, chemical_formula_descriptive or elements "
          + "with elements_ratios")
    }
    let value = attributes.energies.first { $0.field == field && $0.functional == functional }
    if let gap = attributes.bandGap, !(gap >= 0 && gap.isFinite) {
      throw ThermodynamicsError.outOfScale("the band gap \(gap) of \(formula) (\(id))")
    }
    return ComputedEntry(
      formula: formula, composition: composition,
      energyPerAtom: try checked(energyPerAtom: value?.value ?? .nan, of: "\(formula) (\(id))"),
      id: id, source: number, bandGap: attributes.bandGap, functional: functional)
  }
}
