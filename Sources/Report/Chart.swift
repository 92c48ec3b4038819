/// Text at a point of a chart.
public struct Annotation: Sendable, Hashable {
  public enum Shape: Sendable, Hashable {
    case plain
    /// White text in a filled disc, for numbers.
    case disc
  }

  /// Where the text may stand.
  public enum Placement: Sendable, Hashable {
    /// Centred on the point.
    case fixed
    /// Near the point, where it covers neither a curve nor other text; a thin line leads back when
    /// it is far. Left out where there is no room at all.
    case free
  }

  public let text: String
  public let x: Double
  public let y: Double
  public let color: Color
  public let shape: Shape
  public let placement: Placement

  public init(
    _ text: String, x: Double, y: Double, color: Color = Palette.ink, shape: Shape = .plain,
    placement: Placement = .free
  ) {
    precondition(x.isFinite && y.isFinite, "annotation '\(text)' has no place")
    (self.text, self.x, self.y, self.color) = (text, x, y, color)
    (self.shape, self.placement) = (shape, placement)
  }
}

/// A range of one axis that is shaded over the whole chart, such as a stability window.
public struct ShadedRange: Sendable, Hashable {
  public enum Direction: Sendable, Hashable { case x, y }

  public let range: ClosedRange<Double>
  public let direction: Direction
  public let label: String
  public let color: Color

  public init(
    _ range: ClosedRange<Double>, along direction: Direction = .x, label: String = "", color: Color
  ) {
    (self.range, self.direction, self.label, self.color) = (range, direction, label, color)
  }
}

/// A thin line across the whole chart.
public struct ReferenceLine: Sendable, Hashable {
  public let value: Double
  public let direction: ShadedRange.Direction

  /// `ReferenceLine(y: 0)` is horizontal.
  public init(y: Double) { (value, direction) = (y, .y) }
  public init(x: Double) { (value, direction) = (x, .x) }
}

/// Where the names of the series stand.
public enum LegendPosition: Sendable, Hashable {
  /// Above the frame, in rows: never over a curve.
  case above
  case topLeft, topRight, bottomLeft, bottomRight
  case none
}

/// One pair of axes with its series.
public struct Chart: Sendable, Hashable {
  /// Written above the frame; may be empty.
  public let title: String
  public let x: Axis
  public let y: Axis
  public let series: [Series]
  public let annotations: [Annotation]
  public let shaded: [ShadedRange]
  public let lines: [ReferenceLine]
  public let legend: LegendPosition

  public init(
    title: String = "", x: Axis, y: Axis, series: [Series], annotations: [Annotation] = [],
    shaded: [ShadedRange] = [], lines: [ReferenceLine] = [], legend: LegendPosition = .above
  ) {
    (self.title, self.x, self.y, self.series) = (title, x, y, series)
    (self.annotations, self.shaded, self.lines) = (annotations, shaded, lines)
    self.legend = legend
  }

  /// The same chart with more annotations.
  public func adding(_ more: [Annotation]) -> Chart {
    Chart(
      title: title, x: x, y: y, series: series, annotations: annotations + more, shaded: shaded,
      lines: lines, legend: legend)
  }
}

/// Charts in a grid, row by row, with one legend for all of them.
///
/// Series of the same name are the same thing in every chart and stand in the legend once.
public struct PanelFigure: Sendable, Hashable {
  public let charts: [Chart]
  public let columns: Int
  /// Height of one frame in pixels.
  public let panelHeight: Double

  public init(charts: [Chart], columns: Int, panelHeight: Double = 170) {
    precondition(columns > 0, "panels stand in at least one column")
    precondition(panelHeight >= 60, "panels need a height")
    (self.charts, self.columns, self.panelHeight) = (charts, columns, panelHeight)
  }
}
