/// The texts of one chart with their places in pixels.
struct ChartAnnotations {
  struct Placed: Hashable {
    let annotation: Annotation
    let place: LabelPlacement.Place
  }

  struct RangeLabel: Hashable {
    let text: String
    let color: Color
    let center: Point
  }

  static let fontSize = 12.0
  static let discRadius = 9.0

  let placed: [Placed]
  /// Annotations within the frame for which there was no room.
  let leftOut: [Annotation]
  let rangeLabels: [RangeLabel]

  init(_ chart: Chart, frame: ChartFrame, keepingFree reserved: [Box] = []) {
    var placement = LabelPlacement(
      frame: frame.box, curves: chart.series.flatMap { frame.segments(of: $0) })
    for box in reserved { placement.reserve(box) }
    rangeLabels = ChartAnnotations.labelRanges(chart, frame: frame, in: &placement)
    var placed: [Placed] = []
    var leftOut: [Annotation] = []
    let fixedFirst =
      chart.annotations.filter { $0.placement == .fixed }
      + chart.annotations.filter { $0.placement == .free }
    for annotation in fixedFirst {
      guard let anchor = frame.pixel(annotation.x, annotation.y),
        frame.box.contains(Box(center: anchor, width: 0, height: 0))
      else { continue }
      let (width, height) = ChartAnnotations.size(of: annotation)
      if annotation.placement == .fixed {
        let box = Box(center: anchor, width: width, height: height)
        placement.reserve(box)
        placed.append(Placed(annotation: annotation, place: .init(box: box, leader: nil)))
      } else if let place = placement.place(near: anchor, width: width, height: height) {
        placed.append(Placed(annotation: annotation, place: place))
      } else {
        leftOut.append(annotation)
      }
    }
    (self.placed, self.leftOut) = (placed, leftOut)
  }

  private static func size(of annotation: Annotation) -> (width: Double, height: Double) {
    switch annotation.shape {
    case .disc: (2 * discRadius, 2 * discRadius)
    case .plain:
      (
        TextMeasure.width(of: annotation.text, size: fontSize), TextMeasure.height(size: fontSize)
      )
    }
  }

  /// Labels of vertical bands stand in rows at the top, of horizontal ones at the right edge.
  private static func labelRanges(
    _ chart: Chart, frame: ChartFrame, in placement: inout LabelPlacement
  ) -> [RangeLabel] {
    var result: [RangeLabel] = []
    for range in chart.shaded where !range.label.isEmpty {
      let width = TextMeasure.width(of: range.label, size: fontSize)
      let height = TextMeasure.height(size: fontSize)
      guard var box = start(of: range, width: width, height: height, frame: frame) else { continue }
      while placement.taken.contains(where: { $0.overlaps(box) }), box.bottom > frame.box.bottom {
        box.bottom -= height
        box.top -= height
      }
      guard box.bottom > frame.box.bottom else { continue }
      placement.reserve(box)
      result.append(RangeLabel(text: range.label, color: range.color, center: box.center))
    }
    return result
  }

  private static func start(
    of range: ShadedRange, width: Double, height: Double, frame: ChartFrame
  ) -> Box? {
    let scale = range.direction == .x ? frame.x : frame.y
    let low = max(range.range.lowerBound, scale.range.lowerBound)
    let high = min(range.range.upperBound, scale.range.upperBound)
    guard low < high, width + 8 < frame.box.width else { return nil }
    let middle = (scale.fraction(of: low) + scale.fraction(of: high)) / 2
    var center: Point
    if range.direction == .x {
      center = Point(
        x: frame.box.left + middle * frame.box.width, y: frame.box.top - 4 - height / 2)
    } else {
      center = Point(
        x: frame.box.right - 4 - width / 2, y: frame.box.bottom + middle * frame.box.height)
    }
    center.x = min(
      max(center.x, frame.box.left + 4 + width / 2), frame.box.right - 4 - width / 2)
    return Box(center: center, width: width, height: height)
  }
}
