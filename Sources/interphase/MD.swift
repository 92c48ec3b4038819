import ArgumentParser
import Atomistics
import Dynamics
import FileFormats
import Foundation
import Potentials
import Workflows

struct MD: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "md",
    abstract: "Molecular dynamics at a temperature, and at a pressure if wished.",
    discussion: """
      Writes trajectory.extxyz, thermo.csv and checkpoints into the directory given with -o. \
      However the run ends, the same command with --resume goes on with the same trajectory, to \
      the bit. Velocities are drawn at the temperature unless the file has them. What to choose \
      when: Documentation/Dynamics.md.

      Example: interphase md contact.extxyz --potential nep89 --temperature "300 K" \
      --time "20 ps" --equilibrate "2 ps" -o run1

      At zero pressure in the plane of the contact: add --barostat in-plane --thermostat bussi. \
      Heated: --final-temperature "600 K" --ramp-time "10 ps". The lithium held apart: --region \
      "metal = 300 K".

      With --calculator another program gives the forces; bits are then as equal as that program's. \
      Slow ones deserve a short --checkpoint, and a step that fails loses nothing before it.
      """)

  @Argument(help: "The structure to start from.")
  var file: String

  @OptionGroup var model: CalculatorOptions

  @Option(help: "The precision of a --potential: single (fast) or double.")
  var precision = Precision.single

  @Option(help: "The temperature.")
  var temperature = "300 K"

  @Option(help: "How long to run after the equilibration.")
  var time = "20 ps"

  @Option(help: "How long to equilibrate first.")
  var equilibrate = "0 ps"

  @Option(help: "The time step; 0.5 fs is safer with hydrogen.")
  var timestep = "1 fs"

  @Option(help: "The thermostat: nose-hoover, bussi, langevin or none.")
  var thermostat = DynamicsSettings.ThermostatChoice.noseHoover

  @Option(help: "The thermostat's time constant.")
  var timeConstant = "100 fs"

  @Option(help: "The time from one frame to the next.")
  var every = "0.1 ps"

  @Option(help: "The time from one checkpoint to the next.")
  var checkpoint = "1 ps"

  @Option(help: "The seed of the velocities and of random thermostats.")
  var seed: UInt64 = 1

  @Flag(help: "Go on with the run in the directory.")
  var resume = false

  @Option(help: "The active set of the potential: gives atoms extrapolation grades.")
  var activeSet: String?

  @Option(help: "Frames with a grade above this go to extrapolating.extxyz.")
  var gradeThreshold = 2.0

  @Option(help: "The least time between two such frames.")
  var gradeInterval = "0.1 ps"

  @Option(help: "The grade above which the run stops; it does not by default.")
  var gradeStop: Double?

  @OptionGroup var ensemble: EnsembleOptions

  @OptionGroup var common: CommonOptions

  private struct Result: Encodable {
    let directory: String
    let trajectory: String
    let steps: Int
    let time_ps: Double
    let resumed: Bool
    let grades: GradeSummary?

    private enum Key: String, CodingKey {
      case directory, trajectory, steps, time_ps, resumed, grade_max, grade_step, grade_atom
      case frames_kept
    }

    /// A run without an active set says so with a null.
    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(directory, forKey: .directory)
      try container.encode(trajectory, forKey: .trajectory)
      try container.encode(steps, forKey: .steps)
      try container.encode(time_ps, forKey: .time_ps)
      try container.encode(resumed, forKey: .resumed)
      try container.encode(grades?.peak.grade, forKey: .grade_max)
      try container.encodeIfPresent(grades?.peak.step, forKey: .grade_step)
      try container.encodeIfPresent(grades?.peak.atom, forKey: .grade_atom)
      try container.encodeIfPresent(grades?.kept, forKey: .frames_kept)
    }
  }

  func validate() throws {
    guard common.output != nil else {
      throw ValidationError("give the directory of the run with -o DIR")
    }
    guard activeSet == nil || model.potential != nil else {
      throw ValidationError("--active-set goes with a --potential")
    }
    guard activeSet != nil || gradeStop == nil else {
      throw ValidationError("--grade-stop needs --active-set")
    }
  }

  func run() throws {
    let directory = URL(fileURLWithPath: common.output ?? ".")
    let exists = DynamicsRun.exists(in: directory)
    guard resume || !exists else {
      throw ValidationError(
        "\(directory.path) holds a run; give --resume to go on with it, or another directory")
    }
    let settings = try settings()
    try settings.validate()
    let structure = try StructureFile.read(file)
    let loaded = try model.load(needsStress: settings.cell != nil, common)
    defer { loaded.close() }
    let calculator = try loaded.native.map { try graded($0, loaded.sha256) } ?? loaded.calculator
    var inputs = [loaded.kind: loaded.sha256]
    if let activeSet { inputs["active set"] = try SHA256Digest.hex(ofFile: activeSet) }
    if resume && !exists { common.say("nothing to resume in \(directory.path): starting") }
    Interruption.listen()
    let line = ProgressLine(quiet: common.quiet)
    let state = try DynamicsRun(
      directory: directory, structure: structure, calculator: calculator, settings: settings,
      inputs: inputs
    ).run(say: common.say, progress: { line.show($0.line) })
    line.end()
    let time = Double(state.step) * state.timestep / 1000
    let trajectory = directory.appendingPathComponent("trajectory.extxyz").path
    let grades = try GradeSummary(directory: directory)
    if common.json {
      return try common.printJSON(
        Result(
          directory: directory.path, trajectory: trajectory, steps: state.step, time_ps: time,
          resumed: resume && exists, grades: grades))
    }
    print("\(state.step) steps, \(time) ps, of \(state.structure.count) atoms: \(trajectory)")
    if let grades {
      print(
        "largest grade \(grades.peak.grade), of atom \(grades.peak.atom) at step "
          + "\(grades.peak.step); \(grades.kept) frames kept")
    }
  }

  /// The potential in the precision wished for, with its active set if there is one.
  private func graded(_ potential: NEPPotential, _ sha256: String) throws -> any Calculator {
    guard let activeSet else { return precision.calculator(potential) }
    return precision.calculator(
      potential.graded(
        against: try ActiveSetFile.read(
          activeSet, potentialSHA256: sha256, neurons: potential.header.neurons)))
  }

  private func settings() throws -> DynamicsSettings {
    var settings = DynamicsSettings(
      temperature: try Quantity.temperature(temperature),
      equilibration: try Quantity.time(equilibrate), production: try Quantity.time(time),
      seed: seed)
    settings.timestep = try Quantity.time(timestep)
    settings.thermostat = thermostat
    settings.timeConstant = try Quantity.time(timeConstant)
    settings.sampleInterval = try Quantity.time(every)
    settings.checkpointInterval = try Quantity.time(checkpoint)
    if activeSet != nil {
      var grades = GradeSettings()
      grades.threshold = gradeThreshold
      grades.stop = gradeStop
      grades.interval = try Quantity.time(gradeInterval)
      settings.grades = grades
    }
    try ensemble.apply(to: &settings)
    return settings
  }
}

extension DynamicsSettings.ThermostatChoice: ExpressibleByArgument {}

extension Precision: ExpressibleByArgument {}
