import Atomistics

/// Messages of the i-PI protocol over a connection, for either side.
///
/// Both sides know how many atoms there are before they meet; a message about another number is an
/// error before anything of its length is read.
public struct DriverChannel: Sendable {
  public let connection: SocketConnection
  /// How many atoms the messages are about.
  public let atomCount: Int

  /// The longest text that may follow `INIT` and `FORCEREADY`: what is longer is taken for damage.
  public static let longestText = 1 << 24

  public init(_ connection: SocketConnection, atomCount: Int) {
    self.connection = connection
    self.atomCount = atomCount
  }

  /// The next message; nil if the other side has left between two messages.
  ///
  /// - Throws: `SocketsError.badMessage` with what was received, `.wrongAtomCount`,
  ///   `.disconnected`, `.timedOut`, `.stopped`.
  public func receive() throws -> DriverMessage? {
    guard
      let bytes = try connection.read(
        DriverHeader.length, opening: true, during: "between two messages")
    else { return nil }
    guard let header = DriverHeader(bytes) else {
      throw SocketsError.badMessage(
        peer: connection.peer, received: "\(DriverHeader.quoted(bytes)) as a header",
        expected: "one of "
          + DriverHeader.allCases.map(\.rawValue).joined(separator: ", ")
          + ", filled up with spaces to \(DriverHeader.length) bytes")
    }
    switch header {
    case .status: return .status
    case .needInit: return .needInit
    case .ready: return .ready
    case .haveData: return .haveData
    case .getForces: return .getForces
    case .exit: return .exit
    case .initialize:
      let replica = try content(4, of: header).int32(at: 0)
      return .initialize(replica: replica, text: try text(of: header))
    case .positions: return .positions(try geometry())
    case .forces: return .forces(try forces())
    }
  }

  /// Sends a message in one write.
  ///
  /// - Throws: `SocketsError.disconnected`, `.timedOut`, `.stopped`.
  public func send(_ message: DriverMessage) throws {
    try connection.write(
      message.bytes, during: "while \(message.header.rawValue) was sent to it")
  }

  private func geometry() throws -> DriverGeometry {
    let matrices = try content(144, of: .positions)
    let count = try atomCount(of: .positions)
    return DriverGeometry(
      cell: matrices.matrix(transposedAt: 0, times: Units.bohr),
      positions: try content(24 * count, of: .positions)
        .vectors(count, at: 0, times: Units.bohr))
  }

  private func forces() throws -> DriverForces {
    let energy = try content(8, of: .forces).double(at: 0)
    let count = try atomCount(of: .forces)
    let rest = try content(24 * count + 72, of: .forces)
    return DriverForces(
      energy: energy * Units.hartree,
      forces: rest.vectors(count, at: 0, times: Units.hartree / Units.bohr),
      virial: rest.matrix(transposedAt: 24 * count, times: Units.hartree),
      extra: try text(of: .forces))
  }

  private func atomCount(of header: DriverHeader) throws -> Int {
    let count = try content(4, of: header).int32(at: 0)
    guard count == atomCount else {
      throw SocketsError.wrongAtomCount(
        peer: connection.peer, received: count, expected: atomCount)
    }
    return count
  }

  private func text(of header: DriverHeader) throws -> [UInt8] {
    let length = try content(4, of: header).int32(at: 0)
    guard (0...Self.longestText).contains(length) else {
      throw SocketsError.badMessage(
        peer: connection.peer, received: "\(header.rawValue) with a text of \(length) bytes",
        expected: "0 to \(Self.longestText)")
    }
    return try content(length, of: header)
  }

  private func content(_ count: Int, of header: DriverHeader) throws -> [UInt8] {
    // Only what opens a message may be missing.
    try connection.read(count, during: "inside \(header.rawValue)") ?? []
  }
}

extension DriverMessage {
  /// The message as the protocol has it.
  var bytes: [UInt8] {
    var bytes = header.bytes
    switch self {
    case .status, .needInit, .ready, .haveData, .getForces, .exit: break
    case .initialize(let replica, let text):
      bytes.append(Int32(clamping: replica))
      bytes.append(Int32(clamping: text.count))
      bytes += text
    case .positions(let geometry):
      bytes.reserveCapacity(160 + 24 * geometry.positions.count)
      bytes.append(transposed: geometry.cell, times: 1 / Units.bohr)
      let inverse = geometry.cell.determinant == 0 ? Matrix3.zero : geometry.cell.inverse
      bytes.append(transposed: inverse, times: Units.bohr)
      bytes.append(Int32(clamping: geometry.positions.count))
      bytes.append(geometry.positions, times: 1 / Units.bohr)
    case .forces(let forces):
      bytes.reserveCapacity(100 + 24 * forces.forces.count + forces.extra.count)
      bytes.append(forces.energy / Units.hartree)
      bytes.append(Int32(clamping: forces.forces.count))
      bytes.append(forces.forces, times: Units.bohr / Units.hartree)
      bytes.append(transposed: forces.virial, times: 1 / Units.hartree)
      bytes.append(Int32(clamping: forces.extra.count))
      bytes += forces.extra
    }
    return bytes
  }
}
