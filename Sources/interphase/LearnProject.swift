import ArgumentParser
import Engines
import FileFormats
import Foundation
import Potentials
import Workflows

struct LearnInit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a commented learn.yaml to start from.",
    discussion: "Example: interphase learn init mine")
  @Argument(help: "The directory to make.") var directory: String
  @OptionGroup var common: CommonOptions

  func run() throws {
    let file = try Learning.initialize(directory: directory)
    if common.json { return try common.printJSON(["file": file.path]) }
    print("Wrote \(file.path)")
    print("Read and change it, then: interphase learn run \(directory)")
  }
}

struct LearnRunVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Learn a potential round by round: sample, select, label, train, again.",
    discussion: """
      Does what learn.yaml of the directory says. The first round makes frames of the structures and \
      labels those that are most unlike; each later one moves the structures with the potential so far, \
      labels what it extrapolates to, and trains again, until few frames are left in which it does. \
      Stopped, the same command goes on where it was; rounds.csv has what each round found.

      Example: interphase learn run mine
      """)
  @Argument(help: "The directory that holds learn.yaml.") var directory: String
  @OptionGroup var threading: ThreadOptions
  @OptionGroup var common: CommonOptions

  private struct Output: Encodable {
    let potential: String
    let converged: Bool
    let rounds: [LearnRound]
    let errors, test: [TrainingErrors.Row]
  }

  func run() throws {
    let learning = try Learning(directory: directory)
    let threads = threading.count
    Interruption.listen()
    let run = LearnRun(learning, threads: threads, quiet: common.quiet) {
      try labeller(learning, threads)
    }
    let outcome = try run.run()
    if common.json {
      return try common.printJSON(
        Output(
          potential: outcome.potential.path, converged: outcome.isConverged,
          rounds: outcome.rounds, errors: outcome.errors, test: outcome.test))
    }
    show(outcome)
  }

  private func labeller(_ learning: Learning, _ threads: Int) throws -> Labeller {
    let (configuration, prefix) = (learning.configuration, "potential:")
    let name = configuration.calculator
    let loaded =
      if name.hasPrefix(prefix) {
        LoadedCalculator(
          try PotentialFile(
            name.dropFirst(prefix.count).trimmingCharacters(in: .whitespaces),
            relativeTo: learning.directory))
      } else {
        try LoadedCalculator(
          program: name, clients: configuration.clients, threads: threads, needsStress: false,
          common)
      }
    return Labeller(
      calculator: loaded.calculator, name: loaded.label, sha256: loaded.sha256,
      close: { loaded.close() })
  }

  private func show(_ outcome: LearnRun.Outcome) {
    print("round  frames  extrapolating  labelled  held out: meV/atom   eV/Å")
    for round in outcome.rounds {
      let share = round.share.map { String(format: "%.1f %%", 100 * $0) } ?? "-"
      let energy = round.energy_meV_per_atom.map { String(format: "%.2f", $0) } ?? "-"
      let force = round.force_eV_per_A.map { String(format: "%.4f", $0) } ?? "-"
      func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
      }
      print(
        right("\(round.round)", 5) + right("\(round.candidates)", 8) + right(share, 15)
          + right("\(round.labelled)", 10) + right(energy, 20) + right(force, 8))
    }
    let end =
      outcome.isConverged
      ? "few enough frames are left in which it extrapolates"
      : "the last round still extrapolated in more frames than learn.yaml allows"
    print(end)
    for (what, rows) in [
      ("held out", outcome.errors.filter { $0.set == "valid" }),
      ("test", outcome.test),
    ] {
      for row in rows where row.group == "all" {
        print(
          "\(what): \(row.frames) frames, "
            + String(format: "%.2f meV/atom, %.4f eV/Å", 1000 * row.energy, row.force))
      }
    }
    print("the potential: \(outcome.potential.path), with active-set.json beside it")
  }
}
