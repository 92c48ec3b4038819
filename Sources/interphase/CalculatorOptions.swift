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

  @Option(help: "How many of these programs may be at work at once, where there is work for them.")
  var clients = 1

  @Option(help: "How long such a program may take to come to the socket.")
  var clientStart = "3 min"

  @Option(help: "How long one evaluation by such a program may take.")
  var clientTimeout = "1 h"

  @OptionGroup var threading: ThreadOptions

  func validate() throws {
    guard (potential == nil) != (calculator == nil) else {
      throw ValidationError(
        "give either --potential, e.g. --potential nep89, or --calculator, e.g. --calculator "
          + "sevennet-l3i5")
    }
    guard (threading.threads ?? 1) >= 1 else { throw ValidationError("--threads is at least 1") }
    guard clients >= 1 else { throw ValidationError("--clients is at least 1") }
  }

  var threads: Int { threading.threads ?? ProcessInfo.processInfo.activeProcessorCount }

  /// The calculator, ready to be asked.
  ///
  /// - Parameters:
  ///   - needsStress: whether a program without stress is an error.
  ///   - common: for what a person should know.
  func load(needsStress: Bool = false, _ common: CommonOptions) throws -> LoadedCalculator {
    if let potential {
      let path = try PotentialLibrary.resolve(potential)
      let digest = try SHA256Digest.hex(ofFile: path)
      let native = try NEPPotential(path: path, name: potential, threads: threads)
      return LoadedCalculator(
        native: native, label: KnownPotential.functional(potential, sha256: digest), sha256: digest)
    }
    let (name, limits) = (try CalculatorName(calculator ?? ""), try limits())
    Interruption.listen()
    let say: @Sendable (String) -> Void = { common.say($0) }
    let shouldStop: @Sendable () -> Bool = { Interruption.isRequested }
    let external =
      switch name {
      case .engine(let engine):
        try ExternalCalculator(
          engine, clients: clients, threads: max(1, threads / clients), limits: limits,
          needsStress: needsStress, notice: say, shouldStop: shouldStop)
      case .awaited(let address):
        try ExternalCalculator(
          awaitedAt: address, clients: clients, limits: limits, needsStress: needsStress,
          notice: say, shouldStop: shouldStop)
      }
    return LoadedCalculator(external: external)
  }

  private func limits() throws -> ClientLimits {
    var limits = ClientLimits()
    limits.start = try Quantity.duration(clientStart)
    limits.evaluation = try Quantity.duration(clientTimeout)
    guard limits.start > 0, limits.evaluation ?? 1 > 0 else {
      throw ValidationError("--client-start and --client-timeout are above zero")
    }
    return limits
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

  init(native: NEPPotential, label: String, sha256: String) {
    self.native = native
    external = nil
    self.label = label
    self.sha256 = sha256
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
