import Dispatch
import Foundation
import Synchronization

/// Threads that wait for work with open eyes, so that pieces of work of some ten microseconds are
/// shared too; after a quarter of a millisecond without work they sleep.
///
/// A thread that does not come in time is not waited for: whoever asked does the work himself, and
/// closes the job when it is done. So a busy machine makes a run no slower than one thread would.
final class WorkerTeam: Sendable {
  /// One team for the program, as large as the machine; a second caller at the same time goes
  /// without it.
  static let shared = WorkerTeam(helpers: max(0, ProcessInfo.processInfo.activeProcessorCount - 1))

  private let helpers: [Helper]
  private let shares: ChunkShares
  private let isBusy = Atomic<Bool>(false)
  /// Helpers at work on the open job, or −1 if none is open.
  private let inside = Atomic<Int>(-1)
  private let generation = Atomic<Int>(0)
  // Written only while no job is open, read only while one is.
  nonisolated(unsafe) private var job: Job?

  private static let patience = 250_000  // ns

  private final class Job: Sendable {
    let number: Int
    let workers: Int
    let body: @Sendable (Int, ChunkShare) -> Void

    init(_ number: Int, _ workers: Int, _ body: @escaping @Sendable (Int, ChunkShare) -> Void) {
      (self.number, self.workers, self.body) = (number, workers, body)
    }
  }

  private final class Helper: Sendable {
    let isAsleep = Atomic<Bool>(false)
    let bell = DispatchSemaphore(value: 0)
  }

  private init(helpers count: Int) {
    helpers = (0..<count).map { _ in Helper() }
    shares = ChunkShares(workers: count + 1)
    for k in helpers.indices {
      let thread = Thread { [self] in serve(k) }
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  /// Runs `body` on up to `workers` threads, the caller's among them; false if the team is at work
  /// for someone else.
  func run(
    chunks: Int, workers: Int,
    _ body: @escaping @Sendable (_ worker: Int, _ share: ChunkShare) -> Void
  ) -> Bool {
    guard !helpers.isEmpty,
      isBusy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else { return false }
    let workers = min(workers, helpers.count + 1)
    let job = Job(generation.load(ordering: .relaxed) + 1, workers, body)
    self.job = job
    shares.deal(chunks, to: workers)
    inside.store(0, ordering: .releasing)
    generation.wrappingAdd(1, ordering: .releasing)
    for helper in helpers.prefix(workers - 1)
    where helper.isAsleep.exchange(false, ordering: .acquiringAndReleasing) {
      helper.bell.signal()
    }
    job.body(0, shares.share(of: 0))
    while !inside.compareExchange(expected: 0, desired: -1, ordering: .acquiringAndReleasing)
      .exchanged
    { sched_yield() }
    self.job = nil
    isBusy.store(false, ordering: .releasing)
    return true
  }

  private func serve(_ k: Int) {
    var (seen, served) = (0, 0)
    while true {
      seen = waitForWork(after: seen, helpers[k])
      guard enter() else { continue }
      // Who was called to one job and was late may have come into the next: that call is still to
      // come, and a body that ran again would clear what it summed up.
      if let job, k + 1 < job.workers, job.number != served {
        served = job.number
        job.body(k + 1, shares.share(of: k + 1))
      }
      inside.wrappingSubtract(1, ordering: .releasing)
    }
  }

  /// Comes into the open job; false if it was closed in the meantime.
  private func enter() -> Bool {
    var count = inside.load(ordering: .acquiring)
    while count >= 0 {
      let (entered, now) = inside.compareExchange(
        expected: count, desired: count + 1, ordering: .acquiringAndReleasing)
      if entered { return true }
      count = now
    }
    return false
  }

  private func waitForWork(after seen: Int, _ helper: Helper) -> Int {
    let start = DispatchTime.now().uptimeNanoseconds
    while true {
      let now = generation.load(ordering: .acquiring)
      if now != seen { return now }
      if DispatchTime.now().uptimeNanoseconds - start > UInt64(Self.patience) { break }
      sched_yield()
    }
    helper.isAsleep.store(true, ordering: .sequentiallyConsistent)
    // Work that came between the last look and falling asleep.
    if generation.load(ordering: .sequentiallyConsistent) != seen,
      helper.isAsleep.exchange(false, ordering: .acquiringAndReleasing)
    {
      return generation.load(ordering: .acquiring)
    }
    helper.bell.wait()
    return generation.load(ordering: .acquiring)
  }
}
