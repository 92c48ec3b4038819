import Atomistics

// The one extension point for formats. A new format is one file with one type that conforms:
//
// 1. `FileFormat` if a structure can be read from it, `WritableFormat` if one can be written to
//    it, `TrajectoryFormat` if it holds frames; what a type conforms to is what it can do.
// 2. Reading takes lines and gives a structure or throws `FileFormatsError` with path and line.
//    No input, however damaged, crashes, hangs or makes it reserve memory that the file does not
//    fill: counts in a file are checked before they are believed.
// 3. The reader checks numbers (finite, Å, within 1e6) and the lattice; `StructureFile` checks
//    the rest (overlapping atoms, density), once for all formats.
// 4. What is written is read back exactly, as far as the format can hold it.
// 5. It is added to `StructureFile.formats`, and passes `Tests/FileFormatsTests/FormatChecks.swift`.

/// A way of writing a structure down in a file.
public protocol FileFormat: Sendable {
  /// What a message calls it, with the names that its files go by.
  var name: String { get }
  /// Whether files of that name are of this format; the name comes in lower case, without
  /// directories and without `.gz`.
  func claims(fileName: String) -> Bool
  /// Whether a text that begins with these lines is surely of this format.
  func claims(head: [String]) -> Bool
  /// Reads the structure; of several frames the last, as other tools do.
  func readStructure(from lines: LineReader) throws -> Structure
}

/// A format that structures are written in.
public protocol WritableFormat: FileFormat {
  /// The whole text of a file with that structure.
  func text(of structure: Structure) throws -> String
}

/// A format that holds a trajectory: frame after frame.
public protocol TrajectoryFormat: FileFormat {
  func frames(of lines: LineReader) -> any FrameSource
  /// As above, for a format whose frames cannot be made sense of without more knowledge.
  func frames(of lines: LineReader, from origin: TrajectoryOrigin) -> any FrameSource
}

extension TrajectoryFormat {
  public func frames(of lines: LineReader, from origin: TrajectoryOrigin) -> any FrameSource {
    frames(of: lines)
  }
}

/// Frames as they come out of a file.
public protocol FrameSource {
  /// The next frame, nil after the last.
  ///
  /// - Throws: `FileFormatsError.truncated` where the file ends within a frame, `.badFile`.
  mutating func next() throws -> RecordedFrame?
  /// The line on which the frame last given ends, for messages.
  var lineNumber: Int { get }
  /// Whether what was last read was surely written whole: a line with its line break.
  var lineWasEnded: Bool { get }
}

/// Frames of a format that is read line by line.
protocol LineFrameSource: FrameSource {
  var lines: LineReader { get }
}

extension LineFrameSource {
  var lineNumber: Int { lines.lineNumber }
  var lineWasEnded: Bool { lines.lineWasEnded }
}

/// A frame as the file has it: its time may not be written down.
public struct RecordedFrame: Sendable {
  public var structure: Structure
  /// Time in fs.
  public var time: Double?
  /// Potential energy in eV.
  public var energy: Double?
  /// Forces in eV/Å.
  public var forces: [Vector3]?
  /// The column that was asked for, if the file has it.
  public var column: AtomColumn?
  /// What else the file says of the frame, by key, as text.
  public var notes: [String: String]
  /// Whether the file has the cell; without, the lattice is a box around the atoms.
  public var hasCell = true
  /// Whether the atoms have been held against the structure that the run started from.
  var isMatched = false
  /// Whether atoms may stand grouped by element, as `POSCAR` writes a structure.
  var isGrouped = false

  public init(
    structure: Structure, time: Double? = nil, energy: Double? = nil, forces: [Vector3]? = nil,
    notes: [String: String] = [:]
  ) {
    self.structure = structure
    self.time = time
    self.energy = energy
    self.forces = forces
    self.notes = notes
  }
}

extension TrajectoryFormat {
  public func readStructure(from lines: LineReader) throws -> Structure {
    var source = frames(of: lines)
    var last: Structure?
    while let frame = try source.next() { last = frame.structure }
    guard let last else {
      throw FileFormatsError.badFile(path: lines.path, line: nil, reason: "the file is empty")
    }
    return last
  }
}
