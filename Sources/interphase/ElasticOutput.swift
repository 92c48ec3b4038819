import Atomistics
import Dynamics
import FileFormats
import Foundation

/// Elastic constants as a table and as JSON.
struct ElasticOutput {
  private let constants: ElasticConstants
  private let crystal: Structure

  init(_ constants: ElasticConstants, of crystal: Structure) {
    self.constants = constants
    self.crystal = crystal
  }

  private struct Moduli: Encodable {
    let bulk_GPa: Double
    let shear_GPa: Double
    let young_GPa: Double
    let poisson: Double

    init(_ moduli: ElasticModuli) {
      bulk_GPa = moduli.bulk * Units.gigapascal
      shear_GPa = moduli.shear * Units.gigapascal
      young_GPa = moduli.young * Units.gigapascal
      poisson = moduli.poisson
    }
  }

  private struct Object: Encodable {
    let elasticConstants_GPa: [[Double]]
    let asymmetry_GPa: Double
    let amplitude: Double
    let atoms: String
    let converged: Bool
    let stable: Bool
    let eigenvalues_GPa: [Double]
    let residualStress_GPa: [Double]
    let voigt: Moduli
    let reuss: Moduli?
    let hill: Moduli?
    let universalAnisotropy: Double?
    let warnings: [String]
  }

  /// On standard output, and into the file that `-o` names.
  func show(_ common: CommonOptions) throws {
    for warning in warnings { common.say("warning: \(warning)") }
    try deliver(common.json ? try common.json(object) : table, common)
  }

  private var warnings: [String] {
    var warnings: [String] = []
    if !constants.converged {
      warnings.append("the atoms did not come to rest at every strain; the constants are not final")
    }
    if !constants.isStable {
      warnings.append(
        "the crystal is not mechanically stable: a strain costs no energy; there are no Reuss and "
          + "Hill moduli")
    }
    return warnings
  }

  private var object: Object {
    Object(
      elasticConstants_GPa: constants.stiffness.map { $0.map { $0 * Units.gigapascal } },
      asymmetry_GPa: constants.asymmetry * Units.gigapascal, amplitude: constants.amplitude,
      atoms: constants.atoms.rawValue, converged: constants.converged, stable: constants.isStable,
      eigenvalues_GPa: constants.eigenvalues.map { $0 * Units.gigapascal },
      residualStress_GPa: constants.residualStress.voigt.map { $0 * Units.gigapascal },
      voigt: Moduli(constants.voigt), reuss: constants.reuss.map(Moduli.init),
      hill: constants.hill.map(Moduli.init), universalAnisotropy: constants.universalAnisotropy,
      warnings: warnings)
  }

  private var table: String {
    var lines = ["\(crystal.composition.reduced.formula), atoms \(constants.atoms.rawValue)"]
    lines.append("elastic constants in GPa (xx yy zz yz xz xy)")
    lines += constants.stiffness.map { row in
      row.map { String(format: "%9.3f", printed($0)) }.joined()
    }
    lines.append(
      String(
        format: "asymmetry      %.4f GPa (largest, before it was averaged; strain %g)",
        constants.asymmetry * Units.gigapascal, constants.amplitude))
    lines.append("")
    lines.append("         bulk    shear    Young  (GPa)  Poisson")
    let averages = [
      ("Voigt", constants.voigt), ("Reuss", constants.reuss), ("Hill", constants.hill),
    ]
    lines += averages.compactMap { name, moduli in moduli.map { row(name, $0) } }
    lines.append("")
    let eigenvalues = constants.eigenvalues.map { String(format: "%.3f", $0 * Units.gigapascal) }
    lines.append("eigenvalues    \(eigenvalues.joined(separator: "  ")) GPa")
    lines.append("stable         \(constants.isStable ? "yes" : "no")")
    if let anisotropy = constants.universalAnisotropy {
      lines.append(String(format: "anisotropy     %.3f (universal)", anisotropy))
    }
    return lines.joined(separator: "\n")
  }

  /// In GPa, rounding errors without a sign.
  private func printed(_ value: Double) -> Double {
    let value = value * Units.gigapascal
    return abs(value) < 5e-4 ? 0 : value
  }

  private func row(_ name: String, _ m: ElasticModuli) -> String {
    let values = [m.bulk, m.shear, m.young].map { String(format: "%9.3f", $0 * Units.gigapascal) }
    return name.padding(toLength: 5, withPad: " ", startingAt: 0) + values.joined()
      + String(format: "%17.3f", m.poisson)
  }
}
