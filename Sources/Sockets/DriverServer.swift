import Atomistics

/// The server's side of the i-PI protocol: one client that evaluates what it is sent.
///
/// It asks for the status before and after it sends positions, as ASE does, which every client
/// answers. A client that says `NEEDINIT` gets `INIT` with a text; one that takes other atoms by
/// such a text may be sent another between two evaluations.
public struct DriverServer: Sendable {
  private let channel: DriverChannel
  /// Whether the client has asked for `INIT`.
  public private(set) var asksForInit = false

  /// - Parameter atomCount: of what will be sent; a client that answers about another number is an
  ///   error.
  public init(_ connection: SocketConnection, atomCount: Int) {
    channel = DriverChannel(connection, atomCount: atomCount)
  }

  /// Waits until the client is ready for positions; sends it `INIT` if it asks.
  ///
  /// - Parameter text: what follows `INIT`.
  /// - Throws: `SocketsError`.
  public mutating func prepare(text: [UInt8] = []) throws {
    for attempt in 0...1 {
      try channel.send(.status)
      switch try answer(to: .status) {
      case .ready: return
      case .needInit where attempt == 0:
        asksForInit = true
        try initialize(text: text)
      case let other: throw outOfTurn(other, expected: "READY, since it was initialised")
      }
    }
  }

  /// Sends `INIT`, asked for or not.
  public func initialize(text: [UInt8]) throws {
    try channel.send(.initialize(replica: 0, text: text))
  }

  /// Energy, forces and virial of atoms at these positions in this cell.
  ///
  /// - Throws: `SocketsError.disconnected`, `.timedOut`, `.badMessage`, `.outOfTurn`,
  ///   `.wrongAtomCount`, `.stopped`, `.systemCall`.
  public func evaluate(_ geometry: DriverGeometry) throws -> DriverForces {
    try channel.send(.positions(geometry))
    try channel.send(.status)
    let status = try answer(to: .positions(geometry))
    guard status == .haveData else { throw outOfTurn(status, expected: "HAVEDATA") }
    try channel.send(.getForces)
    let answer = try answer(to: .getForces)
    guard case .forces(let forces) = answer else {
      throw outOfTurn(answer, expected: "FORCEREADY")
    }
    return forces
  }

  /// Sends the client away; one that has left already is no error.
  public func dismiss() { try? channel.send(.exit) }

  private func answer(to message: DriverMessage) throws -> DriverMessage {
    guard let answer = try channel.receive() else {
      throw SocketsError.disconnected(
        peer: channel.connection.peer, during: "before it answered \(message.header.rawValue)")
    }
    return answer
  }

  private func outOfTurn(_ message: DriverMessage, expected: String) -> SocketsError {
    .outOfTurn(
      peer: channel.connection.peer, received: message.header.rawValue, expected: expected)
  }
}
