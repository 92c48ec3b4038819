import Atomistics
import Foundation
import Synchronization

/// A program that runs beside this one: with its own process group, so that all of it can be ended
/// and a signal to this program does not reach it first; its output goes to a file.
///
/// It ends when the last reference goes, at the latest.
final class ClientProcess: Sendable {
  let log: URL
  private let identifier: pid_t
  /// The exit status once it is known, as `waitpid` gives it.
  private let ended = Mutex<Int32?>(nil)

  /// - Throws: `EnginesError.cannotStart`.
  init(_ command: ClientCommand, in directory: URL, log: URL, engine: String) throws {
    self.log = log
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var none = sigset_t()
    var usual = sigset_t()
    sigemptyset(&none)
    sigemptyset(&usual)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE] { sigaddset(&usual, number) }
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &usual)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes,
      Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    let environment = ProcessInfo.processInfo.environment
      .merging(command.environment) { $1 }.map { "\($0)=\($1)" }
    // The systems do not agree on how to spawn into a directory; a shell does it everywhere.
    let words = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", directory.path] + command.words
    var pid = pid_t()
    let failure = Self.withCStrings(words) { words in
      Self.withCStrings(environment) { environment in
        posix_spawn(&pid, "/bin/sh", &actions, &attributes, words, environment)
      }
    }
    guard failure == 0 else {
      throw EnginesError.cannotStart(
        engine: engine, reason: String(cString: strerror(failure)))
    }
    identifier = pid
  }

  deinit { end(within: 0) }

  /// How it ended, if it has: "left with 1", "was ended by signal 11".
  var ending: String? {
    status.map { status in
      let signal = status & 0x7F
      return signal == 0 ? "left with \(status >> 8 & 0xFF)" : "was ended by signal \(signal)"
    }
  }

  /// The exit code, if it has left by itself.
  var exitCode: Int32? {
    status.flatMap { $0 & 0x7F == 0 ? $0 >> 8 & 0xFF : nil }
  }

  private var status: Int32? {
    ended.withLock { ended in
      var now: Int32 = 0
      // Reaped by nobody but us; a number that is gone counts as left.
      if ended == nil, waitpid(identifier, &now, WNOHANG) != 0 { ended = now }
      return ended
    }
  }

  /// Waits for it to leave, then makes it.
  func end(within seconds: Double) {
    if waits(seconds) { return }
    kill(-identifier, SIGTERM)
    if waits(2) { return }
    kill(-identifier, SIGKILL)
    _ = waits(5)
  }

  /// Whether it left within so many seconds.
  private func waits(_ seconds: Double) -> Bool {
    let start = ContinuousClock.now
    while status == nil {
      guard (ContinuousClock.now - start) / .seconds(1) < seconds else { return false }
      usleep(10_000)
    }
    return true
  }

  /// The end of what it wrote.
  var lastWords: ClientLog {
    ClientLog(path: log.path, lastLines: Self.lastLines(of: text))
  }

  /// What it wrote, the last 64 kB of it.
  var text: String { text(from: 0) }

  /// How many bytes it has written.
  var written: UInt64 {
    let found = try? FileManager.default.attributesOfItem(atPath: log.path)[.size]
    return (found as? NSNumber)?.uint64Value ?? 0
  }

  /// What it wrote after the first bytes, the last 64 kB of it.
  func text(from offset: UInt64) -> String {
    guard let file = try? FileHandle(forReadingFrom: log) else { return "" }
    defer { try? file.close() }
    let size = (try? file.seekToEnd()) ?? 0
    try? file.seek(toOffset: max(offset, size > 65536 ? size - 65536 : 0))
    return String(decoding: (try? file.readToEnd()) ?? Data(), as: UTF8.self)
  }

  private static func lastLines(of text: String) -> [String] {
    text.split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }.suffix(12)
      .map { String($0.prefix(200)) }
  }

  private static func withCStrings<T>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> T
  ) -> T {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
  }
}
