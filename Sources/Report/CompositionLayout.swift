/// Where everything of a composition diagram stands, in pixels, y downwards.
struct CompositionLayout {
  /// A text with its place.
  struct Label {
    /// Content of an SVG `text`.
    let markup: String
    let box: Box
    let leader: Segment?
    let size: Double
    let color: Color
    let isBold: Bool
  }

  /// A node as drawn.
  struct Disc {
    let node: Int
    let center: Point
    let radius: Double
    /// 0 at the front, 1 at the back.
    let distance: Double
  }

  let diagram: CompositionDiagram
  let projection: CompositionProjection
  let corners: [Point]
  /// In the order of the nodes.
  let discs: [Disc]
  /// The names of the corners, of the nodes and of the regions.
  private(set) var labels: [Label] = []
  /// What the numbers of nodes and the letters of regions stand for.
  private(set) var keys: [CompositionKey.Entry] = []
  /// Lower edge of the picture without legend and key.
  let bottom: Double
  private let scale: Double
  private let origin: Point

  static let width = 760.0
  static let nameSize = 13.0
  static let cornerSize = 17.0

  init(_ diagram: CompositionDiagram) {
    let projection = CompositionProjection(diagram)
    self.diagram = diagram
    self.projection = projection
    let points = projection.vertices.map(\.point)
    let (left, right) = (points.map(\.x).min() ?? 0, points.map(\.x).max() ?? 1)
    let (top, low) = (points.map(\.y).min() ?? 0, points.map(\.y).max() ?? 1)
    scale = min(540 / (right - left), 520 / (low - top))
    let head = (diagram.title.isEmpty ? 10.0 : 34) + 34
    origin = Point(
      x: (CompositionLayout.width - scale * (right - left)) / 2 - scale * left,
      y: head - scale * top)
    bottom = head + scale * (low - top) + 44
    let (scale, origin) = (scale, origin)
    func pixel(_ point: Point) -> Point {
      Point(x: origin.x + scale * point.x, y: origin.y + scale * point.y)
    }
    corners = points.map(pixel)
    discs = diagram.nodes.enumerated().map { index, node in
      let projected = projection(node.coordinates)
      let size = node.kind == .stable ? 6.0 : node.kind == .target ? 8.5 : 4.5
      return Disc(
        node: index, center: pixel(projected.point),
        radius: size * (1 - 0.28 * projected.distance), distance: projected.distance)
    }
    placeLabels()
  }

  func pixel(_ shares: [Double]) -> Point {
    let point = projection(shares).point
    return Point(x: origin.x + scale * point.x, y: origin.y + scale * point.y)
  }

  /// Lines between nodes other than along an edge of the body, which the edge shows already.
  var drawnLines: [CompositionDiagram.Line] {
    diagram.lines.filter { line in
      guard line.kind == .tie else { return true }
      let ends = [diagram.nodes[line.first].coordinates, diagram.nodes[line.second].coordinates]
      let used = diagram.vertices.indices.filter { k in ends.contains { $0[k] > 1e-9 } }
      return used.count > 2
    }
  }

  func segment(_ line: CompositionDiagram.Line) -> Segment {
    Segment(start: discs[line.first].center, end: discs[line.second].center)
  }

  // MARK: Labels

  private mutating func placeLabels() {
    let middle = Point(
      x: corners.reduce(0) { $0 + $1.x } / Double(corners.count),
      y: corners.reduce(0) { $0 + $1.y } / Double(corners.count))
    labels = zip(diagram.vertices, corners).map { cornerLabel($0, at: $1, awayFrom: middle) }
    let room = PointLabels(
      frame: Box(
        left: 6, bottom: diagram.title.isEmpty ? 6 : 34, right: CompositionLayout.width - 6,
        top: bottom - 4),
      obstacles: labels.map(\.box),
      discs: discs.map { PointLabels.Disc(center: $0.center, radius: $0.radius) },
      lines: obstacleLines, middle: middle)
    let nodes = diagram.nodes.indices.filter { !isNamedByCorner(diagram.nodes[$0]) }
    let regions = lettered
    let regionItems = regions.enumerated().map { order, region in
      PointLabels.Item(
        anchor: region.middle, disc: nil,
        width: TextMeasure.width(of: CompositionKey.letters(order), size: 13) + 2, height: 15,
        rank: 1)
    }
    var numbered: Set<Int> = []
    var places: [PointLabels.Place?] = []
    // A label without room becomes a number, which makes room for others.
    while true {
      places = room.places(
        for: nodes.map { item($0, isNumber: numbered.contains($0)) } + regionItems)
      let crowded = zip(nodes, places).filter { $1 == nil && !numbered.contains($0) }.map(\.0)
      if crowded.isEmpty { break }
      numbered.formUnion(crowded)
    }
    let items = nodes.map { item($0, isNumber: numbered.contains($0)) } + regionItems
    for k in items.indices where places[k] == nil {
      places[k] = room.distantPlace(
        for: items[k], besides: places.compactMap { $0?.box })
    }
    addNodes(nodes, numbered: numbered, places)
    addRegions(regions.map(\.region), Array(places.dropFirst(nodes.count)))
  }

