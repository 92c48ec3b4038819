import ArgumentParser
import Workflows

@main
struct Interphase: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "interphase",
    abstract: "What forms where a solid electrolyte touches a metal anode?",
    version: InterphaseVersion.current,
    subcommands: [
      // One verb a line, in the order of the paper.
      Window.self,
      Hull.self,
      Diagram.self,
      React.self,
      Reactivity.self,
      Entries.self,
      Potential.self,
      CalculatorVerb.self,
      Learn.self,
      Energy.self,
      Relax.self,
      Elastic.self,
      Substitute.self,
      SlabVerb.self,
      Interface.self,
      MD.self,
      Serve.self,
      Export.self,
      Analyze.self,
      Bader.self,
      VerdictVerb.self,
      StudyVerb.self,
    ])

  /// Every verb throws; what it throws becomes one message and an exit code (sysexits, cli.md).
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      exit(reporting: error)
    }
  }
}
