import Atomistics
import FileFormats
import Foundation
import Potentials

/// A learning at work.
///
/// Every stage keeps what it did: sampling each recipe, labelling each label, training its last
/// checkpoint. A stage is passed over where its inputs and settings are what they were.
public struct LearnRun {
  let learning: Learning
  let threads: Int
  let labeller: () throws -> Labeller
  let runner: StageRunner
  let progress: StudyProgress
  private var configuration: LearnConfiguration { learning.configuration }

  /// - Parameter labeller: opens the calculator; asked only where labels are missing.
  public init(
    _ learning: Learning, threads: Int, quiet: Bool, labeller: @escaping () throws -> Labeller
  ) {
    self.learning = learning
    self.threads = threads
    self.labeller = labeller
    let progress = StudyProgress(quiet: quiet)
    self.progress = progress
    runner = StageRunner(threads: threads, say: progress.begin)
  }

  public struct Outcome: Sendable {
    public let rounds: [LearnRound]
    public let potential: URL
    /// Its errors on frames held out and trained on.
    public let errors: [TrainingErrors.Row]
    /// On the structures of `test`; empty without.
    public let test: [TrainingErrors.Row]
    /// Whether the last round's share is below the limit.
    public let isConverged: Bool
  }

  /// Does what is not done.
  ///
  /// - Throws: errors that say which stage; everything done before is kept.
  public func run() throws -> Outcome {
    let lock = try StudyLock(learning.directory)
    defer { lock.release() }
    try learning.checkElements()
    var known: [URL] = []
    var rounds: [LearnRound] = []
    var last: URL?
    var isConverged = false
    while rounds.count < configuration.stop.mostRounds, !isConverged {
      let number = rounds.count
      let frames = try sample(number, with: last)
      let choice = try choose(number, frames, known: known, with: last)
      let record = try readJSON(ChoiceRecord.self, from: choice, ChoiceRecord.name)
      // Without an active set nobody knows what extrapolates: the first round goes on.
      let found = record.round(number, labels: nil, errors: nil)
      isConverged =
        record.chosen == 0 || found.share.map { $0 < configuration.stop.share } ?? false
      guard !isConverged else {
        rounds.append(found)
        break
      }
      let labels = try label(number, choice)
      known.append(labels.file)
      let training = try train("round-\(number)", known, epochs: configuration.training.epochs)
      last = training
      rounds.append(record.round(number, labels: labels.count, errors: try errors(training)))
      try write(rounds)
    }
    try write(rounds)
    guard !known.isEmpty else {
      throw WorkflowsError.badSampling("no frame was chosen in the first round")
    }
    let final = try train("last", known, epochs: configuration.training.lastEpochs)
    for file in ["nep.txt", "active-set.json"] {
      let data = try InputFile.read(final.appendingPathComponent(file).path)
      try AtomicFile.write(data, to: learning.place(file).path)
    }
    let test = try configuration.test.isEmpty ? [] : test(final)
    return Outcome(
      rounds: rounds, potential: learning.place("nep.txt"), errors: try errors(final), test: test,
      isConverged: isConverged)
  }

  private func write(_ rounds: [LearnRound]) throws {
    func text(_ value: Double?, _ decimals: Int) -> String {
      value.map { CSVTable.field($0, decimals: decimals) } ?? ""
    }
    try CSVTable(
      header: [
        "round", "frames", "candidates", "extrapolating", "share", "labelled", "failed", "trained",
        "valid_energy_meV_per_atom", "valid_force_eV_per_A",
      ],
      rows: rounds.map { round in
        [
          "\(round.round)", "\(round.frames)", "\(round.candidates)",
          round.extrapolating.map(String.init) ?? "", text(round.share, 4), "\(round.labelled)",
          "\(round.failed)", round.trained.map(String.init) ?? "",
          text(round.energy_meV_per_atom, 3), text(round.force_eV_per_A, 5),
        ]
      }
    ).write(to: learning.place("rounds.csv").path)
  }
}

/// What a choice found, beside its frames.
struct ChoiceRecord: Codable {
  static let name = "choice.json"

  let frames, candidates, chosen: Int
  let extrapolating: Int?

  func round(
    _ number: Int, labels: (labelled: Int, failed: Int)?, errors: [TrainingErrors.Row]?
  ) -> LearnRound {
    func all(_ set: String) -> TrainingErrors.Row? {
      errors?.first { $0.set == set && $0.group == "all" }
    }
    return LearnRound(
      round: number, frames: frames, candidates: candidates, extrapolating: extrapolating,
      labelled: labels?.labelled ?? 0, failed: labels?.failed ?? 0, trained: all("train")?.frames,
      energy_meV_per_atom: all("valid").map { 1000 * $0.energy },
      force_eV_per_A: all("valid")?.force)
  }
}
