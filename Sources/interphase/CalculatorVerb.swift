import ArgumentParser
import Engines
import Foundation

struct CalculatorVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calculator",
    abstract: "List or install the programs that --calculator can use.",
    discussion: """
      Every program that speaks the i-PI protocol as a client can give energies, forces and stress: \
      Documentation/Calculators.md.

      Example: interphase calculator list
      """,
    subcommands: [CalculatorList.self, CalculatorInstall.self, CalculatorTemplate.self])
}

struct CalculatorList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "The programs known, which are here, and how to install the rest.",
    discussion: "Example: interphase calculator list")

  @OptionGroup var common: CommonOptions

  private struct Row: Encodable {
    let name, summary, licence, install: String
    let calculators: [String]
    let found: String?
    let needsRoot: Bool
  }

  func run() throws {
    let rows = KnownEngine.all.map {
      Row(
        name: $0.name, summary: $0.summary, licence: $0.licence, install: $0.installLine,
        calculators: $0.calculators, found: $0.found?.joined(separator: " "),
        needsRoot: $0.needsRoot)
    }
    if common.json { return try common.printJSON(["calculators": rows]) }
    for row in rows {
      let names = row.calculators.isEmpty ? [row.name] : row.calculators
      print("\(names.joined(separator: ", "))  (\(row.licence))")
      print("  \(row.summary)")
      print("  " + (row.found.map { "here: \($0)" } ?? "not here; \(installHint(row))"))
    }
    print("socket:ADDRESS\n  clients that you start yourself; they come to unix:NAME or HOST:PORT")
  }

  private func installHint(_ row: Row) -> String {
    "interphase calculator install \(row.name)" + (row.needsRoot ? " (as root)" : "")
  }
}

struct CalculatorInstall: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Install one of the programs on Debian.",
    discussion: """
      Runs the line that --print shows: Debian's packages, or a Python environment of its own under \
      $INTERPHASE_ENGINES (~/.cache/interphase/engines) from PyPI.

      Example: interphase calculator install sevennet
      Example: interphase calculator install cp2k --print
      """)

  @Argument(help: "The program: sevennet, chgnet, gpaw, ase, cp2k, espresso, lammps or torchnep.")
  var name: String

  @Flag(name: .customLong("print"), help: "Show the line and run nothing.")
  var printOnly = false

  @Flag(help: "Install even if it is here.")
  var again = false

  @OptionGroup var common: CommonOptions

  private struct Result: Encodable {
    let name, install: String
    let found: String?
    let ran: Bool
  }

  func run() throws {
    guard let engine = KnownEngine.all.first(where: { $0.name == name }) else {
      let known = KnownEngine.all.map(\.name).joined(separator: ", ")
      throw ValidationError("no program is known as '\(name)'; known: \(known)")
    }
    let isNeeded = !printOnly && (again || engine.found == nil)
    if isNeeded {
      common.say(engine.installLine)
      try engine.install()
    }
    let found = engine.found?.joined(separator: " ")
    if common.json {
      return try common.printJSON(
        Result(name: name, install: engine.installLine, found: found, ran: isNeeded))
    }
    if printOnly { return print(engine.installLine) }
    print("\(name) is \(isNeeded ? "now" : "already") here: \(found ?? "")")
  }
}

struct CalculatorTemplate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "template", abstract: "Our input for CP2K, to make your own from.",
    discussion: """
      Places in braces are filled for each structure; a template of yours needs {socket}, {cell} and \
      {coordinates}.

      Example: interphase calculator template -o mine.inp
      Example: interphase energy Li2S.cif --calculator cp2k:mine.inp
      """)

  @OptionGroup var common: CommonOptions

  func run() throws {
    if common.json { return try common.printJSON(["template": CP2KEngine.ownInput]) }
    try deliver(CP2KEngine.ownInput, common)
  }
}
