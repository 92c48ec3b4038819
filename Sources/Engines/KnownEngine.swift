import Foundation

/// A program that can be a calculator: what it is, and the line that installs it on Debian 12.
///
/// The lines stand in `Documentation/Calculators.md` and `Scripts/install-calculator` too; a test
/// holds the three together.
public struct KnownEngine: Sendable, Hashable {
  /// What a person types after `interphase calculator install`, and the folder of its Python.
  public let name: String
  /// What a person types after `--calculator`.
  public let calculators: [String]
  public let summary: String
  public let licence: String
  /// One line of shell.
  public let installLine: String
  /// Whether the line needs the rights of root.
  public let needsRoot: Bool

  /// The program, or its Python, if it is here.
  public var found: [String]? {
    switch name {
    case Self.cp2k.name: try? CP2KEngine().locate()
    case Self.espresso.name: EspressoEngine.program
    case Self.lammps.name: LAMMPSEngine.program
    default:
      ProgramSearch.words(
        variable: "INTERPHASE_PYTHON",
        names: [Self.environment(name).appendingPathComponent("bin/python").path])
    }
  }

  /// Runs the line; what it writes goes to standard error.
  ///
  /// - Throws: `EnginesError.cannotInstall`.
  public func install() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    // Nothing but a result stands on standard output.
    process.arguments = ["-c", "{ \(installLine); } 1>&2"]
    do {
      try process.run()
    } catch {
      throw EnginesError.cannotInstall(engine: name, line: installLine, reason: "\(error)")
    }
    process.waitUntilExit()
    guard process.terminationStatus == 0, found != nil else {
      let code = process.terminationStatus
      throw EnginesError.cannotInstall(
        engine: name, line: installLine,
        reason: code == 0
          ? "it is still not found"
          : "the line left with \(code)"
            + (needsRoot && getuid() != 0 ? "; it needs the rights of root" : ""))
    }
  }

  public static let all = [sevennet, chgnet, gpaw, ase, cp2k, espresso, lammps, torchnep]

  static let sevennet = KnownEngine(
    name: "sevennet", calculators: ["sevennet-l3i5", "sevennet-0"],
    summary: "SevenNet, equivariant networks for all elements; l3i5 is what Interphase learns from",
    licence: "MIT",
    installLine: python("sevennet", "sevenn==0.13.0 ase==3.29.0 torch==2.13.0"), needsRoot: false)
  static let chgnet = KnownEngine(
    name: "chgnet", calculators: ["chgnet"],
    summary: "CHGNet 0.3.0, a network with magnetic moments for all elements",
    licence: "BSD-3-Clause",
    installLine: python("chgnet", "chgnet==0.4.2 ase==3.29.0 torch==2.13.0"), needsRoot: false)
  static let gpaw = KnownEngine(
    name: "gpaw", calculators: ["gpaw"],
    summary: "GPAW, density functional theory: PBE, plane waves of 520 eV, smearing of 0.05 eV",
    licence: "GPL-3.0",
    installLine: apt("python3-venv python3-dev libxc-dev libopenblas-dev libfftw3-dev g++")
      + " && E=\"\(environmentRoot)/gpaw\" && python3 -m venv \"$E\" && printf 'compiler = \"g++\"\\n"
      + "libraries = [\"xc\", \"openblas\", \"fftw3\"]\\nfftw = True\\nmpi = False\\n' "
      + "> \"$E/siteconfig.py\" && GPAW_CONFIG=\"$E/siteconfig.py\" \"$E/bin/pip\" install "
      + "ase==3.29.0 gpaw==26.7.0 gpaw-data==1.2.1",
    needsRoot: true)
  static let torchnep = KnownEngine(
    name: "torchnep", calculators: [],
    summary: "no calculator, but the trainer of interphase learn train", licence: "GPL-3.0",
    installLine: python("torchnep", "torchnep==1.0.7 numpy torch==2.13.0"), needsRoot: false)
  static let ase = KnownEngine(
    name: "ase", calculators: ["ase:MODULE:CALLABLE(...)"],
    summary: "any calculator of ASE, or of a Python file of your own", licence: "LGPL-2.1+",
    installLine: python("ase", "ase==3.29.0 numpy==2.2.6"), needsRoot: false)
  static let cp2k = KnownEngine(
    name: "cp2k", calculators: ["cp2k", "cp2k:TEMPLATE"],
    summary: "CP2K, density functional theory: PBE, GTH potentials, MOLOPT basis sets",
    licence: "GPL-2.0+", installLine: apt("cp2k cp2k-data libopenblas0"), needsRoot: true)
  static let espresso = KnownEngine(
    name: "espresso", calculators: ["espresso:TEMPLATE"],
    summary: "Quantum ESPRESSO's pw.x with your input and pseudopotentials", licence: "GPL-2.0+",
    installLine: apt("quantum-espresso quantum-espresso-data"), needsRoot: true)
  static let lammps = KnownEngine(
    name: "lammps", calculators: ["lammps:COMMANDS"],
    summary: "LAMMPS with the pair style of your commands", licence: "GPL-2.0",
    installLine: apt("lammps"), needsRoot: true)

  /// The line for what a calculator of this name needs.
  static func installLine(of calculator: String) -> String? {
    let kind = calculator.prefix { $0 != ":" && $0 != " " }
    return all.first { engine in
      engine.calculators.contains { $0 == kind || $0.hasPrefix("\(kind):") }
    }?.installLine
  }

  /// Where Python environments are, in the words of a shell.
  private static let environmentRoot = "${INTERPHASE_ENGINES:-$HOME/.cache/interphase/engines}"

  private static func apt(_ packages: String) -> String {
    "apt-get update -qq && apt-get install -y --no-install-recommends \(packages)"
  }

  private static func python(_ name: String, _ packages: String) -> String {
    "E=\"\(environmentRoot)/\(name)\" && python3 -m venv \"$E\" && \"$E/bin/pip\" install \(packages)"
  }

  /// Where the Python environment of that name is, or would be.
  static func environment(
    _ name: String, _ variables: [String: String] = ProcessInfo.processInfo.environment
  ) -> URL {
    let home = variables["HOME"] ?? NSHomeDirectory()
    let root = variables["INTERPHASE_ENGINES"].flatMap { $0.isEmpty ? nil : $0 }
    return URL(fileURLWithPath: root ?? home + "/.cache/interphase/engines")
      .appendingPathComponent(name)
  }
}
