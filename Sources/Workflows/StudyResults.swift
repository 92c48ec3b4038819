import Analysis
import Atomistics
import FileFormats
import Foundation
import Potentials

/// Everything that the stages wrote, read back for the report.
struct StudyResults {
  let thermodynamics: [ThermodynamicsResult]
  let bulk: [String: BulkResult]
  let contacts: [ContactResult]
  /// The contact as it starts its dynamics.
  let structures: [Structure]
  let analyses: [ContactAnalysis]
  /// Verdicts on the P-S bonds of the contacts; nil where no contact has such bonds, or where runs are
  /// shorter than the lifetime of a bond.
  let ranking: ReactionRanking?
  /// By electrolyte and seed.
  let thermo: [String: [Int: ThermoTable]]
  /// By electrolyte and seed; empty without an active set.
  let grades: [String: [Int: GradeSummary]]
  /// What the grades are measured against.
  let activeSet: ActiveSet?
  let manifests: [Manifest]

  init(_ run: StudyRun) throws {
    let study = run.study
    let electrolytes = study.configuration.electrolytes
    thermodynamics = try electrolytes.map {
      try readJSON(
        ThermodynamicsResult.self, from: study.results("thermodynamics"), "\($0.name).json")
    }
    bulk = try Dictionary(
      uniqueKeysWithValues: study.crystals.map { crystal in
        (
          crystal.name,
          try readJSON(
            BulkResult.self, from: study.results("bulk", crystal.name), "relaxation.json")
        )
      })
    contacts = try electrolytes.map {
      try readJSON(ContactResult.self, from: study.results("contact", $0.name), "contact.json")
    }
    structures = try electrolytes.map {
      try StructureFile.read(
        study.results("contact", $0.name).appendingPathComponent("contact.extxyz").path)
    }
    analyses = try electrolytes.map {
      try readJSON(
        ContactAnalysis.self, from: study.results(run.planName, "analysis", $0.name),
        "analysis.json")
    }
    let cluster = study.configuration.phosphorusSulfide
    let entries = zip(contacts, analyses).compactMap { contact, analysis in
      analysis.bonds[cluster].flatMap { try? ObservedLosses($0) }.map { losses in
        ReactionRanking.Contact(
          name: contact.electrolyte, losses: losses,
          area_nm2: contact.area_A2 * Double(contact.contactPlanes_A.count) / 100)
      }
    }
    ranking =
      entries.isEmpty
      ? nil : ReactionRanking(entries, reference: study.configuration.slowedAgainst)
    var thermo: [String: [Int: ThermoTable]] = [:]
    var grades: [String: [Int: GradeSummary]] = [:]
    for electrolyte in electrolytes {
      for seed in run.plan.seeds {
        let folder = study.results(run.planName, "dynamics", electrolyte.name, "seed-\(seed)")
        thermo[electrolyte.name, default: [:]][seed] = try ThermoTable(
          path: folder.appendingPathComponent("thermo.csv").path)
        grades[electrolyte.name, default: [:]][seed] = try GradeSummary(directory: folder)
      }
    }
    self.thermo = thermo
    self.grades = grades
    activeSet = try run.activeSet()
    manifests = try run.stages.dropLast().compactMap { run.runner.manifest(of: try $0.stage()) }
  }
}

/// What `thermo.csv` says of a run.
struct ThermoTable {
  let times_ps: [Double]
  let isProduction: [Bool]
  let temperature: [Double]
  let metal: [Double]
  let electrolyte: [Double]
  let potential: [Double]

  init(path: String) throws {
    let table = try CSVTable(path: path)
    func column(_ name: String) throws -> [Double] {
      let index = try table.requiredColumn(name)
      // Empty where a region does not exist: a bulk phase has no metal.
      return table.rows.map { Double($0[index]) ?? .nan }
    }
    let phase = try table.requiredColumn("phase")
    times_ps = try column("time_ps")
    isProduction = table.rows.map { $0[phase] == "production" }
    temperature = try column("T_K")
    metal = try column("T_metal_K")
    electrolyte = try column("T_electrolyte_K")
    potential = try column("E_potential_eV")
  }

  /// The mean over the production.
  func mean(_ values: [Double]) -> Double {
    let chosen = zip(values, isProduction).filter(\.1).map(\.0)
    return chosen.reduce(0, +) / Double(max(1, chosen.count))
  }
}
