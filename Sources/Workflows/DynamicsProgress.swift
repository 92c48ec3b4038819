import Foundation

/// How far a run is.
public struct DynamicsProgress: Sendable {
  public let step: Int
  public let totalSteps: Int
  /// Time simulated, of the whole to simulate (fs).
  public let time: Double
  public let totalTime: Double
  /// K.
  public let temperature: Double
  /// Wall-clock seconds left at the mean speed of this session; nil until that is known.
  public let secondsLeft: Double?

  /// "3.20 of 12.00 ps, 305 K, 0:41 left".
  public var line: String {
    let left = secondsLeft.map { ", \(Self.clock($0)) left" } ?? ""
    return String(
      format: "%.2f of %.2f ps, %.0f K", time / 1000, totalTime / 1000, temperature) + left
  }

  private static func clock(_ seconds: Double) -> String {
    let whole = Int(min(seconds, 1e7).rounded())
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0
      ? String(format: "%d:%02d:%02d", hours, minutes, whole % 60)
      : String(format: "%d:%02d", minutes, whole % 60)
  }
}

/// Tells progress a few times a second at most.
struct ProgressClock {
  private let start = ContinuousClock.now
  private var last = ContinuousClock.now
  private let firstStep: Int

  init(from step: Int) { firstStep = step }

  /// Seconds left, if it is time to tell.
  mutating func secondsLeft(at step: Int, of total: Int) -> Double?? {
    let now = ContinuousClock.now
    guard now - last > .milliseconds(250) || step == total else { return nil }
    last = now
    let elapsed = (now - start) / .seconds(1)
    guard step > firstStep, elapsed > 0 else { return .some(nil) }
    return elapsed / Double(step - firstStep) * Double(total - step)
  }
}
