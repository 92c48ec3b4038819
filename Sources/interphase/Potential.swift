import ArgumentParser
import Potentials
import Workflows

struct Potential: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, install or describe potentials.",
    discussion: """
      Potentials known by name are fetched into the user's cache ($INTERPHASE_POTENTIALS, else \
      ~/.cache/interphase/potentials). Wherever a potential is asked for, the path of any nep.txt \
      file does as well.

      Example: interphase potential install nep89
      """,
    subcommands: [
      PotentialList.self, PotentialInstall.self, PotentialInfo.self, PotentialActiveSet.self,
    ])
}

struct PotentialList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The potentials known by name.",
    discussion: "Example: interphase potential list")

  @OptionGroup var common: CommonOptions

  private struct Row: Encodable {
    let name, summary, licence, path: String
    let installed: Bool
  }

  func run() throws {
    let rows = PotentialLibrary.list().map {
      Row(
        name: $0.potential.name, summary: $0.potential.summary, licence: $0.potential.licence,
        path: $0.path, installed: $0.isInstalled)
    }
    if common.json { return try common.printJSON(["potentials": rows]) }
    for row in rows {
      print("\(row.name)  \(row.installed ? "installed" : "not installed")  \(row.licence)")
      print("  \(row.summary)")
    }
  }
}

struct PotentialInstall: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Fetch a potential into the user's cache.",
    discussion: """
      The file is taken out of a package on PyPI with python3 and pip, and checked by its SHA-256. \
      One that is there already is not fetched again; a damaged one is.

      Example: interphase potential install nep89
      """)

  @Argument(help: "The potential's name, as `interphase potential list` gives it.")
  var name: String

  @OptionGroup var common: CommonOptions

  private struct Result: Encodable {
    let name, path: String
    let fetched: Bool
  }

  func run() throws {
    if let item = PotentialLibrary.list().first(where: { $0.potential.name == name }),
      !item.isInstalled
    {
      common.say("Fetching \(name) from PyPI, about ten seconds ...")
    }
    let outcome = try PotentialLibrary.install(name)
    let text =
      switch outcome {
      case .installed(let path): "\(name) is now at \(path)"
      case .alreadyInstalled(let path): "\(name) is already at \(path)"
      case .replacedDamaged(let path): "\(name) at \(path) was damaged; it was fetched anew"
      }
    if common.json {
      let fetched = outcome != .alreadyInstalled(path: outcome.path)
      return try common.printJSON(Result(name: name, path: outcome.path, fetched: fetched))
    }
    print(text)
  }
}
