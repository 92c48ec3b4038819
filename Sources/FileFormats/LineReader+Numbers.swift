import Atomistics

extension LineReader {
  /// What is nearer to zero counts as zero: no density has it, and what is divided by such numbers
  /// is no number any more.
  private static let smallest = 1e-99

  /// The next `count` numbers, however many a line holds, times a factor.
  ///
  /// The rest of the last line must be blank, and is taken with it. Memory grows with what the file
  /// holds, not with what it says it holds.
  ///
  /// - Throws: `FileFormatsError.badFile` with the line of what is not a finite number, or where
  ///   the file has fewer or the line more than there should be.
  func numbers(_ count: Int, times factor: Double, _ what: String) throws -> [Double] {
    precondition(pushedBack == nil, "numbers are read from where lines ended")
    var values: [Double] = []
    values.reserveCapacity(min(count, usualBytes / 2 + 1))
    let scanner = DecimalScanner()
    while true {
      try scanner.withPowers { powers in
        try scan(into: &values, upTo: count, times: factor, powers: powers, what)
      }
      if values.count == count { break }
      guard !ended else {
        throw FileFormatsError.badFile(
          path: path, line: lineNumber,
          reason: "the file ends after \(values.count) of \(count) \(what); it was cut off, or "
            + "the counts at its beginning are wrong")
      }
      _ = try refill()
    }
    try endLine(after: count, what)
    return values
  }

  /// Reads what lies in the buffer.
  private func scan(
    into values: inout [Double], upTo count: Int, times factor: Double,
    powers: UnsafePointer<Double>, _ what: String
  ) throws {
    try buffer.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return }
      var p = base + start
      let end = base + bytes.count
      defer { start = p - base }
      // The last number in the buffer may go on behind its end, until the file has ended.
      var safeEnd = end
      if !ended {
        while safeEnd > p, !DecimalScanner.isBlank(safeEnd[-1]) { safeEnd -= 1 }
        guard end - safeEnd < 1000 else { throw notANumber(safeEnd, end, values.count, what) }
      }
      while values.count < count {
        while p < safeEnd, DecimalScanner.isBlank(p.pointee) {
          if p.pointee == 0x0A { lineNumber += 1 }
          p += 1
        }
        guard p < safeEnd else { return }
        let first = p
        guard let value = DecimalScanner.scan(&p, end: safeEnd, powers: powers), value.isFinite
        else { throw notANumber(first, end, values.count, what) }
        values.append(Swift.abs(value) < Self.smallest ? 0 : value * factor)
      }
    }
  }

  private func notANumber(
    _ p: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ index: Int, _ what: String
  ) -> FileFormatsError {
    let token = UnsafeBufferPointer(start: p, count: min(40, end - p))
      .prefix { !DecimalScanner.isBlank($0) }
    return .badFile(
      path: path, line: lineNumber + 1,
      reason: "'\(String(decoding: token, as: UTF8.self))' is not a finite number; expected "
        + "number \(index + 1) of the \(what)")
  }

  private func endLine(after count: Int, _ what: String) throws {
    guard let rest = try next() else { return }
    guard fields(rest).isEmpty else {
      throw failure(
        "the line goes on with '\(rest.prefix(40))' behind the last of \(count) \(what); the "
          + "counts at the file's beginning are wrong")
    }
  }
}
