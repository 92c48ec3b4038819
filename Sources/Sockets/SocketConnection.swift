import Foundation

/// How long a connection waits, and for whom.
public struct SocketPatience: Sendable {
  /// Seconds of silence allowed between two messages; nil for any time.
  public var idle: Double?
  /// Seconds without a byte allowed inside a message.
  public var stall: Double
  /// Whether somebody wishes to stop; asked several times a second while waiting.
  public var shouldStop: @Sendable () -> Bool

  public init(
    idle: Double? = nil, stall: Double = 60, shouldStop: @escaping @Sendable () -> Bool = { false }
  ) {
    self.idle = idle
    self.stall = stall
    self.shouldStop = shouldStop
  }
}

/// One end of a stream socket: exact reads and whole writes that never hang for ever, never raise
/// SIGPIPE and end at the user's wish.
///
/// One thread at a time reads and one writes.
public final class SocketConnection: Sendable {
  /// What messages to a person call the other side.
  public let peer: String
  public let patience: SocketPatience
  private let descriptor: Int32
  private let isInternet: Bool

  /// Takes a connected stream socket over and closes it in the end.
  public init(descriptor: Int32, peer: String, patience: SocketPatience = SocketPatience()) {
    self.descriptor = descriptor
    self.peer = peer
    self.patience = patience
    var on: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    // Small messages go back and forth; without this each would wait for the other's receipt. A
    // unix socket refuses it.
    isInternet = setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size) == 0
    #if canImport(Darwin)
      _ = setsockopt(descriptor, SOL_SOCKET, SO_NOSIGPIPE, &on, size)
    #endif
  }

  deinit { close(descriptor) }

  /// Reads exactly `count` bytes.
  ///
  /// - Parameter opening: whether these bytes begin a message, so that the other side may leave
  ///   instead of sending them.
  /// - Returns: nil if the other side has left and may.
  /// - Throws: `SocketsError.disconnected`, `.timedOut`, `.stopped`, `.systemCall`.
  func read(_ count: Int, opening: Bool = false, during: String) throws -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        recv(descriptor, buffer.baseAddress! + done, count - done, receiveFlags)
      }
      if got > 0 {
        done += got
        acknowledge()
      } else if got == 0 && opening && done == 0 {
        return nil
      } else if got == 0 || errno == ECONNRESET {
        // Reset: the other side left without reading what it was sent.
        throw SocketsError.disconnected(peer: peer, during: during)
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        let limit = opening && done == 0 ? patience.idle : patience.stall
        try wait(for: POLLIN, atMost: limit, during: during)
      } else if errno != EINTR {
        throw SocketsError.systemCall("reading from \(peer)", reason: systemReason(errno))
      }
    }
    return bytes
  }

  /// Writes all bytes.
  ///
  /// - Throws: `SocketsError.disconnected`, `.timedOut`, `.stopped`, `.systemCall`.
  func write(_ bytes: [UInt8], during: String) throws {
    var done = 0
    while done < bytes.count {
      let sent = bytes.withUnsafeBytes { buffer in
        send(descriptor, buffer.baseAddress! + done, bytes.count - done, sendFlags)
      }
      if sent >= 0 {
        done += sent
      } else if errno == EPIPE || errno == ECONNRESET {
        throw SocketsError.disconnected(peer: peer, during: during)
      } else if errno == EAGAIN || errno == EWOULDBLOCK {
        try wait(for: POLLOUT, atMost: patience.stall, during: during)
      } else if errno != EINTR {
        throw SocketsError.systemCall("writing to \(peer)", reason: systemReason(errno))
      }
    }
  }

  /// Sends the receipt of what was read at once.
  ///
  /// ASE writes a message in pieces and leaves Nagle's rule on, so that each piece waits for the
  /// receipt of the one before, which Linux holds back for 40 ms unless told, each time, not to.
  private func acknowledge() {
    #if os(Linux)
      guard isInternet else { return }
      var on: Int32 = 1
      _ = setsockopt(
        descriptor, Int32(IPPROTO_TCP), TCP_QUICKACK, &on, socklen_t(MemoryLayout<Int32>.size))
    #endif
  }

  private func wait(for events: Int32, atMost limit: Double?, during: String) throws {
    try waitForSocket(descriptor, events, atMost: limit, stop: patience.shouldStop) { outcome in
      switch outcome {
      case .stop: .stopped(during: during)
      case .late(let seconds): .timedOut(peer: peer, during: during, seconds: seconds)
      }
    }
  }
}
