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
  runOnQueue(chunks, threads) { chunk, _ in body(chunk) }
}

/// The same for pieces of some ten microseconds, on threads that are awake already, telling `body`
/// which of the workers 0 ..< `workers` it runs on; a worker does one chunk at a time, so that
/// memory of its own needs no lock.
public func parallelFor(
  chunks: Int, workers: Int, _ body: @escaping @Sendable (_ chunk: Int, _ worker: Int) -> Void
) {
  precondition(chunks >= 0 && workers >= 1, "at least one worker, no negative number of chunks")
  guard workers > 1, chunks > 1 else {
    for chunk in 0..<chunks { body(chunk, 0) }
    return
  }
  if !WorkerTeam.shared.run(chunks: chunks, workers: workers, body) {
    runOnQueue(chunks, workers, body)
  }
}

private func runOnQueue(
  _ chunks: Int, _ workers: Int, _ body: @Sendable (_ chunk: Int, _ worker: Int) -> Void
) {
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: min(workers, chunks)) { worker in
    while true {
      let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard chunk < chunks else { return }
      body(chunk, worker)
    }
  }
}
