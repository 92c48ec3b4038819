/// The headers of the i-PI protocol, twelve ASCII bytes each, filled up with spaces.
///
/// The server holds the atoms and moves them; the client, which i-PI calls a driver, evaluates.
///
/// | header | from | what follows | meaning |
/// |---|---|---|---|
/// | `STATUS` | server | | what are you doing? |
/// | `NEEDINIT` | client | | waiting for `INIT` |
/// | `READY` | client | | waiting for positions |
/// | `HAVEDATA` | client | | the forces can be fetched |
/// | `INIT` | server | replica, n: Int32; n bytes | which replica comes next, and a text |
/// | `POSDATA` | server | cell, its inverse: 9 Float64 each; N: Int32; 3N Float64 | evaluate this |
/// | `GETFORCE` | server | | send the forces |
/// | `FORCEREADY` | client | E: Float64; N: Int32; forces: 3N Float64; virial: 9 Float64; n: Int32; n bytes | energy, forces, virial, a text |
/// | `EXIT` | server | | leave |
///
/// Numbers are in the byte order of the machines, which is little-endian on all that Swift runs on.
///
/// Source: Kapil et al., Comput. Phys. Commun. 236, 214 (2019), doi 10.1016/j.cpc.2018.09.020; the
/// layout as in i-PI 3.3.1 and ASE 3.29.0.
enum DriverHeader: String, CaseIterable {
  case status = "STATUS"
  case needInit = "NEEDINIT"
  case ready = "READY"
  case haveData = "HAVEDATA"
  case initialize = "INIT"
  case positions = "POSDATA"
  case getForces = "GETFORCE"
  case forces = "FORCEREADY"
  case exit = "EXIT"

  static let length = 12

  /// The twelve bytes.
  var bytes: [UInt8] {
    Array(rawValue.utf8) + [UInt8](repeating: 0x20, count: Self.length - rawValue.utf8.count)
  }

  /// The header with exactly these bytes, if there is one.
  init?(_ bytes: [UInt8]) {
    guard let header = Self.allCases.first(where: { $0.bytes == bytes }) else { return nil }
    self = header
  }

  /// Bytes as a person can read them: ASCII as it stands, the rest in hexadecimal.
  static func quoted(_ bytes: [UInt8]) -> String {
    let text = bytes.map { byte in
      (0x20..<0x7F).contains(byte)
        ? String(UnicodeScalar(byte))
        : "\\x" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    return "'" + text.joined() + "'"
  }
}
