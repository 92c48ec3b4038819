import Foundation

/// What a person sees while a study runs: one line a stage, and a moving line in a long one.
///
/// On a terminal the moving line is written over; elsewhere a line appears now and then.
final class StudyProgress {
  private let quiet: Bool
  private let isTerminal = isatty(STDERR_FILENO) == 1
  private let start = ContinuousClock.now
  private var lastLine: ContinuousClock.Instant?
  private var lineIsOpen = false

  init(quiet: Bool) { self.quiet = quiet }

  func begin(_ stage: String) {
    let now = ContinuousClock.now
    lastLine = now
    write("[\(Self.clock((now - start) / .seconds(1)))] \(stage)\n")
  }

  /// What a person should know of the stage that runs, such as the step it goes on after.
  func remark(_ text: String) {
    lastLine = ContinuousClock.now
    write("        \(text)\n")
  }

  /// How far a long stage is, `fraction` of the whole, with the time that is left.
  func update(_ text: String, fraction: Double, secondsLeft: Double?) {
    let percent = Int((fraction * 100).rounded(.down))
    let left = secondsLeft.map { ", \(Self.clock($0)) left" } ?? ""
    update("\(text): \(percent) %\(left)")
  }

  /// How far a stage is whose whole is not known.
  func update(_ text: String) {
    let now = ContinuousClock.now
    if let lastLine, now - lastLine <= .milliseconds(isTerminal ? 500 : 20_000) { return }
    lastLine = now
    let line = "        \(text)"
    guard !quiet else { return }
    put(isTerminal ? "\r\(line)\u{1B}[K" : line + "\n")
    lineIsOpen = isTerminal
  }

  private func write(_ text: String) {
    guard !quiet else { return }
    put((lineIsOpen ? "\r\u{1B}[K" : "") + text)
    lineIsOpen = false
  }

  /// A terminal that was closed does not end the study.
  private func put(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  static func clock(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    let two = { (n: Int) in n < 10 ? "0\(n)" : "\(n)" }
    return whole >= 3600
      ? "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
      : "\(two(whole / 60)):\(two(whole % 60))"
  }
}
