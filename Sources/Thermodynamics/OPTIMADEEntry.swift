import Atomistics

/// A structure of an OPTIMADE answer with the energies that its provider adds.
struct OPTIMADEEntry {
  let formula: String
  /// The energies of formation that it has, in eV/atom.
  let energies: [OPTIMADEEnergy: Double]
  private let composition: Composition
  private let gaps: [String: Double]
  private let id: String?
  private let number: Int

  static func isAnswer(_ root: JSONValue) -> Bool {
    guard let data = root.object?.known("data") else { return false }
    let first = data.list?.first ?? data
    return first.object?.known("attributes")?.object != nil
  }

  init(_ object: [String: JSONValue], number: Int) throws {
    guard let attributes = object.known("attributes")?.object else {
      throw EntryProblem("attributes is missing")
    }
    composition = try Self.composition(attributes)
    formula = composition.formula
    id = object.label("id")
    self.number = number
    var energies: [OPTIMADEEnergy: Double] = [:]
    for energy in OPTIMADEEnergy.all {
      guard let value = try energy.value(in: attributes) else { continue }
      energies[energy] = try checked(energyPerAtom: value, of: formula)
    }
    guard !energies.isEmpty else { throw Self.noEnergy(attributes) }
    self.energies = energies
    var gaps: [String: Double] = [:]
    for key in energies.keys.compactMap(\.gap) {
      if let gap = try attributes.number(key), gap >= 0 { gaps[key] = gap }
    }
    self.gaps = gaps
  }

  var label: String { id.map { "\(formula) (\($0))" } ?? formula }

  /// The entry with the energy of one field; nil where it has none there.
  func entry(with energy: OPTIMADEEnergy) -> ComputedEntry? {
    energies[energy].map {
      ComputedEntry(
        formula: formula, composition: composition, energyPerAtom: $0, id: id, source: number,
        bandGap: energy.gap.flatMap { gaps[$0] }, functional: energy.functional)
    }
  }

  private static func noEnergy(_ attributes: [String: JSONValue]) -> EntryProblem {
    let own = attributes.keys.filter { $0.hasPrefix("_") }.sorted()
    var known: [String] = []
    for energy in OPTIMADEEnergy.all where !known.contains(energy.keys[0]) {
      known.append(energy.keys[0])
    }
    return EntryProblem(
      "there is no energy in a field that is known: \(known.joined(separator: ", ")); the "
        + "provider's own fields here are: "
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
          part.isFinite, part > 0, part < 1e9
        else {
          throw EntryProblem("elements_ratios or elements are not elements and parts above 0")
        }
        return (element, part)
      })
  }
}
