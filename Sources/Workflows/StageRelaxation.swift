import Atomistics
import Dynamics
import Foundation

extension StudyRun {
  /// Relaxes a structure for a stage, which tells how far it is and can be stopped after any step.
  ///
  /// Nothing is kept of a relaxation that was stopped: it begins again, and ends with the same bits.
  ///
  /// - Throws: `WorkflowsError.stopped` after `Interruption`; what `Relaxation` throws.
  func relax(_ structure: Structure, by relaxation: Relaxation, in directory: URL) throws
    -> RelaxationResult
  {
    let result = try relaxation.relax(structure, with: calculator()) { now in
      progress.update(
        "\(now.step) steps, largest force \(rounded(now.largestForce, 4)) eV/Å",
        fraction: Double(now.step) / Double(relaxation.mostSteps), secondsLeft: nil)
    } shouldStop: {
      Interruption.isRequested
    }
    guard !result.stopped else {
      throw WorkflowsError.stopped(
        directory: directory.path, reason: "after \(result.steps) steps of the relaxation")
    }
    return result
  }
}
