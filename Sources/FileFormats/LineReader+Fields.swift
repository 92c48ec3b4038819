import Atomistics

/// The parts of a line between blanks.
func fields(_ line: some StringProtocol) -> [Substring] {
  Substring(line).utf8
    .split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    .map { Substring($0) }
}

extension LineReader {
  /// Nothing in a structure is farther out (Å); what is has been written in other units.
  static let farthest = 1e6
  /// More atoms than any structure here has; a count above is a damaged one.
  static let mostAtoms = 5_000_000

  /// An error on the line last given.
  func failure(_ reason: String) -> FileFormatsError {
    .badFile(path: path, line: lineNumber, reason: reason)
  }

  /// The next line; that there is none means that the file was cut off.
  func requiredLine() throws -> String {
    guard let line = try next() else {
      throw FileFormatsError.truncated(path, line: lineNumber)
    }
    return line
  }

  /// The next line that is not blank, nil at the end.
  func nextFilledLine() throws -> String? {
    while let line = try next() {
      if !fields(line).isEmpty { return line }
    }
    return nil
  }

  /// Everything that is left, lines ended by LF.
  func remainingText() throws -> String {
    var text = ""
    while let line = try next() {
      text += line
      text += "\n"
    }
    return text
  }

  /// A finite number of sensible size from one field of the line last given.
  func number(_ field: Substring, _ what: @autoclosure () -> String) throws -> Double {
    let plain = field.utf8.withContiguousStorageIfAvailable(plainDecimal) ?? nil
    guard let value = plain ?? Double(field) else {
      throw failure("\(what()) '\(field)' is not a number")
    }
    guard value.isFinite, abs(value) <= Self.farthest else {
      throw failure("\(what()) '\(field)' is not a finite number below 1e6")
    }
    return value
  }

  /// Three numbers from consecutive fields of the line last given.
  func vector(
    _ fields: [Substring], from first: Int = 0, _ what: @autoclosure () -> String
  ) throws -> Vector3 {
    guard fields.count >= first + 3 else {
      throw failure(
        "expected \(first + 3) columns with \(what()), found \(fields.count)")
    }
    return Vector3(
      try number(fields[first], what()), try number(fields[first + 1], what()),
      try number(fields[first + 2], what()))
  }

  /// An element from one field of the line last given.
  func element(_ field: Substring) throws -> Element {
    guard let element = Element(field) else {
      throw failure(
        "'\(field.prefix(40))' is not the symbol of an element; write symbols as in the periodic "
          + "table, e.g. Li")
    }
    return element
  }

  /// A number of atoms above zero from one field of the line last given.
  func atomCount(_ field: Substring) throws -> Int {
    guard let count = Int(field) else {
      throw failure("'\(field.prefix(40))' is not a number of atoms; expected a whole number")
    }
    guard (1...Self.mostAtoms).contains(count) else {
      throw failure("\(count) is not a sensible number of atoms (1 to \(Self.mostAtoms))")
    }
    return count
  }

  /// A lattice from rows that the lines just read gave.
  func lattice(_ matrix: Matrix3) throws -> Lattice {
    do {
      let lattice = try Lattice(validating: matrix)
      let heights = lattice.heights
      guard heights.min() >= 0.1 else {
        throw failure(
          "the cell is only \(heights.min()) Å high across one of its axes; check units (Å) and "
            + "the lattice vectors")
      }
      return lattice
    } catch let error as AtomisticsError {
      throw failure(error.description)
    }
  }
}
