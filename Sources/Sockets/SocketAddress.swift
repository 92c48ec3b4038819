import Foundation

/// Where a server listens.
///
/// | text | meaning |
/// |---|---|
/// | `unix:NAME` | the unix socket `/tmp/ipi_NAME`, as i-PI and ASE name theirs |
/// | `unix:/a/path` | the unix socket at that path |
/// | `HOST:PORT`, `[::1]:PORT` | TCP |
public enum SocketAddress: Hashable, Sendable, CustomStringConvertible {
  case unix(path: String)
  case internet(host: String, port: UInt16)

  /// What i-PI and ASE put before the name of a unix socket.
  public static let namePrefix = "/tmp/ipi_"

  /// Reads an address as a person types it.
  ///
  /// - Throws: `SocketsError.badAddress`.
  public init(_ text: String) throws {
    if let name = text.prefixed(by: "unix:") {
      self = .unix(path: try Self.path(ofName: name, in: text))
    } else {
      self = try Self.internet(text)
    }
  }

  public var description: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .internet(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
  }

  /// The longest path of a unix socket in bytes, its closing zero not counted.
  static let longestPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

  private static func path(ofName name: String, in text: String) throws -> String {
    guard !name.isEmpty else { throw SocketsError.badAddress(text, reason: "the name is missing") }
    let path = name.contains("/") ? name : namePrefix + name
    guard path.utf8.count <= longestPath, !path.utf8.contains(0) else {
      throw SocketsError.badAddress(
        text,
        reason: "the path has \(path.utf8.count) bytes, more than the \(longestPath) of a "
          + "unix socket")
    }
    return path
  }

  private static func internet(_ text: String) throws -> SocketAddress {
    guard let colon = text.lastIndex(of: ":") else {
      throw SocketsError.badAddress(text, reason: "there is no port")
    }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = String(host.dropFirst().dropLast())
    } else if host.contains(":") {
      throw SocketsError.badAddress(text, reason: "an IPv6 address stands in brackets")
    }
    guard !host.isEmpty, !host.contains(where: \.isWhitespace) else {
      throw SocketsError.badAddress(text, reason: "the host is missing")
    }
    guard let port = UInt16(text[text.index(after: colon)...]), port > 0 else {
      throw SocketsError.badAddress(text, reason: "the port is a number from 1 to 65535")
    }
    return .internet(host: host, port: port)
  }
}

extension String {
  /// What follows a prefix, if the string begins with it.
  fileprivate func prefixed(by prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
