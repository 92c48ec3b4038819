import Atomistics
import Foundation
import Sockets
import Testing

private let potential = InterphaseProcess.root
  .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep3.nep.txt").path

private let cell = """
  2
  Lattice="4 0 0 0.5 4 0 0 -0.3 4" Properties=species:S:1:pos:R:3 pbc="T T T"
  Li 0 0 0
  S 2 2 2.1

  """

private let geometry = DriverGeometry(
  cell: Matrix3(Vector3(4, 0, 0), Vector3(0.5, 4, 0), Vector3(0, -0.3, 4)),
  positions: [Vector3.zero, Vector3(2, 2, 2.1)])

/// A file with two atoms and a socket, which go when the test is over.
private final class Scratch: Sendable {
  let directory: URL
  let address: SocketAddress

  init() throws {
    directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("serve-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    address = .unix(path: directory.appendingPathComponent("s").path)
    try Data(cell.utf8).write(to: file)
  }

  deinit { try? FileManager.default.removeItem(at: directory) }

  var file: URL { directory.appendingPathComponent("cell.xyz") }

  func serve(_ more: String...) -> [String] {
    ["serve", file.path, "--potential", potential, "--socket", address.description] + more
  }

  /// Plays the server on another thread.
  func server(_ body: @escaping @Sendable (DriverChannel) throws -> Void) throws {
    let listener = try SocketListener(at: address)
    Thread.detachNewThread {
      let patience = SocketPatience(idle: 20, stall: 20)
      guard let connection = try? listener.accept(waiting: 20, patience: patience) else { return }
      try? body(DriverChannel(connection, atomCount: 2))
    }
  }
}

/// One step, as ASE does it.
private func step(_ channel: DriverChannel) throws -> DriverForces? {
  try channel.send(.status)
  _ = try channel.receive()
  try channel.send(.positions(geometry))
  try channel.send(.status)
  _ = try channel.receive()
  try channel.send(.getForces)
  guard case .forces(let forces)? = try channel.receive() else { return nil }
  return forces
}

/// What a server on another thread received.
private final class Received: @unchecked Sendable { var forces: [DriverForces] = [] }

/// `interphase serve`, run as a person would.
struct ServeTests {
  @Test(arguments: [true, false])
  func givesWhatEnergyGives(sendsExit: Bool) throws {
    let scratch = try Scratch()
    let received = Received()
    try scratch.server { channel in
      for _ in 0..<3 {
        if let forces = try step(channel) { received.forces.append(forces) }
      }
      if sendsExit { try channel.send(.exit) }
    }
    let run = try InterphaseProcess(scratch.serve("--json", "--threads", "1"))
    #expect(run.status == 0, "\(run.errors)")
    let summary = try run.json()
    #expect(summary["steps"] as? Int == 3 && summary["atoms"] as? Int == 2)
    #expect(summary["neighborLists"] as? Int == 1)
    #expect(summary["ended"] as? String == (sendsExit ? "exit" : "closed"))
    #expect(try #require(summary["evaluation_us_per_step"] as? Double) > 0)
    let energy = try InterphaseProcess(
      "energy", scratch.file.path, "--potential", potential, "--json"
    )
    .json()
    try #require(received.forces.count == 3)
    let expected = try #require(energy["energy_eV"] as? Double)
    let stress = try #require(energy["stress_eV_per_A3"] as? [Double])
    let volume = abs(geometry.cell.determinant)
    for forces in received.forces {
      #expect(abs(forces.energy - expected) < 1e-12 * abs(expected))
      #expect(abs(forces.stress(volume: volume)[0].x - stress[0]) < 1e-12)
      #expect(abs(forces.stress(volume: volume)[1].z - stress[3]) < 1e-12)
    }
  }

  @Test func tellsAPersonHowManyStepsAndHowFast() throws {
    let scratch = try Scratch()
    try scratch.server { channel in
      _ = try step(channel)
      try channel.send(.exit)
    }
    let run = try InterphaseProcess(scratch.serve())
    #expect(run.status == 0 && run.output.contains("1 step,") && run.output.contains("µs per atom"))
    #expect(run.output.contains("EXIT") && run.errors.contains("serving 2 atoms"))
  }

  @Test func nobodyThereIsUnavailable() throws {
    let scratch = try Scratch()
    let run = try InterphaseProcess(scratch.serve("--wait", "0.2 s"))
    #expect(run.status == 69 && run.output.isEmpty, "\(run.errors)")
    #expect(run.errors.contains("no server at unix:") && run.errors.contains("waiting for"))
  }

  @Test(arguments: [
    ["--socket", "nowhere"], ["--socket", "unix:a", "--wait", "10"],
    ["--socket", "unix:a", "--wait", "-1 s"], ["--socket", "unix:a", "--timeout", "0 s"],
  ])
  func aBadAddressOrTimeIsWrongUsage(options: [String]) throws {
    let run = try InterphaseProcess(
      ["serve", try Scratch().file.path, "--potential", potential] + options)
    #expect(run.status == 64, "\(run.errors)")
  }

  @Test func damagedMessagesEndWithWhatWasReceived() throws {
    let scratch = try Scratch()
    try scratch.server { channel in
      _ = try step(channel)
      try DriverChannel(channel.connection, atomCount: 5).send(
        .positions(DriverGeometry(cell: geometry.cell, positions: [.zero, .zero, .zero])))
      _ = try channel.receive()
    }
    let run = try InterphaseProcess(scratch.serve())
    #expect(run.status == 65 && run.errors.contains("3 atoms; expected 2"), "\(run.errors)")
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func signalsStopItWhileItWaits(signal: Int32) throws {
    let scratch = try Scratch()
    // Before there is a server ...
    let started = Date()
    let early = try InterphaseProcess.interrupt(
      scratch.serve("--wait", "1 min"), with: signal,
      when: { Date().timeIntervalSince(started) > 1.5 })
    #expect(early.status == 75 && early.reason == .exit)
    // ... and between two steps.
    let listener = try SocketListener(at: scratch.address)
    var connection: SocketConnection?
    let late = try InterphaseProcess.interrupt(
      scratch.serve(), with: signal,
      when: {
        connection = try? listener.accept(waiting: 10)
        guard let connection else { return true }
        return (try? step(DriverChannel(connection, atomCount: 2))) != nil
      })
    #expect(connection != nil && late.status == 75 && late.reason == .exit)
  }
}
