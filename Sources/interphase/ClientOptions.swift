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
  ///
  /// - Parameters:
  ///   - threads: of all clients together.
  ///   - needsStress: whether a program without stress is an error.
  ///   - common: for what a person should know.
  func start(
    _ name: CalculatorName, threads: Int, needsStress: Bool, _ common: CommonOptions
  ) throws -> ExternalCalculator {
    let limits = try limits()
    Interruption.listen()
    let say: @Sendable (String) -> Void = { common.say($0) }
    let shouldStop: @Sendable () -> Bool = { Interruption.isRequested }
    return switch name {
    case .engine(let engine):
      try ExternalCalculator(
        engine, clients: clients, threads: max(1, threads / clients), limits: limits,
        needsStress: needsStress, notice: say, shouldStop: shouldStop)
    case .awaited(let address):
      try ExternalCalculator(
        awaitedAt: address, clients: clients, limits: limits, needsStress: needsStress,
        notice: say, shouldStop: shouldStop)
    }
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
