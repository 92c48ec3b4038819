import Foundation

/// A socket at which others can connect.
///
/// The path of a unix socket must be free: a server does not take another's place. Nobody but the
/// user may connect there, and it is removed when the listener goes.
public final class SocketListener: Sendable {
  public let address: SocketAddress
  private let descriptor: Int32

  /// Listens at an address.
  ///
  /// - Throws: `SocketsError.cannotListen`.
  public init(at address: SocketAddress) throws {
    self.address = address
    var reason = "no address"
    let found: Int32?
    switch address {
    case .unix(let path):
      found = withUnixAddress(path) { Self.bound(AF_UNIX, $0, $1, &reason) }
    case .internet(let host, let port):
      do {
        found = try forEachInternetAddress(host: host, port: port, passive: true) {
          Self.bound($0, $1, $2, &reason)
        }
      } catch SocketsError.systemCall(_, let why) {
        throw SocketsError.cannotListen(address: address.description, reason: why)
      }
    }
    guard let found else {
      throw SocketsError.cannotListen(address: address.description, reason: reason)
    }
    descriptor = found
  }

  deinit {
    close(descriptor)
    if case .unix(let path) = address { unlink(path) }
  }

  /// Waits for the next to connect.
  ///
  /// - Parameters:
  ///   - waiting: for how many seconds; nil for any time.
  ///   - name: what messages to a person call the one who connects.
  /// - Throws: `SocketsError.timedOut`, `.stopped`, `.systemCall`.
  public func accept(
    waiting: Double? = nil, patience: SocketPatience = SocketPatience(), name: String? = nil
  ) throws -> SocketConnection {
    while true {
      let accepted = Foundation.accept(descriptor, nil, nil)
      if accepted >= 0 {
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        return SocketConnection(
          descriptor: accepted, peer: name ?? "the client at \(address)", patience: patience)
      }
      guard [EAGAIN, EWOULDBLOCK, EINTR, ECONNABORTED].contains(errno) else {
        throw SocketsError.systemCall("accepting at \(address)", reason: systemReason(errno))
      }
      try waitForSocket(descriptor, POLLIN, atMost: waiting, stop: patience.shouldStop) {
        let during = "while \(address) waited for a client"
        return switch $0 {
        case .stop: .stopped(during: during)
        case .late(let seconds): .timedOut(peer: "everybody", during: during, seconds: seconds)
        }
      }
    }
  }

  /// Between `bind` and `listen`, when nobody can connect yet.
  private static func keepOthersOut(_ family: Int32, _ pointer: UnsafePointer<sockaddr>) -> Bool {
    guard family == AF_UNIX else { return true }
    return pointer.withMemoryRebound(to: sockaddr_un.self, capacity: 1) { address in
      withUnsafePointer(to: address.pointee.sun_path) { path in
        path.withMemoryRebound(to: CChar.self, capacity: SocketAddress.longestPath + 1) {
          chmod($0, 0o600) == 0
        }
      }
    }
  }

  /// A socket bound to an address and listening, or nil and the reason.
  private static func bound(
    _ family: Int32, _ pointer: UnsafePointer<sockaddr>, _ size: socklen_t, _ reason: inout String
  ) -> Int32? {
    guard let descriptor = try? openStreamSocket(family) else {
      reason = systemReason(errno)
      return nil
    }
    var on: Int32 = 1
    let length = socklen_t(MemoryLayout<Int32>.size)
    _ = setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, length)
    if bind(descriptor, pointer, size) == 0, keepOthersOut(family, pointer),
      listen(descriptor, 16) == 0
    {
      return descriptor
    }
    reason = systemReason(errno)
    close(descriptor)
    return nil
  }
}
