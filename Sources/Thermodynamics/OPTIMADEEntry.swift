import Atomistics

/// A structure of an OPTIMADE answer with the energy that its provider adds.
///
/// | field | meaning | functional | band gap |
/// |---|---|---|---|
/// | `_oqmd_delta_e` | formation, eV/atom | not told | `_oqmd_band_gap` |
/// | `_alexandria_formation_energy_per_atom` | formation, eV/atom | not told | `_alexandria_band_gap` |
/// | `_jarvis_formation_energy_peratom` | formation, eV/atom | OptB88vdW | `_jarvis_optb88vdw_bandgap` |
/// | `_mp_stability`.`gga_gga+u`.`formation_energy_per_atom` | formation, eV/atom, mp2020 | not told | - |
///
/// Sources: OPTIMADE, C. W. Andersen et al., Sci. Data 8, 217 (2021),
/// doi 10.1038/s41597-021-00974-z; OQMD's interface, https://static.oqmd.org/static/docs/restful.html;
/// JARVIS-DFT, K. Choudhary et al., npj Comput. Mater. 6, 173 (2020),
/// doi 10.1038/s41524-020-00440-1. The names of Alexandria and the Materials Project are those that
/// their servers list under `/info/structures`.
struct OPTIMADEEntry {
  let entry: ComputedEntry
  let field: String

  private struct Field {
    let name: String
    let gap: String?
    let functional: String?
  }

  private static let fields = [
    Field(name: "_oqmd_delta_e", gap: "_oqmd_band_gap", functional: nil),
    Field(
      name: "_alexandria_formation_energy_per_atom", gap: "_alexandria_band_gap", functional: nil),
    Field(
      name: "_jarvis_formation_energy_peratom", gap: "_jarvis_optb88vdw_bandgap",
      functional: "OptB88vdW"),
  ]

  static let materialsProject = "_mp_stability"

  static func isAnswer(_ root: JSONValue) -> Bool {
    guard let data = root.object?.known("data") else { return false }
    let first = data.list?.first ?? data
    return first.object?.known("attributes")?.object != nil
  }

  init(_ object: [String: JSONValue], number: Int) throws {
    guard let attributes = object.known("attributes")?.object else {
      throw EntryProblem("attributes is missing")
    }
    let composition = try Self.composition(attributes)
    let formula = composition.formula
    let (name, energy, field) = try Self.energy(attributes)
    let gap = try field?.gap.flatMap { try attributes.number($0) }
    entry = ComputedEntry(
      formula: formula, composition: composition,
      energyPerAtom: try checked(energyPerAtom: energy, of: formula), id: object.label("id"),
      source: number, bandGap: gap.flatMap { $0 >= 0 ? $0 : nil }, functional: field?.functional)
    self.field = name
  }

  private static func energy(_ attributes: [String: JSONValue]) throws -> (String, Double, Field?) {
    for field in fields {
      // JARVIS writes -99999 where a value is not known.
      if let value = try attributes.number(field.name), value != -99999 {
        return (field.name, value, field)
      }
    }
    if let stability = attributes.known(materialsProject)?.object,
      let value = try stability.known("gga_gga+u")?.object?.number("formation_energy_per_atom")
    {
      return (materialsProject, value, nil)
    }
    let own = attributes.keys.filter { $0.hasPrefix("_") }.sorted()
    throw EntryProblem(
      "no energy that is known; expected \(fields.map(\.name).joined(separator: ", ")) or "
        + "_mp_stability with gga_gga+u; the provider's own fields here are: "
        + (own.isEmpty ? "none (ask for them with response_fields)" : own.joined(separator: ", ")))
  }

  private static func composition(_ attributes: [String: JSONValue]) throws -> Composition {
    for key in ["chemical_formula_reduced", "chemical_formula_descriptive"] {
      if let formula = attributes.known(key)?.text { return try Composition(checking: formula) }
    }
    guard let symbols = attributes.known("elements")?.list,
      let ratios = attributes.known("elements_ratios")?.list, symbols.count == ratios.count,
      !symbols.isEmpty
    else {
      throw EntryProblem("chemical_formula_reduced is missing, and elements with elements_ratios")
    }
    return Composition(
      try zip(symbols, ratios).map { symbol, ratio in
        guard let text = symbol.text, let element = Element(text), case .number(let part) = ratio,
          part.isFinite, part > 0
        else {
          throw EntryProblem("elements_ratios or elements are not elements and parts above 0")
        }
        return (element, part)
      })
  }
}

extension EntryTable {
  init(optimade root: JSONValue, name: String, scheme wanted: CorrectionScheme?) throws {
    let data = root.object?.known("data")
    let found = try Self.entries(of: data?.list ?? data.map { [$0] } ?? [], name: name) {
      try OPTIMADEEntry($0, number: $1)
    }
    var members: [String: [String]] = [:]
    for item in found { members[item.field, default: []].append(item.entry.label) }
    guard members.count == 1 else {
      throw ThermodynamicsError.mixture(
        name: name, of: "fields of energy", groups: Self.groups(members.map { ($0.key, $0.value) }),
        advice: "keep the entries of one provider")
    }
    var warnings: [String] = []
    if case .bool(true)? = root.object?.known("meta")?.object?.known("more_data_available") {
      warnings.append(
        "\(name) is one page of a longer answer (more_data_available); phases may be missing.")
    }
    let scheme: CorrectionScheme? =
      members.keys.first == OPTIMADEEntry.materialsProject ? .mp2020 : nil
    if let wanted, let scheme, wanted != scheme {
      throw ThermodynamicsError.badTable(
        name: name, line: nil,
        reason: "its energies carry the scheme \(scheme.rawValue), not \(wanted.rawValue)")
    }
    self.init(
      name: name, entries: found.map(\.entry), scale: .formation, scheme: scheme,
      warnings: warnings)
  }
}
