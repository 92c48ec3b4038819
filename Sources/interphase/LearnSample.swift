import ArgumentParser
import Atomistics
import Engines
import Foundation
import Potentials
import Workflows

struct LearnSample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Frames to be labelled, from crystals, contacts and trajectories.",
    discussion: """
      Writes frames of extended XYZ with notes: config_type (the kind), traj (what a frame descends \
      from, the unit of a split), and what made it. Without the name of a kind, crystals are rattled, \
      brought to other volumes and stretched, and with --potential run at temperatures; contacts and \
      slabs (with open sides, or the column region) are relaxed and run as they are.

      The same command goes on with a run that was stopped, and ends with the same bytes.

      Example: interphase learn sample Li6PS5Cl.extxyz Li2S.cif LiCl.cif -o crystals.extxyz
      Example: interphase learn sample Li6PS5Cl.extxyz --dynamics --mixtures --potential nep.txt \
      --temperatures "300, 600 K" -o hot.extxyz
      Example: interphase learn sample contacts/contact-1.extxyz --potential nep.txt -o c.extxyz
      """)

  @Argument(help: "Crystals, contacts, trajectories.") var files: [String]
  @OptionGroup(title: "Which frames") var kinds: SampleKindOptions
  @OptionGroup(title: "Crystals") var crystals: SampleCrystalOptions
  @OptionGroup(title: "Motion") var motion: SampleMotionOptions
  @Option(help: "A potential that we evaluate: its name, or the path of a nep.txt file.")
  var potential: String?
  @Option(help: "A program in its place (interphase calculator list).") var calculator: String?
  @OptionGroup var external: ClientOptions
  @OptionGroup var threading: ThreadOptions
  @Option(help: "The seed of all random numbers.") var seed: UInt64 = 1
  @Option(help: "Every so many-th structure of a file is taken.") var stride = 1
  @Option(
    help: ArgumentHelp(
      "A cluster besides PS4, BH4, BF4 and CN, e.g. 'NO3: N-O3, 1.25 Å, -1'; may be repeated.",
      valueName: Cluster.grammar))
  var cluster: [String] = []
  @Option(help: "Frames with a pair nearer than this times its covalent radii are dropped.")
  var closest = ClosePair.usualLimit
  @OptionGroup var common: CommonOptions

  private struct Output: Encodable {
    let file: String
    let frames, kept: Int
    let groups, dropped: [String: Int]
    let remarks: [String]
  }

  func validate() throws {
    guard common.output != nil else {
      throw ValidationError("name the file of frames with -o FILE.extxyz")
    }
    guard !files.isEmpty else { throw ValidationError("name at least one structure") }
    guard potential == nil || calculator == nil else {
      throw ValidationError("give --potential or --calculator, not both")
    }
    guard potential != nil || calculator != nil || !(kinds.needCalculator || crystals.relax) else {
      throw ValidationError(
        "--dynamics, --mixtures, --contacts and --relax need --potential or --calculator")
    }
  }

  func run() throws {
    let output = common.output ?? ""
    let settings = try settings()
    try settings.validate()
    let threads = threading.count
    let loaded = try load(threads)
    defer { loaded?.close() }
    var sampling = Sampling(
      settings, calculator: loaded.map { single($0) }, sha256: loaded?.sha256)
    sampling.atOnce = loaded?.external == nil ? threads : external.clients
    Interruption.listen()
    let line = SharedProgressLine(quiet: common.quiet)
    let result = try sampling.sample(files, to: output) {
      line.show("\($0.done) of \($0.total) recipes done, \($0.frames) frames")
    }
    line.end()
    try show(result, output)
  }

  /// Recipes go side by side, each on one thread of ours.
  private func load(_ threads: Int) throws -> LoadedCalculator? {
    if let potential { return LoadedCalculator(try PotentialFile(potential)) }
    return try calculator.map {
      try external.start($0, threads: threads, needsStress: false, common)
    }
  }

  /// Motion is in single precision, as in `md`.
  private func single(_ loaded: LoadedCalculator) -> any Calculator {
    loaded.native.map(Precision.single.calculator) ?? loaded.calculator
  }

  private func settings() throws -> SamplingSettings {
    var settings = SamplingSettings()
    settings.kinds = kinds.chosen
    settings.seed = seed
    settings.stride = stride
    settings.closest = closest
    settings.clusters = try Cluster.known(and: cluster.map { try Cluster(parsing: $0) })
    try crystals.apply(to: &settings)
    try motion.apply(to: &settings)
    return settings
  }

  private func show(_ result: Sampling.Result, _ output: String) throws {
    if common.json {
      return try common.printJSON(
        Output(
          file: output, frames: result.frames, kept: result.kept, groups: result.groups,
          dropped: result.dropped, remarks: result.remarks))
    }
    for remark in result.remarks { common.say(remark) }
    let groups = result.groups.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    let before = result.kept > 0 ? " (\(result.kept) from before)" : ""
    print("\(result.frames) frames\(before): \(groups.joined(separator: ", ")); \(output)")
    for (reason, count) in result.dropped.sorted(by: { $0.key < $1.key }) {
      print("\(count) left out: \(reason)")
    }
  }
}
