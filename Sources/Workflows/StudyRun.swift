import Atomistics
import FileFormats
import Foundation
import Potentials

/// A study at work: what its stages share.
///
/// Stages are made from the study's file and from the results of the stages before them; making one
/// reads files and computes nothing, so that `status` can ask without running.
struct StudyRun {
  let study: Study
  let planName: String
  let plan: StudyConfiguration.Plan
  let threads: Int
  let potentialPath: String
  let potentialHash: String
  /// nil for a study without extrapolation grades.
  let grading: StudyGrading?
  let runner: StageRunner
  let progress: StudyProgress

  init(_ study: Study, plan planName: String, threads: Int, quiet: Bool) throws {
    guard let plan = study.configuration.plans[planName] else {
      throw WorkflowsError.badStudy(
        path: study.directory.appendingPathComponent("study.yaml").path, line: nil,
        reason: "there is no plan named '\(planName)' under 'plans'")
    }
    self.study = study
    self.planName = planName
    self.plan = plan
    self.threads = threads
    potentialPath = try PotentialLibrary.resolve(
      study.configuration.potential, relativeTo: study.directory)
    potentialHash = try SHA256Digest.hex(ofFile: potentialPath)
    grading = try study.configuration.dynamics.grades.map { [potentialPath, potentialHash] in
      try StudyGrading(
        $0, study: study, potentialPath: potentialPath, potentialHash: potentialHash)
    }
    try Self.checkClusters(of: study)
    let progress = StudyProgress(quiet: quiet)
    self.progress = progress
    runner = StageRunner(threads: threads, say: progress.begin)
  }

  /// A cluster that no electrolyte holds was probably mistyped.
  private static func checkClusters(of study: Study) throws {
    let own = study.configuration.ownClusters
    guard !own.isEmpty else { return }
    let crystals = try study.configuration.electrolytes.map {
      try StructureFile.read(study.input($0.structure).path)
    }
    for cluster in own {
      let refusals = crystals.map { crystal in
        Result { try cluster.requirePresence(in: crystal) }
      }
      if refusals.contains(where: { (try? $0.get()) != nil }) { continue }
      do { try refusals.first?.get() } catch {
        throw WorkflowsError.badStudy(
          path: study.directory.appendingPathComponent("study.yaml").path, line: nil,
          reason: "no electrolyte holds the cluster '\(cluster.name)' of 'clusters': \(error)")
      }
    }
  }

  /// The potential, read once for each stage that needs it.
  func calculator() throws -> NEPPotential {
    try NEPPotential(path: potentialPath, name: study.configuration.potential, threads: threads)
  }

  /// What a stage depends on where the study has clusters of its own.
  var clusterInput: [String: String] {
    let own = study.configuration.ownClusters.map(\.description)
    return own.isEmpty
      ? [:] : ["clusters": SHA256Digest.hex(of: Data(own.joined(separator: "\n").utf8))]
  }

  /// Inputs that are files: name and hash of what is in them.
  func hashes(of files: [String: URL]) throws -> [String: String] {
    try files.mapValues { try SHA256Digest.hex(ofFile: $0.path) }
  }
}
