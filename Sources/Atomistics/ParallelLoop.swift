import Dispatch
import Synchronization

/// Runs `body` once for each chunk 0 ..< `chunks`, on up to `threads` threads.
///
/// Which thread takes which chunk is not fixed, so a caller that wants the same bits from every
/// run cuts its work independently of `threads`, lets each chunk write only slots of its own, and
/// adds up the slots afterwards in their order. Returns when all chunks are done.
public func parallelFor(chunks: Int, threads: Int, _ body: @Sendable (_ chunk: Int) -> Void) {
  precondition(chunks >= 0 && threads >= 1, "at least one thread, no negative number of chunks")
  guard threads > 1, chunks > 1 else {
    for chunk in 0..<chunks { body(chunk) }
    return
  }
  runOnQueue(chunks, threads, body)
}

/// Chunks of work that several workers take one after the other.
public struct ChunkQueue: ~Copyable, Sendable {
  private let count: Int
  private let taken = Atomic<Int>(0)

  init(_ count: Int) { self.count = count }

  /// The next chunk, or nil if all are taken.
  public func next() -> Int? {
    let chunk = taken.wrappingAdd(1, ordering: .relaxed).oldValue
    return chunk < count ? chunk : nil
  }
}

/// Shares short work, of some hundred microseconds, among threads that are awake already.
///
/// Each worker 0 ..< `workers` that comes in time runs `body` once and takes chunks from the queue
/// there, with memory of its own before, between and after; worker 0, the caller, always comes.
public func withWorkers(
  _ workers: Int, chunks: Int,
  _ body: @escaping @Sendable (_ worker: Int, _ queue: borrowing ChunkQueue) -> Void
) {
  precondition(chunks >= 0 && workers >= 1, "at least one worker, no negative number of chunks")
  guard workers > 1, chunks > 1, WorkerTeam.shared.run(chunks: chunks, workers: workers, body)
  else { return body(0, ChunkQueue(chunks)) }
}

private func runOnQueue(
  _ chunks: Int, _ workers: Int, _ body: @Sendable (_ chunk: Int) -> Void
) {
  let queue = ChunkQueue(chunks)
  DispatchQueue.concurrentPerform(iterations: min(workers, chunks)) { _ in
    while let chunk = queue.next() { body(chunk) }
  }
}
