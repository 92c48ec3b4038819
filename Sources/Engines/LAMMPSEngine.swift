import Atomistics
import FileFormats
import Foundation
import Potentials
import Sockets

/// LAMMPS by `fix ipi`, with the user's commands for the potential.
///
/// The user's file holds `pair_style`, `pair_coeff` and what else they need, in `units metal`; it
/// may have the place `{elements}`, the elements in the order of the types. We write the rest: the
/// atoms, and the pressure's computes that the virial comes from.
///
/// LAMMPS knows cells in its own triangular form only; positions are turned into it and what comes
/// back is turned again (`LAMMPSCell`).
public struct LAMMPSEngine: ExternalEngine {
  public let name: String
  private let commands: InputTemplate

  /// - Throws: `EnginesError.missingFile`.
  public init(commands path: String) throws {
    name = "lammps:\(URL(fileURLWithPath: path).lastPathComponent)"
    commands = try InputTemplate(
      path: path, what: "LAMMPS's commands for the potential", required: [])
  }

  public var recipe: String { commands.text }
  public var wantsTriangularCell: Bool { true }

  /// The program and its first arguments, if it is here.
  static var program: [String]? {
    ProgramSearch.words(
      variable: "INTERPHASE_LAMMPS", names: ["lmp", "lmp_serial", "lmp_mpi"])
  }

  public func locate() throws -> [String] {
    if let found = Self.program { return found }
    throw EnginesError.missing(
      engine: name, what: "there is no program lmp", install: KnownEngine.lammps.installLine)
  }

  public func command(
    for structure: Structure, at address: SocketAddress, in directory: URL, threads: Int
  ) throws -> ClientCommand {
    guard case .unix(let path) = address, path.hasPrefix(SocketAddress.namePrefix) else {
      preconditionFailure("clients are started at /tmp/ipi_NAME")
    }
    let data = try LAMMPSData(structure)
    let dataFile = directory.appendingPathComponent("atoms.data")
    try AtomicFile.write(data.text, to: dataFile.path)
    let potential = InputTemplate.fill(
      commands.text, ["elements": data.elements.map(\.symbol).joined(separator: " ")])
    // Relative paths in the user's commands are seen from where their file is.
    let home = URL(fileURLWithPath: commands.path).deletingLastPathComponent().path
    let input = """
      units metal
      atom_style atomic
      atom_modify map yes
      boundary \(structure.periodic.map { $0 ? "p" : "s" }.joined(separator: " "))
      \(data.isTiltedFar ? "box tilt large" : "")
      read_data \(dataFile.path)
      \(structure.periodic == [true, true, true] ? "change_box all triclinic" : "")
      shell cd \(home)
      \(potential)
      thermo 1000000
      fix server all ipi \(path.dropFirst(SocketAddress.namePrefix.count)) 1 unix
      run 100000000

      """
    let file = directory.appendingPathComponent("lammps.in")
    try AtomicFile.write(input, to: file.path)
    return ClientCommand(
      try locate() + ["-in", file.path, "-log", "none"], threads: threads)
  }

  public func complaint(in log: String) -> String? {
    log.split(whereSeparator: \.isNewline).last { $0.hasPrefix("ERROR") }.map(String.init)
  }
}
