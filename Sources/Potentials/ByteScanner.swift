#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Words and numbers out of the bytes of a text file, with the line each stands on.
///
/// Numbers are read by hand: a potential for 89 elements has a million of them.
struct ByteScanner {
  private let bytes: [UInt8]
  private(set) var position = 0
  private(set) var line = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var remaining: Int { bytes.count - position }

  /// The words of the next line, or nil at the end.
  mutating func nextLine() -> [Substring]? {
    guard position < bytes.count else { return nil }
    let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
    let text = String(decoding: bytes[position..<end], as: UTF8.self)
    position = min(end + 1, bytes.count)
    line += 1
    return text.split(whereSeparator: \.isWhitespace)
  }

  enum Number {
    case value(Double)
    case notANumber(String)
    case end
  }

  /// The next number, from any line on.
  mutating func nextNumber() -> Number {
    bytes.withUnsafeBufferPointer { buffer in
      var p = position
      while p < buffer.count, buffer[p] <= 32 {
        if buffer[p] == UInt8(ascii: "\n") { line += 1 }
        p += 1
      }
      let start = p
      while p < buffer.count, buffer[p] > 32 { p += 1 }
      position = p
      guard p > start else { return .end }
      let word = UnsafeBufferPointer(rebasing: buffer[start..<p])
      if let value = Self.decimal(word) { return .value(value) }
      return .notANumber(String(decoding: word.prefix(40), as: UTF8.self))
    }
  }

  private static let powersOfTen: [Double] = (0...22).map { pow(10, Double($0)) }

  /// A finite decimal number. Up to 15 digits and powers up to 10^22 are exact in a double, so one
  /// multiplication or division rounds correctly (Clinger 1990, doi 10.1145/93542.93557); whatever
  /// is longer goes to the standard library.
  private static func decimal(_ word: UnsafeBufferPointer<UInt8>) -> Double? {
    var p = 0
    let negative = word[0] == UInt8(ascii: "-")
    if negative || word[0] == UInt8(ascii: "+") { p = 1 }
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    var seenPoint = false
    while p < word.count {
      let c = word[p]
      if c >= 48 && c <= 57 {
        digits += 1
        if digits <= 18 { mantissa = mantissa * 10 + UInt64(c - 48) }
        if seenPoint { exponent -= 1 }
      } else if c == UInt8(ascii: "."), !seenPoint {
        seenPoint = true
      } else {
        break
      }
      p += 1
    }
    guard digits > 0 else { return nil }
    if p < word.count {
      guard let written = writtenExponent(word, from: p) else { return nil }
      exponent += written
    }
    guard digits <= 15, abs(exponent) <= 22 else {
      let value = Double(String(decoding: word, as: UTF8.self))
      return value?.isFinite == true ? value : nil
    }
    let scale = powersOfTen[abs(exponent)]
    let magnitude = exponent < 0 ? Double(mantissa) / scale : Double(mantissa) * scale
    return negative ? -magnitude : magnitude
  }

  /// The exponent "e+00" that ends a word, if that is what it is.
  private static func writtenExponent(_ word: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var p = start
    guard word[p] | 32 == UInt8(ascii: "e"), word.count - p <= 6 else { return nil }
    p += 1
    guard p < word.count else { return nil }
    let negative = word[p] == UInt8(ascii: "-")
    if negative || word[p] == UInt8(ascii: "+") { p += 1 }
    guard p < word.count else { return nil }
    var value = 0
    while p < word.count {
      guard word[p] >= 48 && word[p] <= 57 else { return nil }
      value = value * 10 + Int(word[p] - 48)
      p += 1
    }
    return negative ? -value : value
  }
}
