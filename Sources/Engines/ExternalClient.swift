import Atomistics
import Foundation
import Potentials
import Sockets

/// One place for a client: it is started when there is work, and started again when it dies.
struct ExternalClient: Sendable {
  let number: Int
  private var client: ConnectedClient?

  init(number: Int) { self.number = number }

  /// Whether a client is up that can be asked about these atoms at once.
  func isReady(for atoms: ClientAtoms) -> Bool { client?.serves(atoms) ?? false }

  /// Whether a client is up.
  var isUp: Bool { client != nil }

  /// Energy, forces and stress of a structure.
  ///
  /// A client that dies, falls silent or sends what is no message is started again, as often as
  /// the limits allow; one that answers that it cannot is not.
  ///
  /// - Throws: `EnginesError`, `SocketsError.wrongAtomCount`.
  mutating func evaluate(
    _ structure: Structure, from source: ClientSource, limits: ClientLimits,
    settings: ClientSettings
  ) throws -> ClientAnswer {
    let frame = ClientFrame(structure, triangular: source.wantsTriangularCell)
    var tries = 0
    while true {
      do {
        try stand(by: structure, source, limits, settings)
        let before = client!.process?.written ?? 0
        let forces = try client!.evaluate(frame.geometry, of: ClientAtoms(structure))
        try check(source, wordsAfter: before)
        return try ClientAnswer(forces, of: structure, in: frame, from: client!.name)
      } catch let error as SocketsError where error.isOfTheClient {
        tries += 1
        let failure = failure(error, tries: tries, source)
        client?.abandon()
        client = nil
        guard tries <= limits.restarts else { throw failure }
        settings.notice(
          "\(error); trying again with another client (\(tries) of \(limits.restarts))")
      } catch SocketsError.stopped {
        client?.abandon()
        client = nil
        throw EnginesError.stopped(client: source.name)
      } catch let error as SocketsError {
        client?.abandon()
        client = nil
        throw error
      }
    }
  }

  /// Throws where the program wrote that its numbers are none: CP2K 2023.1 sends the forces of a
  /// field that did not converge.
  private func check(_ source: ClientSource, wordsAfter offset: UInt64) throws {
    guard case .launched(let engine, _, _) = source, let client, let process = client.process,
      let complaint = engine.complaint(in: process.text(from: offset))
    else { return }
    throw EnginesError.calculationFailed(client: client.name, reason: complaint)
  }

  /// Sees to it that a client is up that serves the structure's atoms.
  private mutating func stand(
    by structure: Structure, _ source: ClientSource, _ limits: ClientLimits,
    _ settings: ClientSettings
  ) throws {
    if let client, !client.serves(ClientAtoms(structure)) {
      if case .awaited = source { throw EnginesError.otherAtoms(client: source.name) }
      dismiss()
    }
    if client == nil {
      client = try source.connect(
        for: structure, number: number, limits: limits, settings: settings)
    }
  }

  /// What to tell a person when it is given up.
  private func failure(
    _ error: SocketsError, tries: Int, _ source: ClientSource
  ) -> EnginesError {
    var reason = error.description
    if case .timedOut = error { reason += " (--client-timeout)" }
    guard let client, let process = client.process else {
      return .clientFailed(client: source.name, tries: tries, reason: reason, log: nil)
    }
    // One that has just closed its socket is about to leave.
    if case .disconnected = error { process.end(within: 1) }
    if let ending = process.ending { reason += "; it \(ending)" }
    if case .launched(let engine, _, _) = source, let known = engine.complaint(in: process.text) {
      reason = known
    }
    return .clientFailed(
      client: client.name, tries: tries, reason: reason, log: process.lastWords)
  }

  /// Sends the client away, if one is up.
  mutating func dismiss() {
    client?.dismiss()
    client = nil
  }
}

extension SocketsError {
  /// Whether another client might do better.
  fileprivate var isOfTheClient: Bool {
    switch self {
    case .disconnected, .timedOut, .badMessage, .outOfTurn, .systemCall: true
    default: false
    }
  }
}
