import Atomistics
import Dispatch
import Dynamics
import FileFormats
import Foundation
import Potentials
import Synchronization

/// Frames that a potential is to be learned from, made of crystals, contacts and trajectories.
///
/// A structure that repeats in all directions and has no sides is a crystal; of it come rattled and
/// turned frames, volumes, stretched clusters, and with a calculator dynamics. Anything else is a contact
/// or a slab; with a calculator it is relaxed and moves, without it is rattled. `SamplingSettings.kinds`
/// names others.
///
/// Every recipe (a kind of frames of one structure, at one temperature) has its own random numbers, by the
/// seed and by what it is, and is in the file whole or not at all: a run that was stopped, or killed,
/// goes on where it was and ends with the same bytes, whatever the number of threads.
public struct Sampling: Sendable {
  /// How many recipes are under way at once.
  public var atOnce = 1
  private let settings: SamplingSettings
  private let calculator: (any Calculator)?
  private let sha256: String?

  /// - Parameter sha256: of all that decides the calculator's numbers.
  public init(
    _ settings: SamplingSettings, calculator: (any Calculator)? = nil, sha256: String? = nil
  ) {
    self.settings = settings
    self.calculator = calculator
    self.sha256 = calculator == nil ? nil : sha256 ?? ""
  }

  public struct Result: Sendable {
    /// Frames in the file, and those of each `config_type`.
    public let frames: Int
    public let groups: [String: Int]
    /// Frames of recipes that were done before.
    public let kept: Int
    /// Frames left out in this call, by the reason.
    public let dropped: [String: Int]
    /// What a person should know of this call: trajectories that ended early, kinds that do not suit.
    public let remarks: [String]
  }

  /// How far it is.
  public struct Progress: Sendable {
    public let done: Int
    public let total: Int
    public let frames: Int
  }

  /// Makes the frames of the files into `path`.
  ///
  /// - Throws: errors of reading, before anything is made; `AtomisticsError.badQuantity` for settings;
  ///   `PotentialsError.unsupportedElement`; `WorkflowsError.badSampling` where nothing can be made or a
  ///   calculator is missing, `.badRun` where `path` is another file or another command's; `.stopped`
  ///   after `Interruption`; `FileFormatsError.cannotWrite`.
  public func sample(
    _ files: [String], to path: String, progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) throws -> Result {
    try settings.validate()
    if calculator == nil, settings.relaxes || settings.kinds.contains(where: \.needsCalculator) {
      throw WorkflowsError.badSampling(
        "dynamics, mixtures, contacts and relaxation need a potential or a calculator")
    }
    let sources = try SampleSource.read(files, stride: settings.stride)
    for source in sources { try check(source) }
    let plan = try SamplingPlan(sources, settings, calculator: sha256)
    let lock = try StudyLock(file: path)
    defer { lock.release() }
    let file = try SampleFile(path: path, recipes: Set(plan.tasks.map(\.digest)))
    let kept = file.groups.values.reduce(0, +)
    let open = plan.tasks.filter { file.texts[$0.digest] == nil }
    let board = SampleBoard(file: file, output: try file.open(), total: open.count)
    let (ready, remarks) = try relaxed(open)
    onThreads(min(atOnce, ready.count)) {
      while let task = board.next(of: ready), !Interruption.isRequested {
        board.take(Swift.Result { try task.make(calculator) }, of: task, progress)
      }
    }
    let end = try board.close(order: plan.tasks.map(\.digest))
    guard !Interruption.isRequested else {
      throw WorkflowsError.interruptedAndKept(
        what: path,
        done: "\(end.file.texts.count) of \(plan.tasks.count) recipes are done")
    }
    let groups = end.file.groups
    return Result(
      frames: groups.values.reduce(0, +), groups: groups, kept: kept, dropped: end.dropped,
      remarks: plan.remarks + remarks + end.remarks.sorted())
  }

  private func check(_ source: SampleSource) throws {
    do {
      try source.structure.validate()
    } catch let error as AtomisticsError {
      throw WorkflowsError.badSampling("\(source.label): \(error.description)")
    }
    try calculator?.validate(Set(source.structure.species))
    if settings.kinds.contains(.mixtures) { try calculator?.validate([settings.metal]) }
  }

  /// The tasks with their crystals relaxed where that is wished; a crystal that falls apart is left out.
  private func relaxed(_ tasks: [SampleTask]) throws -> ([SampleTask], remarks: [String]) {
    guard settings.relaxes, let calculator else { return (tasks, []) }
    let relaxation = SampledRelaxation(largestForce: 0.01, mostSteps: 500)
    var (found, remarks, ready) = ([String: Structure?](), [String](), [SampleTask]())
    for var task in tasks {
      guard task.relaxes else {
        ready.append(task)
        continue
      }
      let label = task.source.label
      if found[label] == nil {
        do {
          let result = try relaxation.relax(
            task.source.structure, cell: .flexible, with: calculator)
          found[label] = .some(result)
          if result == nil { remarks.append("\(label) could not be relaxed: no frames of it") }
        } catch is SamplingStopped {
          return ([], [])
        }
      }
      guard let structure = found[label] ?? nil else { continue }
      task.source.structure = structure
      ready.append(task)
    }
    return (ready, remarks)
  }

  /// Runs the body on so many threads at once.
  private func onThreads(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    let done = DispatchSemaphore(value: 0)
    for _ in 0..<count {
      let thread = Thread {
        body()
        done.signal()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    for _ in 0..<count { done.wait() }
  }
}

/// What the threads of a sampling share.
private final class SampleBoard: Sendable {
  struct State {
    var file: SampleFile
    var taken = 0
    var done = 0
    var frames = 0
    var dropped: [String: Int] = [:]
    var remarks: [String] = []
    var error: (any Error)?
  }

  private let state: Mutex<State>
  private let output: Output
  private let total: Int

  /// Used by one thread at a time: whoever holds the state.
  private struct Output: @unchecked Sendable {
    let file: AppendingFile
  }

  init(file: SampleFile, output: AppendingFile, total: Int) {
    state = Mutex(State(file: file))
    self.output = Output(file: output)
    self.total = total
  }

  /// The next task that nobody has; nil when there is none, or an error ends the whole.
  func next(of tasks: [SampleTask]) -> SampleTask? {
    state.withLock { state in
      guard state.error == nil, state.taken < tasks.count else { return nil }
      state.taken += 1
      return tasks[state.taken - 1]
    }
  }

  func take(
    _ outcome: Swift.Result<(SampledFrames, text: String), any Error>, of task: SampleTask,
    _ progress: (Sampling.Progress) -> Void
  ) {
    state.withLock { state in
      do {
        let (made, text) = try outcome.get()
        try state.file.append(text, digest: task.digest, to: output.file)
        state.frames += made.frames.count
        state.dropped.merge(made.dropped, uniquingKeysWith: +)
        if let remark = made.remark { state.remarks.append("\(task.name): \(remark)") }
      } catch is SamplingStopped {
        return
      } catch let error as AtomisticsError {
        state.remarks.append("\(task.name): \(error.description)")
      } catch let error as DynamicsError {
        state.remarks.append("\(task.name): \(error.description)")
      } catch {
        state.error = state.error ?? error
      }
      state.done += 1
      progress(.init(done: state.done, total: total, frames: state.frames))
    }
  }

  /// Puts the file in order; throws what ended the whole.
  func close(order: [String]) throws -> State {
    try state.withLock { state in
      try state.file.sort(by: order)
      if let error = state.error, !Interruption.isRequested { throw error }
      return state
    }
  }
}
