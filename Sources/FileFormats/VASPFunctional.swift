import Foundation

/// The functional of a VASP run, by the names that pymatgen's `run_type` gives.
///
/// The Materials Project's entries carry these names too, so that tables of both can be told to
/// agree or not. In order: a hybrid by AEXX and HFSCREEN, a meta-GGA by METAGGA, else GGA; then
/// `+U` and the van der Waals term. A tag that the file does not have stands at VASP's default,
/// and HFSCREEN counts only where LHFCALC is on; IVDW = 0 adds nothing to the name.
struct VASPFunctional {
  let incar: VASPParameters
  let parameters: VASPParameters
  /// The title of the first pseudopotential.
  let firstTitle: String?
  /// U - J by species, where the run has one.
  let hubbard: [Double]

  func name() throws -> String { try base() + (hubbardSuffix()) + (dispersion()) }

  private func base() throws -> String {
    let exchange = try parameters.real("AEXX") ?? incar.real("AEXX")
    let isHybrid =
      try parameters.logical("LHFCALC") ?? incar.logical("LHFCALC") ?? ((exchange ?? 0) > 0)
    if isHybrid {
      let screening = try parameters.real("HFSCREEN") ?? incar.real("HFSCREEN") ?? 0
      return Self.hybrid(exchange: exchange ?? 0.25, screening: screening)
    }
    let meta = incar.text("METAGGA")?.uppercased() ?? ""
    if !["", "--", "NONE"].contains(meta) { return Self.metaGGA[meta] ?? meta }
    let gga = (parameters.text("GGA") ?? incar.text("GGA"))?.uppercased() ?? ""
    if !gga.isEmpty { return Self.gga[gga] ?? gga }
    return firstTitle?.split(separator: " ").first == "PAW" ? "LDA" : "unknown"
  }

  static func hybrid(exchange: Double, screening: Double) -> String {
    func near(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-9 * max(abs(a), abs(b)) }
    if near(exchange, 1) { return "HF" }
    if near(screening, 0.3) { return "HSE03" }
    if (0.2...0.21).contains(screening) { return "HSE06" }
    if near(exchange, 0.2) { return "B3LYP" }
    return "PBEO or other Hybrid Functional"
  }

  private func hubbardSuffix() throws -> String {
    let on = try parameters.logical("LDAU") ?? incar.logical("LDAU") ?? false
    return on || hubbard.reduce(0, +) > 1e-8 ? "+U" : ""
  }

  private func dispersion() throws -> String {
    if try parameters.logical("LUSE_VDW") ?? false { return "+rVV10" }
    guard let scheme = try incar.integer("IVDW"), scheme != 0 else { return "" }
    return "+vdW-" + (Self.dispersion[scheme] ?? "unknown")
  }

  private static let gga = [
    "RE": "revPBE", "PE": "PBE", "PS": "PBEsol", "RP": "revPBE+Padé", "AM": "AM05",
    "OR": "optPBE", "BO": "optB88", "MK": "optB86b", "--": "GGA",
  ]

  private static let metaGGA = [
    "TPSS": "TPSS", "RTPSS": "revTPSS", "M06L": "M06-L", "MBJ": "modified Becke-Johnson",
    "SCAN": "SCAN", "R2SCAN": "R2SCAN", "RSCAN": "RSCAN", "MS0": "MadeSimple0",
    "MS1": "MadeSimple1", "MS2": "MadeSimple2",
  ]

  private static let dispersion = [
    1: "DFT-D2", 10: "DFT-D2", 11: "DFT-D3", 12: "DFT-D3-BJ", 2: "TS", 20: "TS", 21: "TS-H",
    202: "MBD", 4: "dDsC",
  ]
}
