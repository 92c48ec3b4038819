import FileFormats
import Foundation
import Report

/// A table that is written as CSV in full, and shown to people on the terminal, in the model card and
/// on the page, rounded and without its lesser columns.
public struct ValidationTable: Sendable {
  struct Column: Sendable {
    /// In the CSV file, with its unit.
    let key: String
    /// For people; nil in the CSV file alone.
    let title: String?

    init(_ key: String, _ title: String? = nil) { (self.key, self.title) = (key, title) }
  }

  enum Cell: Sendable {
    case text(String)
    case formula(String)
    case count(Int)
    /// A number with so many decimals for people; nil where there is none.
    case number(Double?, Int)
  }

  /// The file's name without `.csv`.
  public let name: String
  let caption: String
  let columns: [Column]
  let rows: [[Cell]]
  /// What a reader must know, each a sentence.
  let notes: [String]

  init(
    _ name: String, caption: String, columns: [Column], rows: [[Cell]], notes: [String] = []
  ) {
    precondition(rows.allSatisfy { $0.count == columns.count }, "one cell a column")
    (self.name, self.caption, self.columns) = (name, caption, columns)
    (self.rows, self.notes) = (rows, notes)
  }

  private var shown: [Int] { columns.indices.filter { columns[$0].title != nil } }

  var csv: CSVTable {
    CSVTable(header: columns.map(\.key), rows: rows.map { $0.map(\.field) })
  }

  /// In full, as CSV.
  public func write(to path: String) throws { try csv.write(to: path) }

  /// Header and rows, set under one another.
  public var lines: [String] {
    let texts =
      [shown.map { columns[$0].title! }] + rows.map { row in shown.map { row[$0].shown } }
    let widths = shown.indices.map { k in texts.map { $0[k].count }.max() ?? 0 }
    return texts.map { row in
      let cells = row.enumerated().map { k, text in
        let space = String(repeating: " ", count: widths[k] - text.count)
        return isText(shown[k]) ? text + space : space + text
      }
      return cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces)
    }
  }

  /// As GitHub writes tables.
  var markdown: String {
    func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
    let head = line(shown.map { columns[$0].title! })
    let rule = line(shown.map { isText($0) ? "---" : "---:" })
    let body = rows.map { row in
      line(shown.map { row[$0].shown.replacingOccurrences(of: "|", with: "\\|") })
    }
    return ([head, rule] + body).joined(separator: "\n") + "\n"
      + notes.map { "\n\($0)\n" }.joined()
  }

  var page: Table {
    Table(
      caption: RichText(plain: caption), header: shown.map { RichText(plain: columns[$0].title!) },
      rows: rows.map { row in shown.map { row[$0].rich } },
      alignment: shown.map { isText($0) ? .left : .right },
      notes: notes.map { RichText(plain: $0) })
  }

  /// The rows for programs, by the columns' keys.
  public var objects: [[String: Value]] {
    rows.map { row in
      Dictionary(uniqueKeysWithValues: zip(columns.map(\.key), row.map(\.value)))
    }
  }

  /// A cell for programs.
  public enum Value: Encodable, Sendable {
    case text(String)
    case count(Int)
    case number(Double?)

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .text(let text): try container.encode(text)
      case .count(let count): try container.encode(count)
      case .number(let value?): try container.encode(value)
      case .number(nil): try container.encodeNil()
      }
    }
  }

  private func isText(_ column: Int) -> Bool {
    rows.contains { row in
      switch row[column] {
      case .text, .formula: true
      case .count, .number: false
      }
    }
  }
}

extension ValidationTable.Cell {
  var field: String {
    switch self {
    case .text(let text), .formula(let text): text
    case .count(let count): "\(count)"
    case .number(let value, _): value.map { CSVTable.field($0) } ?? ""
    }
  }

  var shown: String {
    switch self {
    case .text(let text), .formula(let text): text
    case .count(let count): "\(count)"
    case .number(let value, let decimals): value.map { Self.plain($0, decimals) } ?? "-"
    }
  }

  fileprivate var rich: RichText {
    switch self {
    case .formula(let text): RichText(formula: text)
    case .number(let value?, let decimals):
      RichText(plain: Self.plain(value, decimals).replacing("-", with: "−"))
    case .number(nil, _): "–"
    case .text, .count: RichText(plain: shown)
    }
  }

  fileprivate var value: ValidationTable.Value {
    switch self {
    case .text(let text), .formula(let text): .text(text)
    case .count(let count): .count(count)
    case .number(let value, _): .number(value)
    }
  }

  /// No minus in front of what is rounded to nothing.
  private static func plain(_ value: Double, _ decimals: Int) -> String {
    let text = rounded(value, decimals)
    return text.hasPrefix("-") && !text.contains { "123456789".contains($0) }
      ? String(text.dropFirst()) : text
  }
}
