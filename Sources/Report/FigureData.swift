/// The numbers of a figure as one table, one row a point.
///
/// | column | what it is |
/// |---|---|
/// | `panel` | title or number of the chart, where the figure has several |
/// | `series` | name of the series |
/// | the axes' labels, or `x` and `y` where the charts' axes differ | the point |
/// | `low`, `high` | limits of the band, where a series has one; else `nan` |
///
/// Numbers are written so that reading them gives the same bits back; gaps are `nan`.
struct FigureData {
  let csv: String
  /// Whether the first column names the panel.
  let hasPanels: Bool

  init(_ charts: [Chart], namesPanels: Bool) {
    hasPanels = namesPanels
    let hasBands = charts.contains { $0.series.contains { $0.band != nil } }
    let names = FigureData.panelNames(charts)
    let sameAxes = Set(charts.map { [$0.x.label, $0.y.label] }).count == 1
    var header = namesPanels ? ["panel", "series"] : ["series"]
    header += sameAxes ? [charts[0].x.label, charts[0].y.label] : ["x", "y"]
    if hasBands { header += ["low", "high"] }
    var lines = [header.map(FigureData.field).joined(separator: ",")]
    for (chart, panel) in zip(charts, names) {
      for series in chart.series {
        let name = FigureData.name(series.name)
        let start = namesPanels ? "\(FigureData.name(panel)),\(name)" : name
        for index in series.x.indices {
          var line = "\(start),\(series.x[index]),\(series.y[index])"
          if hasBands {
            line +=
              series.band.map { ",\($0.low[index]),\($0.high[index])" } ?? ",nan,nan"
          }
          lines.append(line)
        }
      }
    }
    csv = lines.joined(separator: "\n") + "\n"
  }

  /// Titles where they tell the charts apart, else numbers; axes that differ are named.
  static func panelNames(_ charts: [Chart]) -> [String] {
    let differ = Set(charts.map { [$0.x.label, $0.y.label] }).count > 1
    let titles = charts.map(\.title)
    let areDistinct = Set(titles).count == titles.count && !titles.contains("")
    return charts.enumerated().map { index, chart in
      let name = areDistinct ? chart.title : "\(index + 1)"
      return differ ? "\(name): \(chart.y.label) against \(chart.x.label)" : name
    }
  }

  /// A field of a CSV row. Double quotes become single ones, which gnuplot and every reader of
  /// CSV take alike.
  static func field(_ text: String) -> String {
    let clean = String(text.map { $0 == "\"" ? "'" : $0.isNewline ? " " : $0 })
    return clean.contains(",") || clean.hasPrefix(" ") || clean.hasSuffix(" ")
      ? "\"\(clean)\"" : clean
  }

  /// A name that gnuplot compares rows with. `strcol` of gnuplot 5.4 ends at a comma even where
  /// quotes stand around it, and reads escapes, so that commas become semicolons and backslashes
  /// slashes.
  static func name(_ text: String) -> String {
    field(String(text.map { $0 == "," ? ";" : $0 == "\\" ? "/" : $0 }))
  }
}
