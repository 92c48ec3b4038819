/// The header and rows of comma-separated text, each with its line.
struct CSVRows {
  struct Row {
    let line: Int
    let fields: [String]
  }

  let header: [String]
  let headerLine: Int
  let rows: [Row]

  /// - Throws: `ThermodynamicsError.badTable` for an empty row, a row with more or fewer fields
  ///   than the header, an open quote, a repeated column or no rows at all.
  init(text: String, name: String) throws {
    var content: [Row] = []
    var emptyLine: Int?
    let body = text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    let lines = body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() where !line.hasPrefix("#") {
      if line.allSatisfy(\.isWhitespace) {
        // Empty lines before the header and after the last row are harmless.
        if !content.isEmpty { emptyLine = emptyLine ?? index + 1 }
        continue
      }
      if let emptyLine {
        throw ThermodynamicsError.badTable(
          name: name, line: emptyLine, reason: "the row is empty; fill it in or take it out")
      }
      content.append(
        Row(line: index + 1, fields: try Self.fields(line, name: name, number: index + 1)))
    }
    guard let first = content.first, content.count > 1 else {
      throw ThermodynamicsError.badTable(
        name: name, line: nil,
        reason: "the table is empty; expected a line of column names and one row per phase")
    }
    header = first.fields
    headerLine = first.line
    rows = Array(content.dropFirst())
    try check(name: name)
  }

  func column(_ title: String) -> Int? { header.firstIndex(of: title) }

  private func check(name: String) throws {
    if let twice = header.first(where: { title in header.filter { $0 == title }.count > 1 }) {
      throw ThermodynamicsError.badTable(
        name: name, line: headerLine, reason: "the column '\(twice)' occurs twice")
    }
    for row in rows where row.fields.count != header.count {
      throw ThermodynamicsError.badTable(
        name: name, line: row.line,
        reason: "\(row.fields.count) fields, but the header names \(header.count) columns")
    }
  }

  private static func fields(_ line: Substring, name: String, number: Int) throws -> [String] {
    var fields: [String] = []
    var field = ""
    var quoted = false
    var wasQuoted = false
    var characters = line.makeIterator()
    var next = characters.next()
    while let character = next {
      next = characters.next()
      switch (character, quoted) {
      case ("\"", true) where next == "\"":
        field.append("\"")
        next = characters.next()
      case ("\"", true): quoted = false
      case ("\"", false) where field.allSatisfy(\.isWhitespace) && !wasQuoted:
        (quoted, wasQuoted, field) = (true, true, "")
      case (",", false):
        fields.append(trimmed(field))
        (field, wasQuoted) = ("", false)
      default: field.append(character)
      }
    }
    guard !quoted else {
      throw ThermodynamicsError.badTable(name: name, line: number, reason: "a quote is not closed")
    }
    return fields + [trimmed(field)]
  }

  private static func trimmed(_ text: String) -> String {
    let start = text.drop(while: \.isWhitespace)
    let end = start.reversed().drop(while: \.isWhitespace)
    return String(end.reversed())
  }
}
