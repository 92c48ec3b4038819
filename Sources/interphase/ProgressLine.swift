import Foundation

/// A line on standard error that moves on a terminal and appears now and then elsewhere.
final class ProgressLine {
  private let quiet: Bool
  private let isTerminal = isatty(STDERR_FILENO) == 1
  // Not the time of day: a clock that is set back would silence the line.
  private var last = ContinuousClock.now
  private var isOpen = false

  init(quiet: Bool) { self.quiet = quiet }

  deinit { end() }

  func show(_ text: @autoclosure () -> String) {
    let now = ContinuousClock.now
    guard !quiet, now - last > .milliseconds(isTerminal ? 300 : 20_000) else { return }
    last = now
    let line = isTerminal ? "\r\(text())\u{1B}[K" : text() + "\n"
    try? FileHandle.standardError.write(contentsOf: Data(line.utf8))
    isOpen = isTerminal
  }

  /// Leaves the line as it stands and goes to the next.
  func end() {
    guard isOpen else { return }
    try? FileHandle.standardError.write(contentsOf: Data("\n".utf8))
    isOpen = false
  }
}

/// A progress line that work running side by side shares; it is called from one thread at a time.
final class SharedProgressLine: @unchecked Sendable {
  private let line: ProgressLine
  init(quiet: Bool) { line = ProgressLine(quiet: quiet) }
  func show(_ text: String) { line.show(text) }
  func end() { line.end() }
}
