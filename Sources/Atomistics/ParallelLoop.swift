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

/// Shares short work, of some hundred microseconds, among threads that are awake already.
///
/// Each worker 0 ..< `workers` that comes in time runs `body` once and takes its chunks there, with
/// memory of its own before, between and after; worker 0, the caller, always comes. A worker begins
/// with the same run of neighbouring chunks every time, so that what it touches stays in its cache.
public func withWorkers(
  _ workers: Int, chunks: Int,
  _ body: @escaping @Sendable (_ worker: Int, _ share: ChunkShare) -> Void
) {
  precondition(chunks >= 0 && workers >= 1, "at least one worker, no negative number of chunks")
  guard workers > 1, chunks > 1, WorkerTeam.shared.run(chunks: chunks, workers: workers, body)
  else {
    let all = ChunkShares(workers: 1)
    all.deal(chunks, to: 1)
    body(0, all.share(of: 0))
    return withExtendedLifetime(all) {}
  }
}

private func runOnQueue(
  _ chunks: Int, _ workers: Int, _ body: @Sendable (_ chunk: Int) -> Void
) {
  let taken = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: min(workers, chunks)) { _ in
    while true {
      let chunk = taken.wrappingAdd(1, ordering: .relaxed).oldValue
      guard chunk < chunks else { return }
      body(chunk)
    }
  }
}
