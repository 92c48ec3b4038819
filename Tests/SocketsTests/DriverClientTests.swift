import Atomistics
import Foundation
import Potentials
import Sockets
import Testing

/// A calculator whose energy is not a number when the first atom has gone far.
private struct Fragile: ShortRangeCalculator {
  let name = "fragile"
  let cutoff = 3.0
  func validate(_ species: some Sequence<Element>) throws {}
  func evaluate(_ structure: Structure, neighbors: NeighborList) -> Evaluation {
    let isFar = structure.positions[0].length > 20
    return Evaluation(
      energies: structure.positions.map { _ in isFar ? Double.nan : 0 },
      forces: structure.positions.map { _ in .zero }, stress: .zero)
  }
}

/// The largest difference of what came over the socket to a direct evaluation, in eV and Å.
private func difference(_ forces: DriverForces, _ structure: Structure) throws -> Double {
  let direct = try LennardJones.argon.evaluate(structure)
  let stress = forces.stress(volume: structure.volume) - direct.stress
  let force = zip(forces.forces, direct.forces).map { ($0 - $1).length }.max() ?? .infinity
  return max(abs(forces.energy - direct.energy), force, stress.frobeniusNorm)
}

@Suite struct DriverClientTests {
  private let atoms = shakenArgon()

  /// What the server of a test hands out of its thread.
  private final class Box<T>: @unchecked Sendable {
    var value: T
    init(_ value: T) { self.value = value }
  }

  /// Serves to a server that sends these structures one after the other.
  private func serve(_ path: [Structure]) throws -> (Service, [DriverForces?]) {
    let received = Box<[DriverForces?]>([])
    let count = atoms.count
    let service = try Service(atoms) { descriptor in
      let server = FakeServer(descriptor, atoms: count)
      for structure in path { received.value.append(try? server.step(structure.geometry)) }
      try? server.channel.send(.exit)
    }
    return (service, received.value)
  }

  @Test func givesWhatTheCalculatorGivesAndKeepsItsList() throws {
    var random = RandomGenerator(seed: 3)
    var path = [atoms]
    for _ in 1..<30 { path.append(atoms.shaken(by: 0.15, &random)) }
    let (service, received) = try serve(path)
    let summary = try service.outcome.get()
    #expect(summary.steps == 30 && summary.lists == 1 && summary.ending == .exit)
    #expect(summary.atoms == 32 && summary.evaluating > 0 && summary.seconds > summary.evaluating)
    for (structure, forces) in zip(path, received) {
      #expect(try difference(try #require(forces), structure) < 1e-12)
    }
  }

  /// Cells that grow, shear, turn over into a left-handed one, and atoms that leave the cell.
  @Test func followsAnyChangeOfTheCell() throws {
    var random = RandomGenerator(seed: 4)
    var path: [Structure] = []
    for step in 0..<12 {
      let size = 0.02 * Double(step)
      let strain = Matrix3(
        Vector3(size, 0.5 * size, 0), Vector3(-size, 0.3 * size, size), Vector3(0, size, -0.1))
      path.append(atoms.strained(by: strain).shaken(by: 0.1, &random))
    }
    var turned = atoms
    let m = atoms.lattice.matrix
    turned.lattice = Lattice(m[1], m[0], m[2])
    var moved = turned
    moved.positions = turned.positions.enumerated().map { $1 + Double($0 % 5 - 2) * m[0] }
    path += [turned, moved, atoms]
    let (service, received) = try serve(path)
    #expect(try service.outcome.get().steps == path.count)
    for (structure, forces) in zip(path, received) {
      #expect(try difference(try #require(forces), structure) < 1e-12)
    }
  }

