/// Reads JSON (RFC 8259) together with Python's NaN, Infinity and -Infinity.
///
/// Files that pymatgen saves hold NaN for uncertainties that nobody knows, which Foundation's
/// reader refuses. A key that occurs twice in an object is an error: one of its values would win
/// in silence.
struct JSONParser {
  /// Damage, with the line on which it was found.
  struct Failure: Error {
    let line: Int
    let reason: String
  }

  private let bytes: [UInt8]
  private var position = 0
  private static let deepest = 200

  static func parse(_ text: String) throws -> JSONValue {
    var parser = JSONParser(bytes: Array(text.utf8))
    // A byte-order mark is no part of the text.
    if parser.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
    let value = try parser.value(depth: 0)
    parser.skipBlanks()
    guard parser.position == parser.bytes.count else {
      throw parser.failure("there is more after the end of the JSON value")
    }
    return value
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func failure(_ reason: String) -> Failure {
    let end = min(position, bytes.count)
    return Failure(
      line: 1 + bytes[..<end].reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) },
      reason: position >= bytes.count ? "the JSON text ends too early; was it cut off?" : reason)
  }

  private mutating func skipBlanks() {
    while position < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[position]) {
      position += 1
    }
  }

  private mutating func take(_ character: Character) -> Bool {
    skipBlanks()
    guard position < bytes.count, bytes[position] == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws -> JSONValue {
    guard depth < Self.deepest else { throw failure("this JSON nests too deeply") }
    skipBlanks()
    guard position < bytes.count else { throw failure("") }
    switch bytes[position] {
    case UInt8(ascii: "{"): return .object(try object(depth: depth))
    case UInt8(ascii: "["): return .list(try list(depth: depth))
    case UInt8(ascii: "\""): return .text(try string())
    default: return try word()
    }
  }

  private mutating func object(depth: Int) throws -> [String: JSONValue] {
    position += 1
    var pairs: [String: JSONValue] = [:]
    if take("}") { return pairs }
    repeat {
      skipBlanks()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw failure("this is not JSON: a key in quotes is expected")
      }
      let key = try string()
      guard take(":") else { throw failure("this is not JSON: ':' is expected after '\(key)'") }
      guard pairs.updateValue(try value(depth: depth + 1), forKey: key) == nil else {
        throw failure("the key '\(key)' occurs twice in one JSON object")
      }
    } while take(",")
    guard take("}") else { throw failure("this is not JSON: ',' or '}' is expected") }
    return pairs
  }

  private mutating func list(depth: Int) throws -> [JSONValue] {
    position += 1
    var values: [JSONValue] = []
    if take("]") { return values }
    repeat { values.append(try value(depth: depth + 1)) } while take(",")
    guard take("]") else { throw failure("this is not JSON: ',' or ']' is expected") }
    return values
  }

  private mutating func word() throws -> JSONValue {
    let start = position
    while position < bytes.count, Self.isWordByte(bytes[position]) { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    switch text {
    case "null": return .null
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "NaN": return .number(.nan)
    case "Infinity": return .number(.infinity)
    case "-Infinity": return .number(-.infinity)
    default:
      // Swift reads hexadecimal numbers and words for infinity too; JSON has none.
      guard text.allSatisfy({ "0123456789+-.eE".contains($0) }), let number = Double(text) else {
        throw failure("this is not JSON: '\(text.prefix(20))' is no value")
      }
      return .number(number)
    }
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E: true
    default: false
    }
  }

  private mutating func string() throws -> String {
    position += 1
    var content: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): content += try escape()
      case 0..<0x20: throw failure("this is not JSON: a quote is not closed")
      default: content.append(byte)
      }
    }
    throw failure("")
  }

  private mutating func escape() throws -> [UInt8] {
    guard position < bytes.count else { throw failure("") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "n"): return [0x0A]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "r"): return [0x0D]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0C]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "u"): return try unicode()
    default: throw failure("this is not JSON: an unknown escape in text")
    }
  }

  private mutating func unicode() throws -> [UInt8] {
    var units = [try fourDigits()]
    // The first half of a pair needs its second.
    if (0xD800..<0xDC00).contains(units[0]), position + 1 < bytes.count,
      bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u")
    {
      position += 2
      units.append(try fourDigits())
    }
    return Array(String(decoding: units, as: UTF16.self).utf8)
  }

  private mutating func fourDigits() throws -> UInt16 {
    guard position + 4 <= bytes.count,
      let unit = UInt16(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw failure("this is not JSON: an escape in text is broken") }
    position += 4
    return unit
  }
}
