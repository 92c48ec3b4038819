import Atomistics
import Foundation
import Potentials
import Sockets
import Synchronization
import Testing

private let potential = InterphaseProcess.root
  .appendingPathComponent("Tests/PotentialsTests/Fixtures/nep3.nep.txt").path

/// How many steps a client has done.
private final class Count: Sendable {
  private let value = Atomic(0)
  var steps: Int { value.load(ordering: .relaxed) }
  func add() { value.add(1, ordering: .relaxed) }
}

/// A client that leaves after so many evaluations.
private func serve(
  _ structure: Structure, _ calculator: NEPPotential, at address: SocketAddress, until limit: Int
) {
  let count = Count()
  let patience = SocketPatience(shouldStop: { count.steps >= limit })
  guard
    let connection = try? SocketConnection.connect(to: address, waiting: 30, patience: patience),
    var client = try? DriverClient(structure: structure, calculator: calculator)
  else { return }
  _ = try? client.serve(over: connection) { _ in count.add() }
}

/// Two atoms in a file, a socket, and clients with our own potential that come to it.
private struct Scratch {
  let directory: URL
  let address: SocketAddress

  init() throws {
    directory = FileManager.default.temporaryDirectory
      .appendingPathComponent("calculator-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    address = .unix(path: directory.appendingPathComponent("s").path)
    try Data(
      """
      2
      Lattice="4 0 0 0.5 4 0 0 -0.3 4" Properties=species:S:1:pos:R:3 pbc="T T T"
      Li 0 0 0
      S 2 2 2.1

      """.utf8
    ).write(to: file)
  }

  var file: URL { directory.appendingPathComponent("cell.xyz") }
  var socket: String { "socket:\(address)" }
  func remove() { try? FileManager.default.removeItem(at: directory) }

  /// Clients one after the other; each leaves after so many evaluations, the last one stays.
  func clients(leavingAfter limits: [Int] = []) throws {
    let structure = try structure()
    let calculator = try NEPPotential(path: potential)
    Thread.detachNewThread { [address] in
      for limit in limits + [Int.max] {
        serve(structure, calculator, at: address, until: limit)
      }
    }
  }

  func structure() throws -> Structure {
    Structure(
      lattice: Lattice(Vector3(4, 0, 0), Vector3(0.5, 4, 0), Vector3(0, -0.3, 4)),
      species: [Element("Li")!, Element("S")!], positions: [.zero, Vector3(2, 2, 2.1)])
  }
}

/// `--calculator` of the verbs, and `interphase calculator`, run as a person would.
struct CalculatorCommandTests {
  @Test func energyIsThatOfTheClient() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.clients()
    let run = try InterphaseProcess(
      "energy", scratch.file.path, "--calculator", scratch.socket, "--json")
    #expect(run.status == 0, "\(run.errors)")
    let direct = try InterphaseProcess(
      "energy", scratch.file.path, "--potential", potential, "--json"
    ).json()
    let found = try run.json()
    let energy = try #require(found["energy_eV"] as? Double)
    let expected = try #require(direct["energy_eV"] as? Double)
    #expect(abs(energy - expected) < 1e-11 * abs(expected))
    #expect(found["energies_eV"] is NSNull && found["calculator"] as? String == scratch.socket)
    #expect(run.errors.contains("waiting for a client"))
  }

