import Atomistics
import FileFormats
import Foundation
import Potentials

extension LearnRun {
  private var configuration: LearnConfiguration { learning.configuration }

  /// The frames of a round, of every structure; with motion where there is a potential.
  ///
  /// - Parameter training: the directory of the round before.
  func sample(_ number: Int, with training: URL?) throws -> [URL] {
    let round = configuration.round(number)
    let potential = try potential(for: number, training)
    var settings = configuration.sampling
    // Each round has other random numbers, and one that others do not share.
    settings.seed = UInt64(configuration.seed + 1000 * number)
    settings.temperatures = round.temperatures
    settings.duration = round.duration
    // Later rounds differ by the potential that moves the atoms; what does not move is made once.
    settings.kinds = number == 0 ? [] : [.dynamics, .contacts]
    let files = try configuration.structures.map(learning.input)
    let mixtures = potential == nil ? [] : try configuration.mixtures.map(learning.input)
    let names = ["frames.extxyz"] + (mixtures.isEmpty ? [] : ["mixtures.extxyz"])
    let stage = try Stage(
      "round \(number): frames", in: learning.place("round-\(number)", "frames"), revision: 1,
      settings: SampleRecord(settings: settings, round: round),
      inputs: hashes(files + mixtures, potential), outputs: names
    ) { directory in
      let path = directory.appendingPathComponent(names[0]).path
      try make(files, settings, potential, to: path)
      guard !mixtures.isEmpty else { return }
      settings.kinds = [.mixtures]
      try make(mixtures, settings, potential, to: directory.appendingPathComponent(names[1]).path)
    }
    try runner.ensure(stage)
    return names.map { stage.directory.appendingPathComponent($0) }
  }

  private func make(
    _ files: [URL], _ settings: SamplingSettings, _ potential: URL?, to path: String
  ) throws {
    let native = try potential.map { try NEPPotential(path: $0.path, threads: 1) }
    var sampling = Sampling(
      settings, calculator: native,
      sha256: try potential.map { try SHA256Digest.hex(ofFile: $0.path) })
    sampling.atOnce = threads
    let line = ProgressOfThreads(progress)
    let result = try sampling.sample(files.map(\.path), to: path) { now in
      line.progress.update("\(now.done) of \(now.total) recipes, \(now.frames) frames")
    }
    // Kinds that do not suit a structure are no news; trajectories that ended early are.
    for remark in result.remarks where !remark.contains(": no ") { progress.remark(remark) }
  }

  /// The potential that moves atoms in a round.
  private func potential(for number: Int, _ training: URL?) throws -> URL? {
    if number > 0 { return training?.appendingPathComponent("nep.txt") }
    return try configuration.firstPotential.map {
      URL(fileURLWithPath: try PotentialLibrary.resolve($0, relativeTo: learning.directory))
    }
  }

  /// Those frames of a round that are worth a label.
  ///
  /// - Returns: the directory with `chosen.extxyz` and what was found.
  func choose(_ number: Int, _ frames: [URL], known: [URL], with training: URL?) throws -> URL {
    let round = configuration.round(number)
    let known = try known + configuration.labels.map(learning.input)
    let potential = training?.appendingPathComponent("nep.txt")
    let stage = try Stage(
      "round \(number): choice", in: learning.place("round-\(number)", "choice"), revision: 1,
      settings: ["count": Double(round.count), "grade": configuration.stop.grade],
      inputs: hashes(frames + known, potential), outputs: [ChoiceRecord.name]
    ) { directory in
      var selection = FrameSelection(potential: try training.map(graded))
      selection.count = round.count
      selection.grade = training == nil ? nil : configuration.stop.grade
      selection.threads = threads
      let chosen = directory.appendingPathComponent("chosen.extxyz").path
      let result = try selection.select(frames.map(\.path), known: known.map(\.path), to: chosen) {
        [progress] in progress.update($0)
      }
      let candidates =
        result.frames - result.duplicates - result.unphysical.values.reduce(0, +)
      try writeJSON(
        ChoiceRecord(
          frames: result.frames, candidates: candidates, chosen: result.chosen.count,
          extrapolating: training == nil ? nil : candidates - result.withinGrade),
        to: directory, ChoiceRecord.name)
      progress.remark("\(result.chosen.count) of \(candidates) frames")
    }
    try runner.ensure(stage)
    return stage.directory
  }

