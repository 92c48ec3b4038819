import ArgumentParser
import Atomistics
import Engines
import FileFormats
import Foundation
import Potentials
import Workflows

struct LearnValidate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "How far a potential can be trusted: errors, crystals, reactions.",
    discussion: """
      Holds a potential against labelled frames: errors of energy, force and virial by group (the note \
      config_type) and trajectory (traj), and the slope of its energies along trajectories. With \
      --crystals and a reference, another --calculator or --reference-potential, also lattice \
      constants, energies of formation, equations of state, elastic constants, phonons at Γ, bonds of \
      clusters and --reactions.

      Writes tables (CSV), figures, validation.html and model-card.md into the directory given with -o. \
      What the reference answered is kept there; stopped, the same command goes on.

      Example: interphase learn validate test.extxyz --potential first/nep.txt -o first/validation
      Example: interphase learn validate test.extxyz --potential first/nep.txt \
      --crystals Li.cif Li2S.cif --calculator sevennet-l3i5 -o first/validation
      """)

  @Argument(help: "Labelled frames that the potential has not been trained on.")
  var files: [String] = []

  @Option(help: "The potential: its name, or the path of a nep.txt file.")
  var potential: String

  @Option(parsing: .upToNextOption, help: "Crystals to compare it on, of any format.")
  var crystals: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: """
      Reactions of these crystals, such as "Li6PS5Cl + 8 Li -> 5 Li2S + Li3P + LiCl"; joined by \
      commas, they are balanced.
      """)
  var reactions: [String] = []

  @Option(help: "The reference: a program, as --calculator of `interphase energy` takes it.")
  var calculator: String?

  @Option(help: "The reference: another potential of ours.")
  var referencePotential: String?

  @OptionGroup var external: ClientOptions

  @Option(help: "Elastic constants and phonons of cells up to so many atoms.")
  var mostAtoms = 60

  @Option(
    help: """
      Also run each crystal for so long with both at constant volume, e.g. "2 ps", and compare the \
      radial distributions after a fifth of it.
      """)
  var rdf: String?

  @Option(help: "The temperature of --rdf.")
  var temperature = "300 K"

  @Option(help: "The seed of intervals, of the points in figures, and of --rdf.")
  var seed: UInt64 = 1

  @OptionGroup var threading: ThreadOptions
  @OptionGroup var common: CommonOptions

  private struct Output: Encodable {
    let directory, page, card, potential, potential_sha256: String
    let reference: String?
    let tables: [String: [[String: ValidationTable.Value]]]
    let failed, not_tested: [String]
  }

  func validate() throws {
    guard common.output != nil else {
      throw ValidationError("name the directory of the validation with -o DIR")
    }
    guard !files.isEmpty || !crystals.isEmpty else {
      throw ValidationError("give labelled frames, --crystals, or both")
    }
    guard calculator == nil || referencePotential == nil else {
      throw ValidationError("give one reference: --calculator or --reference-potential")
    }
    guard crystals.isEmpty == (calculator == nil && referencePotential == nil) else {
      throw ValidationError(
        "--crystals go with a reference: --calculator, e.g. sevennet-l3i5, or --reference-potential"
      )
    }
    guard reactions.isEmpty || !crystals.isEmpty else {
      throw ValidationError("--reactions are of --crystals; give one of every formula")
    }
    guard rdf == nil || !crystals.isEmpty else {
      throw ValidationError("--rdf is of --crystals; give some")
    }
    guard mostAtoms >= 0 else { throw ValidationError("--most-atoms is not negative") }
  }

  func run() throws {
    let directory = URL(fileURLWithPath: common.output ?? ".")
    let threads = threading.count
    let known = try PotentialFile(potential)
    var validation = Validation(potential: known)
    validation.crystals = crystals
    validation.reactions = reactions
    validation.mostAtoms = mostAtoms
    validation.motion = try rdf.map {
      try MotionSettings(
        duration: try Quantity.time($0), temperature: try Quantity.temperature(temperature),
        seed: seed)
    }
    validation.threads = threads
    validation.seed = seed
    let loaded = try reference(threads)
    defer { loaded?.close() }
    validation.reference = loaded.map {
      .init(calculator: $0.calculator, name: $0.label, sha256: $0.sha256)
    }
    Interruption.listen()
    let line = SharedProgressLine(quiet: common.quiet)
    let result = try validation.run(files, in: directory) { line.show($0) }
    line.end()
    try show(result, directory, known.sha256, loaded?.label)
  }

  private func reference(_ threads: Int) throws -> LoadedCalculator? {
    if let calculator {
      return try external.start(calculator, threads: threads, needsStress: true, common)
    }
    return try referencePotential.map {
      LoadedCalculator(try PotentialFile($0, threads: threads))
    }
  }

  private func show(
    _ result: ValidationResult, _ directory: URL, _ digest: String, _ reference: String?
  ) throws {
    let (page, card) = (
      directory.appendingPathComponent("validation.html").path,
      directory.appendingPathComponent("model-card.md").path
    )
    if common.json {
      return try common.printJSON(
        Output(
          directory: directory.path, page: page, card: card, potential: potential,
          potential_sha256: digest, reference: reference,
          tables: Dictionary(uniqueKeysWithValues: result.tables.map { ($0.name, $0.objects) }),
          failed: result.troubles, not_tested: result.untested))
    }
    for table in result.shownTables {
      print("\(table.name)\n\(table.lines.map { "  " + $0 }.joined(separator: "\n"))\n")
    }
    for trouble in result.troubles { print("failed: \(trouble)") }
    print("page: \(page)\nmodel card: \(card)")
  }
}
