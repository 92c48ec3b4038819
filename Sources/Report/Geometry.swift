/// A point of a figure in pixels, y upwards from the lower edge.
struct Point: Hashable {
  var x: Double
  var y: Double
}

/// A rectangle in pixels, y upwards.
struct Box: Hashable {
  var left: Double
  var bottom: Double
  var right: Double
  var top: Double

  var width: Double { right - left }
  var height: Double { top - bottom }
  var center: Point { Point(x: (left + right) / 2, y: (bottom + top) / 2) }

  init(left: Double, bottom: Double, right: Double, top: Double) {
    (self.left, self.bottom, self.right, self.top) = (left, bottom, right, top)
  }

  init(center: Point, width: Double, height: Double) {
    left = center.x - width / 2
    right = center.x + width / 2
    bottom = center.y - height / 2
    top = center.y + height / 2
  }

  func padded(_ margin: Double) -> Box {
    Box(
      left: left - margin, bottom: bottom - margin, right: right + margin, top: top + margin)
  }

  func overlaps(_ other: Box) -> Bool {
    left < other.right && other.left < right && bottom < other.top && other.bottom < top
  }

  func contains(_ other: Box) -> Bool {
    left <= other.left && other.right <= right && bottom <= other.bottom && other.top <= top
  }

  /// The point of the box that lies nearest to `point`.
  func nearest(to point: Point) -> Point {
    Point(x: min(max(point.x, left), right), y: min(max(point.y, bottom), top))
  }

  /// Whether any part of the segment lies inside (Liang and Barsky's clipping).
  func isCrossed(by segment: Segment) -> Bool {
    var (enter, leave) = (0.0, 1.0)
    let (dx, dy) = (segment.end.x - segment.start.x, segment.end.y - segment.start.y)
    let sides = [
      (-dx, segment.start.x - left), (dx, right - segment.start.x),
      (-dy, segment.start.y - bottom), (dy, top - segment.start.y),
    ]
    for (slope, distance) in sides {
      if slope == 0 {
        if distance < 0 { return false }
      } else if slope < 0 {
        enter = max(enter, distance / slope)
      } else {
        leave = min(leave, distance / slope)
      }
    }
    return enter <= leave
  }
}

/// A straight piece of a curve in pixels.
struct Segment: Hashable {
  var start: Point
  var end: Point
}

/// How much room a text takes.
enum TextMeasure {
  /// Width in pixels of a text in a typeface with the metrics of Helvetica, a little generous.
  static func width(of text: String, size: Double) -> Double {
    text.reduce(0) { $0 + advance(of: $1) } * size * 1.03
  }

  /// Height in pixels of one line.
  static func height(size: Double) -> Double { size * 1.2 }

  private static func advance(of character: Character) -> Double {
    switch character {
    case "i", "j", "l", "I", "'", ".", ",", ":", ";", "|", "!": 0.26
    case " ", "f", "t", "r", "(", ")", "[", "]", "/", "-": 0.32
    case "₀"..."₉": 0.38
    case "m", "M", "W", "w", "%", "–", "→", "≥", "≤": 0.85
    case "A"..."Z": 0.69
    default: 0.56
    }
  }
}
