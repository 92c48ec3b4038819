import Atomistics
import FileFormats
import Foundation
import Thermodynamics

/// What thermodynamics says of one electrolyte on one correction scheme, in one component basis.
public struct StabilityResult: Codable, Sendable {
  public let basis: [String]
  public let hullDistance_eV_per_atom: Double
  public let decomposition: [PhaseResult]
  /// Reduction and oxidation edge in V; an edge is null where there is none, the window where no
  /// plateau has zero uptake.
  public let window: WindowResult?
  public let steps: [StepResult]
  public let stable: [String]
  /// What corrections make up of the window's edges.
  public let edges: [EdgeResult]
  /// The window with single phases left out, the largest effect first.
  public let leftOut: [LeftOutResult]
  public let warnings: [String]
}

public struct PhaseResult: Codable, Sendable {
  public let formula: String
  public let amount: Double
}

public struct WindowResult: Codable, Sendable {
  public let reduction_V: Double
  public let oxidation_V: Double?
}

/// A plateau of the uptake profile.
public struct StepResult: Codable, Sendable {
  public let from_V: Double
  public let to_V: Double?
  public let uptake: Double
  public let phases: [PhaseResult]
  public let products: ProductsResult
  public let decompositionEnergy_eV_per_atom: Double?
}

/// The reaction with the metal at 0 V.
public struct ReactionResult: Codable, Sendable {
  public let text: String
  public let energy_eV_per_formula: Double
  public let energy_eV_per_atom_of_reactants: Double
  public let energy_eV_per_working_ion: Double?
  public let corrections: [CorrectionResult]
  public let warnings: [String]
}

/// Everything of one electrolyte, by scheme.
public struct ThermodynamicsResult: Codable, Sendable {
  public let name: String
  public let formula: String
  public let elements: [String: StabilityResult]
  public let intact: [String: StabilityResult]
  public let reaction: [String: ReactionResult]
}

extension StudyRun {
  /// Windows, uptake and reactions of all electrolytes, on every scheme, in both bases.
  func thermodynamicsStage() throws -> Stage {
    let configuration = study.configuration
    let table = try study.input(configuration.thermodynamics.entries)
    return try Stage(
      "thermodynamics", in: study.results("thermodynamics"), revision: 3,
      settings: ThermodynamicsSettings(
        workingIon: configuration.workingIon, schemes: configuration.thermodynamics.schemes,
        electrolytes: configuration.electrolytes.map {
          [$0.name, $0.formula, "\($0.excess)", $0.over, $0.salt, $0.reaction]
        }),
      inputs: ["entries": SHA256Digest.hex(ofFile: table.path)],
      outputs: configuration.electrolytes.map { "\($0.name).json" }
    ) { directory in
      for electrolyte in configuration.electrolytes {
        try writeJSON(
          thermodynamics(of: electrolyte, table: table.path), to: directory,
          "\(electrolyte.name).json")
      }
    }
  }

  private struct ThermodynamicsSettings: Encodable {
    let workingIon: Element
    let schemes: [String]
    let electrolytes: [[String]]
  }

  private func thermodynamics(of electrolyte: StudyConfiguration.Electrolyte, table path: String)
    throws -> ThermodynamicsResult
  {
    var elements: [String: StabilityResult] = [:]
    var intact: [String: StabilityResult] = [:]
    var reactions: [String: ReactionResult] = [:]
    for name in study.configuration.thermodynamics.schemes {
      guard let scheme = CorrectionScheme(rawValue: name) else {
        throw WorkflowsError.badStudy(
          path: study.directory.appendingPathComponent("study.yaml").path, line: nil,
          reason: "there is no scheme '\(name)'; known are "
            + CorrectionScheme.allCases.map(\.rawValue).joined(separator: ", "))
      }
      let table = try EntryTable(path: path, scheme: scheme)
      elements[name] = try stability(of: electrolyte, in: table, intact: [])
      intact[name] = try stability(of: electrolyte, in: table, intact: [electrolyte.salt])
      reactions[name] = try reaction(of: electrolyte, in: table)
    }
    return ThermodynamicsResult(
      name: electrolyte.name, formula: electrolyte.formula, elements: elements, intact: intact,
      reaction: reactions)
  }

  private func stability(
    of electrolyte: StudyConfiguration.Electrolyte, in table: EntryTable, intact: [String]
  ) throws -> StabilityResult {
    let found = try ElectrolyteStability(
      of: electrolyte.formula, in: table, workingIon: study.configuration.workingIon,
      intact: intact, energy: .excess(electrolyte.excess, over: electrolyte.over))
    guard let hullDistance = found.hullDistance else {
      throw WorkflowsError.stageFailed(
        stage: "thermodynamics", reason: "no energy of \(electrolyte.name)", kind: .badData)
    }
    func results(_ phases: [PhaseAmount]) -> [PhaseResult] {
      phases.map { PhaseResult(formula: $0.entry.formula, amount: $0.amount) }
    }
    return StabilityResult(
      basis: found.basis.names, hullDistance_eV_per_atom: hullDistance,
      decomposition: results(found.decomposition.phases),
      window: found.window.map {
        WindowResult(reduction_V: $0.reduction, oxidation_V: $0.oxidation)
      },
      steps: found.profile.steps.map { StepResult($0, of: found) },
      stable: try found.diagram.stable.map(\.formula),
      edges: found.corrections.edges.map(EdgeResult.init),
      leftOut: try WindowSensitivity(of: found).rows.compactMap(LeftOutResult.init),
      warnings: found.warnings)
  }

  private func reaction(of electrolyte: StudyConfiguration.Electrolyte, in table: EntryTable)
    throws -> ReactionResult
  {
    let target = try Composition(formula: electrolyte.formula)
    let known = try ElectrolyteStability.energyPerAtom(
      .excess(electrolyte.excess, over: electrolyte.over), of: target,
      formula: electrolyte.formula, in: table)
    let parsed = try Reaction(electrolyte.reaction)
    let energies = try parsed.energies(
      workingIon: study.configuration.workingIon
    ) { term in
      if let known, term.composition == target { return known }
      return try table.energyPerAtom(of: term.composition, formula: term.formula)
    }
    let audit = try CorrectionAudit(
      of: parsed, in: table,
      energy: parsed.reactants[0].composition == target
        ? .excess(electrolyte.excess, over: electrolyte.over) : .fromTable)
    return ReactionResult(
      text: electrolyte.reaction, energy_eV_per_formula: energies.perFormula,
      energy_eV_per_atom_of_reactants: energies.perAtomOfReactants,
      energy_eV_per_working_ion: energies.perWorkingIon,
      corrections: audit.rows.map(CorrectionResult.init), warnings: audit.warnings)
  }
}
