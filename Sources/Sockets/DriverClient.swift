import Atomistics
import Potentials

/// A calculator as a client of the i-PI protocol: it waits for positions and a cell, and answers
/// with energy, forces and virial, until the server sends it away.
///
/// The protocol sends no species; they, their order and the directions that repeat come from the
/// structure that the client begins with. Positions and cell may change by any amount from step to
/// step; the neighbour list is built again only when it must be.
///
/// The server may ask for forces with or without asking for the status before (i-PI 3.3 does
/// both), and may send `INIT` at any time between two steps; which replica comes next does not
/// matter here. `READY` is the first answer: nothing needs to be initialised.
public struct DriverClient: Sendable {
  private let structure: Structure
  private let calculator: any Calculator
  private let skin: Double
  private var evaluator: (any Evaluator)?
  private var state = State.ready
  private var summary = DriverSummary()

  private enum State: Sendable {
    case ready
    case haveData(DriverForces)
  }

  /// A client for these atoms.
  ///
  /// - Parameter skin: how much further than the cut-off the neighbour list reaches, Å.
  /// - Throws: `AtomisticsError.badStructure`, `PotentialsError.unsupportedElement`.
  public init(structure: Structure, calculator: any Calculator, skin: Double = 1) throws {
    try structure.validate(minimumDistance: Self.minimumDistance)
    try calculator.validate(Set(structure.species))
    self.structure = structure
    self.calculator = calculator
    self.skin = skin
  }

  /// Serves until the server sends `EXIT`, or leaves between two steps as ASE does.
  ///
  /// - Parameter progress: called after every evaluation.
  /// - Throws: `SocketsError`.
  public mutating func serve(
    over connection: SocketConnection, progress: (DriverSummary) -> Void = { _ in }
  ) throws -> DriverSummary {
    let channel = DriverChannel(connection, atomCount: structure.count)
    let start = ContinuousClock.now
    state = .ready
    summary = DriverSummary(atoms: structure.count)
    repeat {
      if connection.patience.shouldStop() { throw stopped }
      do {
        summary.ending = try answer(channel, progress)
      } catch SocketsError.stopped {
        throw stopped
      }
      summary.seconds = (ContinuousClock.now - start) / .seconds(1)
    } while summary.ending == nil
    return summary
  }

  /// Takes one message and answers it; how it ended, if it did.
  private mutating func answer(
    _ channel: DriverChannel, _ progress: (DriverSummary) -> Void
  ) throws -> DriverSummary.Ending? {
    let message = try channel.receive()
    switch (message, state) {
    case (.exit, _): return .exit
    case (nil, .ready): return .closed
    case (nil, .haveData):
      throw SocketsError.disconnected(
        peer: channel.connection.peer,
        during: "before it fetched the forces of step \(summary.steps)")
    case (.status, .ready): try channel.send(.ready)
    case (.status, .haveData): try channel.send(.haveData)
    case (.initialize, .ready): break
    case (.positions(let geometry), .ready):
      state = .haveData(try evaluate(geometry, for: channel.connection.peer))
      progress(summary)
    case (.getForces, .haveData(let forces)):
      try channel.send(.forces(forces))
      state = .ready
    case (let message?, _):
      throw outOfTurn(message, channel.connection.peer)
    }
    return nil
  }

  private func outOfTurn(_ message: DriverMessage, _ peer: String) -> SocketsError {
    let expected =
      switch state {
      case .ready: "STATUS, INIT, POSDATA or EXIT, since no forces wait to be fetched"
      case .haveData: "STATUS, GETFORCE or EXIT, since forces wait to be fetched"
      }
    return .outOfTurn(peer: peer, received: message.header.rawValue, expected: expected)
  }

  private var stopped: SocketsError { .stopped(during: "after step \(summary.steps)") }
}

extension DriverClient {
  /// Nothing is this near in nature (Å).
  static let minimumDistance = 0.2
  /// Nothing is this dense in nature (Å³ per atom); a list for such a cell would not end.
  static let minimumVolume = 0.2

  /// Evaluates what the server sent.
  private mutating func evaluate(
    _ geometry: DriverGeometry, for peer: String
  ) throws -> DriverForces {
    let step = summary.steps + 1
    let moved: Structure
    do {
      moved = try self.moved(geometry)
      if evaluator == nil { try moved.validate(minimumDistance: Self.minimumDistance) }
    } catch let error as AtomisticsError {
      throw SocketsError.badGeometry(peer: peer, step: step, reason: error.description)
    }
    let start = ContinuousClock.now
    var running = evaluator ?? calculator.evaluator(for: moved, skin: skin)
    let before = evaluator?.listOrigin
    evaluator = nil
    let found = try running.evaluate(moved)
    let isNewList = before != running.listOrigin
    evaluator = running
    summary.evaluating += (ContinuousClock.now - start) / .seconds(1)
    // Atoms that come upon one another have moved further than a list holds for.
    if isNewList { try check(moved, peer, step) }
    let forces = DriverForces(found, volume: moved.volume)
    if let what = forces.notFinite {
      try check(moved, peer, step)
      throw SocketsError.notFinite(step: step, what: what)
    }
    summary.steps = step
    summary.lists += isNewList ? 1 : 0
    return forces
  }

  private func check(_ moved: Structure, _ peer: String, _ step: Int) throws {
    do {
      try moved.validate(minimumDistance: Self.minimumDistance)
    } catch let error as AtomisticsError {
      throw SocketsError.badGeometry(peer: peer, step: step, reason: error.description)
    }
  }

  /// The atoms where the server has them.
  ///
  /// A direction that does not repeat may come without a vector: then the file's stands.
  private func moved(_ geometry: DriverGeometry) throws -> Structure {
    var cell = geometry.cell
    for k in 0..<3 where !structure.periodic[k] && cell[k] == .zero {
      cell[k] = structure.lattice.matrix[k]
    }
    var moved = structure
    moved.lattice = try Lattice(validating: cell)
    moved.positions = geometry.positions
    for (index, position) in moved.positions.enumerated() {
      // Not less is true for NaN as well.
      guard moved.lattice.fractional(position).lengthSquared < 1e12 else {
        throw AtomisticsError.badStructure(
          "atom \(index + 1) (\(moved.species[index])) is at \(position) Å, which is not a number "
            + "or further than a million cells away")
      }
    }
    guard moved.volume >= Self.minimumVolume * Double(moved.count) else {
      throw AtomisticsError.badStructure(
        "the cell has \(moved.volume) Å³ for \(moved.count) atoms, which nothing real has; check "
          + "the server's units (Bohr expected)")
    }
    return moved
  }
}
