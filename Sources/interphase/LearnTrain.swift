import ArgumentParser
import Engines
import Foundation
import Workflows

struct LearnTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a neuroevolution potential on labelled frames.",
    discussion: """
      Reads frames with energies and forces (virial or stress if they have it), holds whole \
      trajectories (the note traj) out, and trains a NEP in GPUMD's format in the directory given \
      with -o. There nep.txt is the model, energies as the labels have them, errors.csv its errors \
      by group (the note config_type) and loss.csv those of each epoch. Stopped, the same command \
      goes on after the last checkpoint.

      --start begins with the numbers of a potential of the same shape, for a fine-tuning to other \
      frames or weights: fewer epochs, and a lower lr in --input.

      --input is the trainer's input, nep.in without its line type; --print-input shows ours. \
      --trainer torchnep trains with torchnep (interphase calculator install torchnep), which uses \
      a GPU where there is one.

      Example: interphase learn train labelled.extxyz --epochs 500 -o first
      """)

  @Argument(help: "The labelled frames.")
  var files: [String] = []

  @Option(help: "Frames to hold the model against, in place of trajectories of FILES.")
  var valid: [String] = []

  @Option(help: "The share of frames that is held out.")
  var holdOut = 0.1

  @Option(help: "How many epochs our input trains.")
  var epochs = 200

  @Option(help: "The trainer's input, nep.in without its line type, in place of ours.")
  var input: String?

  @Flag(help: "Show our input and train nothing.")
  var printInput = false

  @Option(help: "The seed of the weights, the batches and the split.")
  var seed = 1

  @Option(help: "A potential of the input's shape to go on from, in place of random numbers.")
  var start: String?

  @Option(help: "interphase, our own on processors, or torchnep.")
  var trainer = "interphase"

  @Option(help: "Where torchnep trains: cpu or cuda (default: cuda where there is one).")
  var device: String?

  @OptionGroup var threading: ThreadOptions

  @OptionGroup var common: CommonOptions

  private struct Output: Encodable {
    let directory, potential: String
    let trainFrames, validFrames: Int
    let shifts_eV_per_atom: [String: Double]
    let errors: [TrainingErrors.Row]
  }

  func validate() throws {
    guard epochs >= 1 else { throw ValidationError("--epochs is at least 1") }
    guard holdOut > 0, holdOut < 1 else { throw ValidationError("--hold-out is between 0 and 1") }
    guard device.map({ ["cpu", "cuda"].contains($0) }) ?? true else {
      throw ValidationError("--device is cpu or cuda")
    }
    guard ["interphase", "torchnep"].contains(trainer) else {
      throw ValidationError("--trainer is interphase or torchnep")
    }
    guard device == nil || trainer == "torchnep" else {
      throw ValidationError("--device is for --trainer torchnep")
    }
    guard start == nil || trainer == "interphase" else {
      throw ValidationError("--start is for our own trainer")
    }
    guard !printInput else { return }
    guard !files.isEmpty else { throw ValidationError("name at least one file of labelled frames") }
    guard common.output != nil else {
      throw ValidationError("name the directory of the training with -o DIR")
    }
  }

  func run() throws {
    if printInput { return print(defaultInput, terminator: "") }
    let frames = try TrainingFrame.read(files)
    let set =
      valid.isEmpty
      ? try TrainingSet(frames, holdingOut: holdOut, seed: seed)
      : try TrainingSet(train: frames, valid: try TrainingFrame.read(valid))
    if !set.strangers.isEmpty {
      common.say("held out and not trained on: \(set.strangers.joined(separator: ", "))")
    }
    let directory = URL(fileURLWithPath: common.output ?? ".")
    var training = NEPTraining(
      directory: directory, set: set, input: try text())
    training.seed = seed
    training.start = try start.map { try PotentialFile($0) }
    training.threads = threading.count
    if trainer == "torchnep" {
      var torchnep = TorchNEPTrainer()
      torchnep.seed = seed
      torchnep.device = device
      // More threads than one make these small tensors slower.
      torchnep.threads = threading.given ?? 1
      training.trainer = .torchnep(torchnep)
    }
    Interruption.listen()
    common.say("training on \(set.train.count) frames, \(set.valid.count) held out")
    let line = ProgressLine(quiet: common.quiet)
    let errors = try training.run { line.show(Self.line($0)) }
    line.end()
    try show(errors, set, directory)
  }

  private var defaultInput: String {
    trainer == "torchnep"
      ? NEPTraining.torchnepInput(epochs: epochs) : NEPTraining.input(epochs: epochs)
  }

  private func text() throws -> String {
    guard let input else { return defaultInput }
    guard let text = try? String(contentsOfFile: input, encoding: .utf8) else {
      throw WorkflowsError.missing(path: input, hint: "name the trainer's input, without type")
    }
    return text
  }

  private func show(_ errors: TrainingErrors, _ set: TrainingSet, _ directory: URL) throws {
    let potential = directory.appendingPathComponent("nep.txt").path
    if common.json {
      return try common.printJSON(
        Output(
          directory: directory.path, potential: potential, trainFrames: set.train.count,
          validFrames: set.valid.count,
          shifts_eV_per_atom: Dictionary(
            uniqueKeysWithValues: set.shifts.map { ($0.key.symbol, $0.value) }),
          errors: errors.rows))
    }
    print("set    group             frames  energy meV/atom  force eV/Å  virial meV/atom")
    for row in errors.rows {
      let virial = row.virial.map { String(format: "%.2f", 1000 * $0) } ?? "-"
      let name = row.group.padding(toLength: 16, withPad: " ", startingAt: 0)
      let set = row.set.padding(toLength: 5, withPad: " ", startingAt: 0)
      print(
        "\(set)  \(name)  "
          + String(format: "%6d  %15.2f  %10.4f  ", row.frames, 1000 * row.energy, row.force)
          + virial)
    }
    print("the potential: \(potential)")
  }

  private static func line(_ progress: NEPTraining.Progress) -> String {
    let of = progress.epochs.map { " of \($0)" } ?? ""
    return String(
      format: "epoch %d%@, force %.4f eV/Å, energy %.2f meV/atom", progress.epoch, of,
      progress.force, 1000 * progress.energy)
  }
}
