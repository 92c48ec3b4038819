import ArgumentParser
import Atomistics
import Engines
import FileFormats
import Foundation
import Potentials
import Workflows

/// `--potential P` or `--calculator C`, for the verbs that work with either.
struct CalculatorOptions: ParsableArguments {
  @Option(help: "A potential that we evaluate: its name, or the path of a nep.txt file.")
  var potential: String?

  @Option(
    help: """
      A program that evaluates instead, over the i-PI socket: sevennet-l3i5, sevennet-0, chgnet, \
      gpaw, cp2k, cp2k:TEMPLATE, espresso:TEMPLATE, lammps:COMMANDS, ase:MODULE:CALLABLE(...) or \
      socket:ADDRESS for clients that you start (interphase calculator list).
      """)
  var calculator: String?

  @OptionGroup var external: ClientOptions
  @OptionGroup var threading: ThreadOptions

  func validate() throws {
    guard (potential == nil) != (calculator == nil) else {
      throw ValidationError(
        "give either --potential, e.g. --potential nep89, or --calculator, e.g. --calculator "
          + "sevennet-l3i5")
    }
    guard (threading.threads ?? 1) >= 1 else { throw ValidationError("--threads is at least 1") }
  }

  var clients: Int { external.clients }

  var threads: Int { threading.threads ?? ProcessInfo.processInfo.activeProcessorCount }

  /// The calculator, ready to be asked.
  ///
  /// - Parameters:
  ///   - needsStress: whether a program without stress is an error.
  ///   - common: for what a person should know.
  func load(needsStress: Bool = false, _ common: CommonOptions) throws -> LoadedCalculator {
    if let potential { return try LoadedCalculator(potential: potential, threads: threads) }
    return LoadedCalculator(
      external: try external.start(
        try CalculatorName(calculator ?? ""), threads: threads, needsStress: needsStress, common))
  }
}

/// A calculator with what identifies it.
struct LoadedCalculator {
  /// The potential, if it is one of ours.
  let native: NEPPotential?
  let external: ExternalCalculator?
  /// What a table calls its energies.
  let label: String
  /// Of the potential's file, or of all that decides the external program's numbers.
  let sha256: String

  /// A potential of ours, by its name or the path of its file.
  init(potential: String, threads: Int) throws {
    let path = try PotentialLibrary.resolve(potential)
    sha256 = try SHA256Digest.hex(ofFile: path)
    native = try NEPPotential(path: path, name: potential, threads: threads)
    external = nil
    label = KnownPotential.functional(potential, sha256: sha256)
  }

  init(external: ExternalCalculator) {
    native = nil
    self.external = external
    label = external.name
    sha256 = SHA256Digest.hex(of: Data(external.recipe.utf8))
  }

  var calculator: any Calculator { native ?? external! }

  /// What a run's record calls the digest.
  var kind: String { native == nil ? "calculator" : "potential" }

  /// Sends external programs away.
  func close() { external?.close() }
}
