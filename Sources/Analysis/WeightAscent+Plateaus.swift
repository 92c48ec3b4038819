import Atomistics

extension WeightAscent {
  /// On a plateau whose points all hold what arrived there: the way down to its root.
  static let root: UInt8 = 255
  /// On a plateau, but with a higher neighbour of its own.
  static let edge: UInt8 = 254

  /// Finds the way off plateaus, where neighbours have the same density to the last digit.
  ///
  /// Points that no difference leads on from send everything to the next point of the plateau on a
  /// shortest way to its edge; a plateau without an edge is one maximum, wherever it is long. `exits`
  /// is 0 off plateaus, `edge` or `root`, or 1 + k on the way to neighbour k.
  func findPlateaus(_ tops: [Int32]) {
    for top in tops where exits?[Int(top)] ?? 0 == 0 {
      let place = stencil.place(Int(top))
      let level = reference[Int(top)]
      guard (0..<stencil.count).contains(where: { reference[stencil.neighbor(place, $0)] == level })
      else { continue }
      if exits == nil {
        exits = .allocate(capacity: points)
        exits?.initialize(repeating: 0, count: points)
      }
      if let exits { leadOff(plateauOf: top, level: level, exits) }
    }
  }

  private func leadOff(
    plateauOf top: Int32, level: Double, _ exits: UnsafeMutablePointer<UInt8>
  ) {
    // Every point of the plateau, marked so that it is found once.
    var members = [top]
    exits[Int(top)] = Self.root
    var next = 0
    var edges: [Int32] = []
    while next < members.count {
      let point = members[next]
      let place = stencil.place(Int(point))
      next += 1
      var isEdge = false
      for k in 0..<stencil.count {
        let other = stencil.neighbor(place, k)
        if reference[other] > level { isEdge = true }
        if reference[other] == level, exits[other] == 0 {
          exits[other] = Self.root
          members.append(Int32(other))
        }
      }
      if isEdge { edges.append(point) }
    }
    // From the edges, or from the root, inwards; 0 marks who has no way yet.
    for point in members { exits[Int(point)] = 0 }
    var reached = edges.isEmpty ? [members.min() ?? top] : edges.sorted()
    for point in reached { exits[Int(point)] = edges.isEmpty ? Self.root : Self.edge }
    next = 0
    while next < reached.count {
      let point = reached[next]
      let place = stencil.place(Int(point))
      next += 1
      for k in 0..<stencil.count {
        let other = stencil.neighbor(place, k)
        guard reference[other] == level, exits[other] == 0 else { continue }
        exits[other] = UInt8(1 + stencil.opposite(k))
        pending[Int(point)] += 1
        reached.append(Int32(other))
      }
    }
  }
}
