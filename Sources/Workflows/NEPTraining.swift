import Atomistics
import Engines
import FileFormats
import Foundation
import Potentials

/// The training of a neuroevolution potential in a directory, going on after any interruption.
///
/// | file | what it is |
/// |---|---|
/// | `training.json` | digests of the frames, the input and the model to start from, the seed; a training goes on only with the same |
/// | `train.xyz`, `valid.xyz` | the frames, energies less a shift per element |
/// | `nep.in` | the trainer's input |
/// | `fit.checkpoint`, `loss.csv` | of our own trainer |
/// | `torchnep/`, `trainer.log` | torchnep's own files |
/// | `nep.txt` | the model, with the shifts in it (`NEPShift`) |
/// | `errors.csv` | its errors against the labels by group, evaluated by us |
public struct NEPTraining {
  public enum Trainer: Sendable {
    /// `NEPFit`.
    case own
    case torchnep(TorchNEPTrainer)
  }

  public struct Progress: Sendable {
    public let epoch: Int
    public let epochs: Int?
    /// Root mean square errors on the frames that are trained on, eV/atom and eV/Å.
    public let energy: Double
    public let force: Double
  }

  public let directory: URL
  public let set: TrainingSet
  /// The trainer's input without its first line, `type`.
  public let input: String
  public var trainer = Trainer.own
  public var seed = 1
  /// A model of the input's shape that our trainer goes on from, in place of random numbers.
  public var start: PotentialFile?
  /// Of our trainer, and of the evaluation of errors.
  public var threads = 1

  public init(directory: URL, set: TrainingSet, input: String) {
    self.directory = directory
    self.set = set
    self.input = input
  }

  /// Our input for so many epochs, for our own trainer: the shape of NEP89, which dynamics is fastest
  /// with, and a repulsion by covalent radii.
  public static func input(epochs: Int) -> String {
    """
    version 4
    zbl 2
    use_typewise_cutoff_zbl 0.7
    cutoff 6 5
    n_max 4 4
    basis_size 8 8
    l_max 4 2 1
    neuron 79
    lambda_e 3
    lambda_f 1
    lambda_v 0.2
    batch 4
    epoch \(epochs)
    lr 0.002
    stop_lr 2e-5

    """
  }

  /// The same for torchnep, whose learning rate falls by a factor of 100 in fifty steps
  /// (Documentation/Benchmarks/nep-capacity.md).
  public static func torchnepInput(epochs: Int) -> String {
    let every = max(1, epochs / 50)
    let factor = pow(0.01, Double(every) / Double(epochs))
    return """
      version 4
      zbl 2
      use_typewise_cutoff_zbl 0.7
      cutoff 6 5
      n_max 4 4
      basis_size 8 8
      l_max 4 2 1
      neuron 79
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
    /// "interphase" or "torchnep".
    let trainer: String
    let start_sha256: String?
  }

  /// Trains, or goes on, and writes the model with its errors.
  ///
  /// - Throws: `WorkflowsError.badRun` where the directory holds another training, `.locked`,
  ///   `.interruptedAndKept`; `EnginesError`; `FileFormatsError.cannotWrite`.
  public func run(
    progress: (Progress) -> Void = { _ in },
    shouldStop: () -> Bool = { Interruption.isRequested }
  ) throws -> TrainingErrors {
    // Bad input leaves no directory behind.
    if case .own = trainer { _ = try NEPInput(input) }
    do {
      try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    } catch {
      throw FileFormatsError.cannotWrite(
        directory.path, reason: "the directory cannot be made; name another")
    }
    let lock = try StudyLock(directory)
    defer { lock.release() }
    try prepare()
    switch trainer {
    case .own:
      let training = NativeTraining(
        directory: directory, set: set, input: try NEPInput(input), seed: seed,
        start: start?.file, threads: threads)
      return try finish(try training.run(progress: progress, shouldStop: shouldStop))
    case .torchnep(let trainer):
      return try finish(try model(by: trainer, progress, shouldStop))
    }
  }

  /// torchnep's model, with the shifts in it.
  private func model(
    by trainer: TorchNEPTrainer, _ progress: (Progress) -> Void, _ shouldStop: () -> Bool
  ) throws -> String {
    do {
      try trainer.train(
        in: directory,
        progress: {
          guard $0.count >= 4 else { return }
          progress(Progress(epoch: Int($0[0]), epochs: nil, energy: $0[2], force: $0[3]))
        }, shouldStop: shouldStop)
    } catch EnginesError.stopped {
      let epoch = TorchNEPTrainer.lastLosses(in: directory)?.first ?? 0
      throw WorkflowsError.interruptedAndKept(
        what: directory.path, done: "\(Int(epoch)) epochs are done")
    }
    let best = TorchNEPTrainer.model(in: directory).path
    guard let text = try? String(contentsOfFile: best, encoding: .utf8) else {
      throw PotentialsError.missingFile(path: best)
    }
    return try NEPShift.adding(set.shifts, to: text, path: best)
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
      input_sha256: SHA256Digest.hex(of: Data(text.utf8)), seed: seed,
      trainer: name, start_sha256: start?.sha256)
    if exists {
      let kept = try? JSONDecoder().decode(
        Record.self, from: Data(contentsOf: URL(fileURLWithPath: path("training.json"))))
      guard kept == record else {
        throw WorkflowsError.badRun(
          directory: directory.path,
          reason:
            "it is of other frames, another input, seed, start or trainer; name another directory")
      }
      return
    }
    try set.write(train: train, valid: valid)
    try AtomicFile.write(text, to: path("nep.in"))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try AtomicFile.write(try encoder.encode(record), to: path("training.json"))
  }

  /// Writes the model, and what it is worth.
  private func finish(_ text: String) throws -> TrainingErrors {
    try AtomicFile.write(text, to: path("nep.txt"))
    let potential = try NEPPotential(path: path("nep.txt"), threads: threads)
    let errors = try TrainingErrors(set, potential)
    try errors.write(to: path("errors.csv"))
    return errors
  }

  private var name: String {
    switch trainer {
    case .own: "interphase"
    case .torchnep: "torchnep"
    }
  }

  private func path(_ name: String) -> String { directory.appendingPathComponent(name).path }
}