  /// i-PI 3.3 sends positions and GETFORCE in one go, and INIT between two steps where it likes.
  @Test func answersAServerThatDoesNotAskForTheStatus() throws {
    let (geometry, count) = (atoms.geometry, atoms.count)
    let answers = Box<[DriverMessage?]>([])
    let service = try Service(atoms) { descriptor in
      let server = FakeServer(descriptor, atoms: count)
      for replica in 0..<3 {
        try? server.channel.send(.initialize(replica: replica, text: Array("beads".utf8)))
        try? server.channel.send(.positions(geometry))
        try? server.channel.send(.getForces)
        answers.value.append(try? server.channel.receive())
      }
    }
    let summary = try service.outcome.get()
    #expect(summary.steps == 3 && summary.ending == .closed && summary.lists == 1)
    #expect(answers.value.count == 3)
    for case let answer? in answers.value { #expect(answer == answers.value[0]) }
    guard case .forces(let forces)? = answers.value[0] else {
      Issue.record("\(answers.value)")
      return
    }
    #expect(try difference(forces, atoms) < 1e-12)
  }

  /// A molecule: ASE sends a cell of zeros.
  @Test func aDirectionThatDoesNotRepeatNeedsNoVector() throws {
    var cluster = atoms
    cluster.periodic = [false, true, false]
    let m = atoms.lattice.matrix
    let sent = DriverGeometry(
      cell: Matrix3(.zero, m[1], .zero), positions: cluster.positions)
    let received = Box<DriverForces?>(nil)
    let count = atoms.count
    let service = try Service(cluster) { descriptor in
      received.value = try? FakeServer(descriptor, atoms: count).step(sent)
    }
    #expect(try service.outcome.get().steps == 1)
    #expect(try difference(try #require(received.value), cluster) < 1e-12)
  }

  @Test func badGeometriesAreRefusedWithTheAtomNamed() throws {
    var onTop = atoms
    onTop.positions[4] = onTop.positions[9] + Vector3(0.05, 0, 0)
    var lost = atoms
    lost.positions[6].y = .nan
    var far = atoms
    far.positions[7].z = 1e30
    let m = atoms.lattice.matrix
    func cell(_ a: Vector3, _ b: Vector3, _ c: Vector3) -> DriverGeometry {
      DriverGeometry(cell: Matrix3(a, b, c), positions: atoms.positions)
    }
    let cases: [(DriverGeometry, String)] = [
      (onTop.geometry, "atoms 5 (Ar) and 10 (Ar) are 0.05 Å apart"),
      (lost.geometry, "atom 7 (Ar)"), (far.geometry, "atom 8 (Ar)"),
      (cell(m[0], m[1], m[0] + m[1]), "span no volume"),
      (cell(.zero, m[1], m[2]), "span no volume"),
      (cell(m[0], m[1], Vector3(0, 0, .nan)), "not a number"),
      (cell(m[0], m[1], Vector3(0, 0, .infinity)), "not a number"),
      (cell(1e-3 * m[0], 1e-3 * m[1], 1e-3 * m[2]), "Å³ for 32 atoms"),
    ]
    let (good, count) = (atoms.geometry, atoms.count)
    for (bad, says) in cases {
      // As the first step, and as the second, where a list is already there.
      for isFirst in [true, false] {
        let service = try Service(atoms) { descriptor in
          let server = FakeServer(descriptor, atoms: count)
          if !isFirst { _ = try? server.step(good) }
          _ = try? server.step(bad)
        }
        #expect(service.message.contains(says), "\(service.message)")
        #expect(service.message.contains("step \(isFirst ? 1 : 2)"), "\(service.message)")
        #expect(service.kind == .badData)
      }
    }
  }

  @Test func anEvaluationThatIsNotANumberIsNotSent() throws {
    var far = atoms
    far.positions[0].x += 100
    let (good, bad, count) = (atoms.geometry, far.geometry, atoms.count)
    let answers = Box<[DriverForces?]>([])
    let service = try Service(atoms, Fragile()) { descriptor in
      let server = FakeServer(descriptor, atoms: count)
      answers.value = [try? server.step(good), try? server.step(bad)]
    }
    #expect(service.message.contains("step 2: the potential gave an energy"), "\(service.message)")
    #expect(answers.value[0] != nil && answers.value[1] == nil)
  }

  @Test func anotherNumberOfAtomsSaysWhatToDo() throws {
    let geometry = atoms.selecting(Array(0..<31)).geometry
    let service = try Service(atoms) { descriptor in
      _ = try? FakeServer(descriptor, atoms: 31).step(geometry)
    }
    #expect(service.message.contains("31 atoms; expected 32"), "\(service.message)")
    #expect(service.kind == .badData)
  }

  @Test func messagesOutOfTurnAreRefused() throws {
    let (geometry, count) = (atoms.geometry, atoms.count)
    let forces = DriverForces(energy: 0, forces: atoms.positions, virial: .zero)
    let cases: [([DriverMessage], String)] = [
      ([.getForces], "sent GETFORCE; expected STATUS, INIT, POSDATA"),
      ([.positions(geometry), .positions(geometry)], "sent POSDATA; expected STATUS, GETFORCE"),
      ([.positions(geometry), .initialize(replica: 0, text: [])], "sent INIT"),
      ([.ready], "sent READY"), ([.haveData], "sent HAVEDATA"), ([.needInit], "sent NEEDINIT"),
      ([.status, .forces(forces)], "sent FORCEREADY"),
    ]
    for (messages, says) in cases {
      let service = try Service(atoms) { descriptor in
        let server = FakeServer(descriptor, atoms: count)
        for message in messages { try? server.channel.send(message) }
        _ = try? server.channel.receive()
        _ = try? server.channel.receive()
      }
      #expect(service.message.contains(says), "\(service.message)")
      #expect(service.kind == .badData)
    }
  }

  @Test func aServerThatLeavesEarlyIsTold() throws {
    let (geometry, count) = (atoms.geometry, atoms.count)
    let atOnce = try Service(atoms) { close($0) }
    #expect(try atOnce.outcome.get().ending == .closed)
    let exit = try Service(atoms) { try? FakeServer($0, atoms: count).channel.send(.exit) }
    #expect(try exit.outcome.get().ending == .exit)
    let damaged = try Service(atoms) { FakeServer.send(Array("POSDA".utf8), to: $0) }
    #expect(damaged.message.contains("closed the connection"), "\(damaged.message)")
    #expect(damaged.kind == .unavailable)
    let uncollected = try Service(atoms) { descriptor in
      let server = FakeServer(descriptor, atoms: count)
      try? server.channel.send(.positions(geometry))
      try? server.channel.send(.status)
      _ = try? server.channel.receive()
    }
    #expect(uncollected.message.contains("before it fetched the forces of step 1"))
    #expect(uncollected.kind == .unavailable)
  }

  /// The answer goes to a socket that nobody holds any more: an error, not a signal that kills.
  @Test func aClosedSocketDoesNotKill() throws {
    let (geometry, count) = (atoms.geometry, atoms.count)
    let service = try Service(atoms) { descriptor in
      let server = FakeServer(descriptor, atoms: count)
      try? server.channel.send(.positions(geometry))
      try? server.channel.send(.getForces)
    }
    #expect(service.kind == .unavailable, "\(service.message)")
  }

  @Test func silenceEndsTheService() throws {
    let patience = SocketPatience(idle: 0.2, stall: 0.1)
    let idle = try Service(atoms, patience: patience) { descriptor in
      usleep(600_000)
      close(descriptor)
    }
    #expect(idle.message.contains("silent for 0.2 s between two messages"), "\(idle.message)")
    let stalled = try Service(atoms, patience: patience) { descriptor in
      _ = write(descriptor, "POSDATA     abc", 15)
      usleep(600_000)
      close(descriptor)
    }
    #expect(stalled.message.contains("silent for 0.1 s inside POSDATA"), "\(stalled.message)")
    #expect(idle.kind == .unavailable && stalled.kind == .unavailable)
  }

  @Test func theWishToStopIsHeardWhileWaiting() throws {
    let (geometry, count) = (atoms.geometry, atoms.count)
    let wish = Box(false)
    let patience = SocketPatience(shouldStop: { wish.value })
    let service = try Service(atoms, patience: patience) { descriptor in
      let server = FakeServer(descriptor, atoms: count)
      _ = try? server.step(geometry)
      wish.value = true
      _ = try? server.channel.receive()
    }
    #expect(service.kind == .stopped && service.message.contains("after step 1"))
  }

  @Test func whatCannotBeServedIsRefusedBeforeConnecting() throws {
    var unknown = atoms
    unknown.species[3] = try #require(Element("Li"))
    #expect(throws: PotentialsError.self) {
      try DriverClient(structure: unknown, calculator: LennardJones.argon)
    }
    var onTop = atoms
    onTop.positions[1] = onTop.positions[0]
    #expect(throws: AtomisticsError.self) {
      try DriverClient(structure: onTop, calculator: LennardJones.argon)
    }
  }
}
