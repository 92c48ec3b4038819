import Analysis
import Atomistics
import FileFormats
import Foundation

/// What was measured on the trajectories of one contact and on those of its references.
public struct ContactAnalysis: Codable, Sendable {
  public let name: String
  public let seeds: [Int]
  /// When the equilibration ends and the production begins, in ps.
  public let equilibration_ps: Double
  /// Survival since the contact was made, by cluster and seed.
  public let bonds: [String: [BondSurvival]]
  /// σ of Eq. 2 in the production, by species and seed.
  public let spreads: [String: [AtomicSpread]]
  public let panels: [PanelAnalysis]
  /// Atoms that crossed the vacuum since the contact was made, by seed; nil in earlier results.
  public let vacuum: [VacuumReport]?
  /// Formal oxidation states of P by layer and time since the contact was made, first seed; nil
  /// without P, and in earlier results.
  public let phosphorusStates: LayerCharges?
}

/// One pair's g(r) in the contact, seed by seed, beside that of bulk phases.
public struct PanelAnalysis: Codable, Sendable {
  public let pair: [Element]
  public let contact: [RadialDistribution]
  public let references: [NamedDistribution]
  public let windows: [[Double]]
}

public struct NamedDistribution: Codable, Sendable {
  public let name: String
  public let distribution: RadialDistribution
}

extension StudyRun {
  /// Bonds, radial distributions and spread of one contact.
  func analysisStage(
    _ electrolyte: StudyConfiguration.Electrolyte, contact: Stage, runs: [Int: Stage],
    references: [String: Stage]
  ) throws -> Stage {
    var files: [String: URL] = ["contact": contact.directory.appendingPathComponent("contact.json")]
    for (seed, run) in runs {
      for part in ["equilibration", "trajectory"]
      where part == "trajectory" || plan.equilibration > 0 {
        files["\(part) seed \(seed)"] = run.directory.appendingPathComponent("\(part).extxyz")
      }
    }
    let named = Set(electrolyte.rdf.flatMap(\.references))
    for (name, run) in references where named.contains(name) {
      files["reference \(name)"] = run.directory.appendingPathComponent("trajectory.extxyz")
    }
    return try Stage(
      "analyze \(electrolyte.name)", in: study.results(planName, "analysis", electrolyte.name),
      revision: 4, settings: electrolyte.rdf, inputs: hashes(of: files),
      outputs: ["analysis.json"]
    ) { directory in
      let description = try readJSON(
        ContactResult.self, from: contact.directory, "contact.json")
      let area = ContactArea(
        cellArea: description.area_A2, contacts: description.contactPlanes_A.count)
      let seeds = runs.keys.sorted()
      var vacuum: [VacuumReport] = []
      var bonds: [String: [BondSurvival]] = [:]
      var spreads: [String: [AtomicSpread]] = [:]
      for seed in seeds {
        let equilibration = files["equilibration seed \(seed)"].map { [($0, 0.0)] } ?? []
        let production = [(files["trajectory seed \(seed)"]!, plan.equilibration)]
        for cluster in study.configuration.clusters
        where description.clusters.contains(cluster.name) {
          var analysis = try BondIntegrity(cluster, contact: area)
          try Self.consume(equilibration + production, by: &analysis)
          bonds[cluster.name, default: []].append(try analysis.result())
        }
        var crossings = VacuumCrossings()
        try Self.consume(equilibration + production, by: &crossings)
        vacuum.append(try crossings.result())
        for symbol in ["P", "Li"] {
          guard let species = Element(symbol) else { continue }
          var analysis = AtomicDistributionWidth(species)
          try Self.consume(production, by: &analysis)
          spreads[symbol, default: []].append(try analysis.result())
        }
      }
      let panels = try electrolyte.rdf.map { panel in
        try analyze(panel, files: files, seeds: seeds)
      }
      try writeJSON(
        ContactAnalysis(
          name: electrolyte.name, seeds: seeds, equilibration_ps: plan.equilibration / 1000,
          bonds: bonds, spreads: spreads, panels: panels, vacuum: vacuum,
          phosphorusStates: try seeds.first.flatMap { seed in
            try Self.phosphorusStates(
              (files["equilibration seed \(seed)"].map { [($0, 0)] } ?? [])
                + [(files["trajectory seed \(seed)"]!, plan.equilibration)])
          }),
        to: directory, "analysis.json")
    }
  }

  private func analyze(_ panel: StudyConfiguration.Panel, files: [String: URL], seeds: [Int])
    throws -> PanelAnalysis
  {
    let contact = try seeds.map { seed in
      var analysis = try RadialDistributionFunction(
        panel.pair[0], panel.pair[1], maximumRadius: 10, normalization: .slab)
      try Self.consume([(files["trajectory seed \(seed)"]!, 0)], by: &analysis)
      return try analysis.result()
    }
    let references = try panel.references.map { name in
      var analysis = try RadialDistributionFunction(
        panel.pair[0], panel.pair[1], maximumRadius: 10, normalization: .cell)
      try Self.consume([(files["reference \(name)"]!, 0)], by: &analysis)
      return NamedDistribution(name: name, distribution: try analysis.result())
    }
    return PanelAnalysis(
      pair: panel.pair, contact: contact, references: references, windows: panel.windows)
  }

  /// Gives an analysis every frame of trajectories that follow one another; the times of each begin
  /// at its offset (fs).
  private static func consume<A: TrajectoryAnalysis>(
    _ parts: [(file: URL, offset: Double)], by analysis: inout A
  ) throws {
    for part in parts {
      var reader = try TrajectoryReader(path: part.file.path)
      while var frame = try reader.next() {
        frame.time += part.offset
        try analysis.consume(frame)
      }
    }
  }
}
