import Atomistics
import Foundation
import Synchronization
import Testing

/// Threads that share work of some microseconds.
@Suite struct WorkersTests {
  private final class Call: Sendable {
    let entries = Atomic<Int>(0)
    let taken = Atomic<Int>(0)
  }

  /// A helper that was late for one call and comes into the next was called to that one too: what it
  /// summed there must not be begun again. Where a call is over in a microsecond this happens once in
  /// ten or twenty times that a helper comes at all.
  @Test func aHelperRunsTheBodyOfACallOnce() {
    let end = Date().addingTimeInterval(10)
    var (came, twice, missed) = (0, 0, 0)
    while came < 500, Date() < end {
      let call = Call()
      withWorkers(2, chunks: 8) { worker, share in
        if worker == 1 { call.entries.wrappingAdd(1, ordering: .relaxed) }
        while share.next() != nil { call.taken.wrappingAdd(1, ordering: .relaxed) }
      }
      let entries = call.entries.load(ordering: .relaxed)
      if entries > 0 { came += 1 }
      if entries > 1 { twice += 1 }
      if call.taken.load(ordering: .relaxed) != 8 { missed += 1 }
    }
    #expect(twice == 0 && missed == 0)
    #expect(came > 0 || ProcessInfo.processInfo.activeProcessorCount == 1)
  }
}
