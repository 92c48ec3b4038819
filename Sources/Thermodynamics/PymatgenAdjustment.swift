import Atomistics

/// A correction of an entry's dictionary, for the whole entry.
///
/// | class | value in eV |
/// |---|---|
/// | `ConstantEnergyAdjustment`, `ManualEnergyAdjustment` | `value` |
/// | `CompositionEnergyAdjustment` | `adj_per_atom` · `n_atoms` |
/// | `TemperatureEnergyAdjustment` | `adj_per_deg` · `temp` · `n_atoms` |
struct PymatgenAdjustment {
  let name: String
  let value: Double
  /// The class in pymatgen that made it, where the dictionary tells.
  let origin: String?

  init(_ json: JSONValue) throws {
    guard let object = json.object else {
      throw EntryProblem.wrong("energy_adjustments", json, expected: "a list of objects")
    }
    let kind = object.known("@class")?.text ?? ""
    if object.known("adj_per_deg") != nil {
      value =
        try object.required("adj_per_deg") * object.required("temp")
        * object.required("n_atoms")
    } else if object.known("adj_per_atom") != nil {
      value = try object.required("adj_per_atom") * object.required("n_atoms")
    } else {
      guard object.known("value") != nil else {
        throw EntryProblem("energy_adjustments: '\(kind)' tells neither value nor adj_per_atom")
      }
      value = try object.required("value")
    }
    name = object.known("name")?.text ?? "Manual energy adjustment"
    origin = object.known("cls")?.object?.known("@class")?.text
  }

  /// The element that the name has in brackets; the kinds of oxygen are oxygen.
  var element: Element? { Self.element(inName: name) }

  static func element(inName name: String) -> Element? {
    guard name.hasSuffix(")"), let open = name.lastIndex(of: "(") else { return nil }
    let inner = String(name[name.index(after: open)...].dropLast())
    if ["oxide", "peroxide", "superoxide", "ozonide"].contains(inner) { return Element("O") }
    return Element(inner)
  }

  /// The scheme that it belongs to; nil where neither name nor origin tells.
  var scheme: CorrectionScheme? {
    if name.hasPrefix("MP2020") || origin == "MaterialsProject2020Compatibility" { return .mp2020 }
    let legacyNames = [
      "MP Anion Correction", "MP Advanced Correction", "MP Gas Correction", "MP Aqueous Correction",
    ]
    if legacyNames.contains(name) || origin == "MaterialsProjectCompatibility" { return .legacy }
    return nil
  }
}