  /// Regions that get a letter, in the order in which one reads, with their middles.
  private var lettered: [(region: Int, middle: Point)] {
    diagram.regions.indices.filter { diagram.regions[$0].isLabelled }.map { region in
      let points = diagram.regions[region].corners.map { pixel($0) }
      return (region, CompositionLayout.centroid(points))
    }.sorted { ($0.middle.y, $0.middle.x, $0.region) < ($1.middle.y, $1.middle.x, $1.region) }
  }

  private mutating func addNodes(
    _ nodes: [Int], numbered: Set<Int>, _ places: [PointLabels.Place?]
  ) {
    var number = 0
    for (index, place) in zip(nodes, places) {
      let node = diagram.nodes[index]
      let text = CompositionLayout.text(node)
      var markup = text.markup
      if numbered.contains(index) || place == nil {
        number += 1
        keys.append(.init(mark: "\(number)", markup: markup, width: text.width))
        markup = "\(number)"
      }
      guard let place else { continue }
      labels.append(
        Label(
          markup: markup, box: place.box, leader: place.leader,
          size: CompositionLayout.nameSize,
          color: node.kind == .target
            ? node.color.mixed(with: .black, fraction: 0.3)
            : node.kind == .unstable ? Color(0x666666) : Palette.ink,
          isBold: node.kind == .target))
    }
  }

  private mutating func addRegions(_ regions: [Int], _ places: [PointLabels.Place?]) {
    for (order, region) in regions.enumerated() {
      let phases = diagram.regions[region].phases
      let letter = CompositionKey.letters(order)
      keys.append(
        .init(
          mark: letter, markup: ChemicalText.svg(phases.joined(separator: " + ")),
          width: ChemicalText.width(phases.joined(separator: " + "), size: 13)))
      guard let place = places[order] else { continue }
      labels.append(
        Label(
          markup: letter, box: place.box, leader: place.leader, size: 13, color: Color(0x3A3A3A),
          isBold: true))
    }
  }

  private func item(_ index: Int, isNumber: Bool) -> PointLabels.Item {
    let disc = discs[index]
    let width =
      isNumber
      ? TextMeasure.width(of: diagram.nodes.count > 9 ? "00" : "0", size: 13)
      : CompositionLayout.text(diagram.nodes[index]).width
    return PointLabels.Item(
      anchor: disc.center, disc: index, width: width, height: isNumber ? 13 : 16,
      rank: diagram.nodes[index].kind == .unstable ? 2 : 0)
  }

  private static func text(_ node: CompositionDiagram.Node) -> (markup: String, width: Double) {
    let widening = node.kind == .target ? 1.08 : 1
    var (markup, width) = (
      ChemicalText.svg(node.name), ChemicalText.width(node.name, size: nameSize) * widening
    )
    if !node.note.isEmpty {
      // A fresh start from the base line, whatever the name ended with.
      let back = node.name.last?.isNumber == true ? " dy=\"-0.254em\"" : ""
      markup += "<tspan font-size=\"85%\"\(back)> \(Markup.escaped(node.note))</tspan>"
      width += TextMeasure.width(of: " " + node.note, size: nameSize * 0.85)
    }
    return (markup, width)
  }

  /// Whether the corner that a node stands in has its name.
  private func isNamedByCorner(_ node: CompositionDiagram.Node) -> Bool {
    node.coordinates.firstIndex { $0 > 1 - 1e-9 }.map { diagram.vertices[$0] == node.name }
      ?? false
  }

  private func cornerLabel(_ name: String, at corner: Point, awayFrom middle: Point) -> Label {
    let width = ChemicalText.width(name, size: CompositionLayout.cornerSize) * 1.08
    let height = 21.0
    let (dx, dy) = (corner.x - middle.x, corner.y - middle.y)
    let length = max((dx * dx + dy * dy).squareRoot(), 1)
    var box = Box(
      center: Point(
        x: corner.x + dx / length * (11 + width / 2),
        y: corner.y + dy / length * (11 + height / 2)), width: width, height: height)
    // A long name may not leave the picture.
    let shift = max(0, 6 - box.left) - max(0, box.right - CompositionLayout.width + 6)
    box.left += shift
    box.right += shift
    return Label(
      markup: ChemicalText.svg(name), box: box, leader: nil, size: CompositionLayout.cornerSize,
      color: Palette.ink, isBold: true)
  }

  private var obstacleLines: [Segment] {
    var lines = drawnLines.map(segment)
    for i in corners.indices {
      for j in corners.indices where j > i {
        lines.append(Segment(start: corners[i], end: corners[j]))
      }
    }
    for region in diagram.regions {
      let points = region.corners.map { pixel($0) }
      for k in points.indices {
        lines.append(Segment(start: points[k], end: points[(k + 1) % points.count]))
      }
    }
    return lines
  }

  private static func centroid(_ points: [Point]) -> Point {
    var (area, x, y) = (0.0, 0.0, 0.0)
    for k in points.indices {
      let (a, b) = (points[k], points[(k + 1) % points.count])
      let cross = a.x * b.y - a.y * b.x
      area += cross
      x += (a.x + b.x) * cross
      y += (a.y + b.y) * cross
    }
    guard abs(area) > 1e-6 else { return points[0] }
    return Point(x: x / (3 * area), y: y / (3 * area))
  }
}
