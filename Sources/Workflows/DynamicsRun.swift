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
/// | `checkpoint.bin` | the whole state and the lengths of the files; `checkpoint.previous.bin` is the one before |
/// | `extrapolating.extxyz` | frames with an atom of a grade above the threshold, if there is an active set |
/// | `blown-up.extxyz` | the last frame of a run that blew up |
///
/// After a SIGKILL the files are cut back to the last checkpoint and grow again to the same bytes
/// that they would have had.
public struct DynamicsRun {
  public let directory: URL
  private let structure: Structure
  private let calculator: any Calculator
  private let settings: DynamicsSettings
  private let inputs: [String: String]

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
    let store = CheckpointStore(directory: directory)
    let checkpoint = try store.load(say: say)
    var files = try DynamicsRunFiles(
      in: directory, settings: settings, schedule: schedule, lengths: checkpoint?.lengths)
    if let state = checkpoint?.state, state.step == schedule.total { return state }
    var dynamics = try dynamics(from: checkpoint)
    if checkpoint == nil {
      try files.sample(dynamics)
      try files.keepIfExtrapolating(dynamics)
    }
    var clock = ProgressClock(from: dynamics.stepCount)
    while dynamics.stepCount < schedule.total {
      try step(&dynamics)
      let step = dynamics.stepCount
      if schedule.isSampled(step) { try files.sample(dynamics) }
      try files.keepIfExtrapolating(dynamics)
      let lost = tooFar(dynamics)
      let stops = (shouldStop() || lost != nil) && step < schedule.total
      if step.isMultiple(of: schedule.checkpoint) || step == schedule.total || stops {
        try files.sync()
        try store.write(RunCheckpoint(state: dynamics.state, lengths: files.lengths))
      }
      if let left = clock.secondsLeft(at: step, of: schedule.total) {
        progress(report(dynamics, schedule, left))
      }
      if stops, let lost { throw lost }
      if stops { throw stopped(dynamics, schedule) }
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

  /// One step; a run that blows up leaves the frame that shows it.
  private func step(_ dynamics: inout MolecularDynamics) throws {
    do {
      try dynamics.step()
    } catch let error as DynamicsError {
      var frame = Frame(
        structure: dynamics.structure, time: Double(dynamics.stepCount) * settings.timestep)
      frame.structure.velocities = nil
      if frame.structure.positions.allSatisfy({ $0.isFinite }) {
        // A full disk must not hide why the run ended.
        let path = directory.appendingPathComponent("blown-up.extxyz").path
        try? AtomicFile.write(ExtendedXYZ.text(of: frame), to: path)
      }
      throw error
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

  private func stopped(_ dynamics: MolecularDynamics, _ schedule: DynamicsSchedule)
    -> WorkflowsError
  {
    let done = Double(dynamics.stepCount) * schedule.timestep / 1000
    let total = Double(schedule.total) * schedule.timestep / 1000
    return .stopped(directory: directory.path, reason: "\(done) of \(total) ps are done")
  }
}

/// What `run.json` says.
private struct RunRecord: Codable, Equatable {
  let version: String
  let potential: String
  let atoms: Int
  let structureSHA256: String
  let inputs: [String: String]
  let settings: DynamicsSettings
}

extension DynamicsRun {
  /// Writes `run.json`, or holds the one that is there against what is asked now.
  private func settleRecord() throws {
    let path = directory.appendingPathComponent("run.json").path
    var writer = RecordWriter()
    writer.append(structure)
    let wanted = RunRecord(
      version: InterphaseVersion.current, potential: calculator.name, atoms: structure.count,
      structureSHA256: SHA256Digest.hex(of: writer.data), inputs: inputs, settings: settings)
    guard FileManager.default.fileExists(atPath: path) else {
      return try AtomicFile.write(try canonicalJSON(wanted, pretty: true) + "\n", to: path)
    }
    guard
      let found = try? JSONDecoder().decode(RunRecord.self, from: try InputFile.read(path))
    else {
      throw WorkflowsError.badRun(
        directory: directory.path,
        reason: "run.json cannot be read as the record of a run; use another directory")
    }
    let changes = Self.differences(found, wanted)
    guard changes.isEmpty else {
      throw WorkflowsError.badRun(
        directory: directory.path,
        reason: "it was started otherwise: \(changes.joined(separator: ", ")); give the same "
          + "settings and inputs to go on, or another directory to start anew")
    }
  }

  /// What differs, as "temperature 300.0, now 310.0".
  private static func differences(_ old: RunRecord, _ new: RunRecord) -> [String] {
    let (a, b) = (old.settings, new.settings)
    let values: [(String, String, String)] = [
      ("potential", old.potential, new.potential),
      ("structure", short(old.structureSHA256), short(new.structureSHA256)),
      ("inputs", "\(old.inputs.sorted { $0 < $1 })", "\(new.inputs.sorted { $0 < $1 })"),
      ("temperature in K", "\(a.temperature)", "\(b.temperature)"),
      ("equilibration in fs", "\(a.equilibration)", "\(b.equilibration)"),
      ("time in fs", "\(a.production)", "\(b.production)"),
      ("time step in fs", "\(a.timestep)", "\(b.timestep)"),
      ("thermostat", a.thermostat.rawValue, b.thermostat.rawValue),
      ("time constant in fs", "\(a.timeConstant)", "\(b.timeConstant)"),
      ("ramp", a.ramp?.text ?? "none", b.ramp?.text ?? "none"),
      ("cell", a.cell?.barostat.name ?? "fixed", b.cell?.barostat.name ?? "fixed"),
      ("frozen atoms", list(a.frozen), list(b.frozen)),
      ("regions", list(a.regions?.map(\.text)), list(b.regions?.map(\.text))),
      (
        "hydrogen mass in u", a.hydrogenMass.map { "\($0)" } ?? "its own",
        b.hydrogenMass.map { "\($0)" } ?? "its own"
      ),
      ("grades", a.grades?.description ?? "none", b.grades?.description ?? "none"),
      ("sampling in fs", "\(a.sampleInterval)", "\(b.sampleInterval)"),
      ("checkpoints in fs", "\(a.checkpointInterval)", "\(b.checkpointInterval)"),
      ("seed", "\(a.seed)", "\(b.seed)"),
    ]
    return values.filter { $0.1 != $0.2 }.map { "\($0.0) \($0.1), now \($0.2)" }
  }

  private static func list(_ values: [some CustomStringConvertible]?) -> String {
    values?.map(\.description).joined(separator: " and ") ?? "none"
  }

  private static func short(_ hash: String) -> String { String(hash.prefix(12)) }
}
