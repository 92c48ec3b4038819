import Foundation

/// What a person sees while a study runs: one line a stage, and a moving line in a long one.
///
/// On a terminal the moving line is written over; elsewhere a line appears now and then.
final class StudyProgress {
  private let quiet: Bool
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let start = Date()
  private var lastLine = Date.distantPast
  private var lineIsOpen = false

  init(quiet: Bool) { self.quiet = quiet }

  func begin(_ stage: String) {
    lastLine = Date()
    write("[\(Self.clock(Date().timeIntervalSince(start)))] \(stage)\n")
  }

  /// How far a long stage is, `fraction` of the whole, with the time that is left.
  func update(_ text: String, fraction: Double, secondsLeft: Double?) {
    let percent = Int((fraction * 100).rounded(.down))
    let left = secondsLeft.map { ", \(Self.clock($0)) left" } ?? ""
    update("\(text): \(percent) %\(left)")
  }

  /// How far a stage is whose whole is not known.
  func update(_ text: String) {
    let interval = isTerminal ? 0.5 : 20
    guard Date().timeIntervalSince(lastLine) > interval else { return }
    lastLine = Date()
    let line = "        \(text)"
    guard !quiet else { return }
    FileHandle.standardError.write(Data((isTerminal ? "\r\(line)\u{1B}[K" : line + "\n").utf8))
    lineIsOpen = isTerminal
  }

  private func write(_ text: String) {
    guard !quiet else { return }
    FileHandle.standardError.write(Data(((lineIsOpen ? "\r\u{1B}[K" : "") + text).utf8))
    lineIsOpen = false
  }

  static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    let two = { (n: Int) in n < 10 ? "0\(n)" : "\(n)" }
    return whole >= 3600
      ? "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
      : "\(two(whole / 60)):\(two(whole % 60))"
  }
}
