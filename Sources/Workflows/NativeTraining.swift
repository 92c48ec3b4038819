import Atomistics
import FileFormats
import Foundation
import Potentials

/// A training by our own trainer (`NEPFit`) in a directory: `fit.checkpoint` and `loss.csv`.
struct NativeTraining {
  let directory: URL
  let set: TrainingSet
  let input: NEPInput
  let seed: Int
  /// The model to go on from; nil for random numbers.
  let start: NEPFile?
  let threads: Int

  /// Between checkpoints and between looks at the frames that are held out, in seconds.
  private static let pause = 15.0

  /// Trains to the last epoch, or until it shall stop, and gives the model's text.
  ///
  /// - Throws: `WorkflowsError.interruptedAndKept`, `PotentialsError.badFile` for a checkpoint that is
  ///   another's, `AtomisticsError.badStructure`, `FileFormatsError.cannotWrite`.
  func run(
    progress: (NEPTraining.Progress) -> Void, shouldStop: () -> Bool
  ) throws -> String {
    let header = input.header(set.elements)
    let repulsion = NEPRepulsion(header)
    let (train, valid) = try (frames(set.train, repulsion), frames(set.valid, repulsion))
    let fit = NEPFit(
      header, train, others: valid, schedule: input.schedule(seed: seed), loss: input.loss,
      threads: threads)
    if let start { try fit.begin(from: start, shifts: set.shifts) }
    if let data = FileManager.default.contents(atPath: checkpoint) {
      try fit.restore(data, path: checkpoint)
    }
    var log = try TrainingLog(directory.appendingPathComponent("loss.csv").path, upTo: fit.epoch)
    var kept = Date()
    while fit.epoch < input.epochs {
      let errors = fit.runEpoch()
      let isLast = fit.epoch == input.epochs
      let stops = shouldStop()
      var held: NEPFitErrors?
      if isLast || stops || Date().timeIntervalSince(kept) > Self.pause {
        held = fit.errors(on: valid)
        try AtomicFile.write(fit.checkpoint, to: checkpoint)
        kept = Date()
      }
      try log.add(fit.epoch, errors, held)
      progress(
        NEPTraining.Progress(
          epoch: fit.epoch, epochs: input.epochs, energy: errors.energy, force: errors.force))
      if stops && !isLast {
        throw WorkflowsError.interruptedAndKept(
          what: directory.path, done: "\(fit.epoch) epochs are done")
      }
    }
    return try fit.text(shifts: set.shifts)
  }

  private var checkpoint: String { directory.appendingPathComponent("fit.checkpoint").path }

  private func frames(_ frames: [TrainingFrame], _ repulsion: NEPRepulsion) throws -> [NEPFitFrame]
  {
    try frames.map {
      try NEPFitFrame(
        $0.structure, energy: set.shiftedEnergy(of: $0), forces: $0.forces, virial: $0.virial,
        weight: set.weight(of: $0), for: repulsion)
    }
  }
}

/// The errors of a training, a line per epoch; those of the frames held out where they were looked at.
struct TrainingLog {
  private let path: String
  private static let header =
    "epoch,energy_meV_per_atom,force_eV_per_A,virial_meV_per_atom,"
    + "valid_energy_meV_per_atom,valid_force_eV_per_A,valid_virial_meV_per_atom\n"

  /// Goes on after an epoch: later lines are of steps that will be taken again.
  init(_ path: String, upTo epoch: Int) throws {
    self.path = path
    let before = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let lines = before.split(separator: "\n").dropFirst().filter {
      ($0.split(separator: ",").first.flatMap { Int($0) } ?? .max) <= epoch
    }
    try AtomicFile.write(
      Self.header + lines.map { $0 + "\n" }.joined(), to: path)
  }

  mutating func add(_ epoch: Int, _ errors: NEPFitErrors, _ held: NEPFitErrors?) throws {
    func fields(_ errors: NEPFitErrors?) -> [String] {
      guard let errors else { return ["", "", ""] }
      return [
        String(format: "%.3f", 1000 * errors.energy), String(format: "%.5f", errors.force),
        errors.virial.map { String(format: "%.3f", 1000 * $0) } ?? "",
      ]
    }
    let line = (["\(epoch)"] + fields(errors) + fields(held)).joined(separator: ",") + "\n"
    guard let file = FileHandle(forWritingAtPath: path) else {
      throw FileFormatsError.cannotWrite(path, reason: "it is gone; begin again")
    }
    defer { try? file.close() }
    do {
      try file.seekToEnd()
      try file.write(contentsOf: Data(line.utf8))
    } catch {
      throw FileFormatsError.cannotWrite(path, reason: "\(error)")
    }
  }
}
