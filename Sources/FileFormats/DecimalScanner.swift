/// Decimal numbers in a buffer of ASCII, rounded correctly.
///
/// A number with at most 15 digits and a power of ten up to 10²² is exact in one multiplication or
/// division of doubles (W. D. Clinger, doi 10.1145/93542.93557); the few others are left to the
/// standard library. Besides C's forms it takes what Fortran writes: `D` as the exponent's letter,
/// and none before an exponent of three digits (`.123-100`).
struct DecimalScanner {
  /// 10⁰ to 10²², each a double exactly.
  private let powers: [Double]

  init() {
    var power = 1.0
    powers = (0...22).map { _ in
      defer { power *= 10 }
      return power
    }
  }

  /// Gives the scanner's powers out as a pointer, so that a loop over many numbers checks nothing.
  func withPowers<R>(_ body: (UnsafePointer<Double>) throws -> R) rethrows -> R {
    try powers.withUnsafeBufferPointer { try body($0.baseAddress!) }
  }

  /// Reads the number that begins at `p` and moves `p` behind it.
  ///
  /// - Returns: nil where there is no number or something hangs on to it; `p` is then unchanged.
  @inline(__always)
  static func scan(
    _ p: inout UnsafePointer<UInt8>, end: UnsafePointer<UInt8>, powers: UnsafePointer<Double>
  ) -> Double? {
    var q = p
    var negative = false
    if q < end, q.pointee == minus || q.pointee == plus {
      negative = q.pointee == minus
      q += 1
    }
    var mantissa: UInt64 = 0
    let whole = q
    while q < end, isDigit(q.pointee) {
      mantissa = mantissa &* 10 &+ UInt64(q.pointee &- 0x30)
      q += 1
    }
    var digits = q - whole
    var exponent = 0
    if q < end, q.pointee == point {
      q += 1
      let fraction = q
      while q < end, isDigit(q.pointee) {
        mantissa = mantissa &* 10 &+ UInt64(q.pointee &- 0x30)
        q += 1
      }
      exponent = fraction - q
      digits += q - fraction
    }
    guard digits > 0 else { return nil }
    if q < end, !isBlank(q.pointee) {
      guard let written = exponentPart(&q, end) else { return nil }
      exponent += written
    }
    let magnitude: Double
    // Nineteen digits fit 64 bits; up to 2⁵³ they are a double exactly.
    if digits <= 19, mantissa < 1 << 53, exponent >= -22, exponent <= 22 {
      let exact = Double(mantissa)
      magnitude = exponent < 0 ? exact / powers[-exponent] : exact * powers[exponent]
    } else {
      guard let slow = slowly(p, q) else { return nil }
      magnitude = Swift.abs(slow)
    }
    p = q
    return negative ? -magnitude : magnitude
  }

  /// The exponent with its letter, or with its sign alone; a blank or the end must follow.
  private static func exponentPart(
    _ q: inout UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>
  ) -> Int? {
    if q.pointee | 0x20 == 0x65 || q.pointee | 0x20 == 0x64 {
      q += 1
    } else if q.pointee != minus && q.pointee != plus {
      return nil
    }
    var negative = false
    if q < end, q.pointee == minus || q.pointee == plus {
      negative = q.pointee == minus
      q += 1
    }
    var value = 0
    let first = q
    while q < end, isDigit(q.pointee), value < 100_000 {
      value = value * 10 + Int(q.pointee &- 0x30)
      q += 1
    }
    guard q > first, q == end || isBlank(q.pointee) else { return nil }
    return negative ? -value : value
  }

  private static func slowly(
    _ first: UnsafePointer<UInt8>, _ last: UnsafePointer<UInt8>
  ) -> Double? {
    var text = ""
    for byte in UnsafeBufferPointer(start: first, count: last - first) {
      let lower = byte | 0x20
      if byte == minus || byte == plus, let before = text.last, before != "e" { text += "e" }
      text.unicodeScalars.append(Unicode.Scalar(lower == 0x64 || lower == 0x65 ? 0x65 : byte))
    }
    return Double(text)
  }

  @inline(__always) private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  /// Blank, tab or the end of a line.
  @inline(__always) static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte &- 0x09 < 5
  }
  private static let minus: UInt8 = 0x2D
  private static let plus: UInt8 = 0x2B
  private static let point: UInt8 = 0x2E
}
