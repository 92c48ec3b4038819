import Atomistics

/// Every point's way up a density, along its gradient but on grid points: the near-grid method.
///
/// A path goes from point to point by the rounded gradient; what rounding takes away is kept in a
/// correction δ, and once that is more than half a step along an axis the path takes it back, so
/// that over many steps it follows the gradient whatever the grid's axes:
///
///     u = g / max|g|,   s = round(u),   δ ← δ + u − s,   s ← s + round(δ),   δ ← δ − round(δ)
///
/// with g = G ∇ρ, the gradient by central differences in steps of the grid (G_ij = **g**_i · **g**_j of
/// the reciprocal vectors). Where the step does not lead up, the path takes the steepest of the 26
/// neighbours instead, and where none is higher it has arrived.
///
/// Tang et al. follow paths from all points and walk the borders again afterwards. Here all points
/// first take the steepest of 26 neighbours at each step, in one pass; then paths are followed from
/// every point at a border between basins, and from every point at the borders that come out of that,
/// until each point at a border has its own path's basin. A path does not depend on other points'
/// basins, so that neither order nor threads matter.
///
/// Source: W. Tang, E. Sanville and G. Henkelman, J. Phys.: Condens. Matter 21, 084204 (2009),
/// doi 10.1088/0953-8984/21/8/084204.
final class NearGridAscent: @unchecked Sendable {
  // Unchecked because of the pointers: threads write to points of their own and read what no one
  // writes to in the same pass.

  private static let vacuum: Int32 = -1
  /// What is known of a point's own path.
  private enum Known {
    static let nothing: UInt8 = 0
    static let asked: UInt8 = 1
    static let end: UInt8 = 2
    /// See `findSummits`.
    static let summit: UInt8 = 3
  }

  private let paths: GridPaths
  private let density: UnsafePointer<Double>
  private let threshold: Double
  private let points: Int
  private let threads: Int
  /// The maximum that each point belongs to, by the number of its point.
  private let labels: UnsafeMutablePointer<Int32>
  /// Where the steepest step leads, in the first pass.
  private let targets: UnsafeMutablePointer<Int32>
  private let known: UnsafeMutablePointer<UInt8>

  init(
    _ grid: VolumetricGrid, reference: UnsafePointer<Double>, density: UnsafePointer<Double>,
    threshold: Double, threads: Int
  ) {
    paths = GridPaths(grid, reference)
    points = grid.values.count
    self.density = density
    self.threshold = threshold
    self.threads = threads
    labels = .allocate(capacity: points)
    targets = .allocate(capacity: points)
    known = .allocate(capacity: points)
  }

  deinit {
    paths.stencil.deallocate()
    labels.deallocate()
    targets.deallocate()
    known.deallocate()
  }

  /// Every maximum, by the number of its point.
  func maxima() -> [DensityMaximum] {
    climbSteepest()
    var border = atBorders()
    findSummits(border)
    while !border.isEmpty {
      border = atBorders(around(follow(border)))
    }
    return sums()
  }
}

// MARK: - The first pass

extension NearGridAscent {
  /// Sixty-four parts of the grid, whatever the number of threads.
  private var parts: [Range<Int>] {
    (0..<64).map { (points * $0 / 64)..<(points * ($0 + 1) / 64) }
  }

  private func climbSteepest() {
    let parts = parts
    parallelFor(chunks: parts.count, threads: threads) { [self] chunk in
      let (paths, targets, known, threshold) = (paths, targets, known, threshold)
      for point in parts[chunk] {
        known[point] = Known.nothing
        targets[point] =
          paths.reference[point] < threshold
          ? Self.vacuum : Int32(paths.steepest(point, paths.stencil.place(point)))
      }
      shorten(within: parts[chunk])
    }
    parallelFor(chunks: parts.count, threads: threads) { [self] chunk in
      let (labels, targets) = (labels, targets)
      for point in parts[chunk] {
        var end = targets[point]
        while end >= 0, targets[Int(end)] != end { end = targets[Int(end)] }
        labels[point] = end
      }
    }
  }

  /// Leads every point of a range to where its way ends or leaves the range.
  private func shorten(within range: Range<Int>) {
    let targets = targets
    for point in range {
      var end = Int(targets[point])
      while end >= 0, range.contains(end), Int(targets[end]) != end { end = Int(targets[end]) }
      // All along the way, so that no part is walked twice.
      var passed = point
      while end >= 0, passed != end, range.contains(passed) {
        let next = Int(targets[passed])
        targets[passed] = Int32(end)
        passed = next
      }
    }
  }
}

// MARK: - Borders

