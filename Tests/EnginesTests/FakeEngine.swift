import Atomistics
import Engines
import Foundation
import Potentials
import Sockets
import Synchronization

/// `Fixtures/client.py` as a program.
struct FakeEngine: ExternalEngine {
  let mode: String
  /// Whether its atoms are told by `INIT`.
  var takesOtherAtoms = true
  /// Clients write their process numbers here.
  var mark = ""

  var name: String { "fake" }
  var recipe: String { mode }
  func locate() throws -> [String] { ["python3"] }

  func command(
    for structure: Structure, at address: SocketAddress, in directory: URL, threads: Int
  ) throws -> ClientCommand {
    guard case .unix(let path) = address else { preconditionFailure("a unix socket") }
    let script = Bundle.module.resourceURL!.appendingPathComponent("Fixtures/client.py").path
    let count = takesOtherAtoms ? 0 : structure.count
    return ClientCommand(
      ["/usr/bin/env", "python3", script, mode, path, "\(count)"] + (mark.isEmpty ? [] : [mark]),
      threads: threads)
  }

  func complaint(in log: String) -> String? {
    log.contains("ase_client: ") ? "a package is missing" : nil
  }
}

/// Sentences that a person was told.
final class Notices: Sendable {
  private let list = Mutex<[String]>([])
  var all: [String] { list.withLock { $0 } }
  func add(_ text: String) { list.withLock { $0.append(text) } }
}

extension LennardJones {
  static let argon = LennardJones(
    [Element("Ar")!: .init(epsilon: 0.0104, sigma: 3.4)], cutoff: 6)
}

/// Atoms of argon in a triclinic cell, shaken.
func shakenArgon(_ seed: UInt64 = 1, cells: Int = 2) -> Structure {
  var random = RandomGenerator(seed: seed)
  var crystal = Structure(
    lattice: Lattice(Vector3(5.4, 0, 0), Vector3(0.3, 5.4, 0), Vector3(-0.2, 0.1, 5.4)),
    species: Array(repeating: Element("Ar")!, count: 4),
    fractional: [.zero, Vector3(0, 0.5, 0.5), Vector3(0.5, 0, 0.5), Vector3(0.5, 0.5, 0)]
  ).supercell(cells, cells, cells)
  for k in crystal.positions.indices {
    for axis in 0..<3 { crystal.positions[k][axis] += 0.2 * (2 * random.uniform() - 1) }
  }
  return crystal
}

/// Calls the body for each index on three threads of its own and waits for all.
func onThreeThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let done = DispatchSemaphore(value: 0)
  for part in 0..<3 {
    Thread.detachNewThread {
      for index in stride(from: part, to: count, by: 3) { body(index) }
      done.signal()
    }
  }
  for _ in 0..<3 { done.wait() }
}

/// Whether a process is there.
func isAlive(_ identifier: Int32) -> Bool { kill(identifier, 0) == 0 }
