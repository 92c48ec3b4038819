import ArgumentParser
import Atomistics
import Engines
import FileFormats
import Foundation
import Workflows

/// How other programs are started and waited for.
struct ClientOptions: ParsableArguments {
  @Option(help: "How many of these programs may be at work at once, where there is work for them.")
  var clients = 1

  @Option(help: "How long such a program may take to come to the socket.")
  var clientStart = "3 min"

  @Option(help: "How long one evaluation by such a program may take.")
  var clientTimeout = "1 h"

  func validate() throws {
    guard clients >= 1 else { throw ValidationError("--clients is at least 1") }
  }

  /// The calculator, ready to be asked.
  func start(
    _ program: String, threads: Int, needsStress: Bool, _ common: CommonOptions
  ) throws -> LoadedCalculator {
    try LoadedCalculator(
      program: program, clients: clients, limits: try limits(), threads: threads,
      needsStress: needsStress, common)
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
