import Atomistics
import Foundation
import Sockets

/// A calculator as a person types it after `--calculator`.
///
/// | text | calculator |
/// |---|---|
/// | `sevennet-l3i5`, `sevennet-0`, `chgnet`, `gpaw` | ASE's, made as `Clients/ase_client.py` has it |
/// | `ase:MODULE:CALLABLE`, `ase:FILE.py:CALLABLE`, with `(key=value, ...)` | any other of ASE |
/// | `cp2k`, `cp2k:TEMPLATE` | CP2K with our input, or yours |
/// | `espresso:TEMPLATE` | Quantum ESPRESSO's pw.x with your input |
/// | `lammps:COMMANDS` | LAMMPS with your pair style |
/// | `socket:ADDRESS` | whoever connects to unix:NAME, unix:/a/path or HOST:PORT |
public enum CalculatorName: Sendable {
  /// A program that we start.
  case engine(any ExternalEngine)
  /// Clients that are started by hand and come to this address.
  case awaited(SocketAddress)

  static let grammar =
    "sevennet-l3i5, sevennet-0, chgnet, gpaw, cp2k, cp2k:TEMPLATE, espresso:TEMPLATE, "
    + "lammps:COMMANDS, ase:MODULE:CALLABLE(key=value, ...) or socket:ADDRESS"

  /// Reads a calculator's name.
  ///
  /// - Throws: `EnginesError.badCalculator`, `.missingFile`, `.badTemplate`;
  ///   `SocketsError.badAddress`.
  public init(_ text: String) throws {
    if let engine = ASEEngine(named: text) {
      self = .engine(engine)
      return
    }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let rest = parts.count == 2 && !parts[1].isEmpty ? String(parts[1]) : nil
    switch (parts[0], rest) {
    case ("cp2k", nil) where parts.count == 1: self = .engine(CP2KEngine())
    case ("cp2k", let path?): self = .engine(try CP2KEngine(template: path))
    case ("espresso", let path?): self = .engine(try EspressoEngine(template: path))
    case ("lammps", let path?): self = .engine(try LAMMPSEngine(commands: path))
    case ("socket", let address?): self = .awaited(try SocketAddress(address))
    case ("ase", let specification?) where specification.contains(":"):
      self = .engine(ASEEngine(specification))
    case ("ase", _):
      throw EnginesError.badCalculator(
        text,
        reason: "after ase: stand a module and what makes the calculator, e.g. "
          + "ase:ase.calculators.emt:EMT")
    case ("espresso", _), ("lammps", _), ("socket", _), ("cp2k", _):
      throw EnginesError.badCalculator(text, reason: "something is missing after \(parts[0]):")
    default: throw EnginesError.badCalculator(text, reason: "it is not known")
    }
  }
}
