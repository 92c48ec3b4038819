/// Where the names of the series and their samples stand.
struct LegendLayout {
  struct Entry {
    let series: Series
    /// Left end of the sample, at mid-height of the line.
    let origin: Point
  }

  static let fontSize = 13.0
  static let sampleWidth = 26.0
  static let rowHeight = 20.0

  let entries: [Entry]
  /// What the legend covers; nil for none.
  let box: Box?

  static let none = LegendLayout(entries: [], box: nil)

  /// The series of all charts, each name once.
  static func distinct(_ charts: [Chart]) -> [Series] {
    var seen: Set<String> = []
    return charts.flatMap(\.series).filter { !$0.name.isEmpty && seen.insert($0.name).inserted }
  }

  static func entryWidth(_ series: Series) -> Double {
    sampleWidth + 6 + TextMeasure.width(of: series.name, size: fontSize)
  }

  /// How many rows the entries take between two edges.
  static func rows(_ series: [Series], width: Double) -> Int {
    flow(series, width: width).last.map { $0.row + 1 } ?? 0
  }

  /// In rows that end at most at `right`, the first one at the top.
  static func above(_ series: [Series], left: Double, right: Double, top: Double) -> LegendLayout {
    let cells = flow(series, width: right - left)
    let entries = zip(series, cells).map { one, cell in
      Entry(
        series: one,
        origin: Point(x: left + cell.offset, y: top - (Double(cell.row) + 0.5) * rowHeight))
    }
    return LegendLayout(entries: entries, box: nil)
  }

  /// In a column in a corner of the frame.
  static func corner(_ series: [Series], position: LegendPosition, frame: Box) -> LegendLayout {
    guard !series.isEmpty else { return .none }
    let width = series.map(entryWidth).max() ?? 0
    let height = Double(series.count) * rowHeight
    let isLeft = position == .topLeft || position == .bottomLeft
    let isTop = position == .topLeft || position == .topRight
    let left = isLeft ? frame.left + 12 : frame.right - 12 - width
    let top = isTop ? frame.top - 8 : frame.bottom + 8 + height
    let entries = series.enumerated().map { index, one in
      Entry(series: one, origin: Point(x: left, y: top - (Double(index) + 0.5) * rowHeight))
    }
    return LegendLayout(
      entries: entries, box: Box(left: left, bottom: top - height, right: left + width, top: top))
  }

  private static func flow(_ series: [Series], width: Double) -> [(offset: Double, row: Int)] {
    var (offset, row) = (0.0, 0)
    return series.map { one in
      let needed = entryWidth(one)
      if offset > 0, offset + needed > width { (offset, row) = (0, row + 1) }
      defer { offset += needed + 22 }
      return (offset, row)
    }
  }
}
