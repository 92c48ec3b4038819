import Atomistics

extension StudyConfiguration {
  /// What only shows when the whole file is read.
  func check(_ file: StudyFile) throws {
    guard !electrolytes.isEmpty else {
      throw file.failure("a study needs at least one electrolyte", key: "electrolytes")
    }
    guard plans["short"] != nil else {
      throw file.failure("'plans' needs a plan named 'short'", key: "plans")
    }
    let names = [metal.name] + electrolytes.map(\.name) + references.phases.map(\.name)
    let entries =
      try [file.mapping("metal")] + file.mappings("electrolytes")
      + file.mapping("references").mappings("phases")
    for (index, entry) in entries.enumerated() {
      let name = names[index]
      guard !names[..<index].contains(name) else {
        throw entry.failure("the name '\(name)' stands for two crystals", key: "name")
      }
      try Self.checkDirectoryName(name, entry, key: "name")
    }
    guard electrolytes.contains(where: { $0.name == slowedAgainst }) else {
      throw file.failure(
        "'\(slowedAgainst)' is not the name of an electrolyte", key: "slowed_against")
    }
    for (electrolyte, entry) in zip(electrolytes, try file.mappings("electrolytes")) {
      let mixtures = try entry.contains("mixtures") ? entry.mappings("mixtures") : []
      for (references, line) in zip(
        electrolyte.rdf.map(\.references) + electrolyte.mixtures.map(\.references),
        try entry.mappings("rdf") + mixtures)
      {
        for name in references where !names.contains(name) {
          throw line.failure(
            "\(electrolyte.name) compares with '\(name)', which is neither a reference phase nor "
              + "an electrolyte; add it under 'references'", key: "references")
        }
      }
    }
    try checkPlans(file.mapping("plans"))
    try checkCell(file.mapping("dynamics"))
  }

  /// A vacuum yields to any pressure.
  private func checkCell(_ file: StudyFile) throws {
    guard let cell = dynamics.cell, contact.vacuum != nil else { return }
    guard cell.mode == .inPlane else {
      throw file.failure(
        "the contacts have a vacuum, which a barostat that is \(cell.mode.rawValue) would close; "
          + "write 'barostat: in-plane', or 'vacuum: none' under 'contact'", key: "barostat")
    }
    guard cell.stress.allSatisfy({ $0 == 0 }) else {
      throw file.failure(
        "the contacts have a vacuum, so that a pressure in the plane depends on how much of it "
          + "there is; write 'pressure: 0 GPa', or 'vacuum: none' under 'contact'", key: "pressure")
    }
  }

  /// What cannot be run is told before anything is computed.
  private func checkPlans(_ table: StudyFile) throws {
    var taken = ["bulk", "contact", "thermodynamics"]
    if case .trainingSet = dynamics.grades?.source { taken.append("active-set") }
    for (name, plan) in plans.sorted(by: { $0.key < $1.key }) {
      try Self.checkDirectoryName(name, table, key: name)
      guard !taken.contains(name) else {
        throw table.failure("a plan cannot be named '\(name)'; choose another name", key: name)
      }
      try table.checking(name) {
        _ = try dynamics.schedule(equilibration: plan.equilibration, production: plan.production)
        _ = try dynamics.schedule(
          equilibration: plan.referenceEquilibration, production: plan.referenceProduction,
          isReference: true)
      }
    }
  }

  private static func checkDirectoryName(_ name: String, _ file: StudyFile, key: String) throws {
    guard !name.contains("/"), !name.hasPrefix("."), !name.contains("\u{0}") else {
      throw file.failure("'\(name)' cannot name a directory; use letters and digits", key: key)
    }
  }
}
