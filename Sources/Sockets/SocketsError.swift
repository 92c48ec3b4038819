import Atomistics

/// What can go wrong between two programs that talk over a socket.
public enum SocketsError: ReportableError {
  /// An address that cannot be one.
  case badAddress(String, reason: String)
  /// Nobody answered at an address.
  case unreachable(address: String, waited: Double, reason: String)
  /// A socket could not be opened for others to connect to.
  case cannotListen(address: String, reason: String)
  /// The other side left while something was still to come.
  case disconnected(peer: String, during: String)
  /// The other side said nothing, or took nothing, for too long (s).
  case timedOut(peer: String, during: String, seconds: Double)
  /// A message that the protocol does not have, or not with this content.
  case badMessage(peer: String, received: String, expected: String)
  /// A message that the protocol has, but not now.
  case outOfTurn(peer: String, received: String, expected: String)
  /// The other side talks of another number of atoms.
  case wrongAtomCount(peer: String, received: Int, expected: Int)
  /// Positions and a cell that cannot be evaluated.
  case badGeometry(peer: String, step: Int, reason: String)
  /// An evaluation that gave no number.
  case notFinite(step: Int, what: String)
  /// The user asked to stop.
  case stopped(during: String)
  /// The system refused something that it should not refuse.
  case systemCall(String, reason: String)

  public var kind: FailureKind {
    switch self {
    case .badAddress: .usage
    case .unreachable, .cannotListen, .disconnected, .timedOut, .systemCall: .unavailable
    case .badMessage, .outOfTurn, .wrongAtomCount, .badGeometry, .notFinite: .badData
    case .stopped: .stopped
    }
  }

  public var description: String {
    switch self {
    case .badAddress(let text, let reason):
      "'\(text)' is not the address of a socket: \(reason); write unix:NAME for the socket "
        + "\(SocketAddress.namePrefix)NAME, unix:/a/path, or HOST:PORT, e.g. localhost:31415"
    case .unreachable(let address, let waited, let reason):
      "no server at \(address) after \(Self.text(waited)) s: \(reason); start the server first, or "
        + "wait longer with --wait"
    case .cannotListen(let address, let reason): "cannot listen at \(address): \(reason)"
    case .disconnected(let peer, let during): "\(peer) closed the connection \(during)"
    case .timedOut(let peer, let during, let seconds):
      "\(peer) was silent for \(Self.text(seconds)) s \(during)"
    case .badMessage(let peer, let received, let expected),
      .outOfTurn(let peer, let received, let expected):
      "\(peer) sent \(received); expected \(expected)"
    case .wrongAtomCount(let peer, let received, let expected):
      "\(peer) sent \(received) atoms; expected \(expected), as in the structure given; the "
        + "protocol sends no species, so give the file with the same atoms in the same order"
    case .badGeometry(let peer, let step, let reason): "\(peer), step \(step): \(reason)"
    case .notFinite(let step, let what):
      "step \(step): the potential gave \(what) that is not a finite number; look at the positions "
        + "that the server sent"
    case .stopped(let during): "stopped \(during); nothing is kept, start it again to go on"
    case .systemCall(let call, let reason): "\(call) failed: \(reason)"
    }
  }

  private static func text(_ seconds: Double) -> String {
    seconds == seconds.rounded() && abs(seconds) < 1e9 ? "\(Int(seconds))" : "\(seconds)"
  }
}
