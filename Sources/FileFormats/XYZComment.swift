import Atomistics

/// The `key=value` pairs on the second line of an extended XYZ frame.
///
/// A value is bare, or stands in quotes, brackets or braces; a key without value is true.
struct XYZComment {
  private(set) var values: [String: String] = [:]
  private var repeated: Set<String> = []

  init(_ line: String) {
    var scanner = PairScanner(line)
    while let (key, value) = scanner.next() {
      if values.updateValue(value, forKey: key) != nil { repeated.insert(key) }
    }
  }

  /// The value of a key; GPUMD's own files have the first letter in either case.
  subscript(key: String) -> String? {
    values[key] ?? values[key.prefix(1).lowercased() + key.dropFirst()]
  }

  private func numbers(_ text: String) -> [Substring] {
    text.split { " ,[]{}\t".contains($0) }
  }

  func lattice(_ lines: LineReader) throws -> Lattice? {
    guard let text = self["Lattice"] ?? self["lattice"] else { return nil }
    let parts = numbers(text)
    guard parts.count == 9 else {
      throw lines.failure("Lattice has \(parts.count) numbers, expected nine: a, b and c in Å")
    }
    return try lines.lattice(
      Matrix3(
        lines.vector(parts, from: 0, "Lattice"), lines.vector(parts, from: 3, "Lattice"),
        lines.vector(parts, from: 6, "Lattice")))
  }

  func periodic(_ lines: LineReader, hasLattice: Bool) throws -> [Bool] {
    guard let text = self["pbc"] ?? self["PBC"] else {
      return Array(repeating: hasLattice, count: 3)
    }
    let flags = try numbers(text).map { part in
      switch part.lowercased() {
      case "t", "true", "1": true
      case "f", "false", "0": false
      default: throw lines.failure("pbc is '\(text)', expected three of T or F")
      }
    }
    guard flags.count == 3 else {
      throw lines.failure("pbc is '\(text)', expected three of T or F")
    }
    guard hasLattice || !flags.contains(true) else {
      throw lines.failure("pbc says that the structure repeats, but there is no Lattice")
    }
    return flags
  }

  /// Time in fs.
  func time(_ lines: LineReader) throws -> Double? {
    for (key, factor) in [("time_fs", 1.0), ("time_ps", 1000), ("time", 1), ("Time", 1)] {
      guard let text = self[key] else { continue }
      guard let value = Double(text), value.isFinite else {
        throw lines.failure("\(key) is '\(text)', expected a finite number")
      }
      return value * factor
    }
    return nil
  }

  /// Potential energy in eV.
  func energy(_ lines: LineReader) throws -> Double? {
    guard let text = self["energy"] ?? self["Energy"] else { return nil }
    guard repeated.isDisjoint(with: ["energy", "Energy"]) else {
      throw lines.failure("energy occurs twice; leave one")
    }
    guard let value = Double(text), value.isFinite else {
      throw lines.failure("energy is '\(text)', expected a finite number in eV")
    }
    return value
  }

  /// Velocities are in Å/fs unless the file says otherwise, and then it is refused.
  func checkUnits(_ lines: LineReader) throws {
    guard let unit = self["velocity_unit"], !["A/fs", "Å/fs"].contains(unit) else { return }
    throw lines.failure("velocities are in \(unit), expected A/fs; convert them first")
  }
}

/// Walks over the pairs of a comment line; what is not closed reaches to the end of the line.
private struct PairScanner {
  private let bytes: [UInt8]
  private var position = 0

  init(_ line: String) { bytes = Array(line.utf8) }

  mutating func next() -> (String, String)? {
    skipBlanks()
    guard position < bytes.count else { return nil }
    let key = item(stoppingAtEquals: true)
    skipBlanks()
    guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else { return (key, "T") }
    position += 1
    skipBlanks()
    return (key, item(stoppingAtEquals: false))
  }

  private mutating func skipBlanks() {
    while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 {
      position += 1
    }
  }

  private mutating func item(stoppingAtEquals: Bool) -> String {
    guard position < bytes.count else { return "" }
    switch bytes[position] {
    case UInt8(ascii: "\""), UInt8(ascii: "'"): return quoted(until: bytes[position])
    case UInt8(ascii: "{"): return quoted(until: UInt8(ascii: "}"))
    case UInt8(ascii: "["): return bracketed()
    default: return bare(stoppingAtEquals: stoppingAtEquals)
    }
  }

  private mutating func bare(stoppingAtEquals: Bool) -> String {
    let start = position
    while position < bytes.count, bytes[position] != 0x20, bytes[position] != 0x09,
      !(stoppingAtEquals && bytes[position] == UInt8(ascii: "="))
    { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func quoted(until close: UInt8) -> String {
    var content: [UInt8] = []
    position += 1
    while position < bytes.count, bytes[position] != close {
      if bytes[position] == UInt8(ascii: "\\"), position + 1 < bytes.count { position += 1 }
      content.append(bytes[position])
      position += 1
    }
    position += 1
    return String(decoding: content, as: UTF8.self)
  }

  /// `[[1, 0], [0, 1]]`, brackets inside counted.
  private mutating func bracketed() -> String {
    let start = position
    var depth = 0
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "[") { depth += 1 }
      if bytes[position] == UInt8(ascii: "]") { depth -= 1 }
      position += 1
      if depth == 0 { break }
    }
    return String(decoding: bytes[start..<min(position, bytes.count)], as: UTF8.self)
  }
}
