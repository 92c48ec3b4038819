import Foundation

/// A line on standard error that moves on a terminal and appears now and then elsewhere.
final class ProgressLine {
  private let quiet: Bool
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private var last = Date()
  private var isOpen = false

  init(quiet: Bool) { self.quiet = quiet }

  deinit { end() }

  func show(_ text: @autoclosure () -> String) {
    guard !quiet, Date().timeIntervalSince(last) > (isTerminal ? 0.3 : 20) else { return }
    last = Date()
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
