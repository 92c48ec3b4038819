import Foundation

/// Finds room for labels: within the frame, off the curves and off one another.
///
/// Each label in turn takes the first free place on rings of growing distance around its point.
struct LabelPlacement {
  /// Where a label stands and whether a line must lead to its point.
  struct Place: Hashable {
    let box: Box
    let leader: Segment?
  }

  private let frame: Box
  private let curves: [Segment]
  private(set) var taken: [Box] = []
  private var leaders: [Segment] = []

  init(frame: Box, curves: [Segment]) {
    self.frame = frame.padded(-3)
    self.curves = curves
  }

  /// Keeps a box free of labels.
  mutating func reserve(_ box: Box) { taken.append(box) }

  /// A place for a label near `anchor`, reserved from now on; nil where there is none.
  mutating func place(near anchor: Point, width: Double, height: Double) -> Place? {
    for distance in LabelPlacement.distances {
      for angle in LabelPlacement.angles {
        let (dx, dy) = (cos(angle), sin(angle))
        // The ring is an ellipse that just clears the label's own box.
        let center = Point(
          x: anchor.x + dx * (distance + width / 2), y: anchor.y + dy * (distance + height / 2))
        let box = Box(center: center, width: width, height: height)
        let lead = Segment(start: anchor, end: box.nearest(to: anchor))
        guard isFree(box, lead) else { continue }
        taken.append(box)
        let isFar = hypot(lead.end.x - anchor.x, lead.end.y - anchor.y) > 11
        if isFar { leaders.append(lead) }
        return Place(box: box, leader: isFar ? lead : nil)
      }
    }
    return nil
  }

  private func isFree(_ box: Box, _ lead: Segment) -> Bool {
    guard frame.contains(box) else { return false }
    let roomy = box.padded(2)
    return !taken.contains { $0.overlaps(roomy) || $0.isCrossed(by: lead) }
      && !leaders.contains { roomy.isCrossed(by: $0) }
      && !curves.contains { roomy.isCrossed(by: $0) }
  }

  private static let distances: [Double] = [5, 10, 18, 28, 40, 54, 70, 90]
  /// Above first, then to the right, below, to the left, then between.
  private static let angles: [Double] = [
    90, 60, 120, 30, 0, 270, 300, 240, 150, 180, 330, 210, 75, 105, 45, 135, 15, 165,
  ].map { $0 * .pi / 180 }
}
