import Atomistics
import Foundation
import Sockets
import Testing

/// Messages of ASE 3.29.0 and the values behind them (Fixtures/generate_messages.py).
private struct Recorded: Decodable {
  let cell: [[Double]]
  let positions: [[Double]]
  let energy: Double
  let forces: [[Double]]
  let virial: [[Double]]
  let posdata: String
  let forceready: String
  let initialize: String
  let status: String

  static func load() throws -> Recorded {
    let url = try #require(
      Bundle.module.url(
        forResource: "messages", withExtension: "json", subdirectory: "Fixtures"))
    return try JSONDecoder().decode(Recorded.self, from: Data(contentsOf: url))
  }

  static func vectors(_ rows: [[Double]]) -> [Vector3] { rows.map { Vector3($0[0], $0[1], $0[2]) } }
  static func matrix(_ rows: [[Double]]) -> Matrix3 {
    let rows = vectors(rows)
    return Matrix3(rows[0], rows[1], rows[2])
  }

  var geometry: DriverGeometry {
    DriverGeometry(cell: Self.matrix(cell), positions: Self.vectors(positions))
  }
  var driverForces: DriverForces {
    DriverForces(
      energy: energy, forces: Self.vectors(forces), virial: Self.matrix(virial), extra: [0])
  }
}

private func bytes(_ hex: String) -> [UInt8] {
  let digits = Array(hex.utf8).map { UInt8($0 > 57 ? $0 - 87 : $0 - 48) }
  return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

private func isNear(_ a: [Vector3], _ b: [Vector3], _ tolerance: Double) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { ($0 - $1).length <= tolerance * (1 + $1.length) }
}

private func rows(_ matrix: Matrix3) -> [Vector3] { [matrix[0], matrix[1], matrix[2]] }

/// What arrives when these bytes are sent and the connection closed.
private func receive(_ bytes: [UInt8], atoms: Int = 3) throws -> [DriverMessage] {
  let pair = SocketPair()
  FakeServer.send(bytes, to: pair.server)
  let channel = DriverChannel(
    SocketConnection(
      descriptor: pair.client, peer: "the server", patience: SocketPatience(idle: 5, stall: 5)),
    atomCount: atoms)
  var messages: [DriverMessage] = []
  while let message = try channel.receive() { messages.append(message) }
  return messages
}

/// The bytes of one message as they go out.
private func sent(_ message: DriverMessage, atoms: Int = 3) throws -> [UInt8] {
  let pair = SocketPair()
  do {
    let channel = DriverChannel(
      SocketConnection(descriptor: pair.client, peer: "the server"), atomCount: atoms)
    try channel.send(message)
  }
  defer { close(pair.server) }
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  let count = buffer.withUnsafeMutableBytes { read(pair.server, $0.baseAddress, $0.count) }
  return Array(buffer.prefix(count))
}

@Suite struct DriverChannelTests {
  /// ASE derives Bohr and hartree from other constants; they differ from CODATA's by 8e-12.
  private let tolerance = 3e-11

  @Test func readsWhatASESends() throws {
    let recorded = try Recorded.load()
    let messages = try receive(
      bytes(recorded.status) + bytes(recorded.initialize) + bytes(recorded.posdata)
        + bytes(recorded.forceready))
    try #require(messages.count == 4)
    #expect(messages[0] == .status && messages[1] == .initialize(replica: 0, text: [0]))
    guard case .positions(let geometry) = messages[2], case .forces(let forces) = messages[3] else {
      Issue.record("\(messages)")
      return
    }
    let expected = recorded.driverForces
    #expect(isNear(rows(geometry.cell), rows(recorded.geometry.cell), tolerance))
    #expect(isNear(geometry.positions, recorded.geometry.positions, tolerance))
    #expect(abs(forces.energy / recorded.energy - 1) < tolerance)
    #expect(isNear(forces.forces, expected.forces, tolerance))
    #expect(isNear(rows(forces.virial), rows(expected.virial), tolerance))
    #expect(forces.extra == [0])
  }

