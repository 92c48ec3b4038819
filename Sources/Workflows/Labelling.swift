import Atomistics
import Dispatch
import Engines
import FileFormats
import Foundation
import Potentials
import Synchronization

/// Energies, forces and virials of many frames by one calculator, several at a time.
///
/// Every label is on the disk as soon as it is there, so that a run that was stopped, or killed, goes
/// on where it was; labels belong to a frame by the digest of its atoms, cell and positions, and to
/// a calculator by the digest of all that decides its numbers. In the end the frames stand in the
/// order of the input. What could not be labelled is kept apart, with the reason, in a table beside
/// the file, and is not tried again unless that is wished.
public struct Labelling: Sendable {
  /// How many frames are under way at once.
  public var atOnce = 1
  /// A label with a larger force (eV/Å) is no label; nil takes any.
  public var largestForce: Double?
  /// Whether frames that failed before are tried again.
  public var retriesFailed = false
  private let calculator: any Calculator
  private let label: Label

  /// - Parameters:
  ///   - name: what the labels are said to be of.
  ///   - sha256: of all that decides the calculator's numbers.
  public init(calculator: any Calculator, name: String, sha256: String) {
    self.calculator = calculator
    label = Label(name: name, sha256: sha256)
  }

  public struct Failure: Sendable, Codable, Hashable {
    public let source: String
    public let frame_sha256: String
    public let reason: String
  }

  public struct Result: Sendable {
    /// Frames of the input, doubles not counted.
    public let frames: Int
    public let doubles: Int
    /// Labelled in this call.
    public let labelled: Int
    /// Labelled before.
    public let kept: Int
    public let failures: [Failure]
    /// Of the labels made in this call.
    public let secondsEach: Double?
  }

  /// How far it is.
  public struct Progress: Sendable {
    public let done: Int
    public let total: Int
    public let failed: Int
    public let secondsLeft: Double?
  }

  /// The table of failures that belongs to a file of labels.
  public static func failureTable(of path: String) -> String {
    let plain = path.hasSuffix(".extxyz") ? String(path.dropLast(7)) : path
    return plain + "-failed.csv"
  }

  /// Labels the frames of the files into `path`.
  ///
  /// - Throws: errors of reading, before anything is computed; `PotentialsError.unsupportedElement`;
  ///   `WorkflowsError.badRun` where `path` is another file or of another calculator; `EnginesError`
  ///   where the program is missing, or fails with the first five frames one after the other;
  ///   `WorkflowsError.stopped` after `Interruption`; `FileFormatsError.cannotWrite`.
  public func label(
    _ files: [String], to path: String, progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) throws -> Result {
    let (frames, doubles) = try FrameToLabel.read(files)
    for frame in frames { try calculator.validate(Set(frame.structure.species)) }
    let lock = try StudyLock(file: path)
    defer { lock.release() }
    let file = try LabelFile(path: path, label: label)
    let table = FailureTable(path: Self.failureTable(of: path))
    let before = retriesFailed ? [] : try table.read()
    let failedBefore = Set(before.map(\.frame_sha256))
    let open = frames.filter {
      file.texts[$0.digest] == nil && !failedBefore.contains($0.digest)
    }
    let kept = frames.count { file.texts[$0.digest] != nil }
    let board = LabelBoard(
      file: file, output: try file.open(), failures: before, table: table, total: open.count)
    onThreads(min(atOnce, open.count)) {
      while let frame = board.next(of: open), !Interruption.isRequested {
        let outcome = Swift.Result { try evaluate(frame) }
        board.take(outcome, of: frame, label, progress)
      }
    }
    let end = try board.close(first: frames.map(\.digest))
    guard !Interruption.isRequested else {
      throw WorkflowsError.interruptedAndKept(
        what: path, done: "\(kept + end.labelled) of \(frames.count) frames are labelled")
    }
    let present = Set(frames.map(\.digest))
    return Result(
      frames: frames.count, doubles: doubles, labelled: end.labelled, kept: kept,
      failures: end.failures.filter { present.contains($0.frame_sha256) },
      secondsEach: end.labelled > 0 ? end.seconds / Double(end.labelled) : nil)
  }

  private func evaluate(_ frame: FrameToLabel) throws -> Evaluation {
    let found = try calculator.evaluate(frame.structure)
    guard found.energy.isFinite, found.forces.allSatisfy(\.isFinite),
      found.voigtStress.allSatisfy(\.isFinite)
    else { throw NoLabel(reason: "a value that is not a finite number") }
    let largest = found.forces.map(\.length).max() ?? 0
    if let largestForce, largest > largestForce {
      throw NoLabel(
        reason: "a force of \(rounded(largest, 3)) eV/Å, above \(largestForce) eV/Å")
    }
    return found
  }

