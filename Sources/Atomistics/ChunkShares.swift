import Synchronization

/// Chunks of work dealt to workers in runs; who is done with his own takes from the end of another's.
final class ChunkShares: @unchecked Sendable {
  // Unchecked because of the pointer, to atomics. It is raw so that a worker who takes a chunk
  // counts no references, which would be another line that all write to.
  private let runs: UnsafeMutablePointer<Atomic<UInt64>>
  private let capacity: Int

  /// One run, first << 32 | end, in so many numbers: in lines of memory of its own, since one that
  /// two cores write to costs either of them as much as the work on a neighbour or two.
  private static let stride = 16

  init(workers: Int) {
    capacity = workers
    runs = UnsafeMutableRawPointer.allocate(
      byteCount: 8 * workers * Self.stride, alignment: 8 * Self.stride
    ).bindMemory(to: Atomic<UInt64>.self, capacity: workers * Self.stride)
    for k in 0..<(workers * Self.stride) { (runs + k).initialize(to: Atomic(0)) }
  }

  deinit { runs.deallocate() }

  /// Deals chunks 0 ..< `count`; nobody may be taking any.
  func deal(_ count: Int, to workers: Int) {
    precondition(workers <= capacity && count < 1 << 32, "a run for each worker")
    for k in 0..<capacity {
      let (first, end) =
        k < workers ? (count * k / workers, count * (k + 1) / workers) : (count, count)
      runs[k * Self.stride].store(UInt64(first) << 32 | UInt64(end), ordering: .releasing)
    }
  }

  /// The share of one worker; lives no longer than this.
  func share(of worker: Int) -> ChunkShare {
    ChunkShare(runs: runs, stride: Self.stride, workers: capacity, worker: worker)
  }
}

/// Where one worker's next chunk comes from.
public struct ChunkShare: @unchecked Sendable {
  // Unchecked because of the pointer, to atomics.
  fileprivate let runs: UnsafeMutablePointer<Atomic<UInt64>>
  fileprivate let stride: Int
  fileprivate let workers: Int
  fileprivate let worker: Int

  /// The next chunk, or nil if all are taken.
  public func next() -> Int? {
    if let own = take(from: worker, atEnd: false) { return own }
    for other in 1..<max(2, workers) {
      if let chunk = take(from: (worker + other) % workers, atEnd: true) { return chunk }
    }
    return nil
  }

  private func take(from worker: Int, atEnd: Bool) -> Int? {
    let run = runs + worker * stride
    var now = run.pointee.load(ordering: .relaxed)
    while true {
      let (first, end) = (now >> 32, now & 0xffff_ffff)
      guard first < end else { return nil }
      let rest = atEnd ? first << 32 | (end - 1) : (first + 1) << 32 | end
      let (exchanged, found) = run.pointee.compareExchange(
        expected: now, desired: rest, ordering: .relaxed)
      if exchanged { return Int(atEnd ? end - 1 : first) }
      now = found
    }
  }
}
