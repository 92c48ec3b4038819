import Foundation

/// A plateau of a staircase and what it means.
public struct LabelledStep: Sendable, Hashable {
  public let from: Double
  /// Nil for a plateau without upper end.
  public let to: Double?
  public let y: Double
  public let label: String
  public let color: Color

  public init(from: Double, to: Double?, y: Double, label: String, color: Color) {
    (self.from, self.to, self.y, self.label, self.color) = (from, to, y, label, color)
  }
}

/// A chart whose plateaus carry their labels, or numbers where the labels do not fit.
public struct LabelledChart: Sendable, Hashable {
  /// One line of the table that belongs below a numbered chart.
  public struct Key: Sendable, Hashable {
    public let number: Int
    public let step: LabelledStep
  }

  public let chart: Chart
  /// Every plateau in the order given, numbered from 1.
  public let keys: [Key]
  /// Whether the chart shows numbers, which need the table of `keys` to be read.
  public let isNumbered: Bool
}

extension Chart {
  /// Writes each plateau's label beside it; if one does not fit, numbers all of them instead.
  ///
  /// Plateaus equal in ends, height and label (as when two staircases share them) are one, in ink
  /// where their colours differ; the order of a label's terms does not matter. Plateaus outside
  /// the axis' range are in the keys only.
  public func labelling(_ steps: [LabelledStep], maximumLabelLength: Int = 40) -> LabelledChart {
    let distinct = Chart.merged(steps)
    let keys = distinct.enumerated().map {
      LabelledChart.Key(number: $0.offset + 1, step: $0.element)
    }
    let named = adding(annotations(keys) { ($0.step.label, .plain) })
    let isShort = distinct.allSatisfy { $0.label.count <= maximumLabelLength }
    if isShort, FigureLayout.single(named).annotations[0].leftOut.isEmpty {
      return LabelledChart(chart: named, keys: keys, isNumbered: false)
    }
    let numbered = adding(annotations(keys) { ("\($0.number)", .disc) })
    return LabelledChart(chart: numbered, keys: keys, isNumbered: true)
  }

  private static func merged(_ steps: [LabelledStep]) -> [LabelledStep] {
    var places: [String: Int] = [:]
    var result: [LabelledStep] = []
    for step in steps {
      let terms = step.label.components(separatedBy: " + ").sorted().joined(separator: " + ")
      // Adding zero makes -0 and 0 the same text.
      let key = "\(step.from + 0) \(step.to.map { "\($0)" } ?? "open") \(step.y + 0) \(terms)"
      guard let place = places[key] else {
        places[key] = result.count
        result.append(step)
        continue
      }
      let first = result[place]
      result[place] = LabelledStep(
        from: first.from, to: first.to, y: first.y, label: first.label,
        color: first.color == step.color ? first.color : Palette.ink)
    }
    return result
  }

  private func annotations(
    _ keys: [LabelledChart.Key], text: (LabelledChart.Key) -> (String, Annotation.Shape)
  ) -> [Annotation] {
    let scale = AxisScale(x, values: series.flatMap(\.x), padding: 0)
    return keys.compactMap { key in
      let from = max(key.step.from, scale.range.lowerBound)
      let to = min(key.step.to ?? scale.range.upperBound, scale.range.upperBound)
      guard from < to else { return nil }
      let (label, shape) = text(key)
      return Annotation(
        label, x: (from + to) / 2, y: key.step.y, color: key.step.color, shape: shape)
    }
  }
}
