import Atomistics
import Dynamics
import FileFormats
import Foundation

/// The files that grow while a run goes on.
struct DynamicsRunFiles {
  static let trajectoryName = "trajectory.extxyz"
  static let equilibrationName = "equilibration.extxyz"
  static let tableName = "thermo.csv"
  static let extrapolatingName = "extrapolating.extxyz"
  /// The files that only a run of this program writes here.
  static let names = [trajectoryName, equilibrationName, tableName, extrapolatingName]

  private let trajectory: AppendingFile
  private let equilibration: AppendingFile?
  private let table: AppendingFile
  private let extrapolating: AppendingFile?
  private let threshold: Double
  /// The first step at which the next frame above the threshold may be kept.
  private(set) var nextKept: UInt64
  private let schedule: DynamicsSchedule
  private let columns: ThermoColumns
  private let information: [(String, String)]

  /// Opens the files and cuts off what came after a checkpoint, or everything.
  init(
    in directory: URL, settings: DynamicsSettings, schedule: DynamicsSchedule,
    after checkpoint: RunCheckpoint?
  ) throws {
    func open(_ name: String) throws -> AppendingFile {
      try AppendingFile(
        path: directory.appendingPathComponent(name).path,
        keeping: checkpoint?.files[name] ?? .nothing)
    }
    self.schedule = schedule
    columns = ThermoColumns(settings)
    information = settings.hydrogenMass.map { [("hydrogen_mass_u", "\($0)")] } ?? []
    trajectory = try open(Self.trajectoryName)
    equilibration = schedule.equilibration > 0 ? try open(Self.equilibrationName) : nil
    table = try open(Self.tableName)
    extrapolating = settings.grades != nil ? try open(Self.extrapolatingName) : nil
    threshold = settings.grades?.threshold ?? .infinity
    nextKept = checkpoint?.nextKept ?? 0
    if checkpoint == nil { try table.append(columns.header) }
  }

  /// What the files hold, by name.
  var contents: [String: FileBeginning] {
    var result = [Self.trajectoryName: trajectory.content, Self.tableName: table.content]
    result[Self.equilibrationName] = equilibration?.content
    result[Self.extrapolatingName] = extrapolating?.content
    return result
  }

  /// Appends the frame and the row of the present step.
  func sample(_ run: MolecularDynamics) throws {
    let step = run.stepCount
    var structure = run.structure
    structure.velocities = nil
    let frame = Frame(
      structure: structure, time: schedule.time(of: step), energy: run.evaluation.energy)
    let file = schedule.isEquilibration(step) ? equilibration ?? trajectory : trajectory
    try file.append(ExtendedXYZ.text(of: frame, info: information))
    try table.append(columns.row(run, equilibration: schedule.isEquilibration(step)))
  }

  /// Appends the frame of the present step if an atom's grade is above the threshold and the last
  /// frame that was kept is long enough ago.
  mutating func keepIfExtrapolating(_ run: MolecularDynamics) throws {
    let step = run.stepCount
    guard let extrapolating, let grades = run.evaluation.grades, UInt64(step) >= nextKept,
      let largest = LargestGrade(grades), largest.grade > threshold
    else { return }
    var structure = run.structure
    structure.velocities = nil
    let frame = Frame(
      structure: structure, time: schedule.time(of: step), energy: run.evaluation.energy)
    let more = [
      ("step", "\(step)"), ("grade_max", "\(largest.grade)"), ("grade_atom", "\(largest.atom)"),
    ]
    try extrapolating.append(
      ExtendedXYZ.text(of: frame, info: information + more, grades: grades))
    nextKept = UInt64(step + schedule.keep)
  }

  func sync() throws {
    try trajectory.sync()
    try equilibration?.sync()
    try table.sync()
    try extrapolating?.sync()
  }
}
