import Foundation

/// Finds room for the labels of points that lie among lines: never over one another nor over a
/// point, over lines only where nothing else is left near by.
///
/// Every label has a ring of places around its point, each with a price: the distance, and the lines
/// that it would cover. Labels with the least choice go first; then each in turn takes the cheapest
/// place that the others leave, until none moves.
struct PointLabels {
  /// A label to be placed.
  struct Item {
    let anchor: Point
    /// Room that the point itself takes; 0 for a label that may stand on its point.
    let radius: Double
    let width: Double
    let height: Double
  }

  struct Place: Hashable {
    let box: Box
    /// From the point to the label, where that stands apart.
    let leader: Segment?
  }

  let frame: Box
  /// Points and texts that stand already.
  let obstacles: [Box]
  let lines: [Segment]

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
      let (a, b) = (freedom(candidates[$0]), freedom(candidates[$1]))
      return a == b ? $0 < $1 : a < b
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
        guard distance < best?.distance ?? .infinity, frame.contains(box),
          !obstacles.contains(where: { $0.overlaps(roomy) }),
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
    for distance in item.radius == 0 ? [-1000] + Self.distances : Self.distances {
      for angle in Self.angles {
        let (dx, dy) = (cos(angle), sin(angle))
        let reach = max(0, item.radius + distance)
        let center =
          distance < 0
          ? item.anchor
          : Point(
            x: item.anchor.x + dx * (reach + item.width / 2),
            y: item.anchor.y + dy * (reach + item.height / 2))
        let box = Box(center: center, width: item.width, height: item.height)
        let lead = leader(item, box)
        guard isFree(box, lead, item) else { continue }
        let price = 0.7 * max(0, distance) + (lead == nil ? 0 : 10) + coverPrice(box)
        result.append(Candidate(place: Place(box: box, leader: lead), price: price))
        if distance < 0 { break }
      }
    }
    return result
  }

  /// A line from the rim of the point to the label, if the gap is wide.
  private func leader(_ item: Item, _ box: Box) -> Segment? {
    let near = box.nearest(to: item.anchor)
    let length = hypot(near.x - item.anchor.x, near.y - item.anchor.y)
    guard length > item.radius + 9 else { return nil }
    let share = item.radius / length
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
    guard let lead else { return true }
    let own = Box(center: item.anchor, width: 2 * item.radius, height: 2 * item.radius)
    return !obstacles.contains { !$0.overlaps(own) && $0.isCrossed(by: lead) }
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
