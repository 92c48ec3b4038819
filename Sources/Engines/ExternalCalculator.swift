import Atomistics
import Dispatch
import Foundation
import Potentials
import Sockets
import Synchronization

/// Any program that speaks the i-PI protocol as a client, as a `Calculator`.
///
/// Clients are started when they are first asked, one for each evaluation that is under way at the
/// same time, up to `clients`; they stay up for the next. One that dies, hangs or sends nonsense is
/// started again and the evaluation repeated. `close` sends them away.
///
/// Numbers are the other program's: a run that is resumed goes on from the same positions and
/// velocities, and with the same bits only where the program gives the same bits again.
public final class ExternalCalculator: Calculator {
  public let name: String
  /// All that decides the numbers apart from the program itself.
  public let recipe: String
  private let source: ClientSource
  private let engine: (any ExternalEngine)?
  private let limits: ClientLimits
  private let settings: ClientSettings
  private let needsStress: Bool
  /// The places at which no evaluation is under way.
  private let idle: Mutex<[ExternalClient]>
  private let places: DispatchSemaphore
  private let known = Mutex(Known())

  private struct Known {
    var versions: [String: String] = [:]
    var toldOfStress = false
    var failed = false
  }

  /// Clients that we start.
  ///
  /// - Parameters:
  ///   - clients: how many may be at work at once.
  ///   - threads: of each of them.
  ///   - needsStress: whether a client that computes no stress is an error; otherwise it is said
  ///     once.
  ///   - notice: told what a person should know.
  ///   - shouldStop: whether somebody wishes to stop; asked several times a second.
  /// - Throws: `EnginesError.missing`.
  public init(
    _ engine: any ExternalEngine, clients: Int = 1, threads: Int = 1,
    limits: ClientLimits = ClientLimits(), needsStress: Bool = false,
    notice: @escaping @Sendable (String) -> Void = { _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws {
    _ = try engine.locate()
    name = engine.name
    recipe = engine.recipe
    self.engine = engine
    let scratch = FileManager.default.temporaryDirectory
      .appendingPathComponent("interphase-\(getpid())-\(UUID().uuidString.prefix(8))")
    source = .launched(engine, scratch: scratch, threads: threads)
    self.limits = limits
    self.needsStress = needsStress
    settings = ClientSettings(notice: notice, shouldStop: shouldStop)
    idle = Mutex((1...clients).map { ExternalClient(number: $0) })
    places = DispatchSemaphore(value: clients)
  }

  /// Clients that are started by hand and connect to an address.
  ///
  /// - Throws: `SocketsError.cannotListen`.
  public init(
    awaitedAt address: SocketAddress, clients: Int = 1, limits: ClientLimits = ClientLimits(),
    needsStress: Bool = false, notice: @escaping @Sendable (String) -> Void = { _ in },
    shouldStop: @escaping @Sendable () -> Bool = { false }
  ) throws {
    name = "socket:\(address)"
    recipe = name
    engine = nil
    source = .awaited(try SocketListener(at: address))
    self.limits = limits
    self.needsStress = needsStress
    settings = ClientSettings(notice: notice, shouldStop: shouldStop)
    idle = Mutex((1...clients).map { ExternalClient(number: $0) })
    places = DispatchSemaphore(value: clients)
  }

  deinit { close() }

  public var isExternal: Bool { true }
  public var range: Double? { nil }
  /// Of the packages that the numbers depend on, as far as a client has told.
  public var versions: [String: String] { known.withLock { $0.versions } }

  public func validate(_ species: some Sequence<Element>) throws {
    try engine?.validate(Set(species))
  }

  public func evaluator(for structure: Structure, skin: Double) -> any Evaluator {
    ExternalEvaluator(calculator: self, listOrigin: ListOrigin(structure))
  }

  /// Energy, forces and stress; waits while all clients are at work for other threads.
  ///
  /// - Throws: `AtomisticsError.badStructure`, `PotentialsError.unsupportedElement`,
  ///   `EnginesError`, `SocketsError`.
  public func evaluate(_ structure: Structure) throws -> Evaluation {
    try structure.validate(minimumDistance: 0.2)
    try validate(structure.species)
    return try ask(structure)
  }

  /// The same for a structure that has been checked.
  fileprivate func ask(_ structure: Structure) throws -> Evaluation {
    places.wait()
    var client = take(for: ClientAtoms(structure))
    defer {
      idle.withLock { $0.append(client) }
      places.signal()
    }
    do {
      let answer = try client.evaluate(
        structure, from: source, limits: limits, settings: settings)
      try note(answer)
      return answer.evaluation
    } catch {
      known.withLock { $0.failed = true }
      throw error
    }
  }

  /// An idle place: best one whose client has these atoms, then one without a client.
  private func take(for atoms: ClientAtoms) -> ExternalClient {
    idle.withLock { idle in
      let best =
        idle.firstIndex { $0.isReady(for: atoms) } ?? idle.firstIndex { !$0.isUp } ?? 0
      return idle.remove(at: best)
    }
  }

  private func note(_ answer: ClientAnswer) throws {
    guard answer.hasStress || !needsStress else { throw EnginesError.noStress(client: name) }
    let isNews = known.withLock { known in
      known.versions.merge(answer.versions) { $1 }
      defer { known.toldOfStress = known.toldOfStress || !answer.hasStress }
      return !answer.hasStress && !known.toldOfStress
    }
    if isNews { settings.notice("\(name) gives no stress: it stands as zero") }
  }

  /// Sends all clients away and waits for them to go; what they wrote is kept if one failed.
  ///
  /// Clients at work for another thread are not waited for.
  public func close() {
    let clients = idle.withLock { idle in
      let clients = idle
      idle = clients.map { ExternalClient(number: $0.number) }
      return clients
    }
    for var client in clients { client.dismiss() }
    guard case .launched(_, let scratch, _) = source, !known.withLock({ $0.failed }) else { return }
    try? FileManager.default.removeItem(at: scratch)
  }
}

/// An external calculator at work on atoms that move.
private struct ExternalEvaluator: Evaluator {
  let calculator: ExternalCalculator
  let listOrigin: ListOrigin

  mutating func evaluate(_ structure: Structure) throws -> Evaluation {
    try calculator.ask(structure)
  }
}
