import Atomistics
import Foundation
import Potentials
import Sockets

/// A client at work: its connection, its process if we started it, and its atoms.
struct ConnectedClient: Sendable {
  let name: String
  let process: ClientProcess?
  private let connection: SocketConnection
  private(set) var atoms: ClientAtoms
  /// Whether it takes other atoms by `INIT`: known beforehand, or because it asked for `INIT`.
  private(set) var takesOtherAtoms: Bool
  init(
    _ connection: SocketConnection, name: String, atoms: ClientAtoms, takesOtherAtoms: Bool,
    process: ClientProcess? = nil
  ) {
    self.connection = connection
    self.name = name
    self.atoms = atoms
    self.takesOtherAtoms = takesOtherAtoms
    self.process = process
  }

  /// Sends the atoms there and fetches what the client found.
  ///
  /// - Throws: `SocketsError`.
  mutating func evaluate(_ geometry: DriverGeometry, of atoms: ClientAtoms) throws -> DriverForces {
    var server = DriverServer(connection, atomCount: atoms.species.count)
    // A program that cannot make anything of atoms gets one byte: pw.x 6.7 reads exactly one.
    let text = process == nil || takesOtherAtoms ? atoms.text : [0]
    if atoms != self.atoms {
      try server.initialize(text: text)
      self.atoms = atoms
    }
    // Every time: pw.x asks for INIT before each step.
    try server.prepare(text: text)
    takesOtherAtoms = takesOtherAtoms || process == nil && server.asksForInit
    return try server.evaluate(geometry)
  }

  /// Whether it can be asked about these atoms without being started anew.
  func serves(_ atoms: ClientAtoms) -> Bool { takesOtherAtoms || atoms == self.atoms }

  /// Sends it away in peace and waits for it to go.
  func dismiss() {
    DriverServer(connection, atomCount: atoms.species.count).dismiss()
    process?.end(within: 3)
  }

  /// Ends one that does not answer.
  func abandon() { process?.end(within: 0) }
}
