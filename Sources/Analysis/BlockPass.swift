import Atomistics

/// Whole rows of points, next to one another, that one thread does at a time.
struct GridBlock: Sendable {
  let planes: Range<Int>
  let rows: Range<Int>

  /// Cuts an axis into about equal ranges of some twenty points, or not at all.
  static func cuts(_ count: Int, reach: Int, alone: Bool) -> [Range<Int>] {
    let parts = alone ? 1 : max(1, count / max(20, 4 * reach))
    return (0..<parts).map { (count * $0 / parts)..<(count * ($0 + 1) / parts) }
  }
}

/// One block's turn in one round, with everything that its loop needs within reach.
struct BlockPass {
  private let stencil: GridStencil
  private let reference: UnsafePointer<Double>
  private let density: UnsafePointer<Double>
  private let flow: UnsafeMutablePointer<SIMD2<Double>>
  private let pending: UnsafeMutablePointer<UInt8>
  private let exits: UnsafeMutablePointer<UInt8>?
  private let block: GridBlock
  private let work: BlockWork
  private var stack: UnsafeMutablePointer<Int32>
  private var top = 0
  private var capacity = 4096

  init(_ ascent: WeightAscent, _ work: BlockWork, _ block: GridBlock) {
    stencil = ascent.stencil
    reference = ascent.reference
    density = ascent.density
    flow = ascent.flow
    pending = ascent.pending
    exits = ascent.exits
    self.block = block
    self.work = work
    stack = .allocate(capacity: capacity)
  }

  func close() { stack.deallocate() }

  mutating func push(_ point: Int) {
    reserve(1)
    stack[top] = Int32(point)
    top += 1
  }

  @inline(__always) private mutating func reserve(_ more: Int) {
    guard top + more > capacity else { return }
    let larger = UnsafeMutablePointer<Int32>.allocate(capacity: 2 * (capacity + more))
    larger.update(from: stack, count: top)
    stack.deallocate()
    stack = larger
    capacity = 2 * (capacity + more)
  }

  mutating func drain() {
    while top > 0 {
      top -= 1
      let point = Int(stack[top])
      reserve(stencil.count)
      let place = stencil.place(point)
      let isInside = stencil.isInside(place, planes: block.planes, rows: block.rows)
      pending[point] = WeightAscent.done
      if isInside, exits?[point] ?? 0 == 0 { pass(point) } else { passBorder(point, place) }
    }
  }

  /// A point whose neighbours all lie in the block: without a branch, since which neighbours are
  /// higher cannot be foretold.
  @inline(__always) private mutating func pass(_ point: Int) {
    let own = reference[point]
    var arrived = SIMD2(density[point], 1)
    var total = 0.0
    for k in 0..<stencil.count {
      let other = point &+ stencil.offsets[k]
      let rise = reference[other] - own
      let c = stencil.coefficients[k]
      // What a higher neighbour holds is not known yet, but some number, and it counts nothing.
      arrived += (rise < 0 ? -rise * c : 0) * flow[other]
      total += rise > 0 ? rise * c : 0
      let isUp: UInt8 = rise > 0 ? 1 : 0
      let left = pending[other] &- isUp
      pending[other] = left
      stack[top] = Int32(truncatingIfNeeded: other)
      top &+= Int(isUp & (left == 0 ? 1 : 0))
    }
    finish(point, arrived, total)
  }

  /// The same at a border of the block or the cell, or on a plateau.
  private mutating func passBorder(_ point: Int, _ place: SIMD3<Int>) {
    let own = reference[point]
    let exit = exits?[point] ?? 0
    let isLed = exit != 0 && exit < WeightAscent.edge
    var arrived = SIMD2(density[point], 1)
    var total = 0.0
    for k in 0..<stencil.count {
      let other = stencil.neighbor(place, k)
      let rise = reference[other] - own
      if rise < 0 {
        arrived += -rise * stencil.coefficients[k] * flow[other]
      } else if rise > 0 {
        total += rise * stencil.coefficients[k]
        tell(other, place, k)
      } else if exit != 0 {
        if let exits, exits[other] == UInt8(1 + stencil.opposite(k)) { arrived += flow[other] }
        if isLed, Int(exit) == 1 + k { tell(other, place, k) }
      }
    }
    if isLed { flow[point] = arrived } else { finish(point, arrived, total) }
  }

  @inline(__always)
  private mutating func finish(_ point: Int, _ arrived: SIMD2<Double>, _ total: Double) {
    if total > 1e-200 {
      flow[point] = arrived / total
    } else {
      flow[point] = .zero
      work.maxima.append(DensityMaximum(point: point, density: arrived.x, points: arrived.y))
    }
  }

  /// One more lower neighbour of `other` is done.
  private mutating func tell(_ other: Int, _ place: SIMD3<Int>, _ k: Int) {
    guard block.planes.contains(wrapped(place.x + stencil.steps[k].x, stencil.counts.x)),
      block.rows.contains(wrapped(place.y + stencil.steps[k].y, stencil.counts.y))
    else {
      work.told.append(Int32(other))
      return
    }
    pending[other] -= 1
    if pending[other] == 0 {
      stack[top] = Int32(other)
      top += 1
    }
  }
}

/// What one block of planes has to do and what it found.
final class BlockWork: @unchecked Sendable {
  // Unchecked because only the thread that works on the block touches it.

  /// Points whose lower neighbours are all done.
  var due: [Int32] = []
  /// Points in other blocks that one more lower neighbour of is done.
  var told: [Int32] = []
  var maxima: [DensityMaximum] = []
}
