/// Where everything of a figure stands, in pixels.
struct FigureLayout {
  /// One chart on the figure.
  struct Panel {
    let chart: Chart
    let frame: ChartFrame
    let showsXLabel: Bool
    let showsYLabel: Bool
  }

  let width: Double
  let height: Double
  let panels: [Panel]
  let legend: LegendLayout
  /// The texts of each panel.
  let annotations: [ChartAnnotations]

  private static let bottomMargin = 58.0
  private static let leftMargin = 68.0
  private static let rightMargin = 18.0

  /// One chart, 760 pixels wide.
  static func single(_ chart: Chart, width: Double = 760, height: Double = 430) -> FigureLayout {
    let right = width - rightMargin
    let series = LegendLayout.distinct([chart])
    let rows =
      chart.legend == .above ? LegendLayout.rows(series, width: right - leftMargin) : 0
    let titleHeight = chart.title.isEmpty ? 0.0 : 24
    let legendHeight = Double(rows) * LegendLayout.rowHeight
    let top = height - 14 - titleHeight - legendHeight
    let box = Box(left: leftMargin, bottom: bottomMargin, right: right, top: top)
    let frame = ChartFrame(chart, box: box)
    let legend: LegendLayout
    switch chart.legend {
    case .none: legend = .none
    case .above:
      legend = .above(series, left: leftMargin, right: right, top: top + 6 + legendHeight)
    default: legend = .corner(series, position: chart.legend, frame: box)
    }
    let panel = Panel(chart: chart, frame: frame, showsXLabel: true, showsYLabel: true)
    return FigureLayout(
      width: width, height: height, panels: [panel], legend: legend,
      annotations: [
        ChartAnnotations(chart, frame: frame, keepingFree: legend.box.map { [$0] } ?? [])
      ])
  }

  /// Charts in a grid under one legend; labels of shared axes at the outer edges only.
  static func grid(_ figure: PanelFigure) -> FigureLayout {
    let charts = figure.charts
    let width = figure.columns > 2 ? 860.0 : 760.0
    let columns = min(figure.columns, max(charts.count, 1))
    let rowCount = (charts.count + columns - 1) / columns
    let sharesX = Set(charts.map(\.x.label)).count <= 1
    let sharesY = Set(charts.map(\.y.label)).count <= 1
    let (gapX, gapY) = (sharesY ? 40.0 : 66.0, (sharesX ? 30.0 : 56.0) + 22)
    let series = LegendLayout.distinct(charts)
    let legendWidth = width - leftMargin - rightMargin
    let hasLegend = charts.contains { $0.legend != .none }
    let rows = hasLegend ? LegendLayout.rows(series, width: legendWidth) : 0
    let legendHeight = Double(rows) * LegendLayout.rowHeight + (rows > 0 ? 8 : 0)
    let topMargin = 26 + legendHeight
    let panelWidth = (legendWidth - Double(columns - 1) * gapX) / Double(columns)
    let height =
      topMargin + Double(rowCount) * figure.panelHeight + Double(rowCount - 1) * gapY
      + bottomMargin
    let panels = charts.enumerated().map { index, chart in
      let (row, column) = (index / columns, index % columns)
      let left = leftMargin + Double(column) * (panelWidth + gapX)
      let top = height - topMargin - Double(row) * (figure.panelHeight + gapY)
      let box = Box(
        left: left, bottom: top - figure.panelHeight, right: left + panelWidth, top: top)
      return Panel(
        chart: chart, frame: ChartFrame(chart, box: box),
        showsXLabel: !sharesX || index + columns >= charts.count,
        showsYLabel: !sharesY || column == 0)
    }
    let legend =
      rows > 0
      ? LegendLayout.above(
        series, left: leftMargin, right: width - rightMargin, top: height - 2) : .none
    return FigureLayout(
      width: width, height: height, panels: panels, legend: legend,
      annotations: panels.map { ChartAnnotations($0.chart, frame: $0.frame) })
  }
}