extension NearGridAscent {
  /// All points at a border between basins.
  private func atBorders() -> [Int32] {
    let parts = parts
    let found = parts.map { _ in BlockWork() }
    parallelFor(chunks: parts.count, threads: threads) { [self] chunk in
      var border: [Int32] = []
      let (stencil, labels) = (paths.stencil, labels)
      for point in parts[chunk] where Self.isAtBorder(point, stencil, labels) {
        border.append(Int32(point))
      }
      found[chunk].due = border
    }
    return found.flatMap(\.due)
  }

  /// Marks the points from which every way up, whatever its steps, ends in the same maximum.
  ///
  /// With s_A the highest density at which a step can leave basin A, a way up that has come to a
  /// point of A above s_A cannot leave A any more. So paths need not be followed to their ends.
  private func findSummits(_ border: [Int32]) {
    let stencil = paths.stencil
    let tops = (0..<points).filter { Int(labels[$0]) == $0 }
    for (index, top) in tops.enumerated() { targets[top] = Int32(index) }
    var passes = Array(repeating: -Double.infinity, count: tops.count)
    for point in border {
      let own = labels[Int(point)]
      let place = stencil.place(Int(point))
      let index = Int(targets[Int(own)])
      for k in 0..<stencil.count {
        let other = stencil.neighbor(place, k)
        guard labels[other] != own, labels[other] >= 0 else { continue }
        passes[index] = max(
          passes[index], min(paths.reference[Int(point)], paths.reference[other]))
      }
    }
    let (parts, found) = (parts, passes)
    parallelFor(chunks: parts.count, threads: threads) { [self] chunk in
      let (labels, targets, known, reference) = (labels, targets, known, paths.reference)
      found.withUnsafeBufferPointer { passes in
        for point in parts[chunk] where labels[point] >= 0 {
          if reference[point] > passes[Int(targets[Int(labels[point])])] {
            known[point] = Known.summit
          }
        }
      }
    }
  }

  /// Those of the points that lie at a border between basins; the others are forgotten.
  private func atBorders(_ asked: [Int32]) -> [Int32] {
    asked.filter { point in
      let isThere = Self.isAtBorder(Int(point), paths.stencil, labels)
      if !isThere { known[Int(point)] = Known.nothing }
      return isThere
    }
  }

  @inline(__always) private static func isAtBorder(
    _ point: Int, _ stencil: GridStencil, _ labels: UnsafeMutablePointer<Int32>
  ) -> Bool {
    let own = labels[point]
    guard own >= 0 else { return false }
    let place = stencil.place(point)
    let isInside = stencil.isInside(place)
    for k in 0..<stencil.count {
      let neighbor = isInside ? point &+ stencil.offsets[k] : stencil.neighbor(place, k)
      let other = labels[neighbor]
      if other != own && other >= 0 { return true }
    }
    return false
  }

  /// The points next to these whose path is not known, each once.
  private func around(_ changed: [Int32]) -> [Int32] {
    var near: [Int32] = []
    for point in changed {
      let place = paths.stencil.place(Int(point))
      for k in 0..<paths.stencil.count {
        let other = paths.stencil.neighbor(place, k)
        guard known[other] == Known.nothing, labels[other] >= 0 else { continue }
        known[other] = Known.asked
        near.append(Int32(other))
      }
    }
    return near
  }

  /// Follows the path from each point; gives the points that belong elsewhere than thought.
  private func follow(_ border: [Int32]) -> [Int32] {
    var ends = Array(repeating: Int32(0), count: border.count)
    let chunks = max(1, border.count / 1000)
    ends.withUnsafeMutableBufferPointer { ends in
      nonisolated(unsafe) let ends = ends
      parallelFor(chunks: chunks, threads: threads) { [self] chunk in
        let (paths, known, labels) = (paths, known, labels)
        for index in (border.count * chunk / chunks)..<(border.count * (chunk + 1) / chunks) {
          let end = paths.path(from: Int(border[index])) { known[$0] == Known.summit }
          ends[index] = labels[end] >= 0 && known[end] == Known.summit ? labels[end] : Int32(end)
        }
      }
    }
    var changed: [Int32] = []
    for (point, end) in zip(border, ends) {
      known[Int(point)] = Known.end
      if labels[Int(point)] != end { changed.append(point) }
      labels[Int(point)] = end
    }
    return changed
  }

  private func sums() -> [DensityMaximum] {
    // A maximum is the end of its own path.
    let tops = (0..<points).filter { Int(labels[$0]) == $0 }
    // The first pass' targets are not needed any more.
    for (index, top) in tops.enumerated() { targets[top] = Int32(index) }
    var sums = Array(repeating: SIMD2<Double>.zero, count: tops.count)
    for point in 0..<points where labels[point] >= 0 {
      sums[Int(targets[Int(labels[point])])] += SIMD2(density[point], 1)
    }
    return zip(tops, sums).map { DensityMaximum(point: $0, density: $1.x, points: $1.y) }
  }
}
