import Atomistics

/// Every point's way up a density, by the weight method of Yu and Trinkle.
///
/// A point X sends a share of what it holds to each neighbour X' that is higher,
///
///     f(X → X') = J / ∑ J,   J = (A/l) max(ρ(X') − ρ(X), 0)
///
/// with A the face between their Voronoi cells and l their distance. The authors follow the weights
/// w_A(X) = ∑ f(X → X') w_A(X') of each basin A down from its maximum, and integrate ∑ w_A ρ. This
/// follows the transposed equation: the electrons that arrive at X,
///
///     Q(X) = ρ(X) + ∑ f(Y → X) Q(Y)   over lower neighbours Y,
///
/// so that the maximum of basin A ends with Q = ∑ w_A ρ, the same sum taken in another order. One
/// number a point then serves any number of basins, and no point needs to be sorted: a point is due
/// when all of its lower neighbours are done.
///
/// A point adds what comes from its neighbours in the order of the stencil, whichever of them was done
/// first. So the same bits come out of any number of threads.
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | Q/∑J, v/∑J | `flow`, electrons and points that arrived over ∑ J | | one pair per point |
/// | - | `pending`, lower neighbours that are not done | 1 | one per point |
/// | - | `exits` on plateaus, see `findPlateaus` | 1 | one per point, or none |
///
/// Source: M. Yu and D. R. Trinkle, J. Chem. Phys. 134, 064111 (2011), doi 10.1063/1.3553716.
final class WeightAscent: @unchecked Sendable {
  // Unchecked because of the pointers. What a point holds is written by the block that it lies in and
  // read by others only after they were told so between two rounds.

  static let done: UInt8 = 255

  let stencil: GridStencil
  /// What finds the way.
  let reference: UnsafePointer<Double>
  /// What is carried along.
  let density: UnsafePointer<Double>
  /// Points below are vacuum and take no part.
  private let threshold: Double
  let points: Int
  private let threads: Int
  let flow: UnsafeMutablePointer<SIMD2<Double>>
  let pending: UnsafeMutablePointer<UInt8>
  var exits: UnsafeMutablePointer<UInt8>?
  private let blocks: [GridBlock]
  private let work: [BlockWork]
  private let blocksAlongRows: Int
  private let blockOfPlane: [Int]
  private let blockOfRow: [Int]

  init(
    _ stencil: GridStencil, reference: UnsafePointer<Double>, density: UnsafePointer<Double>,
    threshold: Double, threads: Int
  ) {
    self.stencil = stencil
    self.reference = reference
    self.density = density
    self.threshold = threshold
    self.threads = threads
    points = stencil.counts.x * stencil.counts.y * stencil.counts.z
    flow = .allocate(capacity: points)
    pending = .allocate(capacity: points)
    // Blocks small enough that many are due at a time: the way up leads through them one by one.
    let planes = GridBlock.cuts(stencil.counts.x, reach: stencil.reach.x, alone: threads == 1)
    let rows = GridBlock.cuts(stencil.counts.y, reach: stencil.reach.y, alone: threads == 1)
    blocks = planes.flatMap { planes in rows.map { GridBlock(planes: planes, rows: $0) } }
    work = blocks.map { _ in BlockWork() }
    blocksAlongRows = rows.count
    blockOfPlane = planes.enumerated().flatMap { Array(repeating: $0, count: $1.count) }
    blockOfRow = rows.enumerated().flatMap { Array(repeating: $0, count: $1.count) }
  }

  deinit {
    stencil.deallocate()
    flow.deallocate()
    pending.deallocate()
    exits?.deallocate()
  }

  /// Every maximum, by the number of its point.
  func maxima() -> [DensityMaximum] {
    findPlateaus(countLowerNeighbors())
    var isFirst = true
    var active = Array(blocks.indices)
    while !active.isEmpty {
      let (now, scans) = (active, isFirst)
      parallelFor(chunks: now.count, threads: threads) { [self] index in
        ascend(now[index], scanning: scans)
      }
      deliver()
      isFirst = false
      active = blocks.indices.filter { !work[$0].due.isEmpty }
    }
    return work.flatMap(\.maxima).sorted { $0.point < $1.point }
  }
}

