import Atomistics
import FileFormats
import Foundation
import Potentials

/// A directory in which `gpumd` runs: `model.xyz`, `run.in`, the potential and a README.
///
/// Units in `run.in`: K, fs, and steps for intervals and the thermostat's constant. Frames go to
/// `dump.xyz`, positions in Å, velocities in Å/fs, times in fs.
///
/// Source: https://gpumd.org/gpumd/input_files/run_in.html (GPUMD 5.6).
public struct GPUMDExport: Sendable {
  public let model: GPUMDModel
  /// The file of the potential, copied beside the input under `potentialName`.
  public let potential: String
  public let run: ExternalRun
  private let steps: ExternalRun.Steps

  public static let potentialName = "nep.txt"

  /// - Parameter potential: the path of a NEP file that knows the structure's elements.
  /// - Throws: `AtomisticsError`, `PotentialsError`.
  public init(_ structure: Structure, potential: String, run: ExternalRun) throws {
    steps = try run.steps()
    model = try GPUMDModel(structure)
    try NEPPotential(path: potential).validate(structure.species)
    self.potential = potential
    self.run = run
  }

  /// Writes the files; each appears whole or not at all.
  ///
  /// - Returns: their names.
  /// - Throws: `WorkflowsError.badRun` where the directory holds a run, whose output GPUMD would go
  ///   on with; `FileFormatsError.cannotWrite`.
  public func write(to directory: String) throws -> [String] {
    func path(_ name: String) -> String { directory + "/" + name }
    for name in ["dump.xyz", "thermo.out"]
    where FileManager.default.fileExists(atPath: path(name)) {
      throw WorkflowsError.badRun(
        directory: directory,
        reason: "it holds \(name) of a run, to which GPUMD would append; name another directory")
    }
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true)
    } catch {
      throw FileFormatsError.cannotWrite(
        directory, reason: "the directory cannot be made (\(error.localizedDescription))")
    }
    try AtomicFile.write(model.text, to: path("model.xyz"))
    try AtomicFile.write(try InputFile.read(potential), to: path(Self.potentialName))
    try AtomicFile.write(runInput, to: path("run.in"))
    try AtomicFile.write(readme, to: path("README.md"))
    return ["model.xyz", Self.potentialName, "run.in", "README.md"]
  }

  /// The text of `run.in`.
  public var runInput: String {
    var lines = [
      "potential \(Self.potentialName)",
      "velocity \(ExternalRun.text(run.temperature)) seed \(run.seed)",
      "time_step \(ExternalRun.text(run.timestep))",
    ]
    if steps.equilibration > 0 {
      lines += [
        "", "# equilibration", ensemble, "dump_thermo \(steps.sample)",
        "run \(steps.equilibration)",
      ]
    }
    lines += [
      "", "# production", ensemble, "dump_thermo \(steps.sample)",
      "# After GPUMD 5.6 dump_exyz is gone; there, use in its place:",
      "# dump_xyz \(steps.sample) dump.xyz velocity unwrapped_position",
      "dump_exyz \(steps.sample) 1", "dump_restart \(10 * steps.sample)",
      "run \(steps.production)",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  private var ensemble: String {
    let name =
      switch run.ensemble {
      case .noseHoover: "nvt_nhc"
      case .langevin: "nvt_lan"
      case .bussi: "nvt_bdp"
      case .nve: "nve"
      }
    guard run.ensemble != .nve else { return "ensemble nve" }
    let temperature = ExternalRun.text(run.temperature)
    let coupling = ExternalRun.text(run.timeConstant / run.timestep)
    return "ensemble \(name) \(temperature) \(temperature) \(coupling)"
  }

  private var readme: String {
    let structure = model.structure
    let velocities =
      structure.velocities == nil
      ? "drawn at that temperature (K) from that seed"
      : "not drawn: those of model.xyz are used, and this line changes nothing"
    var rows = [
      "# \(structure.composition.formula), \(structure.count) atoms, for GPUMD", "",
      "Run `gpumd` in this directory.", "", "| line of run.in | meaning |", "|---|---|",
      "| `potential` | the potential, \(Self.potentialName) |",
      "| `velocity` | velocities, \(velocities) |",
      "| `time_step` | in fs |",
      "| `ensemble` | how the temperature is held: from and to (K), time constant in steps |",
      "| `dump_thermo` | a row of thermo.out every so many steps |",
      "| `dump_exyz` | a frame of dump.xyz every so many steps; 1: with velocities (Å/fs) |",
      "| `dump_restart` | restart.xyz, from which to go on, every so many steps |",
      "| `run` | so many steps |", "",
      "model.xyz: Å, u, Å/fs. Atoms stand in the order of the structure that was exported.", "",
    ]
    for (method, grouping) in model.groupings.enumerated() {
      let groups = grouping.groups.enumerated().map { "\($0) \($1)" }.joined(separator: ", ")
      rows.append("Grouping method \(method), \(grouping.name): \(groups).")
    }
    rows += [
      "", "To analyse: `interphase analyze bonds dump.xyz --structure model.xyz --cluster PS4`.",
    ]
    return rows.joined(separator: "\n") + "\n"
  }
}
