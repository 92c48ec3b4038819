import Foundation
import Synchronization

private let requests = Atomic<Int>(0)

/// SIGINT and SIGTERM as a wish to stop, which long work asks for between two steps.
public enum Interruption {
  /// From now on the first signal is a wish; a second one ends the program at once.
  public static func listen() {
    // A parent may have left them blocked (one that spawns from a worker thread does).
    var heard = sigset_t()
    sigemptyset(&heard)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&heard, number)
      signal(number) { number in
        if requests.add(1, ordering: .relaxed).newValue > 1 { _exit(128 + number) }
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &heard, nil)
  }

  /// Whether somebody wishes to stop.
  public static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }
}
