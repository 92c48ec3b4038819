/// The list beneath a composition diagram: what its numbers and letters stand for, in columns.
struct CompositionKey {
  struct Entry {
    let mark: String
    /// Content of an SVG `text`.
    let markup: String
    let width: Double
  }

  static let rowHeight = 20.0
  private static let left = 24.0
  private static let markWidth = 28.0

  let entries: [Entry]
  private let columnWidth: Double
  private let rows: Int

  init(_ entries: [Entry]) {
    self.entries = entries
    let room = CompositionLayout.width - 2 * CompositionKey.left
    let widest = (entries.map(\.width).max() ?? 0) + CompositionKey.markWidth + 22
    let columns = max(1, Int(room / widest))
    rows = (entries.count + columns - 1) / columns
    columnWidth = room / Double(columns)
  }

  var height: Double { Double(rows) * CompositionKey.rowHeight }

  /// Column by column, from `top` down.
  func markup(top: Double) -> String {
    entries.enumerated().map { index, entry in
      let x = CompositionKey.left + Double(index / rows) * columnWidth
      let y = top + (Double(index % rows) + 0.7) * CompositionKey.rowHeight
      return """
        <text class="key" x="\(svgNumber(x + 18))" y="\(svgNumber(y))" text-anchor="end" \
        font-weight="bold">\(entry.mark)</text>\
        <text class="key" x="\(svgNumber(x + CompositionKey.markWidth))" y="\(svgNumber(y))">\
        \(entry.markup)</text>
        """
    }.joined(separator: "\n")
  }

  /// A to Z, then AA to AZ and so on.
  static func letters(_ index: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(65 + index % 26)))
    return index < 26 ? letter : letters(index / 26 - 1) + letter
  }
}
