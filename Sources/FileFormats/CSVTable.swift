import Foundation

/// A table of text with a header (RFC 4180), as spreadsheets read and write it.
///
/// Lines that begin with `#` are comments. Fields may be quoted, with `""` for a quote, and may
/// then hold commas and line breaks. Every row has as many fields as the header.
public struct CSVTable: Sendable, Equatable {
  public let header: [String]
  public let rows: [[String]]
  /// The comment lines in front of the header or between rows, without `#` and outer blanks.
  public let comments: [String]
  /// What errors call the table.
  public let path: String
  /// The line on which each row begins; 0 for tables not read from text.
  public let lineNumbers: [Int]

  /// A table to be written.
  public init(header: [String], rows: [[String]], comments: [String] = []) {
    precondition(!header.isEmpty, "a table has columns")
    precondition(rows.allSatisfy { $0.count == header.count }, "one field per column")
    self.header = header
    self.rows = rows
    self.comments = comments
    path = "table"
    lineNumbers = rows.map { _ in 0 }
  }

  /// Reads a table from a file, plain or gzip.
  ///
  /// - Throws: `FileFormatsError.missing`, `.unreadable`, `.badFile` with the line.
  public init(path: String) throws {
    try self.init(text: InputFile.text(path), path: path)
  }

  /// Reads a table from text; `path` is what errors call it.
  public init(text: String, path: String) throws {
    var parser = CSVParser(text: text, path: path)
    let records = try parser.records()
    guard let first = records.first else {
      throw FileFormatsError.badFile(
        path: path, line: nil, reason: "the table is empty; expected a line with column names")
    }
    let header = first.fields.map { $0.trimmingCharacters(in: .whitespaces) }
    for (index, name) in header.enumerated() {
      guard !name.isEmpty, !header[..<index].contains(name) else {
        throw FileFormatsError.badFile(
          path: path, line: first.line,
          reason: name.isEmpty
            ? "column \(index + 1) has no name" : "two columns are called '\(name)'")
      }
    }
    for record in records.dropFirst() where record.fields.count != header.count {
      throw FileFormatsError.badFile(
        path: path, line: record.line,
        reason: record.fields == [""]
          ? "the row is empty; remove the line or fill in \(header.joined(separator: ","))"
          : "the row has \(record.fields.count) fields where the header has \(header.count); "
            + "quote fields that hold commas")
    }
    self.header = header
    rows = records.dropFirst().map(\.fields)
    lineNumbers = records.dropFirst().map(\.line)
    comments = parser.comments
    self.path = path
  }

  /// The index of the column with that name, nil if there is none.
  public func column(_ name: String) -> Int? { header.firstIndex(of: name) }

  /// The index of a column that must be there.
  ///
  /// - Throws: `FileFormatsError.badFile` that lists the columns there are.
  public func requiredColumn(_ name: String) throws -> Int {
    if let index = column(name) { return index }
    throw FileFormatsError.badFile(
      path: path, line: nil,
      reason: "there is no column '\(name)'; the columns are \(header.joined(separator: ", "))")
  }

  /// The text in a row and column, without outer blanks; it must not be empty.
  ///
  /// - Throws: `FileFormatsError.badFile` with the line.
  public func text(row: Int, column: Int) throws -> String {
    let text = rows[row][column].trimmingCharacters(in: .whitespaces)
    guard !text.isEmpty else {
      throw FileFormatsError.badFile(
        path: path, line: lineNumbers[row], reason: "the field '\(header[column])' is empty")
    }
    return text
  }

  /// The finite number in a row and column.
  ///
  /// - Throws: `FileFormatsError.badFile` with the line.
  public func number(row: Int, column: Int) throws -> Double {
    let text = try text(row: row, column: column)
    guard let value = Double(text), value.isFinite else {
      throw FileFormatsError.badFile(
        path: path, line: lineNumbers[row],
        reason: "'\(text)' in the column '\(header[column])' is not a finite number")
    }
    return value
  }

  /// The table as text: comments, header, rows, each line ended by LF.
  public var text: String {
    var lines = comments.map { $0.isEmpty ? "#" : "# \($0)" }
    for record in [header] + rows {
      // A sole empty field is quoted: an empty line would be no row.
      lines.append(
        record == [""] ? "\"\"" : record.enumerated().map(Self.quoted).joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Writes the table, whole or not at all.
  ///
  /// - Throws: `FileFormatsError.cannotWrite`.
  public func write(to path: String) throws {
    try AtomicFile.write(text, to: path)
  }

  private static func quoted(_ position: Int, _ field: String) -> String {
    let needsQuotes =
      field.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
      || (position == 0 && field.hasPrefix("#"))
    return needsQuotes ? "\"" + field.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : field
  }

  /// A number as a field: shortest text that reads back to the same bits, or so many decimals.
  public static func field(_ value: Double, decimals: Int? = nil) -> String {
    decimals.map { String(format: "%.\($0)f", value) } ?? "\(value)"
  }
}
