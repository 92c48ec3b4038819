import Atomistics
import Foundation
import Sockets

/// Where clients come from: started by us, or by hand.
enum ClientSource: Sendable {
  /// We start them, each in a directory of its own under `scratch`.
  case launched(any ExternalEngine, scratch: URL, threads: Int)
  /// They come to this socket.
  case awaited(SocketListener)

  var name: String {
    switch self {
    case .launched(let engine, _, _): engine.name
    case .awaited(let listener): "the client at \(listener.address)"
    }
  }

  var wantsTriangularCell: Bool {
    if case .launched(let engine, _, _) = self { return engine.wantsTriangularCell }
    return false
  }

  /// A connected client for a structure's atoms.
  ///
  /// - Parameter number: which of several it is, from 1.
  /// - Throws: `EnginesError`, `SocketsError.stopped`.
  func connect(
    for structure: Structure, number: Int, limits: ClientLimits, settings: ClientSettings
  ) throws -> ConnectedClient {
    let patience = SocketPatience(idle: limits.evaluation, shouldStop: settings.shouldStop)
    switch self {
    case .awaited(let listener):
      settings.notice("waiting for a client at \(listener.address)")
      do {
        let connection = try listener.accept(waiting: limits.start, patience: patience)
        return ConnectedClient(
          connection, name: name, atoms: ClientAtoms(structure), takesOtherAtoms: false)
      } catch SocketsError.timedOut {
        throw EnginesError.nobodyCame(address: "\(listener.address)", waited: limits.start)
      }
    case .launched(let engine, let scratch, let threads):
      return try Launch(
        engine: engine, directory: scratch.appendingPathComponent("client-\(number)"),
        name: "client \(number), \(engine.name)", threads: threads
      ).connect(for: structure, patience: patience, waiting: limits.start)
    }
  }
}

/// What clients share that is no limit.
struct ClientSettings: Sendable {
  /// Told what a person should know.
  let notice: @Sendable (String) -> Void
  /// Whether somebody wishes to stop.
  let shouldStop: @Sendable () -> Bool
}

/// The start of one client.
private struct Launch {
  let engine: any ExternalEngine
  let directory: URL
  let name: String
  let threads: Int

  func connect(
    for structure: Structure, patience: SocketPatience, waiting: Double
  ) throws -> ConnectedClient {
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    // Short, and where every program with the protocol looks: /tmp/ipi_NAME.
    let address = try SocketAddress(
      "unix:interphase-\(getpid())-\(UUID().uuidString.prefix(8).lowercased())")
    let listener = try SocketListener(at: address)
    let command = try engine.command(
      for: structure, at: address, in: directory, threads: threads)
    let process = try ClientProcess(
      command, in: directory, log: directory.appendingPathComponent("client.log"),
      engine: engine.name)
    let start = ContinuousClock.now
    while true {
      do {
        let connection = try listener.accept(waiting: 0.1, patience: patience, name: name)
        return ConnectedClient(
          connection, name: name, atoms: ClientAtoms(structure),
          takesOtherAtoms: engine.takesOtherAtoms, process: process)
      } catch SocketsError.timedOut {
        try check(process, waited: (ContinuousClock.now - start) / .seconds(1), of: waiting)
      }
    }
  }

  /// Throws if it has left, or has taken too long.
  private func check(_ process: ClientProcess, waited: Double, of limit: Double) throws {
    if let ending = process.ending {
      // Our client's own word for a package that is missing.
      if process.exitCode == FailureKind.unavailable.rawValue,
        let words = engine.complaint(in: process.text)
      {
        // What is no known program is told the package by the client itself.
        let isKnown = KnownEngine.all.contains { $0.calculators.contains(engine.name) }
        throw EnginesError.missing(
          engine: engine.name, what: words,
          install: isKnown ? KnownEngine.installLine(of: engine.name) : nil)
      }
      let reason = engine.complaint(in: process.text) ?? "it \(ending) before it came to the socket"
      throw EnginesError.clientFailed(
        client: name, tries: 1, reason: reason, log: process.lastWords)
    }
    guard waited < limit else {
      let log = process.lastWords
      process.end(within: 0)
      throw EnginesError.clientFailed(
        client: name, tries: 1,
        reason: "it did not come to the socket within \(Int(limit)) s (--client-start)", log: log)
    }
  }
}
