import Atomistics
import Dynamics
import FileFormats
import Foundation
import Potentials

/// Molecular dynamics in a directory: equilibration, then production, going on after any
/// interruption with the same bits.
///
/// | file | what it is |
/// |---|---|
/// | `run.json` | settings, potential and hashes; a run goes on only with the same |
/// | `trajectory.extxyz` | frames of the production, unwrapped, time zero at its start |
/// | `equilibration.extxyz` | frames before it, if there is any equilibration |
/// | `thermo.csv` | temperatures, energies and pressure at every frame |
/// | `checkpoint.bin` | the whole state, lengths and CRC-32 of the files; `checkpoint.previous.bin` is the one before |
/// | `extrapolating.extxyz` | frames with an atom of a grade above the threshold, if there is an active set |
/// | `blown-up.extxyz` | the last frame of a run that blew up |
///
/// After a SIGKILL the files are cut back to the last checkpoint and grow again to the same bytes
/// that they would have had. What is kept must be what was written: files that were edited or
/// damaged are not gone on with.
public struct DynamicsRun {
  static let blownUpName = "blown-up.extxyz"

  public let directory: URL
  let structure: Structure
  let calculator: any Calculator
  let settings: DynamicsSettings
  let inputs: [String: String]

  /// - Parameter inputs: hashes of what the run depends on, by name (the potential's file).
  public init(
    directory: URL, structure: Structure, calculator: any Calculator,
    settings: DynamicsSettings, inputs: [String: String] = [:]
  ) {
    self.directory = directory
    self.structure = structure
    self.calculator = calculator
    self.settings = settings
    self.inputs = inputs
  }

  private var blownUp: URL { directory.appendingPathComponent(Self.blownUpName) }

  /// Whether the directory holds a run, finished or not.
  public static func exists(in directory: URL) -> Bool {
    FileManager.default.fileExists(atPath: directory.appendingPathComponent("run.json").path)
  }

  /// Starts the run, goes on with it, or returns at once if it is complete.
  ///
  /// - Parameters:
  ///   - say: is told what a person should know, such as a damaged checkpoint.
  ///   - progress: is called a few times a second.
  ///   - shouldStop: is asked after every step; the run then writes a checkpoint and stops.
  /// - Returns: the state at the end.
  /// - Throws: `WorkflowsError.stopped`, `.badRun`, `.locked`; `DynamicsError.blewUp`;
  ///   `FileFormatsError.cannotWrite`; `AtomisticsError` for settings and structures that cannot
  ///   be meant. The last checkpoint is kept whatever happens.
  @discardableResult
  public func run(
    say: (String) -> Void = { _ in }, progress: (DynamicsProgress) -> Void = { _ in },
    shouldStop: () -> Bool = { Interruption.isRequested }
  ) throws -> DynamicsState {
    let schedule = try DynamicsSchedule(settings)
    // What cannot run must not leave a directory behind.
    try structure.validate()
    try calculator.validate(Set(structure.species))
    try settings.validate(for: structure)
    try createDirectory(directory)
    let lock = try StudyLock(directory)
    defer { lock.release() }
    try settleRecord()
    try refuseBlownUp()
    let store = CheckpointStore(directory: directory)
    let checkpoint = try store.load(say: say)
    var files = try DynamicsRunFiles(
      in: directory, settings: settings, schedule: schedule, after: checkpoint)
    if let state = checkpoint?.state, state.step == schedule.total { return state }
    var dynamics = try dynamics(from: checkpoint)
    if checkpoint != nil { say(whereItGoesOn(dynamics, schedule)) }
    if checkpoint == nil {
      try files.sample(dynamics)
      try files.keepIfExtrapolating(dynamics)
    }
    var clock = ProgressClock(from: dynamics.stepCount)
    while dynamics.stepCount < schedule.total {
      try advance(&dynamics, schedule, shouldStop) { state in
        try files.sync()
        try store.write(
          RunCheckpoint(state: state, files: files.contents, nextKept: files.nextKept))
      }
      let step = dynamics.stepCount
      if schedule.isSampled(step) { try files.sample(dynamics) }
      try files.keepIfExtrapolating(dynamics)
      let lost = tooFar(dynamics)
      let stops = (shouldStop() || lost != nil) && step < schedule.total
      if step.isMultiple(of: schedule.checkpoint) || step == schedule.total || stops {
        try files.sync()
        try store.write(
          RunCheckpoint(
            state: dynamics.state, files: files.contents, nextKept: files.nextKept))
      }
      if let left = clock.secondsLeft(at: step, of: schedule.total) {
        progress(report(dynamics, schedule, left))
      }
      if stops, let lost { throw lost }
      if stops { throw stopped(after: step, schedule) }
    }
    return dynamics.state
  }

