import ArgumentParser
import Foundation
import Workflows

struct Learn: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "A potential from the calculations of any program.",
    discussion: """
      run does all of it in a directory with a learn.yaml, round by round; the others do one step each.

      Example: interphase learn init mine && interphase learn run mine
      """,
    subcommands: [
      LearnInit.self, LearnRunVerb.self, LearnSample.self, LearnSelect.self, LearnLabel.self,
      LearnTrain.self, LearnValidate.self, LearnCompare.self,
    ])
}

struct LearnLabel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label",
    abstract: "Energies, forces and virials of many frames, by any calculator.",
    discussion: """
      Reads frames (extended XYZ may hold frames of different atoms) and writes each with its label \
      into the file given with -o: energy (eV, as the calculator gives it), forces (eV/Å), virial \
      = -V stress (eV), stress (eV/Å³). Notes such as config_type and traj are kept. --clients \
      says how many frames are under way at once. Every label is kept as soon as it is there; the \
      same command goes on with a run that was stopped. What could not be labelled stands with its \
      reason in a table beside the file (NAME-failed.csv), and the exit code is then 65.

      Example: interphase learn label train.extxyz --calculator sevennet-l3i5 --clients 2 \
      -o labelled.extxyz
      Example: interphase learn label contacts.extxyz --calculator cp2k --client-timeout "6 h" \
      -o pbe.extxyz
      """)

  @Argument(help: "The frames.")
  var files: [String]

  @OptionGroup var model: CalculatorOptions

  @Option(help: "A label with a larger force, in eV/Å, is none (default: any is taken).")
  var largestForce: Double?

  @Flag(help: "Try frames that failed before again.")
  var retryFailed = false

  @OptionGroup var common: CommonOptions

  private struct Output: Encodable {
    let file, calculator, calculator_sha256: String
    let frames, doubles, labelled, kept: Int
    let failed: [Labelling.Failure]
    let seconds_per_label: Double?
    let versions: [String: String]?
  }

  func validate() throws {
    guard common.output != nil else {
      throw ValidationError("name the file of labelled frames with -o FILE.extxyz")
    }
    guard !files.isEmpty else { throw ValidationError("name at least one file of frames") }
    guard largestForce ?? 1 > 0 else { throw ValidationError("--largest-force is above 0 eV/Å") }
  }

  func run() throws {
    let output = common.output ?? ""
    let loaded = try model.load(common)
    defer { loaded.close() }
    var (calculator, atOnce) = (loaded.calculator, model.clients)
    if var native = loaded.native {
      // Frames are small; they go side by side, each on one thread.
      native.threads = 1
      (calculator, atOnce) = (native, model.threads)
    }
    var labelling = Labelling(
      calculator: calculator, name: loaded.label, sha256: loaded.sha256)
    labelling.atOnce = atOnce
    labelling.largestForce = largestForce
    labelling.retriesFailed = retryFailed
    Interruption.listen()
    let line = SharedProgressLine(quiet: common.quiet)
    let result = try labelling.label(files, to: output) { line.show($0.line) }
    line.end()
    try show(result, output, loaded)
    if !result.failures.isEmpty { throw ExitCode(65) }
  }

  private func show(
    _ result: Labelling.Result, _ output: String, _ loaded: LoadedCalculator
  ) throws {
    if common.json {
      return try common.printJSON(
        Output(
          file: output, calculator: loaded.label, calculator_sha256: loaded.sha256,
          frames: result.frames, doubles: result.doubles, labelled: result.labelled,
          kept: result.kept, failed: result.failures, seconds_per_label: result.secondsEach,
          versions: loaded.external?.versions))
    }
    let before = result.kept > 0 ? ", \(result.kept) from before" : ""
    let pace = result.secondsEach.map { String(format: ", %.2f s each", $0) } ?? ""
    print("\(result.labelled) frames labelled by \(loaded.label)\(pace)\(before): \(output)")
    if result.doubles > 0 { print("\(result.doubles) doubles of frames before them left out") }
    guard !result.failures.isEmpty else { return }
    print("\(result.failures.count) could not be labelled: \(Labelling.failureTable(of: output))")
    for failure in result.failures.prefix(3) { print("  \(failure.source): \(failure.reason)") }
    if result.failures.count > 3 { print("  ...") }
  }
}

extension Labelling.Progress {
  fileprivate var line: String {
    let failures = failed > 0 ? ", \(failed) failed" : ""
    let left = secondsLeft.map { ", \(Self.text($0)) left" } ?? ""
    return "\(done) of \(total) labelled\(failures)\(left)"
  }

  private static func text(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: String(format: "%.0f s", seconds)
    case ..<5400: String(format: "%.0f min", seconds / 60)
    default: String(format: "%.1f h", seconds / 3600)
    }
  }
}
