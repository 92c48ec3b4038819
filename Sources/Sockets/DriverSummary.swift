import Foundation

/// What a client has done so far.
public struct DriverSummary: Sendable, Equatable {
  /// How it ended.
  public enum Ending: String, Sendable {
    /// The server sent `EXIT`.
    case exit
    /// The server closed the connection between two steps.
    case closed
  }

  public let atoms: Int
  /// How many structures were evaluated.
  public internal(set) var steps = 0
  /// How many neighbour lists were built for them.
  public internal(set) var lists = 0
  /// Seconds spent evaluating.
  public internal(set) var evaluating = 0.0
  /// Seconds since the connection stood.
  public internal(set) var seconds = 0.0
  /// nil while it goes on.
  public internal(set) var ending: Ending?

  init(atoms: Int = 0) { self.atoms = atoms }

  /// Microseconds of one evaluation, on average; nil before the first.
  public var microsecondsPerStep: Double? { steps > 0 ? evaluating / Double(steps) * 1e6 : nil }

  /// Microseconds per atom and evaluation, on average; nil before the first.
  public var microsecondsPerAtom: Double? { microsecondsPerStep.map { $0 / Double(atoms) } }

  /// "1200 steps, 850 µs each (4.01 µs per atom)".
  public var line: String {
    guard let step = microsecondsPerStep, let atom = microsecondsPerAtom else { return "no steps" }
    return String(
      format: "%d step%@, %.0f µs each (%.2f µs per atom)", steps, steps == 1 ? "" : "s", step, atom
    )
  }
}
