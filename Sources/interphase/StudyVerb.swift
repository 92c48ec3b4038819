import ArgumentParser
import Foundation
import Workflows

/// `interphase study ...`
struct StudyVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "From structures to a report, in one directory.",
    discussion: """
      A study is a directory with a study.yaml. Running it does what is not done, goes on after any
      interruption, and redoes only what changed.

      Example: interphase study init mine && interphase study run mine
      """,
    subcommands: [Init.self, Run.self, Status.self, Report.self])

  struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a commented study.yaml to start from.",
      discussion: "Example: interphase study init mine")
    @Argument(help: "The directory to make.") var directory: String
    @OptionGroup var common: CommonOptions

    func run() throws {
      let file = try Study.initialize(directory: directory)
      if common.json { return try common.printJSON(["file": file.path]) }
      print("Wrote \(file.path)")
      print("Read and change it, then: interphase study run \(directory)")
    }
  }

  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Do what is not done.",
      discussion: "Example: interphase study run Examples/argyrodite")
    @Argument(help: "The directory that holds study.yaml.") var directory: String
    @OptionGroup var plan: PlanOptions
    @OptionGroup var common: CommonOptions
    @OptionGroup var threads: ThreadOptions

    func run() throws {
      Interruption.listen()
      let study = try Study(directory: directory)
      let outcome = try study.run(plan: plan.name, threads: threads.count, quiet: common.quiet)
      try show(outcome, common)
    }
  }

  struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say where the study is; computes nothing.",
      discussion: "Example: interphase study status Examples/argyrodite")
    @Argument(help: "The directory that holds study.yaml.") var directory: String
    @OptionGroup var plan: PlanOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
      let status = try Study(directory: directory).status(plan: plan.name)
      if common.json { return try common.printJSON(status) }
      for entry in status.stages {
        print(entry.state.padding(toLength: 10, withPad: " ", startingAt: 0) + entry.stage)
      }
      let done = status.stages.filter { $0.state == "done" }.count
      print("\(done) of \(status.stages.count) stages are done (plan \(status.plan)).")
    }
  }

  struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Draw the report again from the results that are there.",
      discussion: "Example: interphase study report Examples/argyrodite")
    @Argument(help: "The directory that holds study.yaml.") var directory: String
    @OptionGroup var plan: PlanOptions
    @OptionGroup var common: CommonOptions

    func run() throws {
      try show(
        Study(directory: directory).redrawReport(plan: plan.name, quiet: common.quiet), common)
    }
  }
}

/// Which plan of the study.
struct PlanOptions: ParsableArguments {
  @Flag(help: "The plan 'full': the paper's 20 + 200 ps with three seeds.")
  var full = false

  @Option(help: "Another plan of study.yaml, by name.")
  var plan: String?

  var name: String { plan ?? (full ? "full" : "short") }

  func validate() throws {
    if full, plan != nil { throw ValidationError("give --full or --plan, not both") }
  }
}

private func show(_ outcome: StudyOutcome, _ common: CommonOptions) throws {
  if common.json { return try common.printJSON(["report": outcome.report.path]) }
  print(outcome.summary)
  print("Report: \(outcome.report.path)")
}
