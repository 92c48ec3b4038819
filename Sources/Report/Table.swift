/// A table of a page.
public struct Table: Sendable, Hashable {
  public enum Alignment: String, Sendable, Hashable { case left, right, center }

  public let caption: RichText
  public let header: [RichText]
  public let rows: [[RichText]]
  /// One for each column.
  public let alignment: [Alignment]
  /// Lines below the table.
  public let notes: [RichText]

  /// - Parameter alignment: Nil puts the first column left and the others right.
  public init(
    caption: RichText, header: [RichText], rows: [[RichText]], alignment: [Alignment]? = nil,
    notes: [RichText] = []
  ) {
    precondition(!header.isEmpty, "a table has columns")
    precondition(rows.allSatisfy { $0.count == header.count }, "each row fills each column")
    precondition(alignment.map { $0.count == header.count } ?? true, "one alignment a column")
    (self.caption, self.header, self.rows, self.notes) = (caption, header, rows, notes)
    self.alignment = alignment ?? header.indices.map { $0 == 0 ? .left : .right }
  }

  /// The table with its number, in a frame that scrolls where it is too wide.
  func html(number: Int) -> String {
    func cells(_ tag: String, _ row: [RichText]) -> String {
      zip(row, alignment).map { "<\(tag) class=\"\($1.rawValue)\">\($0.html)</\(tag)>" }.joined()
    }
    let body = rows.map { "<tr>\(cells("td", $0))</tr>" }.joined(separator: "\n")
    let below = notes.map { "<p class=\"note\">\($0.html)</p>" }.joined(separator: "\n")
    return """
      <div class="table">
      <p class="caption"><strong>Table \(number).</strong> \(caption.html)</p>
      <div class="scroll"><table>
      <thead><tr>\(cells("th", header))</tr></thead>
      <tbody>
      \(body)
      </tbody></table></div>
      \(below)
      </div>
      """
  }
}
