import Atomistics
import FileFormats
import Foundation
import Potentials

/// Against what a study grades the atoms of its contacts.
struct StudyGrading {
  let settings: GradeSettings
  /// The active set: given, or made by the study's own stage.
  let file: URL
  /// The frames that the study makes the set from; nil where the set is given.
  let trainingSet: URL?

  /// - Throws: `WorkflowsError.missing`, and `FileFormatsError` for a given set that is damaged or
  ///   of another potential, before anything is computed.
  init(
    _ grades: StudyConfiguration.Grades, study: Study, potentialPath: String, potentialHash: String
  ) throws {
    settings = grades.settings
    switch grades.source {
    case .activeSet(let name):
      file = try study.input(name)
      trainingSet = nil
      _ = try ActiveSetFile.read(
        file.path, potentialSHA256: potentialHash,
        neurons: NEPFile(path: potentialPath).header.neurons)
    case .trainingSet(let name):
      trainingSet = try study.input(name)
      file = study.results("active-set").appendingPathComponent(ActiveSetResult.setName)
    }
  }
}

/// How an active set was made, beside it as `selection.json`.
struct ActiveSetResult: Codable {
  static let setName = "active-set.json"
  static let name = "selection.json"

  let frames: Int
  let passes: Int
  let neurons: Int
  /// Of the frames that the set was made from: at most 1 + ε.
  let largestGrade: Double
}

extension StudyRun {
  /// The active set of the potential, made once from its training frames.
  func activeSetStage(from trainingSet: URL) throws -> Stage {
    try Stage(
      "active set", in: study.results("active-set"), revision: 1,
      settings: ["floor": ActiveSet.floor, "tolerance": ActiveSetBuilder.tolerance],
      inputs: [
        "training set": SHA256Digest.hex(ofFile: trainingSet.path), "potential": potentialHash,
      ],
      outputs: [ActiveSetResult.setName, ActiveSetResult.name]
    ) { directory in
      let selection = try ActiveSetSelection(
        file: trainingSet.path, potential: try calculator(), inStage: directory
      ) { progress.update($0) }
      try ActiveSetFile.write(
        selection.set, potentialSHA256: potentialHash,
        to: directory.appendingPathComponent(ActiveSetResult.setName).path)
      try writeJSON(
        ActiveSetResult(
          frames: selection.frames, passes: selection.passes, neurons: selection.set.neurons,
          largestGrade: selection.largestGrade), to: directory, ActiveSetResult.name)
    }
  }

  /// The active set that the dynamics are graded against; nil without.
  func activeSet() throws -> ActiveSet? {
    try grading.map {
      try ActiveSetFile.read(
        $0.file.path, potentialSHA256: potentialHash,
        neurons: NEPFile(path: potentialPath).header.neurons)
    }
  }
}

extension ActiveSetSelection {
  /// In the directory of a stage. A selection that was stopped begins again: it ends with the same set.
  ///
  /// - Parameter update: is told the pass and the frame.
  init(
    file: String, potential: NEPPotential, inStage directory: URL, update: (String) -> Void
  ) throws {
    try self.init(
      file: file, potential: potential,
      willGrade: { pass, frame in
        guard !Interruption.isRequested else {
          throw WorkflowsError.stopped(
            directory: directory.path, reason: "at frame \(frame) of pass \(pass)")
        }
        update("pass \(pass), frame \(frame)")
      })
  }
}
