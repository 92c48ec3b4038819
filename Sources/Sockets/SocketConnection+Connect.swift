import Foundation

extension SocketConnection {
  /// Connects to a server, and tries again for a while if it is not up yet.
  ///
  /// - Parameters:
  ///   - waiting: for how many seconds to try; 0 tries once.
  ///   - onWait: called once, when the first try has failed and there is time left.
  /// - Throws: `SocketsError.unreachable`, `.stopped`, `.systemCall`.
  public static func connect(
    to address: SocketAddress, waiting: Double = 0, patience: SocketPatience = SocketPatience(),
    onWait: () -> Void = {}
  ) throws -> SocketConnection {
    let start = ContinuousClock.now
    var hasWaited = false
    while true {
      let attempt = try Attempt(
        address, patience, left: waiting - (ContinuousClock.now - start) / .seconds(1))
      if let descriptor = attempt.descriptor {
        return SocketConnection(
          descriptor: descriptor, peer: "the server at \(address)", patience: patience)
      }
      let waited = (ContinuousClock.now - start) / .seconds(1)
      guard attempt.mayComeUp, waited < waiting else {
        throw SocketsError.unreachable(
          address: address.description, waited: attempt.mayComeUp ? waiting : 0,
          reason: attempt.reason)
      }
      if !hasWaited { onWait() }
      hasWaited = true
      if patience.shouldStop() { throw stopped(address) }
      usleep(50_000)
    }
  }

  fileprivate static func stopped(_ address: SocketAddress) -> SocketsError {
    .stopped(during: "while waiting for a server at \(address)")
  }
}

/// One try to connect.
private struct Attempt {
  /// The connected socket.
  private(set) var descriptor: Int32?
  /// Why there is none.
  private(set) var reason = "no address"
  /// Whether a server that starts later could answer.
  private(set) var mayComeUp = false

  init(_ address: SocketAddress, _ patience: SocketPatience, left: Double) throws {
    switch address {
    case .unix(let path):
      try withUnixAddress(path) { pointer, size in
        Result { try connect(AF_UNIX, pointer, size, address, patience, left) }
      }.get()
    case .internet(let host, let port):
      do {
        descriptor = try forEachInternetAddress(host: host, port: port, passive: false) {
          try connect($0, $1, $2, address, patience, left)
          return descriptor
        }
      } catch SocketsError.systemCall(_, let why) where descriptor == nil {
        reason = why
      }
    }
  }

  /// Tries one address of the system's form.
  private mutating func connect(
    _ family: Int32, _ pointer: UnsafePointer<sockaddr>, _ size: socklen_t,
    _ address: SocketAddress, _ patience: SocketPatience, _ left: Double
  ) throws {
    let socket = try openStreamSocket(family)
    var number: Int32 = 0
    if Foundation.connect(socket, pointer, size) != 0 { number = errno }
    do {
      if number == EINPROGRESS || number == EINTR {
        number = try settled(socket, address, patience, left)
      }
    } catch {
      close(socket)
      throw error
    }
    if number == 0 {
      descriptor = socket
    } else {
      close(socket)
      reason = systemReason(number)
      mayComeUp = [
        ENOENT, ECONNREFUSED, EAGAIN, ETIMEDOUT, EHOSTUNREACH, ENETUNREACH, ECONNRESET,
      ].contains(number)
    }
  }

  /// The error number with which a connection under way ends, 0 if it stands.
  private func settled(
    _ socket: Int32, _ address: SocketAddress, _ patience: SocketPatience, _ left: Double
  ) throws -> Int32 {
    do {
      try waitForSocket(socket, POLLOUT, atMost: max(left, 1), stop: patience.shouldStop) {
        switch $0 {
        case .stop: SocketConnection.stopped(address)
        case .late(let seconds): .timedOut(peer: "", during: "", seconds: seconds)
        }
      }
    } catch SocketsError.timedOut {
      return ETIMEDOUT
    }
    var number: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(socket, SOL_SOCKET, SO_ERROR, &number, &size)
    return number
  }
}
