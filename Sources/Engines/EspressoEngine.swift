import Atomistics
import FileFormats
import Foundation
import Potentials
import Sockets

/// Quantum ESPRESSO's `pw.x --ipi` with the user's input: its pseudopotentials are the user's to
/// choose, since Debian ships no usable set for these elements.
///
/// The template has the places `{nat}`, `{ntyp}`, `{cell}` (after `CELL_PARAMETERS angstrom`) and
/// `{coordinates}` (after `ATOMIC_POSITIONS angstrom`), and if wished `{kpoints}` (the counts of a
/// mesh at most 0.25 Å⁻¹ wide, after `K_POINTS automatic`, as `{kpoints} 0 0 0`). `tprnfor` and
/// `tstress` are to be true.
public struct EspressoEngine: ExternalEngine {
  public let name: String
  private let template: InputTemplate

  /// - Throws: `EnginesError.missingFile`, `.badTemplate`.
  public init(template path: String) throws {
    name = "espresso:\(URL(fileURLWithPath: path).lastPathComponent)"
    template = try InputTemplate(
      path: path, what: "an input of pw.x", required: ["nat", "ntyp", "cell", "coordinates"])
  }

  public var recipe: String { template.text }

  /// The program and its first arguments, if it is here.
  static var program: [String]? {
    ProgramSearch.words(variable: "INTERPHASE_PW", names: ["pw.x"])
  }

  public func locate() throws -> [String] {
    if let found = Self.program { return found }
    throw EnginesError.missing(
      engine: name, what: "there is no program pw.x", install: KnownEngine.espresso.installLine)
  }

  public func command(
    for structure: Structure, at address: SocketAddress, in directory: URL, threads: Int
  ) throws -> ClientCommand {
    guard case .unix(let path) = address, path.hasPrefix(SocketAddress.namePrefix) else {
      preconditionFailure("clients are started at /tmp/ipi_NAME")
    }
    let rows = [structure.lattice.a, structure.lattice.b, structure.lattice.c]
    let input = InputTemplate.fill(
      template.text,
      [
        "nat": "\(structure.count)", "ntyp": "\(Set(structure.species).count)",
        "cell": rows.map { "\($0.x) \($0.y) \($0.z)" }.joined(separator: "\n"),
        "coordinates": zip(structure.species, structure.positions)
          .map { "\($0.symbol) \($1.x) \($1.y) \($1.z)" }.joined(separator: "\n"),
        "kpoints": KPointMesh(structure.lattice, spacing: 0.25).counts.map { "\($0)" }
          .joined(separator: " "),
      ])
    let file = directory.appendingPathComponent("pw.in")
    try AtomicFile.write(input, to: file.path)
    let socket = String(path.dropFirst(SocketAddress.namePrefix.count))
    return ClientCommand(
      try locate() + ["--ipi", "\(socket):UNIX", "-in", file.path], threads: threads)
  }

  public func complaint(in log: String) -> String? {
    if log.contains("convergence NOT achieved") {
      return "the self-consistent field did not converge"
    }
    let lines = log.split(whereSeparator: \.isNewline).map(String.init)
    guard let head = lines.lastIndex(where: { $0.contains("Error in routine") }) else { return nil }
    return lines[head...].prefix(2).map { $0.trimmingCharacters(in: .whitespaces) }
      .joined(separator: " ")
  }
}