  @Test func relaxationEndsWhereThePotentialDoes() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try scratch.clients(leavingAfter: [7])
    let options = ["--fmax", "0.01", "--json"]
    let run = try InterphaseProcess(
      ["relax", scratch.file.path, "--calculator", scratch.socket] + options)
    let direct = try InterphaseProcess(
      ["relax", scratch.file.path, "--potential", potential] + options
    ).json()
    let found = try run.json()
    #expect(run.errors.contains("trying again with another client"), "\(run.errors)")
    #expect(found["steps"] as? Int == direct["steps"] as? Int)
    let difference =
      try #require(found["energy_eV"] as? Double) - #require(direct["energy_eV"] as? Double)
    #expect(abs(difference) < 1e-8)
  }

  @Test func dynamicsKeepsTheStepBeforeAFailureAndGoesOn() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    func md(_ name: String, _ more: [String]) throws -> InterphaseProcess {
      try InterphaseProcess(
        [
          "md", scratch.file.path, "--time", "40 fs", "--every", "4 fs", "--temperature", "50 K",
          "--quiet", "-o", scratch.directory.appendingPathComponent(name).path,
        ] + more)
    }
    func frames(_ name: String) throws -> [Substring] {
      try String(
        contentsOf: scratch.directory.appendingPathComponent("\(name)/trajectory.extxyz"),
        encoding: .utf8
      ).split(separator: "\n")
    }
    let external = ["--calculator", scratch.socket, "--client-start", "2 s"]
    let clients = try Clients(scratch, leavingAfter: 20)
    let broken = try md("run", external)
    #expect(broken.status == 69 && broken.errors.contains("no client came"), "\(broken.errors)")
    clients.wait()
    try scratch.clients()
    let resumed = try md("run", external + ["--resume"])
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.output.contains("40 steps"))
    let straight = try md("straight", ["--potential", potential, "--precision", "double"])
    #expect(straight.status == 0, "\(straight.errors)")
    // The same trajectory but for hartree's and Bohr's rounding on the way.
    let (one, other) = (try frames("run"), try frames("straight"))
    #expect(one.count == other.count && one.count == 11 * 4)
    for (a, b) in zip(one, other) where a.hasPrefix("Li") || a.hasPrefix("S") {
      let numbers = zip(a.split(separator: " "), b.split(separator: " ")).dropFirst()
      for (x, y) in numbers.prefix(3) {
        #expect(abs(Double(x)! - Double(y)!) < 1e-8)
      }
    }
  }

  @Test func whatIsMissingOrWrongIsTold() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    func energy(_ words: String...) throws -> InterphaseProcess {
      try InterphaseProcess(
        ["energy", scratch.file.path] + words,
        shell: "export INTERPHASE_ENGINES=/nowhere INTERPHASE_CP2K=/nowhere/cp2k")
    }
    for (calculator, line) in [
      ("sevennet-l3i5", "sevenn=="), ("gpaw", "gpaw=="), ("cp2k", "apt-get install"),
    ] {
      let run = try energy("--calculator", calculator)
      #expect(run.status == 69 && run.errors.contains(line), "\(run.errors)")
      #expect(run.output.isEmpty)
    }
    #expect(try energy("--calculator", "nonsense").status == 64)
    #expect(try energy().status == 64)
    #expect(try energy("--calculator", "cp2k", "--potential", potential).status == 64)
    #expect(try energy("--calculator", "cp2k", "--clients", "0").status == 64)
    #expect(try energy("--calculator", "cp2k", "--client-timeout", "soon").status == 64)
    #expect(try energy("--calculator", "espresso:/nowhere/pw.in").status == 66)
    let nobody = try energy("--calculator", scratch.socket, "--client-start", "0.2 s")
    #expect(nobody.status == 69 && nobody.errors.contains("no client came"))
    let graded = try InterphaseProcess(
      "md", scratch.file.path, "--calculator", "cp2k", "--active-set", "a", "-o", "b")
    #expect(graded.status == 64 && graded.errors.contains("--potential"))
  }

  @Test func programsAreListedWithTheirLines() throws {
    let list = try InterphaseProcess("calculator", "list", "--json").json()
    let rows = try #require(list["calculators"] as? [[String: Any]])
    #expect(rows.count == 8 && rows.allSatisfy { $0["install"] is String })
    let line = try InterphaseProcess("calculator", "install", "sevennet", "--print")
    #expect(line.status == 0 && line.output.contains("sevenn==0.13.0"))
    #expect(try InterphaseProcess("calculator", "install", "vasp").status == 64)
    let template = try InterphaseProcess("calculator", "template")
    #expect(template.output.contains("{coordinates}"))
  }
}

/// One client that leaves and is waited for.
private struct Clients {
  private let done = DispatchSemaphore(value: 0)

  init(_ scratch: Scratch, leavingAfter limit: Int) throws {
    let structure = try scratch.structure()
    let calculator = try NEPPotential(path: potential)
    Thread.detachNewThread { [done] in
      serve(structure, calculator, at: scratch.address, until: limit)
      done.signal()
    }
  }

  func wait() { done.wait() }
}
