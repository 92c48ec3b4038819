import Atomistics

/// The bytes of one line, field by field, for lines that come by the million.
///
/// It knows the plain form of things only. Where it gives nil, the line is read once more by the
/// general way, which either understands it or says what is wrong with it.
struct LineBytes {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// The bytes of the next field; nil at the end of the line.
  mutating func field() -> UnsafeBufferPointer<UInt8>? {
    while position < bytes.count, bytes[position] == 0x20 || bytes[position] == 0x09 {
      position += 1
    }
    guard position < bytes.count else { return nil }
    let start = position
    while position < bytes.count, bytes[position] != 0x20, bytes[position] != 0x09 {
      position += 1
    }
    return UnsafeBufferPointer(rebasing: bytes[start..<position])
  }

  /// Three coordinates from the next three fields.
  mutating func vector() -> Vector3? {
    var vector = Vector3.zero
    for k in 0..<3 {
      guard let value = number() else { return nil }
      vector[k] = value
    }
    return vector
  }

  /// A finite number of sensible size from the next field.
  mutating func number() -> Double? {
    guard let field = field(),
      let value = plainDecimal(field) ?? Double(String(decoding: field, as: UTF8.self)),
      abs(value) <= LineReader.farthest
    else { return nil }
    return value
  }

  /// The next field as it stands.
  mutating func text() -> String? {
    field().map { String(decoding: $0, as: UTF8.self) }
  }

  /// The element whose symbol the next field is.
  mutating func element() -> Element? {
    guard let field = field(), field.count <= 2 else { return nil }
    return Self.elements[Self.key(field)]
  }

  private static func key(_ symbol: some Sequence<UInt8>) -> Int {
    symbol.reduce(0) { ($0 << 8 | Int($1)) & 0xFFFF }
  }

  private static let elements: [Element?] = {
    var table = [Element?](repeating: nil, count: 1 << 16)
    for number in 1...200 {
      guard let element = Element(atomicNumber: number) else { break }
      table[key(element.symbol.utf8)] = element
    }
    return table
  }()
}

/// The number that digits with at most a sign and a point stand for, correctly rounded; nil for all
/// other forms, or too many digits.
///
/// The digits as a whole number below 2⁵³ and a power of ten up to 10²² are exact as doubles, so
/// their quotient is the nearest double to the number.
///
/// Source: W. D. Clinger, How to read floating point numbers accurately, PLDI 1990
/// (doi 10.1145/93542.93557).
func plainDecimal(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
  var position = 0
  var isNegative = false
  if let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
    isNegative = sign == UInt8(ascii: "-")
    position = 1
  }
  var mantissa: UInt64 = 0
  var digits = 0
  var decimals = 0
  var hasPoint = false
  while position < text.count {
    let byte = text[position]
    position += 1
    if byte == UInt8(ascii: "."), !hasPoint {
      hasPoint = true
      continue
    }
    guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digits < 18 else { return nil }
    mantissa = mantissa * 10 + UInt64(byte - UInt8(ascii: "0"))
    digits += 1
    if hasPoint { decimals += 1 }
  }
  // A point needs digits on both sides to be what the general way takes, too.
  guard digits > decimals, hasPoint == (decimals > 0), mantissa < 1 << 53 else { return nil }
  let value = Double(mantissa) / powersOfTen[decimals]
  return isNegative ? -value : value
}

private let powersOfTen: [Double] = [
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
  1e18,
]
