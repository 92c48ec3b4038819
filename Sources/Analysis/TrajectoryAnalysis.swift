import Atomistics

/// Anything that is measured on a trajectory: the one extension point for analyses.
///
/// A conforming type
/// 1. is a value that is given every frame once, in order of time, by `consume`;
/// 2. keeps no frames: its memory does not grow with the trajectory but for the series that it
///    reports (a few numbers a frame) and the events that it dates;
/// 3. takes positions wrapped into the cell or not, and gives the same result for both;
/// 4. fixes on the first frame which atoms it follows; regions and layers are read there only, so
///    that later frames need not carry them;
/// 5. refuses, with an `AnalysisError` that says which frame, what no number may come from:
///    coordinates that are not finite, changing atoms, times that do not increase;
/// 6. may be asked for its `result` at any time, and says there what a reader has to know.
public protocol TrajectoryAnalysis: Sendable {
  associatedtype Result: Sendable, Codable
  /// Takes the next frame.
  mutating func consume(_ frame: Frame) throws
  /// What the frames so far say; throws `AnalysisError.noFrames` before the first one.
  func result() throws -> Result
}
