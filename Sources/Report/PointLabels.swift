import Foundation

/// Finds room for the labels of points that lie among lines: never over one another nor over a
/// point, over lines only where nothing else is left near by.
///
/// Every label has a ring of places around its point, each with a price: the distance, and the lines
/// that it would cover. By rank, labels with the least choice go first; then each in turn takes the cheapest
/// place that the others leave, until none moves.
struct PointLabels {
  /// A round obstacle.
  struct Disc {
    let center: Point
    let radius: Double
  }

  /// A label to be placed.
  struct Item {
    let anchor: Point
    /// Which of `discs` it belongs to; nil for a label that may stand on its anchor.
    let disc: Int?
    let width: Double
    let height: Double
    /// Lower ones choose first.
    var rank = 0
  }

  struct Place: Hashable {
    let box: Box
    /// From the point to the label, where that stands apart.
    let leader: Segment?
  }

  let frame: Box
  /// Texts that stand already.
  let obstacles: [Box]
  /// The points.
  let discs: [Disc]
  let lines: [Segment]
  /// Labels look away from here, if all else is equal.
  let middle: Point

  private struct Candidate {
    let place: Place
    let price: Double
  }

  /// A place for each, nil where there is no room near its point.
  func places(for items: [Item]) -> [Place?] {
    let candidates = items.map { item in
      self.candidates(item).sorted { $0.price < $1.price }
    }
    let order = items.indices.sorted {
      (items[$0].rank, freedom(candidates[$0]), $0) < (items[$1].rank, freedom(candidates[$1]), $1)
    }
    var places = [Place?](repeating: nil, count: items.count)
    for round in 0..<6 {
      var moved = false
      for index in order {
        let others = places.indices.filter { $0 != index }.compactMap { places[$0] }
        let best = candidates[index].first { candidate in
          others.allSatisfy { Self.agree(candidate.place, $0) }
        }?.place
        if let best, best != places[index] {
          places[index] = best
          moved = true
        }
      }
      if round > 0, !moved { break }
    }
    return places
  }

  /// The first free place on a grid over the whole picture, nearest to the point; its leader may
  /// cross what it must.
  func distantPlace(for item: Item, besides taken: [Box]) -> Place? {
    var best: (distance: Double, box: Box)?
    for y in stride(from: frame.bottom + item.height / 2, through: frame.top, by: 6) {
      for x in stride(from: frame.left + item.width / 2, through: frame.right, by: 6) {
        let box = Box(center: Point(x: x, y: y), width: item.width, height: item.height)
        let roomy = box.padded(1)
        let distance = hypot(x - item.anchor.x, y - item.anchor.y)
        guard distance < best?.distance ?? .infinity, isFree(box, nil, item),
          !taken.contains(where: { $0.overlaps(roomy) })
        else { continue }
        best = (distance, box)
      }
    }
    return best.map { Place(box: $0.box, leader: leader(item, $0.box)) }
  }

  private func freedom(_ candidates: [Candidate]) -> Int {
    candidates.count { $0.price < 40 }
  }

  private static func agree(_ a: Place, _ b: Place) -> Bool {
    guard !a.box.padded(1.5).overlaps(b.box) else { return false }
    if let lead = a.leader {
      if b.box.padded(1).isCrossed(by: lead) { return false }
      if let other = b.leader, lead.crosses(other) { return false }
    }
    if let other = b.leader, a.box.padded(1).isCrossed(by: other) { return false }
    return true
  }

  private func candidates(_ item: Item) -> [Candidate] {
    var result: [Candidate] = []
    if item.disc == nil {
      let box = Box(center: item.anchor, width: item.width, height: item.height)
      if isFree(box, nil, item) {
        result.append(Candidate(place: Place(box: box, leader: nil), price: coverPrice(box)))
      }
    }
    for distance in Self.distances {
      for angle in Self.angles {
        let box = self.box(item, gap: radius(item) + distance, angle: angle)
        let lead = leader(item, box)
        guard isFree(box, lead, item) else { continue }
        let price =
          0.7 * distance + (lead == nil ? 0 : 10) + coverPrice(box)
          + 3 * facing(box.center, from: item.anchor)
        result.append(Candidate(place: Place(box: box, leader: lead), price: price))
      }
    }
    return result
  }

  private func radius(_ item: Item) -> Double { item.disc.map { discs[$0].radius } ?? 0 }

  /// The box in a direction whose nearest point is `gap` away.
  private func box(_ item: Item, gap: Double, angle: Double) -> Box {
    let (dx, dy) = (cos(angle), sin(angle))
    var (near, far) = (0.0, gap + item.width + item.height)
    for _ in 0..<24 {
      let reach = (near + far) / 2
      let (x, y) = (
        max(0, abs(reach * dx) - item.width / 2), max(0, abs(reach * dy) - item.height / 2)
      )
      if hypot(x, y) < gap { near = reach } else { far = reach }
    }
    return Box(
      center: Point(x: item.anchor.x + far * dx, y: item.anchor.y + far * dy),
      width: item.width, height: item.height)
  }

  /// A line from the rim of the point to the label, if the gap is wide.
  private func leader(_ item: Item, _ box: Box) -> Segment? {
    let radius = radius(item)
    let near = box.nearest(to: item.anchor)
    let length = hypot(near.x - item.anchor.x, near.y - item.anchor.y)
    guard length > radius + 10 else { return nil }
    let share = radius / length
    let start = Point(
      x: item.anchor.x + share * (near.x - item.anchor.x),
      y: item.anchor.y + share * (near.y - item.anchor.y))
    return Segment(start: start, end: near)
  }

  private func isFree(_ box: Box, _ lead: Segment?, _ item: Item) -> Bool {
    let roomy = box.padded(1.5)
    guard frame.contains(box), !obstacles.contains(where: { $0.overlaps(roomy) }) else {
      return false
    }
    for (index, disc) in discs.enumerated() {
      let near = box.nearest(to: disc.center)
      // Its own point it only may not touch.
      let gap = index == item.disc ? 0.5 : 1.5
      if hypot(near.x - disc.center.x, near.y - disc.center.y) < disc.radius + gap { return false }
      if let lead, index != item.disc, lead.distance(to: disc.center) < disc.radius + 0.5 {
        // Points that lie within one another cannot be kept off.
        let apart = hypot(disc.center.x - item.anchor.x, disc.center.y - item.anchor.y)
        if apart > disc.radius { return false }
      }
    }
    return !(lead.map { lead in obstacles.contains { $0.isCrossed(by: lead) } } ?? false)
  }

  /// 1 towards the middle, -1 away from it.
  private func facing(_ center: Point, from anchor: Point) -> Double {
    let (a, b) = (center.x - anchor.x, center.y - anchor.y)
    let (c, d) = (middle.x - anchor.x, middle.y - anchor.y)
    let lengths = hypot(a, b) * hypot(c, d)
    return lengths > 1e-9 ? (a * c + b * d) / lengths : 0
  }

  private func coverPrice(_ box: Box) -> Double {
    let roomy = box.padded(1)
    return lines.reduce(0) { $0 + (roomy.isCrossed(by: $1) ? 26 : 0) }
  }

  private static let distances: [Double] = [1, 4, 9, 15, 22, 31, 42, 56, 72, 92, 116]
  /// Right and left first, where a label reads best, then around.
  private static let angles: [Double] = [
    0, 180, 330, 30, 210, 150, 300, 60, 240, 120, 270, 90, 345, 15, 195, 165, 315, 45, 225, 135,
    285, 75, 255, 105,
  ].map { $0 * .pi / 180 }
}
