import Foundation

/// The range of an axis and its way from values to pixels.
struct AxisScale {
  let range: ClosedRange<Double>
  let isLogarithmic: Bool

  /// The axis' own range, or one that holds `values` (those that can be drawn) with `padding`, a
  /// fraction of the spread, on either side.
  init(_ axis: Axis, values: [Double], padding: Double) {
    isLogarithmic = axis.isLogarithmic
    if let range = axis.range {
      self.range = range
      return
    }
    let drawable = values.filter { $0.isFinite && (!axis.isLogarithmic || $0 > 0) }
    let low = drawable.min() ?? (axis.isLogarithmic ? 1 : 0)
    let high = drawable.max() ?? (axis.isLogarithmic ? 10 : 1)
    range =
      axis.isLogarithmic
      ? AxisScale.logarithmic(low, high, padding: padding)
      : AxisScale.linear(low, high, padding: padding)
  }

  /// Where a value lies along the axis, 0 to 1 within the range.
  func fraction(of value: Double) -> Double {
    let (low, high) = (range.lowerBound, range.upperBound)
    if isLogarithmic { return log(value / low) / log(high / low) }
    return (value - low) / (high - low)
  }

  private static func linear(
    _ low: Double, _ high: Double, padding: Double
  ) -> ClosedRange<Double> {
    if high - low <= abs(high) * 1e-12 {
      let half = high == 0 ? 1 : abs(high) * 0.1
      return (low - half)...(high + half)
    }
    let margin = (high / 2 - low / 2) * 2 * padding
    // A quantity that starts at zero keeps its zero on the axis.
    return (low == 0 ? 0 : low - margin)...(high == 0 ? 0 : high + margin)
  }

  private static func logarithmic(
    _ low: Double, _ high: Double, padding: Double
  ) -> ClosedRange<Double> {
    let factor = low == high ? 3 : pow(high / low, padding)
    return (low / factor)...(high * factor)
  }
}

/// The two axes of a chart on their frame of the figure.
struct ChartFrame {
  let box: Box
  let x: AxisScale
  let y: AxisScale

  init(_ chart: Chart, box: Box) {
    self.box = box
    x = AxisScale(chart.x, values: chart.series.flatMap(\.x), padding: 0)
    y = AxisScale(
      chart.y,
      values: chart.series.flatMap { $0.y + ($0.band.map { $0.low + $0.high } ?? []) },
      padding: 0.06)
  }

  /// The pixel of a value, nil where it cannot be drawn.
  func pixel(_ valueX: Double, _ valueY: Double) -> Point? {
    let (u, v) = (x.fraction(of: valueX), y.fraction(of: valueY))
    guard u.isFinite, v.isFinite else { return nil }
    // Far outside is as good as outside, and keeps later arithmetic finite.
    let (a, b) = (min(max(u, -10), 11), min(max(v, -10), 11))
    return Point(x: box.left + a * box.width, y: box.bottom + b * box.height)
  }

  /// The curve of a series in straight pieces, interrupted at gaps.
  func segments(of series: Series) -> [Segment] {
    var result: [Segment] = []
    var previous: Point?
    for (valueX, valueY) in zip(series.x, series.y) {
      let point = pixel(valueX, valueY)
      if let point {
        if let previous, series.style != .points {
          if series.style == .steps {
            let corner = Point(x: point.x, y: previous.y)
            result += [Segment(start: previous, end: corner), Segment(start: corner, end: point)]
          } else {
            result.append(Segment(start: previous, end: point))
          }
        } else {
          result.append(Segment(start: point, end: point))
        }
      }
      previous = point
    }
    return result
  }
}
