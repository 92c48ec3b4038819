import Atomistics
import Foundation

/// A nep.txt file as read: its head and its numbers in the order in which they stand.
///
/// The head is six or seven lines; then come, one number a line,
/// 1. for each network (one for nep3, one per species for nep4): w0 row by row (a row per neuron),
///    b0, w1; then one bias b1;
/// 2. the expansion coefficients c, the pair of species fastest: radial n, k, then angular n, k;
/// 3. one factor for each component of the descriptor;
/// 4. for `zbl 0 0`, ten numbers for each pair of species 1-1, 1-2, ..., 2-2, ...
public struct NEPFile: Sendable {
  public let path: String
  public let header: NEPHeader
  let numbers: [Double]

  /// Reads and checks the file.
  ///
  /// - Throws: `PotentialsError.missingFile`, `PotentialsError.badFile` with the line.
  public init(path: String) throws {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw PotentialsError.missingFile(path: path)
    }
    try self.init(bytes: [UInt8](data), path: path)
  }

  init(path: String, header: NEPHeader, numbers: [Double]) {
    precondition(numbers.count == header.parameterCount, "as many numbers as the head asks for")
    self.path = path
    self.header = header
    self.numbers = numbers
  }

  init(bytes: [UInt8], path: String) throws {
    self.path = path
    var scanner = ByteScanner(bytes)
    var reader = NEPHeaderReader(path: path, scanner: scanner)
    header = try reader.read()
    scanner = reader.scanner
    numbers = try Self.readNumbers(&scanner, header.parameterCount, path: path)
  }

  private static func readNumbers(
    _ scanner: inout ByteScanner, _ expected: Int, path: String
  ) throws -> [Double] {
    var numbers: [Double] = []
    // No more than the file can hold, whatever its head claims: a number takes two bytes.
    numbers.reserveCapacity(min(expected, scanner.remaining / 2 + 1))
    while true {
      switch scanner.nextNumber() {
      case .value(let value):
        guard numbers.count < expected else {
          throw PotentialsError.badFile(
            path: path, line: scanner.line,
            reason: "more numbers than the \(expected) that the head asks for; "
              + "the head and the numbers are not of one model")
        }
        numbers.append(value)
      case .notANumber(let word):
        throw PotentialsError.badFile(
          path: path, line: scanner.line, reason: "expected a finite number, found '\(word)'")
      case .end:
        guard numbers.count == expected else {
          throw PotentialsError.badFile(
            path: path, line: scanner.line,
            reason: "the file ends after \(numbers.count) of the \(expected) numbers that its "
              + "head asks for; it was cut off, fetch it again")
        }
        return numbers
      }
    }
  }
}