  /// A round's potential with its active set.
  private func graded(_ training: URL) throws -> NEPPotential {
    let path = training.appendingPathComponent("nep.txt").path
    let potential = try NEPPotential(path: path, threads: threads)
    return potential.graded(
      against: try ActiveSetFile.read(
        training.appendingPathComponent("active-set.json").path,
        potentialSHA256: try SHA256Digest.hex(ofFile: path),
        neurons: potential.header.neurons))
  }

  /// The labels of a choice.
  func label(_ number: Int, _ choice: URL) throws -> (file: URL, count: (Int, Int)) {
    try label(
      "round \(number): labels", choice.appendingPathComponent("chosen.extxyz"),
      in: learning.place("round-\(number)", "labels"))
  }

  private func label(
    _ name: String, _ frames: URL, in directory: URL
  ) throws -> (file: URL, count: (Int, Int)) {
    let stage = try Stage(
      name, in: directory, revision: 1,
      settings: LabelRecord(
        calculator: configuration.calculator, largestForce: configuration.largestForce),
      inputs: hashes([frames]), outputs: ["labelled.extxyz", LabelCount.name]
    ) { directory in
      let labeller = try labeller()
      defer { labeller.close() }
      var labelling = Labelling(
        calculator: labeller.calculator, name: labeller.name, sha256: labeller.sha256)
      labelling.atOnce = labeller.calculator is NEPPotential ? threads : configuration.clients
      labelling.largestForce = configuration.largestForce
      let path = directory.appendingPathComponent("labelled.extxyz").path
      let line = ProgressOfThreads(progress)
      let result = try labelling.label([frames.path], to: path) { now in
        line.progress.update(
          "\(now.done) of \(now.total) labels, \(now.failed) failed",
          fraction: Double(now.done) / Double(max(1, now.total)), secondsLeft: now.secondsLeft)
      }
      guard result.labelled + result.kept > 0 else {
        throw WorkflowsError.badTraining(
          "none of \(result.frames) frames could be labelled: "
            + (result.failures.first?.reason ?? ""))
      }
      try writeJSON(
        LabelCount(
          labelled: result.labelled + result.kept, failed: result.failures.count,
          calculator_sha256: labeller.sha256), to: directory, LabelCount.name)
    }
    try runner.ensure(stage)
    let count = try readJSON(LabelCount.self, from: directory, LabelCount.name)
    return (directory.appendingPathComponent("labelled.extxyz"), (count.labelled, count.failed))
  }

  /// A potential trained on all labels, and its active set.
  ///
  /// - Returns: the directory of the training.
  func train(_ name: String, _ known: [URL], epochs: Int) throws -> URL {
    let files = try known + configuration.labels.map(learning.input)
    try requireOneCalculator(known)
    let input = try configuration.training.input.map { try learning.input($0) }
    let text = try input.map { try InputFile.text($0.path) } ?? NEPTraining.input(epochs: epochs)
    let directory = learning.place(name, "training")
    let stage = try Stage(
      "\(name.replacingOccurrences(of: "-", with: " ")): training", in: directory, revision: 1,
      settings: TrainingRecord(
        input: text, epochs: epochs, seed: configuration.seed,
        holdOut: configuration.training.holdOut),
      inputs: hashes(files), outputs: ["nep.txt", "errors.csv", "active-set.json", Self.errorsName]
    ) { directory in
      let set = try TrainingSet(
        try TrainingFrame.read(files.map(\.path)), holdingOut: configuration.training.holdOut,
        seed: configuration.seed)
      var training = NEPTraining(
        directory: directory, set: set, input: Self.input(text, epochs: epochs))
      (training.seed, training.threads) = (configuration.seed, threads)
      let errors = try training.run { [progress] now in
        progress.update(
          "epoch \(now.epoch) of \(epochs), force \(rounded(now.force, 4)) eV/Å",
          fraction: Double(now.epoch) / Double(epochs), secondsLeft: nil)
      }
      try writeJSON(errors, to: directory, Self.errorsName)
      try makeActiveSet(in: directory)
    }
    try runner.ensure(stage)
    return directory
  }

  private static let errorsName = "errors.json"

