/// How a series is drawn.
public enum SeriesStyle: Sendable, Hashable {
  case line
  case dashed
  case points
  /// From each point horizontally to the next one's x, then up or down to its y.
  case steps
}

/// Named values y(x) with a colour and, where known, a band around them.
///
/// A value that is not finite is a gap in the curve and is kept as it is in the data file.
public struct Series: Sendable, Hashable {
  /// The limits of a band, one pair for each x.
  public struct Band: Sendable, Hashable {
    public let low: [Double]
    public let high: [Double]

    public init(low: [Double], high: [Double]) {
      precondition(low.count == high.count, "a band needs as many low as high limits")
      (self.low, self.high) = (low, high)
    }
  }

  public let name: String
  public let x: [Double]
  public let y: [Double]
  public let style: SeriesStyle
  public let color: Color
  /// Width of the line, or diameter scale of the points, in pixels.
  public let width: Double
  public let band: Band?

  public init(
    name: String, x: [Double], y: [Double], style: SeriesStyle = .line, color: Color,
    width: Double = 2, band: Band? = nil
  ) {
    precondition(x.count == y.count, "series '\(name)': \(x.count) x values, \(y.count) y values")
    precondition(band.map { $0.low.count == x.count } ?? true, "series '\(name)': band's length")
    precondition(width > 0, "series '\(name)': a line needs a width")
    (self.name, self.x, self.y, self.style) = (name, x, y, style)
    (self.color, self.width, self.band) = (color, width, band)
  }
}

/// One axis of a chart.
public struct Axis: Sendable, Hashable {
  public let quantity: String
  /// Empty for a number without unit.
  public let unit: String
  /// Chosen from the data where nil.
  public let range: ClosedRange<Double>?
  public let isLogarithmic: Bool

  public init(
    _ quantity: String, unit: String, range: ClosedRange<Double>? = nil,
    isLogarithmic: Bool = false
  ) {
    precondition(
      range.map { $0.lowerBound < $0.upperBound && ($0.upperBound - $0.lowerBound).isFinite }
        ?? true, "axis '\(quantity)': the range is empty or not finite")
    precondition(
      !isLogarithmic || range.map { $0.lowerBound > 0 } ?? true,
      "axis '\(quantity)': a logarithmic axis starts above zero")
    (self.quantity, self.unit, self.range) = (quantity, unit, range)
    self.isLogarithmic = isLogarithmic
  }

  /// `quantity (unit)`, as written at the axis and in the header of the data.
  public var label: String { unit.isEmpty ? quantity : "\(quantity) (\(unit))" }
}
