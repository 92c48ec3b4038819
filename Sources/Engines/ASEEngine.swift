import Atomistics
import FileFormats
import Foundation
import Potentials
import Sockets

/// Any calculator of ASE, by a small client in Python (`Clients/ase_client.py`).
///
/// The Python is `$INTERPHASE_PYTHON`, else that of the calculator's own environment (see
/// `KnownEngine`), else `python3` for a calculator that is no known one.
public struct ASEEngine: ExternalEngine {
  /// What the client is told: "sevennet-l3i5" or "ase.calculators.emt:EMT".
  let specification: String
  private let environment: String

  /// One of the calculators that the client knows by a short name.
  init?(named name: String) {
    let engines: [KnownEngine] = [.sevennet, .chgnet, .gpaw]
    guard let engine = engines.first(where: { $0.calculators.contains(name) }) else { return nil }
    specification = name
    environment = engine.name
    self.name = name
  }

  /// - Parameter specification: `MODULE:CALLABLE` or `FILE.py:CALLABLE`, with `(key=value, ...)`
  ///   after it if wished.
  init(_ specification: String) {
    self.specification = Self.absolute(specification)
    environment = KnownEngine.ase.name
    name = "ase:\(Self.withoutFolder(specification))"
  }

  public let name: String

  /// The specification, with the text of a file that it names, wherever that lies.
  public var recipe: String {
    guard let path = Self.file(of: specification) else { return specification }
    return Self.withoutFolder(specification) + "\n"
      + ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "")
  }

  public var takesOtherAtoms: Bool { true }

  public func locate() throws -> [String] {
    if let path = Self.file(of: specification), !FileManager.default.fileExists(atPath: path) {
      throw EnginesError.missingFile(path: path, what: "a Python file with the calculator")
    }
    let own = KnownEngine.environment(environment).appendingPathComponent("bin/python").path
    let usual = environment == KnownEngine.ase.name ? [own, "python3"] : [own]
    if let found = ProgramSearch.words(variable: "INTERPHASE_PYTHON", names: usual) {
      return found
    }
    throw EnginesError.missing(
      engine: name, what: "there is no Python environment for it",
      install: KnownEngine.installLine(of: name))
  }

  public func command(
    for structure: Structure, at address: SocketAddress, in directory: URL, threads: Int
  ) throws -> ClientCommand {
    let script = directory.appendingPathComponent("ase_client.py")
    try AtomicFile.write(Data(PackageResources.ase_client_py), to: script.path)
    return ClientCommand(
      try locate() + [
        "-u", script.path, "--socket", address.description, "--calculator", specification,
        "--threads", "\(threads)",
      ], threads: threads, environment: ["PYTHONDONTWRITEBYTECODE": "1"])
  }

  public func complaint(in log: String) -> String? {
    let prefix = "ase_client: "
    return log.split(whereSeparator: \.isNewline).last { $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) }
  }

  /// The path before `.py:`, if there is one.
  private static func file(of specification: String) -> String? {
    specification.range(of: ".py:").map { String(specification[..<$0.lowerBound]) + ".py" }
  }

  /// What decides the numbers is the file, not its folder.
  private static func withoutFolder(_ specification: String) -> String {
    guard let path = file(of: specification) else { return specification }
    return URL(fileURLWithPath: path).lastPathComponent + specification.dropFirst(path.count)
  }

  /// The client works in a directory of its own.
  private static func absolute(_ specification: String) -> String {
    guard let path = file(of: specification) else { return specification }
    let full = URL(fileURLWithPath: path).path
    return full + specification.dropFirst(path.count)
  }
}
