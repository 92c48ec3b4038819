import Atomistics

/// An entry from pymatgen's ComputedEntry or ComputedStructureEntry dictionary.
///
/// `energy` is the functional's own, in eV for the amounts in `composition`; the corrections in
/// `energy_adjustments` come on top of it.
///
/// Source: S. P. Ong et al., Comput. Mater. Sci. 68, 314 (2013),
/// doi 10.1016/j.commatsci.2012.10.028; pymatgen 2026.10.24.
struct PymatgenEntry {
  let entry: ComputedEntry
  /// The schemes that its corrections belong to.
  let schemes: Set<CorrectionScheme>

  private static let classes = ["ComputedEntry", "ComputedStructureEntry", "PDEntry"]

  init(_ object: [String: JSONValue], number: Int) throws {
    if let name = object.known("@class")?.text, !Self.classes.contains(name) {
      throw EntryProblem(
        "a \(name) cannot be read, its energy may mean something else; expected "
          + Self.classes.joined(separator: ", "))
    }
    let energy = try object.required("energy")
    let whole = try Composition(pymatgen: object)
    let formula = whole.reduced.formula
    let atoms = whole.atomCount
    let listed = try (Self.list(object) ?? []).map(PymatgenAdjustment.init)
    let stated = try object.number("correction")
    let sum = listed.reduce(0) { $0 + $1.value }
    if let stated, !listed.isEmpty, abs(stated - sum) > 1e-6 + 1e-9 * abs(stated) {
      throw EntryProblem(
        "correction is \(stated) eV, but energy_adjustments add up to \(sum) eV; save "
          + "the entry again")
    }
    let total = listed.isEmpty ? stated ?? 0 : sum
    entry = ComputedEntry(
      formula: formula, composition: whole.reduced,
      energyPerAtom: try checked(energyPerAtom: (energy + total) / atoms, of: formula),
      id: object.label("entry_id"), source: number,
      adjustments: Self.adjustments(listed, stated: stated, object, atoms: atoms),
      bandGap: try Self.bandGap(object), functional: Self.functional(object))
    schemes = Set(listed.compactMap(\.scheme))
  }

  private static func list(_ object: [String: JSONValue]) throws -> [JSONValue]? {
    guard let value = object.known("energy_adjustments") else { return nil }
    guard let list = value.list else {
      throw EntryProblem.wrong("energy_adjustments", value, expected: "a list")
    }
    return list
  }

  /// A correction without a list is one of unknown parts, as files before 2020 have it.
  ///
  /// Corrections of exactly zero are left out: an empty list says that there are none.
  private static func adjustments(
    _ listed: [PymatgenAdjustment], stated: Double?, _ object: [String: JSONValue], atoms: Double
  ) -> [EnergyAdjustment]? {
    if !listed.isEmpty {
      return listed.filter { $0.value != 0 }.map {
        EnergyAdjustment(name: $0.name, element: $0.element, energyPerAtom: $0.value / atoms)
      }
    }
    if let stated, stated != 0 {
      return [EnergyAdjustment(name: "correction", energyPerAtom: stated / atoms)]
    }
    return stated == nil && object.known("energy_adjustments") == nil ? nil : []
  }

  private static func bandGap(_ object: [String: JSONValue]) throws -> Double? {
    guard let data = object.known("data")?.object, let gap = try data.number("band_gap") else {
      return nil
    }
    guard gap >= 0 else { throw EntryProblem("data, band_gap is \(gap); expected 0 or more in eV") }
    return gap
  }

  private static func functional(_ object: [String: JSONValue]) -> String? {
    object.known("parameters")?.object?.label("run_type")
      ?? object.known("data")?.object?.label("run_type")
  }
}
