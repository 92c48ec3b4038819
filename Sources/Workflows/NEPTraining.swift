import Atomistics
import Engines
import FileFormats
import Foundation
import Potentials

/// The training of a neuroevolution potential in a directory, going on after any interruption.
///
/// | file | what it is |
/// |---|---|
/// | `training.json` | digests of the frames and the input, the seed; a training goes on only with the same |
/// | `train.xyz`, `valid.xyz` | the frames, energies less a shift per element |
/// | `nep.in` | the trainer's input |
/// | `torchnep/`, `trainer.log` | the trainer's own files |
/// | `nep.txt` | the model, with the shifts in it (`NEPShift`) |
/// | `errors.csv` | its errors against the labels by group, evaluated by us |
public struct NEPTraining {
  public let directory: URL
  public let set: TrainingSet
  /// The trainer's input without its first line, `type`.
  public let input: String
  public var trainer = TorchNEPTrainer()
  /// Of the evaluation of errors.
  public var threads = 1

  public init(directory: URL, set: TrainingSet, input: String) {
    self.directory = directory
    self.set = set
    self.input = input
  }

  /// Our input for so many epochs: NEP4 with ZBL by covalent radii; the learning rate falls by a
  /// factor of 100 in fifty steps (Documentation/Benchmarks/nep-capacity.md).
  public static func input(epochs: Int) -> String {
    let every = max(1, epochs / 50)
    let factor = pow(0.01, Double(every) / Double(epochs))
    return """
      version 4
      zbl 2
      use_typewise_cutoff_zbl 0.7
      cutoff 6 5
      n_max 8 8
      basis_size 10 10
      l_max 4 2 1
      neuron 80
      lambda_e 3
      lambda_f 1
      lambda_v 0.2
      batch 4
      epoch \(epochs)
      lr 0.004
      lr_scheduler step
      scheduler_patience \(every)
      scheduler_factor \(factor)
      stop_lr 1e-7
      max_grad_norm 10
      weight_decay 0

      """
  }

  private struct Record: Codable, Equatable {
    let train_sha256, valid_sha256, input_sha256: String
    let seed: Int
  }

  /// Trains, or goes on, and writes the model with its errors.
  ///
  /// - Throws: `WorkflowsError.badRun` where the directory holds another training, `.locked`,
  ///   `.interruptedAndKept`; `EnginesError`; `FileFormatsError.cannotWrite`.
  public func run(
    progress: ([Double]) -> Void = { _ in }, shouldStop: () -> Bool = { Interruption.isRequested }
  ) throws -> TrainingErrors {
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    } catch {
      throw FileFormatsError.cannotWrite(
        directory.path, reason: "the directory cannot be made; name another")
    }
    let lock = try StudyLock(directory)
    defer { lock.release() }
    try prepare()
    do {
      try trainer.train(in: directory, progress: progress, shouldStop: shouldStop)
    } catch EnginesError.stopped {
      let epoch = TorchNEPTrainer.lastLosses(in: directory)?.first ?? 0
      throw WorkflowsError.interruptedAndKept(
        what: directory.path, done: "\(Int(epoch)) epochs are done")
    }
    return try finish()
  }

  /// Writes the trainer's files, or holds those that are there against this call.
  private func prepare() throws {
    let (train, valid) = (path("train.xyz"), path("valid.xyz"))
    let text =
      "type \(set.elements.count) \(set.elements.map(\.symbol).joined(separator: " "))\n"
      + input
    let exists = FileManager.default.fileExists(atPath: path("training.json"))
    let fresh = FileManager.default.temporaryDirectory
      .appendingPathComponent("training-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: fresh, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: fresh) }
    let (newTrain, newValid) = (
      fresh.appendingPathComponent("train.xyz").path, fresh.appendingPathComponent("valid.xyz").path
    )
    try set.write(train: newTrain, valid: newValid)
    let record = Record(
      train_sha256: try SHA256Digest.hex(ofFile: newTrain),
      valid_sha256: try SHA256Digest.hex(ofFile: newValid),
      input_sha256: SHA256Digest.hex(of: Data(text.utf8)), seed: trainer.seed)
    if exists {
      let kept = try? JSONDecoder().decode(
        Record.self, from: Data(contentsOf: URL(fileURLWithPath: path("training.json"))))
      guard kept == record else {
        throw WorkflowsError.badRun(
          directory: directory.path,
          reason: "it is of other frames, another input or another seed; name another directory")
      }
      return
    }
    try set.write(train: train, valid: valid)
    try AtomicFile.write(text, to: path("nep.in"))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(try encoder.encode(record), to: path("training.json"))
  }

  /// The model with the shifts, and what it is worth.
  private func finish() throws -> TrainingErrors {
    let best = TorchNEPTrainer.model(in: directory).path
    guard let text = try? String(contentsOfFile: best, encoding: .utf8) else {
      throw PotentialsError.missingFile(path: best)
    }
    try AtomicFile.write(
      try NEPShift.adding(set.shifts, to: text, path: best), to: path("nep.txt"))
    let potential = try NEPPotential(path: path("nep.txt"), threads: threads)
    let errors = try TrainingErrors(set, potential)
    try errors.write(to: path("errors.csv"))
    return errors
  }

  private func path(_ name: String) -> String { directory.appendingPathComponent(name).path }
}
