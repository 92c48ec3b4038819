import Atomistics
import Dynamics
import FileFormats
import Foundation
import Potentials

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
  func settleRecord() throws {
    let path = directory.appendingPathComponent("run.json").path
    var writer = RecordWriter()
    writer.append(structure)
    let wanted = RunRecord(
      version: InterphaseVersion.current, potential: calculator.name, atoms: structure.count,
      structureSHA256: SHA256Digest.hex(of: writer.data), inputs: inputs, settings: settings)
    guard FileManager.default.fileExists(atPath: path) else {
      try refuseStrangers()
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

  /// Files of these names that no `run.json` speaks of are not ours to cut or to go on with.
  private func refuseStrangers() throws {
    let ours = DynamicsRunFiles.names + CheckpointStore.names + [Self.blownUpName]
    let found = ours.filter {
      FileManager.default.fileExists(atPath: directory.appendingPathComponent($0).path)
    }
    guard found.isEmpty else {
      throw WorkflowsError.badRun(
        directory: directory.path,
        reason: "there is no run.json, but \(found.joined(separator: ", ")), which a run would "
          + "write over; choose another directory, or bring run.json back to go on")
    }
  }

  /// The same settings lead to the same place.
  func refuseBlownUp() throws {
    let path = directory.appendingPathComponent(Self.blownUpName).path
    guard FileManager.default.fileExists(atPath: path) else { return }
    throw WorkflowsError.badRun(
      directory: directory.path,
      reason: "it blew up; \(path) has the last frame and, in its second line, the reason. The "
        + "same settings would blow up again: relax the start, shorten the time step or change "
        + "what the reason names, and start in another directory (a study starts anew by itself "
        + "once its settings have changed); or remove \(path) to try again from the last checkpoint"
    )
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
