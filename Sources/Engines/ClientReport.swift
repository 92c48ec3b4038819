import Atomistics
import Foundation

/// What our own client says in the text after the forces; other clients say other things, or
/// nothing, which is no error.
struct ClientReport: Decodable {
  /// Why there are no numbers.
  let error: String?
  /// eV, per atom.
  let energies: [Double]?
  /// false: the virial is no virial.
  let stress: Bool?
  /// Of the packages that the numbers depend on.
  let versions: [String: String]?

  static let nothing = ClientReport(error: nil, energies: nil, stress: nil, versions: nil)

  init(error: String?, energies: [Double]?, stress: Bool?, versions: [String: String]?) {
    self.error = error
    self.energies = energies
    self.stress = stress
    self.versions = versions
  }

  static func reading(_ text: [UInt8]) -> ClientReport {
    (try? JSONDecoder().decode(ClientReport.self, from: Data(text))) ?? nothing
  }
}

/// Which atoms a client works on: all that the protocol does not send with every step.
struct ClientAtoms: Sendable, Hashable {
  let species: [Element]
  let periodic: [Bool]

  init(_ structure: Structure) {
    species = structure.species
    periodic = structure.periodic
  }

  /// As our own client takes them from the text after `INIT`.
  var text: [UInt8] {
    let numbers = species.map { "\($0.atomicNumber)" }.joined(separator: ", ")
    let flags = periodic.map { "\($0)" }.joined(separator: ", ")
    return Array("{\"numbers\": [\(numbers)], \"pbc\": [\(flags)]}".utf8)
  }
}