  /// The trainer's input with this number of epochs.
  static func input(_ text: String, epochs: Int) -> String {
    let lines = text.split(separator: "\n").filter { $0.split(separator: " ").first != "epoch" }
    return lines.joined(separator: "\n") + "\nepoch \(epochs)\n"
  }

  /// Of the frames that were trained on.
  private func makeActiveSet(in directory: URL) throws {
    let path = directory.appendingPathComponent("nep.txt").path
    let selection = try ActiveSetSelection(
      file: directory.appendingPathComponent("train.xyz").path,
      potential: try NEPPotential(path: path, threads: threads), inStage: directory
    ) { progress.update("active set: \($0)") }
    try ActiveSetFile.write(
      selection.set, potentialSHA256: try SHA256Digest.hex(ofFile: path),
      to: directory.appendingPathComponent("active-set.json").path)
  }

  func errors(_ training: URL) throws -> [TrainingErrors.Row] {
    try readJSON(TrainingErrors.self, from: training, Self.errorsName).rows
  }

  /// Labels of two calculators, or of two versions of one, do not go together.
  private func requireOneCalculator(_ labels: [URL]) throws {
    let digests = try labels.map {
      try readJSON(LabelCount.self, from: $0.deletingLastPathComponent(), LabelCount.name)
        .calculator_sha256
    }
    guard Set(digests).count <= 1 else {
      throw WorkflowsError.badTraining(
        "the labels of the rounds are not all of one calculator (its version or its input changed); "
          + "remove the directories labels/ of the rounds to label anew")
    }
  }

  /// The last potential on structures that no training saw: in motion with it, and labelled.
  func test(_ training: URL) throws -> [TrainingErrors.Row] {
    let round = configuration.round(.max)
    let potential = training.appendingPathComponent("nep.txt")
    let files = try configuration.test.map(learning.input)
    var settings = configuration.sampling
    settings.seed = UInt64(configuration.seed + 999_000)
    settings.temperatures = round.temperatures
    settings.duration = round.duration
    settings.kinds = [.dynamics, .contacts]
    let frames = try Stage(
      "last: test frames", in: learning.place("last", "test-frames"), revision: 1,
      settings: SampleRecord(settings: settings, round: round), inputs: hashes(files, potential),
      outputs: ["frames.extxyz"]
    ) {
      try make(files, settings, potential, to: $0.appendingPathComponent("frames.extxyz").path)
    }
    try runner.ensure(frames)
    let labels = try label(
      "last: test labels", frames.directory.appendingPathComponent("frames.extxyz"),
      in: learning.place("last", "test-labels"))
    let stage = try Stage(
      "last: test", in: learning.place("last", "test"), revision: 1, settings: ["test": 1],
      inputs: hashes([labels.file], potential), outputs: ["errors.csv", Self.errorsName]
    ) { directory in
      let errors = try TrainingErrors(
        test: try TrainingFrame.read([labels.file.path]),
        try NEPPotential(path: potential.path, threads: threads))
      try errors.write(to: directory.appendingPathComponent("errors.csv").path)
      try writeJSON(errors, to: directory, Self.errorsName)
    }
    try runner.ensure(stage)
    return try errors(stage.directory)
  }

  /// What stands in the files, by their names.
  private func hashes(_ files: [URL], _ potential: URL? = nil) throws -> [String: String] {
    var found: [String: String] = [:]
    for (k, file) in files.enumerated() {
      found["\(k + 1) \(file.lastPathComponent)"] = try SHA256Digest.hex(ofFile: file.path)
    }
    if let potential { found["potential"] = try SHA256Digest.hex(ofFile: potential.path) }
    return found
  }
}

/// Told by threads of which one at a time speaks, while the one that made it waits for them.
private struct ProgressOfThreads: @unchecked Sendable {
  let progress: StudyProgress

  init(_ progress: StudyProgress) { self.progress = progress }
}

/// What the frames of a round depend on.
private struct SampleRecord: Encodable {
  let settings: SamplingSettings
  let round: LearnConfiguration.Round
}

private struct LabelRecord: Encodable {
  let calculator: String
  let largestForce: Double
}

/// How many labels there are, beside them.
private struct LabelCount: Codable {
  static let name = "labels.json"

  let labelled, failed: Int
  let calculator_sha256: String
}

private struct TrainingRecord: Encodable {
  let input: String
  let epochs, seed: Int
  let holdOut: Double
}
