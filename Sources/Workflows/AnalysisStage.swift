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
  /// Which phases the surroundings of an element look like; nil in earlier results.
  public let mixtures: [MixtureAnalysis]?
  /// Atoms that crossed the vacuum since the contact was made, by seed; nil in earlier results.
  public let vacuum: [VacuumReport]?
  /// Formal oxidation states of P by layer and time since the contact was made, first seed; nil
  /// without P, and in earlier results.
  public let phosphorusStates: LayerCharges?
  /// Intact bonds of all seeds with their 95 % band, by cluster; nil in earlier results.
  public let bands: [String: SurvivalBand]?
  /// Laws of the counted oxidation state and of the spread of P; nil in earlier results.
  public let laws: [CurveLaws]?
}

/// One pair's g(r) in the contact, seed by seed, beside that of bulk phases.
public struct PanelAnalysis: Codable, Sendable {
  public let pair: [Element]
  public let contact: [RadialDistribution]
  public let references: [NamedDistribution]
  public let windows: [[Double]]
  /// The windows as a test against the unreacted electrolyte; nil in earlier results.
  public let signals: [PeakWindowSignal]?
}

public struct NamedDistribution: Codable, Sendable {
  public let name: String
  public let distribution: RadialDistribution
}

/// The surroundings of one element over the production as a mixture of reference phases.
public struct MixtureAnalysis: Codable, Sendable {
  public let center: String
  public let partners: [String]
  /// The radii that were fitted, by partner.
  public let ranges_A: [[Double]]
  public let mixture: PhaseMixture
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
    let named = electrolyte.references
    for (name, run) in references where named.contains(name) {
      files["reference \(name)"] = run.directory.appendingPathComponent("trajectory.extxyz")
    }
    return try Stage(
      "analyze \(electrolyte.name)", in: study.results(planName, "analysis", electrolyte.name),
      revision: 6, settings: [canonicalJSON(electrolyte.rdf), canonicalJSON(electrolyte.mixtures)],
      inputs: hashes(of: files), outputs: ["analysis.json"]
    ) { directory in
      let description = try readJSON(
        ContactResult.self, from: contact.directory, "contact.json")
      let bulk = try Dictionary(
        uniqueKeysWithValues: named.map { name in
          var measured = PhaseMeasurement(electrolyte, normalization: .cell)
          try Self.consume([(files["reference \(name)"]!, 0)]) { try measured.consume($0) }
          return (name, measured)
        })
      var seeds: [SeedMeasurement] = []
      for seed in runs.keys.sorted() {
        var measured = try SeedMeasurement(
          electrolyte, clusters: study.configuration.clusters, contact: description)
        let equilibration = files["equilibration seed \(seed)"].map { [($0, 0.0)] } ?? []
        let production = [(files["trajectory seed \(seed)"]!, plan.equilibration)]
        try Self.consume(equilibration) { try measured.consume($0, isProduction: false) }
        try Self.consume(production) { try measured.consume($0, isProduction: true) }
        seeds.append(measured)
      }
      try writeJSON(
        try analysis(electrolyte, seeds: runs.keys.sorted(), seeds, bulk), to: directory,
        "analysis.json")
    }
  }

  private func analysis(
    _ electrolyte: StudyConfiguration.Electrolyte, seeds: [Int], _ measured: [SeedMeasurement],
    _ bulk: [String: PhaseMeasurement]
  ) throws -> ContactAnalysis {
    var bonds: [String: [BondSurvival]] = [:]
    var spreads: [String: [AtomicSpread]] = [:]
    for one in measured {
      for (name, analysis) in one.bonds { bonds[name, default: []].append(try analysis.result()) }
      for (name, analysis) in one.spreads {
        spreads[name, default: []].append(try analysis.result())
      }
    }
    let runs = measured.map(\.phases)
    let states = try measured.compactMap { try $0.states.result() }
    let laws = [
      CurveLaws.ofCharges(states), CurveLaws.ofSpread(spreads["P"] ?? []),
    ].compactMap { $0 }
    return ContactAnalysis(
      name: electrolyte.name, seeds: seeds, equilibration_ps: plan.equilibration / 1000,
      bonds: bonds, spreads: spreads,
      panels: try electrolyte.rdf.indices.map { index in
        try panel(electrolyte, index, runs, bulk)
      },
      mixtures: try electrolyte.mixtures.indices.map { index in
        try mixture(electrolyte, index, runs, bulk)
      },
      vacuum: try measured.map { try $0.vacuum.result() },
      phosphorusStates: states.first,
      bands: try bonds.mapValues { try SurvivalBand($0) }, laws: laws)
  }

  private func panel(
    _ electrolyte: StudyConfiguration.Electrolyte, _ index: Int, _ runs: [PhaseMeasurement],
    _ bulk: [String: PhaseMeasurement]
  ) throws -> PanelAnalysis {
    let panel = electrolyte.rdf[index]
    let references = try panel.references.map { name in
      (name: name, analysis: try bulk[name]!.panel(index))
    }
    let contact = try runs.map { try $0.panel(index) }
    let environments = try contact.map { try $0.environment() }
    let known = try references.map {
      (name: $0.name, environment: try $0.analysis.environment())
    }
    return PanelAnalysis(
      pair: panel.pair, contact: try contact.map { try $0.result() },
      references: try references.map {
        NamedDistribution(name: $0.name, distribution: try $0.analysis.result())
      }, windows: panel.windows,
      signals: panel.windows.map { window in
        PeakWindowSignal(
          window[0]...window[1], runs: environments, references: known,
          electrolyte: electrolyte.name)
      })
  }

  private func mixture(
    _ electrolyte: StudyConfiguration.Electrolyte, _ index: Int, _ runs: [PhaseMeasurement],
    _ bulk: [String: PhaseMeasurement]
  ) throws -> MixtureAnalysis {
    let mixture = electrolyte.mixtures[index]
    let references = try mixture.references.map { name in
      PhaseMixture.Reference(
        name: name, environments: try bulk[name]!.mixture(index).environments())
    }
    let runs = try runs.map { try $0.mixture(index).environments() }
    let ranges = PhaseMixture.ranges(
      runs: runs, references: references, clusters: study.configuration.clusters,
      to: PhaseMeasurement.mixtureRadius)
    return MixtureAnalysis(
      center: mixture.center.symbol, partners: mixture.partners.map(\.symbol),
      ranges_A: ranges.map { [$0.lowerBound, $0.upperBound] },
      mixture: try PhaseMixture(runs: runs, references: references, ranges: ranges))
  }

  /// Hands on every frame of trajectories that follow one another; the times of each begin at its
  /// offset (fs).
  private static func consume(
    _ parts: [(file: URL, offset: Double)], by take: (Frame) throws -> Void
  ) throws {
    for part in parts {
      var reader = try TrajectoryReader(path: part.file.path)
      while var frame = try reader.next() {
        frame.time += part.offset
        try take(frame)
      }
    }
  }
}
