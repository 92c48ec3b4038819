import ArgumentParser
import Atomistics
import FileFormats
import Foundation
import Sockets
import Workflows

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Energies and forces for another program, over a socket.",
    discussion: """
      A client of the i-PI protocol: i-PI, ASE's SocketIOCalculator or any other server sends \
      positions and a cell, and gets energy, forces and virial of the potential. The atoms and \
      their order are those of FILE, since the protocol sends none. Ends when the server sends \
      EXIT or closes the connection between two steps.

      SOCKET is unix:NAME for the socket /tmp/ipi_NAME as i-PI and ASE name theirs, unix:/a/path, \
      or HOST:PORT.

      Example: interphase serve Li6PS5Cl.extxyz --potential nep89 --socket unix:argyrodite
      Example: interphase serve Li6PS5Cl.extxyz --potential nep89 --socket localhost:31415 \
      --wait "5 min"
      """)

  @Argument(help: "The structure with the server's atoms in the server's order.")
  var file: String

  @OptionGroup var model: PotentialOptions

  @Option(help: "Where the server listens: unix:NAME, unix:/a/path or HOST:PORT.")
  var socket: String

  @Option(help: "How long to try while the server is not up yet.")
  var wait = "10 s"

  @Option(help: "How long the server may be silent between two messages (default: any time).")
  var timeout: String?

  @OptionGroup var common: CommonOptions

  private struct Result: Encodable {
    let socket: String
    let potential: String
    let atoms: Int
    let steps: Int
    let neighborLists: Int
    let evaluation_us_per_step: Double?
    let evaluation_us_per_atom_step: Double?
    let evaluating_s: Double
    let connected_s: Double
    let ended: String
  }

  func run() throws {
    let address = try SocketAddress(socket)
    let waiting = try Quantity.duration(wait)
    let idle = try timeout.map(Quantity.duration)
    guard waiting >= 0, idle ?? 1 > 0 else {
      throw ValidationError("--wait is not below zero and --timeout is above it")
    }
    let structure = try StructureFile.read(file)
    let calculator = try model.load().potential
    var client = try DriverClient(structure: structure, calculator: calculator)
    Interruption.listen()
    let connection = try SocketConnection.connect(
      to: address, waiting: waiting,
      patience: SocketPatience(idle: idle, shouldStop: { Interruption.isRequested }),
      onWait: { common.say("waiting for a server at \(address)") })
    common.say("serving \(structure.count) atoms of \(file) to \(address)")
    let line = ProgressLine(quiet: common.quiet)
    let summary = try client.serve(over: connection) { so in line.show(so.line) }
    line.end()
    try report(summary, address, calculator.name)
  }

  private func report(
    _ summary: DriverSummary, _ address: SocketAddress, _ potential: String
  ) throws {
    let result = Result(
      socket: address.description, potential: potential, atoms: summary.atoms,
      steps: summary.steps, neighborLists: summary.lists,
      evaluation_us_per_step: summary.microsecondsPerStep,
      evaluation_us_per_atom_step: summary.microsecondsPerAtom, evaluating_s: summary.evaluating,
      connected_s: summary.seconds, ended: summary.ending?.rawValue ?? "")
    if let output = common.output {
      try AtomicFile.write(try common.json(result) + "\n", to: output)
    }
    if common.json { return try common.printJSON(result) }
    print(
      "\(summary.line), neighbour lists built: \(summary.lists); "
        + (summary.ending == .exit ? "the server sent EXIT" : "the server closed the connection"))
  }
}
