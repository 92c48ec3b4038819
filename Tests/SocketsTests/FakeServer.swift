import Atomistics
import Dispatch
import Foundation
import Potentials
import Sockets

/// Two connected unix sockets: ours, and the one of a server that a test plays.
struct SocketPair {
  let client: Int32
  let server: Int32

  init() {
    var ends: [Int32] = [0, 0]
    #if canImport(Darwin)
      let kind = SOCK_STREAM
    #else
      let kind = Int32(SOCK_STREAM.rawValue)
    #endif
    precondition(socketpair(AF_UNIX, kind, 0, &ends) == 0, "a pair of sockets can be had")
    (client, server) = (ends[0], ends[1])
  }

  /// Both ends as connections.
  func connections(_ patience: SocketPatience = SocketPatience(stall: 5))
    -> (client: SocketConnection, server: SocketConnection)
  {
    (
      SocketConnection(descriptor: client, peer: "the server", patience: patience),
      SocketConnection(descriptor: server, peer: "the client", patience: patience)
    )
  }
}

/// How a client's service ended.
struct Service {
  let outcome: Result<DriverSummary, any Error>

  /// Serves the atoms of `structure` to a server that is played on another thread.
  init(
    _ structure: Structure, _ calculator: any Calculator = LennardJones.argon,
    patience: SocketPatience = SocketPatience(idle: 10, stall: 10),
    server: @escaping @Sendable (Int32) -> Void
  ) throws {
    let pair = SocketPair()
    let done = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      server(pair.server)
      done.signal()
    }
    var client = try DriverClient(structure: structure, calculator: calculator)
    outcome = Result {
      try client.serve(
        over: SocketConnection(
          descriptor: pair.client, peer: "the server", patience: patience))
    }
    done.wait()
  }

  /// The message to the user, empty if all went well.
  var message: String {
    switch outcome {
    case .success: ""
    case .failure(let error): (error as? any ReportableError)?.description ?? "\(error)"
    }
  }

  var kind: FailureKind? {
    switch outcome {
    case .success: nil
    case .failure(let error): (error as? any ReportableError)?.kind
    }
  }
}

/// A server that a test plays with messages, and with bytes where it misbehaves.
struct FakeServer {
  let connection: SocketConnection
  let channel: DriverChannel

  init(_ descriptor: Int32, atoms: Int) {
    connection = SocketConnection(
      descriptor: descriptor, peer: "the client", patience: SocketPatience(idle: 10, stall: 10))
    channel = DriverChannel(connection, atomCount: atoms)
  }

  /// One step as ASE does it: status, positions, status, forces.
  func step(_ geometry: DriverGeometry) throws -> DriverForces? {
    try channel.send(.status)
    guard try channel.receive() == .ready else { return nil }
    try channel.send(.positions(geometry))
    try channel.send(.status)
    guard try channel.receive() == .haveData else { return nil }
    try channel.send(.getForces)
    guard case .forces(let forces) = try channel.receive() else { return nil }
    return forces
  }

  /// Bytes as they are, then the end of the connection.
  static func send(_ bytes: [UInt8], to descriptor: Int32) {
    _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
  }
}

extension LennardJones {
  static let argon = LennardJones([Element("Ar")!: .init(epsilon: 0.0104, sigma: 3.4)], cutoff: 6)
}

/// 32 atoms of argon in a triclinic cell, shaken.
func shakenArgon(seed: UInt64 = 1) -> Structure {
  var random = RandomGenerator(seed: seed)
  let cube = Structure(
    lattice: Lattice(Vector3(5.4, 0, 0), Vector3(0, 5.4, 0), Vector3(0, 0, 5.4)),
    species: Array(repeating: Element("Ar")!, count: 4),
    fractional: [.zero, Vector3(0, 0.5, 0.5), Vector3(0.5, 0, 0.5), Vector3(0.5, 0.5, 0)]
  ).supercell(2, 2, 2)
  let strain = Matrix3(
    Vector3(0.02, 0.03, -0.02), Vector3(0, -0.01, 0.04), Vector3(0.01, 0, 0.03))
  return cube.strained(by: strain).shaken(by: 0.2, &random)
}

extension Structure {
  /// Every coordinate moved by up to `amplitude` Å either way.
  func shaken(by amplitude: Double, _ random: inout RandomGenerator) -> Structure {
    var copy = self
    for k in copy.positions.indices {
      for axis in 0..<3 { copy.positions[k][axis] += amplitude * (2 * random.uniform() - 1) }
    }
    return copy
  }

  var geometry: DriverGeometry { DriverGeometry(cell: lattice.matrix, positions: positions) }
}
