import Atomistics
import Foundation
import Sockets
import Testing

@Suite struct SocketAddressTests {
  @Test(arguments: [
    (
      "unix:argyrodite", SocketAddress.unix(path: "/tmp/ipi_argyrodite"), "unix:/tmp/ipi_argyrodite"
    ),
    ("unix:/run/a b.sock", .unix(path: "/run/a b.sock"), "unix:/run/a b.sock"),
    ("unix:./here", .unix(path: "./here"), "unix:./here"),
    ("localhost:31415", .internet(host: "localhost", port: 31415), "localhost:31415"),
    ("[::1]:1", .internet(host: "::1", port: 1), "[::1]:1"),
    ("10.0.0.7:65535", .internet(host: "10.0.0.7", port: 65535), "10.0.0.7:65535"),
  ])
  func readsWhatAPersonTypes(text: String, address: SocketAddress, back: String) throws {
    #expect(try SocketAddress(text) == address)
    #expect(address.description == back)
  }

  @Test(arguments: [
    "", "unix:", "localhost", "localhost:", ":31415", "localhost:0", "localhost:65536",
    "localhost:-1", "localhost:port", "::1:31415", "a host:31415",
    "unix:" + String(repeating: "x", count: 100), "unix:/" + String(repeating: "x", count: 108),
  ])
  func refusesWhatIsNone(text: String) {
    let error = #expect(throws: SocketsError.self) { try SocketAddress(text) }
    #expect(error?.kind == .usage && error?.description.contains("HOST:PORT") == true)
  }
}

@Suite struct ConnectTests {
  private let path = FileManager.default.temporaryDirectory
    .appendingPathComponent("s-\(UUID().uuidString.prefix(8))").path

  /// A listener on a port of this machine that is free.
  private func internetListener() throws -> SocketListener {
    var last: (any Error)?
    for port in stride(from: UInt16(20000 + getpid() % 20000), to: 65000, by: 37) {
      do {
        return try SocketListener(at: .internet(host: "localhost", port: port))
      } catch { last = error }
    }
    throw try #require(last)
  }

  private func exchange(_ listener: SocketListener) throws {
    let patience = SocketPatience(idle: 5, stall: 5)
    let client = DriverChannel(
      try SocketConnection.connect(to: listener.address, patience: patience), atomCount: 32)
    let server = DriverChannel(try listener.accept(waiting: 5, patience: patience), atomCount: 32)
    let geometry = shakenArgon().geometry
    for _ in 0..<50 {
      try server.send(.positions(geometry))
      guard case .positions(let received)? = try client.receive() else {
        Issue.record("no positions")
        return
      }
      #expect(zip(received.positions, geometry.positions).allSatisfy { ($0 - $1).length < 1e-13 })
      try client.send(.ready)
      #expect(try server.receive() == .ready)
    }
  }

  @Test func messagesGoOverAUnixSocket() throws {
    try exchange(SocketListener(at: .unix(path: path)))
  }

  @Test func messagesGoOverTCP() throws { try exchange(try internetListener()) }

  @Test func aListenerTakesNoPlaceAndLeavesNone() throws {
    do {
      let listener = try SocketListener(at: .unix(path: path))
      #expect(throws: SocketsError.self) { try SocketListener(at: listener.address) }
      #expect(FileManager.default.fileExists(atPath: path))
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func nobodyThereIsTold() throws {
    for address in [
      SocketAddress.unix(path: path), .internet(host: "localhost", port: 1),
      .internet(host: "no-such-host.invalid", port: 31415),
    ] {
      let error = try #require(
        #expect(throws: SocketsError.self) { try SocketConnection.connect(to: address) })
      guard case .unreachable = error else {
        Issue.record("\(error)")
        continue
      }
      #expect(error.kind == .unavailable && error.description.contains(address.description))
    }
  }

  @Test func waitsForAServerThatComesLater() throws {
    let address = SocketAddress.unix(path: path)
    Thread.detachNewThread {
      usleep(300_000)
      guard let listener = try? SocketListener(at: address),
        let connection = try? listener.accept(waiting: 10)
      else { return }
      try? DriverChannel(connection, atomCount: 1).send(.status)
    }
    var waits = 0
    let connection = try SocketConnection.connect(to: address, waiting: 10) { waits += 1 }
    #expect(waits == 1)
    #expect(try DriverChannel(connection, atomCount: 1).receive() == .status)
  }

  @Test func waitingHasAnEndAndCanBeStopped() throws {
    let address = SocketAddress.unix(path: path)
    let start = ContinuousClock.now
    let late = try #require(
      #expect(throws: SocketsError.self) {
        try SocketConnection.connect(to: address, waiting: 0.3)
      })
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    #expect(seconds >= 0.3 && seconds < 5 && late.description.contains("after 0.3 s"))
    let stopped = #expect(throws: SocketsError.self) {
      try SocketConnection.connect(
        to: address, waiting: 60, patience: SocketPatience(shouldStop: { true }))
    }
    #expect(stopped?.kind == .stopped)
  }
}