  /// Runs the body on so many threads at once, more than there are cores if wished: what they wait
  /// for may run elsewhere.
  private func onThreads(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    let done = DispatchSemaphore(value: 0)
    for _ in 0..<count {
      Thread.detachNewThread {
        body()
        done.signal()
      }
    }
    for _ in 0..<count { done.wait() }
  }
}

/// A value that cannot be a label.
private struct NoLabel: ReportableError {
  let reason: String
  var kind: FailureKind { .badData }
  var description: String { "no frame could be labelled; the last one gave \(reason)" }
}

/// The frames that could not be labelled, and why.
private struct FailureTable: Sendable {
  static let header = ["source", "frame_sha256", "reason"]
  let path: String

  func read() throws -> [Labelling.Failure] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    let table = try CSVTable(path: path)
    guard table.header == Self.header else {
      throw WorkflowsError.badRun(
        directory: path, reason: "it is not a table of failed labels; name another file")
    }
    return table.rows.map {
      Labelling.Failure(source: $0[0], frame_sha256: $0[1], reason: $0[2])
    }
  }

  func write(_ failures: [Labelling.Failure]) throws {
    guard !failures.isEmpty else {
      try? FileManager.default.removeItem(atPath: path)
      return
    }
    let rows = failures.map { failure in
      [failure.source, failure.frame_sha256, failure.reason].map {
        $0.split(whereSeparator: \.isNewline).joined(separator: " ")
      }
    }
    try CSVTable(header: Self.header, rows: rows).write(to: path)
  }
}

/// What the threads of a labelling share.
private final class LabelBoard: Sendable {
  private struct State {
    var file: LabelFile
    var failures: [Labelling.Failure]
    var taken = 0
    var labelled = 0
    var failed = 0
    var inARow = 0
    var error: (any Error)?
  }

  private let state: Mutex<State>
  private let output: Output
  private let table: FailureTable
  private let total: Int
  private let start = ContinuousClock.now

  /// Used by one thread at a time: whoever holds the state.
  private struct Output: @unchecked Sendable {
    let file: AppendingFile
  }

  init(
    file: LabelFile, output: AppendingFile, failures: [Labelling.Failure], table: FailureTable,
    total: Int
  ) {
    state = Mutex(State(file: file, failures: failures))
    self.output = Output(file: output)
    self.table = table
    self.total = total
  }

  /// The next frame that nobody has; nil when there is none, or an error ends the whole.
  func next(of frames: [FrameToLabel]) -> FrameToLabel? {
    state.withLock { state in
      guard state.error == nil, state.taken < frames.count else { return nil }
      state.taken += 1
      return frames[state.taken - 1]
    }
  }

  func take(
    _ outcome: Swift.Result<Evaluation, any Error>, of frame: FrameToLabel, _ label: Label,
    _ progress: (Labelling.Progress) -> Void
  ) {
    state.withLock { state in
      do {
        let text = frame.labelled(try outcome.get(), by: label)
        try state.file.append(text, digest: frame.digest, to: output.file)
        state.labelled += 1
        state.inARow = 0
      } catch {
        refuse(error, of: frame, &state)
      }
      let done = state.labelled + state.failed
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      let left = done > 0 ? seconds / Double(done) * Double(total - done) : nil
      progress(.init(done: done, total: total, failed: state.failed, secondsLeft: left))
    }
  }

  /// A frame that cannot be labelled is a failure; a program that is not there ends the whole.
  private func refuse(_ error: any Error, of frame: FrameToLabel, _ state: inout State) {
    guard let reason = Self.reason(error) else {
      state.error = state.error ?? error
      return
    }
    state.failed += 1
    state.inARow += 1
    // A program that fails with everything is not worth the whole queue.
    if state.inARow == 5, state.labelled == 0, error is EnginesError || error is NoLabel {
      state.error = state.error ?? error
      return
    }
    state.failures.removeAll { $0.frame_sha256 == frame.digest }
    state.failures.append(
      .init(source: frame.source, frame_sha256: frame.digest, reason: reason))
    do {
      try table.write(state.failures)
    } catch {
      state.error = state.error ?? error
    }
  }

  /// Why one frame could not be labelled; nil where the trouble is not the frame's.
  private static func reason(_ error: any Error) -> String? {
    switch error {
    case let error as NoLabel: error.reason
    case EnginesError.calculationFailed(_, let reason): reason
    case EnginesError.clientFailed(_, _, let reason, _): reason
    case let error as AtomisticsError: error.description
    default: nil
    }
  }

  /// Puts the file in order; throws what ended the whole.
  func close(first: [String]) throws -> (
    labelled: Int, failures: [Labelling.Failure], seconds: Double
  ) {
    try state.withLock { state in
      try state.file.write(first: first)
      try table.write(state.failures)
      if let error = state.error, !Interruption.isRequested { throw error }
      return (state.labelled, state.failures, (ContinuousClock.now - start) / .seconds(1))
    }
  }
}