  /// Everything but the inverse cell, which ASE sends transposed against i-PI.
  @Test func sendsWhatASESends() throws {
    let recorded = try Recorded.load()
    for (message, hex) in [
      (DriverMessage.positions(recorded.geometry), recorded.posdata),
      (.forces(recorded.driverForces), recorded.forceready), (.status, recorded.status),
      (.initialize(replica: 0, text: [0]), recorded.initialize),
    ] {
      let (ours, theirs) = (try sent(message), bytes(hex))
      #expect(ours.count == theirs.count)
      #expect(ours.prefix(12) == theirs.prefix(12))
      if case .positions = message {
        #expect(ours[156..<160] == theirs[156..<160])
      }
      // Read by the same reader; the reader is held against ASE's bytes above.
      let (a, b) = (try receive(ours), try receive(theirs))
      switch (a[0], b[0]) {
      case (.positions(let x), .positions(let y)):
        #expect(isNear(rows(x.cell) + x.positions, rows(y.cell) + y.positions, tolerance))
      case (.forces(let x), .forces(let y)):
        #expect(
          isNear(x.forces + rows(x.virial), y.forces + rows(y.virial), tolerance)
            && abs(x.energy - y.energy) < tolerance * abs(y.energy))
      default: #expect(a == b)
      }
    }
  }

  /// i-PI sends the inverse of the transposed cell, row by row: (Mᵀ)⁻¹ Mᵀ = 1.
  @Test func theInverseCellIsTheInverseOfTheCellAsSent() throws {
    let recorded = try Recorded.load()
    let message = try sent(.positions(recorded.geometry))
    let numbers = message[12..<156].withUnsafeBytes { raw in
      (0..<18).map { raw.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
    }
    for i in 0..<3 {
      for j in 0..<3 {
        let product = (0..<3).reduce(0) { $0 + numbers[3 * i + $1] * numbers[9 + 3 * $1 + j] }
        #expect(abs(product - (i == j ? 1 : 0)) < 1e-12)
      }
    }
  }

  @Test func everyMessageComesBackAsItWent() throws {
    var random = RandomGenerator(seed: 11)
    let structure = shakenArgon().shaken(by: 50, &random)
    let forces = DriverForces(
      energy: -1e5, forces: structure.positions, virial: structure.lattice.matrix,
      extra: Array("{\"a\": 1}".utf8))
    let all: [DriverMessage] = [
      .status, .needInit, .ready, .haveData, .initialize(replica: 7, text: Array("x".utf8)),
      .initialize(replica: 0, text: []), .positions(structure.geometry), .getForces,
      .forces(forces), .exit,
    ]
    for message in all {
      let back = try receive(try sent(message, atoms: structure.count), atoms: structure.count)
      try #require(back.count == 1)
      switch (message, back[0]) {
      case (.positions(let a), .positions(let b)):
        #expect(isNear(rows(a.cell) + a.positions, rows(b.cell) + b.positions, 1e-15))
      case (.forces(let a), .forces(let b)):
        #expect(
          isNear(a.forces + rows(a.virial), b.forces + rows(b.virial), 1e-15)
            && a.extra == b.extra && abs(a.energy - b.energy) < 1e-15 * 1e5)
      default: #expect(back[0] == message)
      }
    }
  }

  @Test(arguments: [
    ("STATSU      ", "'STATSU      '"), ("status      ", "'status      '"),
    ("GET / HTTP/1", "'GET / HTTP/1'"), ("\u{1}\u{0}\u{0}\u{0}STATUS  ", "\\x01\\x00"),
  ])
  func anUnknownHeaderIsQuoted(header: String, quoted: String) throws {
    let error = #expect(throws: SocketsError.self) { try receive(Array(header.utf8)) }
    let message = try #require(error).description
    #expect(message.contains(quoted) && message.contains("POSDATA"), "\(message)")
    #expect(error?.kind == .badData)
  }

  @Test func aMessageThatEndsTooEarlyIsADisconnection() throws {
    let whole = bytes(try Recorded.load().posdata)
    for count in [1, 11, 12, 13, 83, 155, 158, 160, 200, whole.count - 1] {
      let error = #expect(throws: SocketsError.self) { try receive(Array(whole.prefix(count))) }
      guard case .disconnected = try #require(error) else {
        Issue.record("\(count) bytes: \(error as Any)")
        continue
      }
    }
    #expect(try receive([]).isEmpty)
  }

  @Test(arguments: [Int32(2), 4, 0, -1, .max, .min])
  func anotherNumberOfAtomsIsRefusedBeforeItIsRead(count: Int32) throws {
    var message = bytes(try Recorded.load().posdata)
    withUnsafeBytes(of: count.littleEndian) { message.replaceSubrange(156..<160, with: $0) }
    let error = try #require(#expect(throws: SocketsError.self) { try receive(message) })
    guard case .wrongAtomCount(_, let received, 3) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(received == Int(count) && error.description.contains("\(count) atoms; expected 3"))
  }

  @Test(arguments: [Int32(-1), .max, .min])
  func aTextOfNoPossibleLengthIsRefused(length: Int32) throws {
    var message = bytes(try Recorded.load().initialize)
    withUnsafeBytes(of: length.littleEndian) { message.replaceSubrange(16..<20, with: $0) }
    let error = try #require(#expect(throws: SocketsError.self) { try receive(message) })
    #expect(error.description.contains("INIT with a text of \(length) bytes"), "\(error)")
  }

  /// Bytes changed, lost and doubled at random: a message or an error, never a crash or a hang.
  @Test func damagedBytesNeverHangNorCrash() throws {
    let recorded = try Recorded.load()
    let whole =
      bytes(recorded.status) + bytes(recorded.posdata) + bytes(recorded.forceready)
      + bytes(recorded.initialize)
    var random = RandomGenerator(seed: 5)
    var failures = 0
    for _ in 0..<400 {
      var damaged = whole
      for _ in 0...Int(random.uniform() * 3) {
        let place = Int(random.uniform() * Double(damaged.count))
        switch Int(random.uniform() * 3) {
        case 0: damaged[place] = UInt8(random.uniform() * 256)
        case 1: damaged.remove(at: place)
        default: damaged.insert(damaged[place], at: place)
        }
      }
      do { _ = try receive(damaged) } catch is SocketsError { failures += 1 }
    }
    #expect(failures > 200)
  }
}
