/// A field in which an OPTIMADE provider gives energies of formation.
///
/// | field | provider | energy in eV/atom | band gap |
/// |---|---|---|---|
/// | `_oqmd_delta_e` | OQMD | formation | `_oqmd_band_gap` |
/// | `_alexandria_formation_energy_per_atom` | Alexandria | formation | `_alexandria_band_gap` |
/// | `_alexandria_scan_formation_energy_per_atom` | Alexandria | formation, SCAN | `_alexandria_scan_band_gap` |
/// | `_jarvis_formation_energy_peratom` | JARVIS-DFT | formation, OptB88vdW | `_jarvis_optb88vdw_bandgap` |
/// | `_odbx_formation_energy` | odbx | formation | - |
/// | `_mp_stability`.*thermo type*.`formation_energy_per_atom` | Materials Project | formation | - |
///
/// The names and units are those that programs which query these servers use; they were not looked
/// up at the servers themselves. The thermo types are `gga_gga+u`, `r2scan` and `gga_gga+u_r2scan`.
///
/// Sources: OPTIMADE, C. W. Andersen et al., Sci. Data 8, 217 (2021),
/// doi 10.1038/s41597-021-00974-z; JARVIS-DFT, K. Choudhary et al., npj Comput. Mater. 6, 173
/// (2020), doi 10.1038/s41524-020-00440-1.
struct OPTIMADEEnergy: Hashable {
  /// The path to the energy in `attributes`.
  let keys: [String]
  let gap: String?
  /// What the entries carry as their functional, so that providers are not mixed.
  let functional: String

  var name: String { keys.dropLast(keys.count > 1 ? 1 : 0).joined(separator: ", ") }

  var isOfMaterialsProject: Bool { keys[0] == "_mp_stability" }

  /// In the order in which they are taken where structures share several.
  static let all: [OPTIMADEEnergy] =
    [
      .init(keys: ["_oqmd_delta_e"], gap: "_oqmd_band_gap", functional: "OQMD"),
      .init(
        keys: ["_alexandria_formation_energy_per_atom"], gap: "_alexandria_band_gap",
        functional: "Alexandria"),
      .init(
        keys: ["_alexandria_scan_formation_energy_per_atom"], gap: "_alexandria_scan_band_gap",
        functional: "SCAN (Alexandria)"),
      .init(
        keys: ["_jarvis_formation_energy_peratom"], gap: "_jarvis_optb88vdw_bandgap",
        functional: "OptB88vdW (JARVIS)"),
      .init(keys: ["_odbx_formation_energy"], gap: nil, functional: "odbx"),
    ]
    + ["gga_gga+u", "r2scan", "gga_gga+u_r2scan"].map {
      .init(
        keys: ["_mp_stability", $0, "formation_energy_per_atom"], gap: nil,
        functional: "\($0) (Materials Project)")
    }

  /// The energy in eV/atom; nil where the structure has none in this field.
  func value(in attributes: [String: JSONValue]) throws -> Double? {
    var object = attributes
    for key in keys.dropLast() {
      guard let next = object.known(key)?.object else { return nil }
      object = next
    }
    // JARVIS writes -99999 where a value is not known.
    return try object.number(keys[keys.count - 1]).flatMap { $0 == -99999 ? nil : $0 }
  }
}
