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
  }

  var clients: Int { external.clients }

  var threads: Int { threading.count }

  /// The calculator, ready to be asked.
  ///
  /// - Parameters:
  ///   - needsStress: whether a program without stress is an error.
  ///   - common: for what a person should know.
  func load(needsStress: Bool = false, _ common: CommonOptions) throws -> LoadedCalculator {
    if let potential {
      return LoadedCalculator(try PotentialFile(potential, threads: threads))
    }
    return try external.start(
      calculator ?? "", threads: threads, needsStress: needsStress, common)
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

  init(_ file: PotentialFile) {
    native = file.potential
    external = nil
    label = file.name
    sha256 = file.sha256
  }

  /// A program, by its name (`interphase calculator list`), started if it is one that we start.
  ///
  /// - Parameters:
  ///   - threads: of all clients together.
  ///   - needsStress: whether a program without stress is an error.
  ///   - common: for what a person should know.
  init(
    program: String, clients: Int, limits: ClientLimits = ClientLimits(), threads: Int,
    needsStress: Bool, _ common: CommonOptions
  ) throws {
    Interruption.listen()
    let say: @Sendable (String) -> Void = { common.say($0) }
    let shouldStop: @Sendable () -> Bool = { Interruption.isRequested }
    let started =
      switch try CalculatorName(program) {
      case .engine(let engine):
        try ExternalCalculator(
          engine, clients: clients, threads: max(1, threads / clients), limits: limits,
          needsStress: needsStress, notice: say, shouldStop: shouldStop)
      case .awaited(let address):
        try ExternalCalculator(
          awaitedAt: address, clients: clients, limits: limits, needsStress: needsStress,
          notice: say, shouldStop: shouldStop)
      }
    native = nil
    external = started
    label = started.name
    sha256 = SHA256Digest.hex(of: Data(started.recipe.utf8))
  }

  var calculator: any Calculator { native ?? external! }

  /// What a run's record calls the digest.
  var kind: String { native == nil ? "calculator" : "potential" }

  /// Sends external programs away.
  func close() { external?.close() }
}