extension WeightAscent {
  /// Fills `pending`; gives the points, other than vacuum, that have no higher neighbour.
  private func countLowerNeighbors() -> [Int32] {
    let planes = stencil.counts.x
    let chunks = min(planes, 64)
    let found = (0..<chunks).map { _ in BlockWork() }
    parallelFor(chunks: chunks, threads: threads) { [self] chunk in
      var higher = [UInt8](repeating: 0, count: stencil.counts.z)
      for plane in (planes * chunk / chunks)..<(planes * (chunk + 1) / chunks) {
        for row in 0..<stencil.counts.y {
          higher.withUnsafeMutableBufferPointer { higher in
            countRow(plane, row, higher.baseAddress!)
          }
          let first = (plane * stencil.counts.y + row) * stencil.counts.z
          for z in 0..<stencil.counts.z {
            if reference[first + z] < threshold {
              pending[first + z] = Self.done
            } else if higher[z] == 0 {
              found[chunk].due.append(Int32(first + z))
            }
          }
        }
      }
    }
    return found.flatMap(\.due)
  }

  private func countRow(_ plane: Int, _ row: Int, _ higher: UnsafeMutablePointer<UInt8>) {
    let (middle, fast) = (stencil.counts.y, stencil.counts.z)
    let own = reference + (plane * middle + row) * fast
    let lower = pending + (plane * middle + row) * fast
    lower.initialize(repeating: 0, count: fast)
    (flow + (plane * middle + row) * fast).initialize(repeating: .zero, count: fast)
    higher.update(repeating: 0, count: fast)
    let threshold = threshold
    for k in 0..<stencil.count {
      let step = stencil.steps[k]
      let otherPlane = wrapped(plane + step.x, stencil.counts.x)
      let otherRow = wrapped(row + step.y, middle)
      let other = reference + (otherPlane * middle + otherRow) * fast
      let inside =
        min(fast, max(0, -step.z))..<max(min(fast, max(0, -step.z)), fast - max(0, step.z))
      for z in inside {
        let (mine, theirs) = (own[z], other[z + step.z])
        lower[z] &+= (theirs < mine) && (theirs >= threshold) ? 1 : 0
        higher[z] &+= theirs > mine ? 1 : 0
      }
      for range in [0..<inside.lowerBound, inside.upperBound..<fast] {
        for z in range {
          let (mine, theirs) = (own[z], other[wrapped(z + step.z, fast)])
          lower[z] &+= (theirs < mine) && (theirs >= threshold) ? 1 : 0
          higher[z] &+= theirs > mine ? 1 : 0
        }
      }
    }
  }

  /// Tells points in other blocks of their lower neighbours that are done.
  private func deliver() {
    for block in work where !block.told.isEmpty {
      for point in block.told {
        pending[Int(point)] -= 1
        guard pending[Int(point)] == 0 else { continue }
        let place = stencil.place(Int(point))
        let owner = blocksAlongRows * blockOfPlane[place.x] + blockOfRow[place.y]
        work[owner].due.append(point)
      }
      block.told.removeAll(keepingCapacity: true)
    }
  }
}

extension WeightAscent {
  /// Does every point of a block that is due, and what becomes due by it.
  private func ascend(_ block: Int, scanning: Bool) {
    var pass = BlockPass(self, work[block], blocks[block])
    if scanning {
      for plane in blocks[block].planes {
        for row in blocks[block].rows {
          let first = (plane * stencil.counts.y + row) * stencil.counts.z
          for point in first..<(first + stencil.counts.z) where pending[point] == 0 {
            pass.push(point)
            pass.drain()
          }
        }
      }
    }
    for point in work[block].due { pass.push(Int(point)) }
    work[block].due.removeAll(keepingCapacity: true)
    pass.drain()
    pass.close()
  }
}
