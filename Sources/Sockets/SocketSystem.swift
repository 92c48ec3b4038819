import Foundation

// The differences between the systems' socket headers, and the wait that everything here shares.

/// Why a wait ended without what it waited for.
enum WaitOutcome {
  case stop
  case late(seconds: Double)
}

/// Waits until a socket can be read from (POLLIN) or written to (POLLOUT), or has been closed.
///
/// The wish to stop is asked for ten times a second: the signal that raised it may have gone to
/// another thread, and then it does not end `poll`.
func waitForSocket(
  _ descriptor: Int32, _ events: Int32, atMost limit: Double?, stop: () -> Bool,
  failure: (WaitOutcome) -> SocketsError
) throws {
  let start = ContinuousClock.now
  while true {
    if stop() { throw failure(.stop) }
    let left = limit.map { $0 - (ContinuousClock.now - start) / .seconds(1) }
    if let limit, let left, left <= 0 { throw failure(.late(seconds: limit)) }
    var entry = pollfd(fd: descriptor, events: Int16(events), revents: 0)
    let count = poll(&entry, 1, Int32(min(100, max(1, (left ?? 1) * 1000))))
    if count > 0 { return }
    if count < 0 && errno != EINTR && errno != EAGAIN {
      throw SocketsError.systemCall("waiting for a socket", reason: systemReason(errno))
    }
  }
}

/// What the system says about an error number.
func systemReason(_ number: Int32) -> String { String(cString: strerror(number)) }

#if canImport(Darwin)
  let streamSocket = SOCK_STREAM
  /// Without waiting; SIGPIPE is kept off by SO_NOSIGPIPE.
  let sendFlags = Int32(MSG_DONTWAIT)
#else
  let streamSocket = Int32(SOCK_STREAM.rawValue)
  /// Without waiting, and without SIGPIPE if the other side has left.
  let sendFlags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
#endif
let receiveFlags = Int32(MSG_DONTWAIT)

/// A new stream socket that does not block and is not handed on to other programs.
func openStreamSocket(_ family: Int32) throws -> Int32 {
  #if os(Linux)
    // At once, or another thread might start a program in between.
    let descriptor = socket(family, streamSocket | Int32(SOCK_CLOEXEC.rawValue), 0)
  #else
    let descriptor = socket(family, streamSocket, 0)
  #endif
  guard descriptor >= 0 else {
    throw SocketsError.systemCall("opening a socket", reason: systemReason(errno))
  }
  _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
  _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
  return descriptor
}

/// Calls the body with the system's form of a unix socket's path.
func withUnixAddress<T>(
  _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> T
) -> T {
  precondition(path.utf8.count <= SocketAddress.longestPath, "the path was checked")
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
  let size = socklen_t(MemoryLayout<sockaddr_un>.size)
  return withUnsafePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, size) }
  }
}

/// Calls the body with each address that a host and port stand for until it returns a value.
func forEachInternetAddress<T>(
  host: String?, port: UInt16, passive: Bool,
  _ body: (_ family: Int32, UnsafePointer<sockaddr>, socklen_t) throws -> T?
) throws -> T? {
  var hints = addrinfo()
  hints.ai_family = AF_UNSPEC
  hints.ai_socktype = streamSocket
  hints.ai_flags = passive ? AI_PASSIVE : 0
  var list: UnsafeMutablePointer<addrinfo>?
  let status = getaddrinfo(host, String(port), &hints, &list)
  guard status == 0 else {
    throw SocketsError.systemCall(
      "looking up the host \(host ?? "")", reason: String(cString: gai_strerror(status)))
  }
  defer { freeaddrinfo(list) }
  var next = list
  while let entry = next?.pointee {
    if let address = entry.ai_addr,
      let value = try body(entry.ai_family, address, entry.ai_addrlen)
    {
      return value
    }
    next = entry.ai_next
  }
  return nil
}
