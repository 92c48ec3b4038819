import Atomistics
import Dynamics
import FileFormats
import Foundation

/// The files that grow while a run goes on.
struct DynamicsRunFiles {
  static let trajectoryName = "trajectory.extxyz"
  static let equilibrationName = "equilibration.extxyz"
  static let tableName = "thermo.csv"

  private let trajectory: AppendingFile
  private let equilibration: AppendingFile?
  private let table: AppendingFile
  private let schedule: DynamicsSchedule

  /// Opens the files and cuts off what came after a checkpoint, or everything.
  init(in directory: URL, schedule: DynamicsSchedule, lengths: [String: UInt64]?) throws {
    func open(_ name: String) throws -> AppendingFile {
      let file = try AppendingFile(path: directory.appendingPathComponent(name).path)
      try file.truncate(to: lengths?[name] ?? 0)
      return file
    }
    self.schedule = schedule
    trajectory = try open(Self.trajectoryName)
    equilibration = schedule.equilibration > 0 ? try open(Self.equilibrationName) : nil
    table = try open(Self.tableName)
    if lengths == nil { try table.append(Self.header) }
  }

  var lengths: [String: UInt64] {
    var result = [Self.trajectoryName: trajectory.offset, Self.tableName: table.offset]
    if let equilibration { result[Self.equilibrationName] = equilibration.offset }
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
    try file.append(ExtendedXYZ.text(of: frame))
    try table.append(Self.row(run.observables, equilibration: schedule.isEquilibration(step)))
  }

  func sync() throws {
    try trajectory.sync()
    try equilibration?.sync()
    try table.sync()
  }

  private static let header =
    "step,time_ps,phase,T_K,T_metal_K,T_electrolyte_K,E_potential_eV,E_kinetic_eV,"
    + "E_conserved_eV,pressure_GPa\n"

  private static func row(_ seen: Observables, equilibration: Bool) -> String {
    let values: [Double?] = [
      seen.temperature, seen.metalTemperature, seen.electrolyteTemperature, seen.potentialEnergy,
      seen.kineticEnergy, seen.conservedEnergy, seen.pressure * Units.gigapascal,
    ]
    return "\(seen.step),\(seen.time / 1000),\(equilibration ? "equilibration" : "production"),"
      + values.map { $0.map { "\($0)" } ?? "" }.joined(separator: ",") + "\n"
  }
}