  private func dynamics(from checkpoint: RunCheckpoint?) throws -> MolecularDynamics {
    let ensemble = try settings.makeEnsemble()
    if let checkpoint {
      return try MolecularDynamics(
        restoring: checkpoint.state, calculator: calculator, ensemble: ensemble)
    }
    return try MolecularDynamics(
      structure, calculator: calculator, ensemble: ensemble, timestep: settings.timestep,
      temperature: settings.temperature,
      random: RandomGenerator(seed: settings.seed, stage: "dynamics"))
  }

  /// One step; where another program gives the forces and fails, what was there before it is kept.
  private func advance(
    _ dynamics: inout MolecularDynamics, _ schedule: DynamicsSchedule, _ shouldStop: () -> Bool,
    keep: (DynamicsState) throws -> Void
  ) throws {
    guard calculator.isExternal else { return try step(&dynamics) }
    let before = dynamics.state
    do {
      try step(&dynamics)
    } catch let error as DynamicsError {
      throw error
    } catch {
      try keep(before)
      throw shouldStop() ? stopped(after: before.step, schedule) : error
    }
  }

  /// One step; a run that blows up leaves the frame that shows it.
  private func step(_ dynamics: inout MolecularDynamics) throws {
    do {
      try dynamics.step()
    } catch DynamicsError.blewUp(let step, let reason) {
      let place = keepBlownUp(dynamics, reason: reason)
      throw DynamicsError.blewUp(step: step, reason: reason + place)
    }
  }

  /// Writes the last frame and why it is the last; gives the end of the sentence that tells where.
  private func keepBlownUp(_ dynamics: MolecularDynamics, reason: String) -> String {
    let path = blownUp.path
    var frame = Frame(
      structure: dynamics.structure, time: Double(dynamics.stepCount) * settings.timestep)
    frame.structure.velocities = nil
    guard frame.structure.positions.allSatisfy({ $0.isFinite }) else {
      return "; no frame shows it, since positions are not finite numbers"
    }
    do {
      let more = [("step", "\(dynamics.stepCount)"), ("reason", reason)]
      try AtomicFile.write(ExtendedXYZ.text(of: frame, info: more), to: path)
      return "; the frame that shows it: \(path)"
    } catch {
      // A full disk must not hide why the run ended.
      return "; the frame that shows it could not be written: \(error)"
    }
  }

  /// What to stop with if an atom's grade is above the limit.
  private func tooFar(_ dynamics: MolecularDynamics) -> WorkflowsError? {
    guard let limit = settings.grades?.stop,
      let largest = LargestGrade(dynamics.evaluation.grades), largest.grade > limit
    else { return nil }
    return .stopped(
      directory: directory.path,
      reason: "at step \(dynamics.stepCount) the extrapolation grade of atom \(largest.atom) is "
        + "\(largest.grade), above the limit \(limit)")
  }

  private func report(
    _ dynamics: MolecularDynamics, _ schedule: DynamicsSchedule, _ left: Double?
  ) -> DynamicsProgress {
    DynamicsProgress(
      step: dynamics.stepCount, totalSteps: schedule.total,
      time: Double(dynamics.stepCount) * schedule.timestep,
      totalTime: Double(schedule.total) * schedule.timestep,
      temperature: dynamics.motion.temperature, secondsLeft: left)
  }

  private func whereItGoesOn(_ dynamics: MolecularDynamics, _ schedule: DynamicsSchedule) -> String
  {
    "going on after step \(dynamics.stepCount) of \(schedule.total)"
  }

  private func stopped(after step: Int, _ schedule: DynamicsSchedule) -> WorkflowsError {
    let done = Double(step) * schedule.timestep / 1000
    let total = Double(schedule.total) * schedule.timestep / 1000
    return .stopped(directory: directory.path, reason: "\(done) of \(total) ps are done")
  }
}
