import FileFormats
import Foundation

/// The numbers that the paper states, from `Data/paper.json`.
struct PaperNumbers: Decodable {
  struct Interface: Decodable {
    let maximumArea_A2: Double
    let lengthMismatch: Double
    let angleMismatch: Double
    let gapFraction: Double
    let vacuum_A: Double
    let maximumStress_GPa: Double
  }

  let source: String
  let formationEnergy_meV_per_atom: [String: Double]
  let reactionEnergy_eV_per_atom: [String: Double]
  let windowElements_V: [String: [Double]]
  /// Anions for which the paper finds no window with elements as vertices.
  let noWindowElements: [String]
  let windowIntact_V: [String: [Double]]
  let phasesAtZeroVoltsElements: [String: [String]]
  let phasesAtZeroVoltsIntact: [String: [String]]
  let stableInPseudoquaternary: [String: [String]]
  let intactBonds: [String: String]
  /// When that was, from the start of the dynamics.
  let intactBondsAt_ps: [String: Double]
  let clustersIntact: [String: Bool]
  /// What the paper reads from its radial distribution functions.
  let signals: [String: String]
  let interface: Interface
  let notRecomputed: [String]

  static func carried() throws -> PaperNumbers {
    guard let url = try DataDirectory.file("paper.json") else {
      throw WorkflowsError.missing(
        path: "Data/paper.json", hint: "the program's Data folder is not whole; install it again")
    }
    return try readJSON(
      PaperNumbers.self, from: url.deletingLastPathComponent(), url.lastPathComponent)
  }
}
