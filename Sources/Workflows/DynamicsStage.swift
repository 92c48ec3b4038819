import Atomistics
import FileFormats
import Foundation
import Potentials

extension StudyRun {
  /// The dynamics of one contact from one seed.
  func dynamicsStage(
    _ electrolyte: StudyConfiguration.Electrolyte, contact: Stage, seed: Int
  ) throws -> Stage {
    try runStage(
      "dynamics \(electrolyte.name), seed \(seed)",
      in: study.results(planName, "dynamics", electrolyte.name, "seed-\(seed)"),
      start: contact.directory.appendingPathComponent("contact.extxyz"),
      equilibration: plan.equilibration, production: plan.production, seed: seed
    ) { $0 }
  }

  /// The dynamics of a bulk phase at the contact's temperature, to compare its g(r) with.
  func referenceStage(_ crystal: StudyConfiguration.Crystal, bulk: Stage) throws -> Stage {
    let most = study.configuration.references.maximumAtoms
    return try runStage(
      "reference \(crystal.name)", in: study.results(planName, "references", crystal.name),
      start: bulk.directory.appendingPathComponent("relaxed.extxyz"),
      equilibration: plan.referenceEquilibration, production: plan.referenceProduction,
      seed: plan.seeds[0], isReference: true
    ) { $0.roundestSupercell(maximumAtoms: most) }
  }

  private func runStage(
    _ name: String, in directory: URL, start: URL, equilibration: Double, production: Double,
    seed: Int, isReference: Bool = false, prepare: @escaping (Structure) -> Structure
  ) throws -> Stage {
    let settings = study.configuration.dynamics.settings(
      equilibration: equilibration, production: production, seed: seed,
      isReference: isReference)
    var inputs = [
      "start": try SHA256Digest.hex(ofFile: start.path), "potential": potentialHash,
    ]
    let grading = settings.grades == nil ? nil : grading
    if let grading { inputs["active set"] = try SHA256Digest.hex(ofFile: grading.file.path) }
    return try Stage(
      name, in: directory, revision: 2, settings: [canonicalJSON(settings), supercellRule(start)],
      inputs: inputs,
      outputs: ["trajectory.extxyz", "thermo.csv", "run.json"]
        + (equilibration > 0 ? ["equilibration.extxyz"] : [])
        + (grading != nil ? [DynamicsRunFiles.extrapolatingName] : []),
      arithmetic: { try arithmetic(start) }
    ) { [inputs] directory in
      let potential = try calculator().graded(against: grading == nil ? nil : activeSet())
      let run = DynamicsRun(
        directory: directory, structure: prepare(try StructureFile.read(start.path)),
        calculator: Precision.single.calculator(potential), settings: settings,
        inputs: inputs)
      try run.run(say: progress.remark) { step in
        progress.update(
          "\(rounded(step.time / 1000, 1)) of \(rounded(step.totalTime / 1000, 1)) ps, "
            + "\(rounded(step.temperature, 0)) K",
          fraction: Double(step.step) / Double(step.totalSteps), secondsLeft: step.secondsLeft)
      }
    }
  }

  /// In which precision and with which instructions this processor runs the dynamics of a structure.
  private func arithmetic(_ start: URL) throws -> String {
    let species = Set(try StructureFile.read(start.path).species)
    return SinglePrecisionNEP(try calculator()).arithmetic(species: species.count)
  }

  /// References run in supercells whose size is part of what the result depends on.
  private func supercellRule(_ start: URL) -> String {
    start.lastPathComponent == "relaxed.extxyz"
      ? "at most \(study.configuration.references.maximumAtoms) atoms" : ""
  }
}
