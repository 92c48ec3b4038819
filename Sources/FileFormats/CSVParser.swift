import Foundation

/// The states of RFC 4180, byte by byte, with the line that each record begins on.
struct CSVParser {
  struct Record {
    let line: Int
    var fields: [String]
    /// Nothing at all on the line, not even quotes.
    var isBlank: Bool
  }

  private let bytes: [UInt8]
  private let path: String
  private var position = 0
  private var line = 1
  private(set) var comments: [String] = []

  private static let quote = UInt8(ascii: "\"")
  private static let comma = UInt8(ascii: ",")
  private static let newline = UInt8(ascii: "\n")
  private static let carriageReturn = UInt8(ascii: "\r")

  init(text: String, path: String) {
    // Excel begins UTF-8 with a byte order mark.
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    bytes = Array(text.utf8.dropFirst(text.utf8.starts(with: mark) ? mark.count : 0))
    self.path = path
  }

  /// All records; blank lines count as records of one empty field unless only such follow.
  mutating func records() throws -> [Record] {
    var records: [Record] = []
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "#") {
        comments.append(comment())
      } else {
        records.append(try record())
      }
    }
    while records.last?.isBlank == true { records.removeLast() }
    return records
  }

  private mutating func comment() -> String {
    let start = position + 1
    while position < bytes.count, bytes[position] != Self.newline { position += 1 }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    endLine()
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private mutating func record() throws -> Record {
    let start = position
    var record = Record(line: line, fields: [], isBlank: false)
    while true {
      record.fields.append(try field())
      guard position < bytes.count, bytes[position] == Self.comma else { break }
      position += 1
    }
    record.isBlank = record.fields == [""] && !bytes[start..<position].contains(Self.quote)
    endLine()
    return record
  }

  private mutating func field() throws -> String {
    if position < bytes.count, bytes[position] == Self.quote { return try quotedField() }
    let start = position
    while position < bytes.count, bytes[position] != Self.comma, bytes[position] != Self.newline {
      guard bytes[position] != Self.quote else {
        throw failure(line, "a quote stands inside a field that is not quoted; quote all of it")
      }
      position += 1
    }
    var end = position
    if end > start, bytes[end - 1] == Self.carriageReturn { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private mutating func quotedField() throws -> String {
    let opened = line
    var content: [UInt8] = []
    position += 1
    while true {
      guard position < bytes.count else { throw failure(opened, "a quote is opened, never closed") }
      let byte = bytes[position]
      position += 1
      if byte == Self.newline { line += 1 }
      guard byte == Self.quote else {
        content.append(byte)
        continue
      }
      guard position < bytes.count, bytes[position] == Self.quote else { break }
      content.append(Self.quote)
      position += 1
    }
    if position < bytes.count, bytes[position] == Self.carriageReturn { position += 1 }
    guard position == bytes.count || [Self.comma, Self.newline].contains(bytes[position]) else {
      throw failure(line, "text follows a closing quote; double the quotes inside a field")
    }
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func endLine() {
    guard position < bytes.count else { return }
    position += 1
    line += 1
  }

  private func failure(_ line: Int, _ reason: String) -> FileFormatsError {
    .badFile(path: path, line: line, reason: reason)
  }
}
