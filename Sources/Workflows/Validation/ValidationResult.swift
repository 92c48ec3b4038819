import Atomistics
import FileFormats
import Foundation

/// What a validation found.
public struct ValidationResult: Sendable {
  let validation: Validation
  /// The files of labels.
  let labels: [String]
  public let errors: LabelErrors?
  let crystals: [CrystalComparison]
  let reactions: [ReactionComparison]
  /// Elements of the labelled frames.
  let labelled: Set<Element>

  /// Every table that has rows, in the order of the page.
  public var tables: [ValidationTable] {
    var tables: [ValidationTable] = []
    if let errors {
      tables += [
        .errors(errors.groups, byTrajectory: false),
        .errors(errors.trajectories, byTrajectory: true),
      ]
    }
    if !crystals.isEmpty {
      tables += [
        .lattice(crystals), .experiment(crystals), .formation(crystals), .equations(crystals),
        .equationPoints(crystals), .elastic(crystals), .phonons(crystals), .phononModes(crystals),
        .bonds(crystals), .bondCurves(crystals), .motion(crystals), .radialDistributions(crystals),
      ].compactMap { $0 }
    }
    tables.append(.reactions(reactions))
    return tables.filter { !$0.rows.isEmpty }
  }

  /// The tables that a person reads: without those of single trajectories, points and modes.
  public var shownTables: [ValidationTable] {
    tables.filter {
      !["trajectories", "eos-points", "phonon-modes", "bond-curves", "rdf-curves"].contains($0.name)
    }
    .flatMap { table -> [ValidationTable] in
      switch table.name {
      case "errors": [table, .slopes(errors?.groups ?? [])].filter { !$0.rows.isEmpty }
      case "elastic": [.elasticSummary(crystals)]
      default: [table]
      }
    }
  }

  /// What a crystal would not tell, each a sentence.
  public var troubles: [String] {
    crystals.flatMap { crystal in
      [("the potential", crystal.potential), ("the reference", crystal.reference)].flatMap {
        who, found in found.troubles.map { "\(crystal.crystal.name) by \(who): \($0)" }
      } + (crystal.motionTrouble.map { ["\(crystal.crystal.name), \($0)"] } ?? [])
    }
  }

  /// What no number here speaks of, each a sentence.
  public var untested: [String] {
    var result: [String] = []
    if let errors {
      if errors.groups.allSatisfy({ $0.slope == nil }) {
        result.append(
          "Slopes of energies along trajectories: no trajectory of one composition has "
            + "\(EnergySlope.fewestFrames) frames.")
      }
      if errors.groups.allSatisfy({ $0.virial == nil }) {
        result.append("Virials: the labels have none.")
      }
      let others = Set(validation.potential.potential.header.species).subtracting(labelled)
      if !others.isEmpty {
        let names = others.sorted().map(\.symbol)
        let list = names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", ..." : "")
        result.append("Labels of \(others.count) of its elements: \(list).")
      }
    } else {
      result.append("Errors against labels: none were given.")
    }
    if crystals.isEmpty {
      result.append(
        "Crystals (lattices, formation energies, equations of state, elastic constants, phonons, "
          + "bonds) and reactions: none were compared.")
    } else {
      let large = crystals.filter { $0.crystal.structure.count > validation.mostAtoms }
      if !large.isEmpty {
        result.append(
          "Elastic constants and phonons of cells above \(validation.mostAtoms) atoms: "
            + large.map(\.crystal.name).joined(separator: ", ") + ".")
      }
      if crystals.allSatisfy(\.bonds.isEmpty) {
        result.append("Bonds of clusters: no crystal has a whole PS4, BH4, BF4 or CN.")
      }
      if reactions.isEmpty { result.append("Reactions: none were given.") }
    }
    if crystals.allSatisfy({ $0.motion == nil }) {
      result.append("Crystals in motion (radial distributions): none were run.")
    }
    return result + [
      "Phonons away from Γ, diffusion, melting, surfaces and defects.",
      "Electrons: a potential whose atoms see a few ångström carries none, so a reaction that stops in "
        + "it does so because atoms do not move or touch, never because electrons do not pass.",
    ]
  }

  static let allTables = [
    "errors", "trajectories", "lattice", "experiment", "formation", "eos", "eos-points", "elastic",
    "phonons", "phonon-modes", "bonds", "bond-curves", "rdf", "rdf-curves", "reactions",
  ]

  /// Tables, model card and page; tables of a validation before that no longer apply go.
  func write(to directory: URL) throws {
    let tables = tables
    for name in Self.allTables where !tables.contains(where: { $0.name == name }) {
      try? FileManager.default.removeItem(
        at: directory.appendingPathComponent("\(name).csv"))
    }
    for table in tables {
      try table.write(to: directory.appendingPathComponent("\(table.name).csv").path)
    }
    try AtomicFile.write(
      ValidationCard(self).text, to: directory.appendingPathComponent("model-card.md").path)
    try ValidationPage(self).write(to: directory)
  }
}
