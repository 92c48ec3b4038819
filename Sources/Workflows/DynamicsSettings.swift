import Atomistics
import Dynamics

/// What a run of molecular dynamics is to do, as `run.json` keeps it.
///
/// | name | unit |
/// |---|---|
/// | `temperature` | K |
/// | `equilibration`, `production`: how long | fs |
/// | `timestep` | fs |
/// | `timeConstant` of the thermostat | fs |
/// | `ramp`: the target goes to another temperature; nil holds it | |
/// | `cell`: the cell is held at a pressure or stress; nil keeps it | |
/// | `frozen`: atoms that do not move; nil for none | |
/// | `regions`: atoms with a thermostat of their own; nil for none | |
/// | `hydrogenMass`: see `MassRepartition`; nil leaves masses as they are | u |
/// | `grades`: what extrapolation grades lead to; nil without an active set | |
/// | `sampleInterval`: from one frame and row to the next | fs |
/// | `checkpointInterval` | fs |
public struct DynamicsSettings: Codable, Hashable, Sendable {
  /// The thermostats that a run may have.
  public enum ThermostatChoice: String, Codable, Sendable, CaseIterable {
    case noseHoover = "nose-hoover"
    case bussi
    case langevin
    case none
  }

  public var temperature: Double
  public var equilibration: Double
  public var production: Double
  public var timestep = 1.0
  public var thermostat = ThermostatChoice.noseHoover
  public var timeConstant = 100.0
  public var ramp: TemperatureRamp?
  public var cell: CellSettings?
  public var frozen: [AtomSelection]?
  public var regions: [RegionSettings]?
  public var hydrogenMass: Double?
  public var grades: GradeSettings?
  public var sampleInterval = 100.0
  public var checkpointInterval = 1000.0
  public var seed: UInt64

  public init(
    temperature: Double, equilibration: Double = 0, production: Double, seed: UInt64 = 1
  ) {
    self.temperature = temperature
    self.equilibration = equilibration
    self.production = production
    self.seed = seed
  }

  /// Throws `AtomisticsError.badQuantity` unless every value can be meant, `DynamicsError.badStart`
  /// if two contradict each other.
  public func validate() throws {
    try Self.requireAbove([
      (temperature, "a temperature above 0 K"), (timestep, "a time step above 0 fs"),
      (timeConstant, "a time constant above 0 fs"),
      (equilibration + production, "a time above 0 ps"),
      (hydrogenMass ?? 1, "a mass above 0 u"),
    ])
    guard equilibration >= 0, production >= 0 else {
      throw AtomisticsError.badQuantity(
        "\(min(equilibration, production)) fs", expected: "a time that is not negative")
    }
    for time in [equilibration, production] { _ = try steps(time) }
    for time in [sampleInterval, checkpointInterval] where try steps(time) < 1 {
      throw AtomisticsError.badQuantity(
        "\(time) fs", expected: "at least one time step (\(timestep) fs)")
    }
    try ramp?.validate()
    try grades?.validate()
    if let interval = grades?.interval, try steps(interval) < 1 {
      throw AtomisticsError.badQuantity(
        "\(interval) fs", expected: "at least one time step (\(timestep) fs) between kept frames")
    }
    try cell?.validate()
    for region in regions ?? [] { try region.validate() }
    try makeEnsemble().check()
  }

  /// Throws `DynamicsError.badStart` if the settings and this structure contradict each other.
  public func validate(for structure: Structure) throws {
    try cell?.validate(for: structure)
    try makeEnsemble().validate(for: structure)
  }

  static func requireAbove(_ values: [(Double, String)]) throws {
    for (value, expected) in values where !(value > 0 && value.isFinite) {
      throw AtomisticsError.badQuantity("\(value)", expected: expected)
    }
  }

  /// How many steps a time (fs) is.
  func steps(_ time: Double) throws -> Int {
    let count = (time / timestep).rounded()
    guard count < 1e15, abs(count * timestep - time) < 1e-6 * max(timestep, 1) else {
      throw AtomisticsError.badQuantity(
        "\(time) fs", expected: "a whole number of time steps of \(timestep) fs")
    }
    return Int(count)
  }
}

/// The settings in whole steps.
struct DynamicsSchedule {
  let equilibration: Int
  let total: Int
  let sample: Int
  let checkpoint: Int
  /// The least number of steps between two frames kept for their grade.
  let keep: Int
  let timestep: Double

  init(_ settings: DynamicsSettings) throws {
    try settings.validate()
    equilibration = try settings.steps(settings.equilibration)
    total = equilibration + (try settings.steps(settings.production))
    sample = try settings.steps(settings.sampleInterval)
    checkpoint = try settings.steps(settings.checkpointInterval)
    keep = try settings.grades.map { try settings.steps($0.interval) } ?? 1
    timestep = settings.timestep
  }

  func isEquilibration(_ step: Int) -> Bool { step < equilibration }

  /// Frames are counted from the start of each part.
  func isSampled(_ step: Int) -> Bool {
    (isEquilibration(step) ? step : step - equilibration).isMultiple(of: sample)
  }

  /// Time since the start of the part that the step belongs to, in fs.
  func time(of step: Int) -> Double {
    Double(isEquilibration(step) ? step : step - equilibration) * timestep
  }
}
