import Foundation
import Synchronization

private let requests = Atomic<Int>(0)

/// SIGINT, SIGTERM and SIGHUP as a wish to stop, which long work asks for between two steps.
public enum Interruption {
  /// From now on the first signal is a wish; a second SIGINT or SIGTERM ends the program at once.
  ///
  /// SIGHUP stays ignored where `nohup` has it so. SIGPIPE and SIGXFSZ become errors of the write
  /// that meets them.
  public static func listen() {
    openStandardStreams()
    // A parent may have left them blocked (one that spawns from a worker thread does).
    var heard = sigset_t()
    sigemptyset(&heard)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&heard, number)
      signal(number) { number in
        if requests.add(1, ordering: .relaxed).newValue > 1 { _exit(128 + number) }
      }
    }
    // A terminal that closes may send it twice.
    let before = signal(SIGHUP, SIG_IGN)
    if unsafeBitCast(before, to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self) {
      sigaddset(&heard, SIGHUP)
      signal(SIGHUP) { _ in
        _ = requests.compareExchange(expected: 0, desired: 1, ordering: .relaxed)
      }
    }
    // A handler, unlike SIG_IGN, does not pass on to the programs that this one starts.
    for number in [SIGPIPE, SIGXFSZ] { signal(number) { _ in } }
    pthread_sigmask(SIG_UNBLOCK, &heard, nil)
  }

  /// A file of the run must not get the number of a closed standard stream: messages would go
  /// into it.
  private static func openStandardStreams() {
    for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(number, F_GETFD) < 0 {
      // The lowest free number is this one: those below it are open.
      _ = open("/dev/null", O_RDWR)
    }
  }

  /// Whether somebody wishes to stop.
  public static var isRequested: Bool { requests.load(ordering: .relaxed) > 0 }
}
