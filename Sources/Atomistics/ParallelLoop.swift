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
  let next = Atomic<Int>(0)
  DispatchQueue.concurrentPerform(iterations: min(threads, chunks)) { _ in
    while true {
      let chunk = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard chunk < chunks else { return }
      body(chunk)
    }
  }
}
