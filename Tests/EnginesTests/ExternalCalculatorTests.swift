import Atomistics
import Engines
import Foundation
import Potentials
import Sockets
import Synchronization
import Testing

/// What threads found.
private final class Results<Value: Sendable>: Sendable {
  private let list = Mutex<[Value]>([])
  var all: [Value] { list.withLock { $0 } }
  func add(_ value: Value) { list.withLock { $0.append(value) } }
}

/// Lennard-Jones by our own client on other threads, as a calculator.
private struct Rig {
  let address: SocketAddress
  let calculator: ExternalCalculator
  /// How many structures each client evaluated.
  let steps = Results<Int>()

  /// Waits until so many clients have left; after a minute a test says what is missing.
  func waitForClients(_ count: Int) {
    for _ in 0..<6000 where steps.all.count < count { usleep(10_000) }
  }

  init(internet: Bool = false, clients: Int = 1, serving structure: Structure) throws {
    let name = "interphase-test-\(UUID().uuidString.prefix(8))"
    let port = UInt16.random(in: 20000...40000)
    address = try SocketAddress(internet ? "localhost:\(port)" : "unix:\(name)")
    var limits = ClientLimits()
    limits.start = 20
    limits.evaluation = 20
    calculator = try ExternalCalculator(awaitedAt: address, clients: clients, limits: limits)
    let (address, steps) = (address, steps)
    for _ in 0..<clients {
      Thread.detachNewThread {
        do {
          var client = try DriverClient(structure: structure, calculator: LennardJones.argon)
          let connection = try SocketConnection.connect(to: address, waiting: 20)
          steps.add(try client.serve(over: connection).steps)
        } catch {
          steps.add(-1)
        }
      }
    }
  }
}

private func difference(_ a: Evaluation, _ b: Evaluation) -> Double {
  let force = zip(a.forces, b.forces).map { ($0 - $1).length }.max() ?? .infinity
  return max(abs(a.energy - b.energy), force, (a.stress - b.stress).frobeniusNorm)
}

@Suite(.serialized) struct ExternalCalculatorTests {
  @Test(arguments: [false, true])
  func givesWhatTheClientsPotentialGives(internet: Bool) throws {
    let structure = shakenArgon()
    let rig = try Rig(internet: internet, serving: structure)
    var evaluator = rig.calculator.evaluator(for: structure, skin: 1)
    for seed in 1...5 {
      let moved = shakenArgon(UInt64(seed)).strained(
        by: Matrix3(Vector3(0.01 * Double(seed), 0.02, 0), Vector3(0, -0.01, 0.03), .zero))
      let direct = try LennardJones.argon.evaluate(moved)
      #expect(difference(try rig.calculator.evaluate(moved), direct) < 1e-11)
      #expect(difference(try evaluator.evaluate(moved), direct) < 1e-11)
    }
    #expect(try rig.calculator.evaluate(structure).energies == nil)
    #expect(rig.calculator.isExternal && rig.calculator.range == nil)
    rig.calculator.close()
    rig.waitForClients(1)
    #expect(rig.steps.all == [11])
  }

  @Test func severalClientsShareABatch() throws {
    let rig = try Rig(clients: 3, serving: shakenArgon())
    let frames = (1...24).map { shakenArgon(UInt64($0)) }
    let calculator = rig.calculator
    let results = Results<Double>()
    onThreeThreads(frames.count) { index in
      let found = try? difference(
        calculator.evaluate(frames[index]), LennardJones.argon.evaluate(frames[index]))
      results.add(found ?? .infinity)
    }
    #expect(results.all.count == frames.count && results.all.allSatisfy { $0 < 1e-11 })
    calculator.close()
    rig.waitForClients(3)
    #expect(rig.steps.all.filter { $0 > 0 }.count >= 2 && rig.steps.all.reduce(0, +) == 24)
  }

  @Test func aClientStartedByHandForOtherAtomsIsAnError() throws {
    let rig = try Rig(serving: shakenArgon())
    _ = try rig.calculator.evaluate(shakenArgon())
    #expect {
      try rig.calculator.evaluate(shakenArgon(1, cells: 1))
    } throws: {
      ($0 as? EnginesError)?.kind == .badData && "\($0)".contains("other atoms")
    }
  }

  @Test func nobodyComes() throws {
    var limits = ClientLimits()
    limits.start = 0.2
    let calculator = try ExternalCalculator(
      awaitedAt: SocketAddress("unix:interphase-nobody-\(getpid())"), limits: limits)
    #expect {
      try calculator.evaluate(shakenArgon())
    } throws: {
      ($0 as? EnginesError)?.kind == .unavailable && "\($0)".contains("no client came")
    }
  }

  @Test func aTakenAddressIsTold() throws {
    let address = try SocketAddress("unix:interphase-taken-\(getpid())")
    let first = try ExternalCalculator(awaitedAt: address)
    #expect(throws: SocketsError.self) { try ExternalCalculator(awaitedAt: address) }
    first.close()
  }

  @Test func onlyTheUserMayConnect() throws {
    let path = "/tmp/ipi_interphase-mode-\(getpid())"
    let listener = try SocketListener(at: SocketAddress("unix:\(path)"))
    let found = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
    #expect((found as? Int) == 0o600)
    withExtendedLifetime(listener) {}
  }
}
