import Atomistics

/// The frames of a trajectory, one at a time and in constant memory.
///
/// Reads every `TrajectoryFormat`, plain or gzip. A file that was cut off, in the text or in the
/// compressed data, ends with its last whole frame, and `truncated` says so; a last line without
/// line break counts as cut, since a number in it may have lost digits. Damage before the end is
/// an error.
public struct TrajectoryReader {
  public let path: String
  /// Whether the file ended in the middle of a frame; known once `next()` has given nil.
  public private(set) var truncated = false
  /// Whether the frames given so far carry their times; where not, `Frame.time` is the frame's
  /// number times the interval that `init` was told.
  public private(set) var timesAreKnown = true
  /// How many frames have been given.
  public private(set) var frameCount = 0
  /// The line on which the frame last given ends.
  public var lineNumber: Int { source.lineNumber }

  private let interval: Double?
  private let origin: TrajectoryOrigin
  private var source: any FrameSource
  private var composition: [Element] = []
  private var framesHaveTimes = true
  private var previousTime = -Double.infinity
  private var ended = false

  /// Opens a trajectory.
  ///
  /// - Parameters:
  ///   - frameInterval: time between frames in fs, for files that do not say.
  ///   - origin: elements of types, and the structure with the regions and layers that the file
  ///     lacks.
  /// - Throws: `FileFormatsError.missing`, `.unreadable`, `.unknownFormat`.
  public init(
    path: String, frameInterval: Double? = nil, origin: TrajectoryOrigin = TrajectoryOrigin()
  ) throws {
    let format = try StructureFile.format(of: path)
    guard let format = format as? any TrajectoryFormat else {
      throw FileFormatsError.unknownFormat(
        path,
        expected: "a trajectory: " + StructureFile.names(where: { $0 is any TrajectoryFormat }))
    }
    self.path = path
    interval = frameInterval
    self.origin = origin
    source = try format.frames(of: LineReader(path: path), from: origin)
  }

  /// The next frame; nil after the last whole one.
  ///
  /// - Throws: `FileFormatsError.badFile` with the line.
  public mutating func next() throws -> Frame? {
    guard !ended else { return nil }
    // Unless a frame comes out whole, nothing does any more: not after an error either.
    ended = true
    guard var recorded = try nextRecorded() else { return nil }
    try check(recorded)
    try origin.complete(&recorded, failure)
    ended = false
    defer { frameCount += 1 }
    return Frame(
      structure: recorded.structure,
      time: recorded.time ?? Double(frameCount) * (interval ?? 1), energy: recorded.energy,
      forces: recorded.forces, column: recorded.column)
  }

  private mutating func nextRecorded() throws -> RecordedFrame? {
    do {
      let frame = try source.next()
      guard source.lineWasEnded else {
        truncated = true
        return nil
      }
      return frame
    } catch FileFormatsError.truncated {
      truncated = true
      return nil
    } catch let error as FileFormatsError {
      // Nonsense in a line that was cut off is the cut, not damage.
      guard !source.lineWasEnded, case .badFile = error else { throw error }
      truncated = true
      return nil
    }
  }

  private func failure(_ reason: String) -> FileFormatsError {
    .badFile(path: path, line: source.lineNumber, reason: reason)
  }

  /// All frames are of the same atoms, and all or none of them carry times, which never go back.
  private mutating func check(_ frame: RecordedFrame) throws {
    if frameCount == 0 {
      composition = frame.structure.species
      timesAreKnown = frame.time != nil || interval != nil
      framesHaveTimes = frame.time != nil
    }
    guard frame.structure.species == composition else {
      throw failure(
        "frame \(frameCount + 1) holds other atoms than the first; a trajectory keeps its atoms "
          + "and their order")
    }
    guard (frame.time != nil) == framesHaveTimes else {
      throw failure(
        "frame \(frameCount + 1) has no time although others have, or has one alone")
    }
    if let time = frame.time {
      guard time >= previousTime else {
        throw failure(
          "frame \(frameCount + 1) is at \(time / 1000) ps, after one at \(previousTime / 1000) ps; "
            + "times may not go back: take out the frames that a run wrote before it was continued "
            + "from an earlier time, or that another run wrote")
      }
      previousTime = time
    }
  }
}
