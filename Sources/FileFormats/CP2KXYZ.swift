import Atomistics
import Foundation

/// Trajectories of CP2K, `PROJECT-pos-1.xyz`: read only.
///
/// Each frame is a line with the number of atoms, a line
/// `i = 5, time = 2.500, E = -123.4`, and a line per atom with its name and position.
///
/// | what | from | unit there |
/// |---|---|---|
/// | position | the file | Å |
/// | time | the file | fs |
/// | potential energy | the file | hartree |
/// | cell | `TrajectoryOrigin.lattice`; else `PROJECT-1.cell` beside it; else the structure | Å |
///
/// Positions are not wrapped. A kind's name such as `Li1` or `S_a` stands for the element that it
/// begins with. Without a cell from anywhere the frame is one without periodicity. Forces and
/// velocities, which CP2K writes to files of their own, are not read.
///
/// Format: CP2K manual, section MOTION/PRINT/TRAJECTORY
/// (https://manual.cp2k.org/trunk/CP2K_INPUT/MOTION/PRINT/TRAJECTORY.html).
public struct CP2KXYZ: TrajectoryFormat {
  public init() {}

  public let name = "CP2K trajectory (-pos-1.xyz)"

  public func claims(fileName: String) -> Bool { fileName.hasSuffix(".xyz") }

  public func claims(head: [String]) -> Bool {
    guard head.count >= 2, fields(head[0]).count == 1, Int(fields(head[0])[0]) != nil else {
      return false
    }
    return CP2KComment.isOne(head[1])
  }

  public func frames(of lines: LineReader) -> any FrameSource {
    frames(of: lines, from: TrajectoryOrigin())
  }

  public func frames(of lines: LineReader, from origin: TrajectoryOrigin) -> any FrameSource {
    CP2KFrames(lines: lines, hasCell: origin.lattice == nil)
  }
}

private struct CP2KFrames: LineFrameSource {
  let lines: LineReader
  /// Whether the cell is to come from the file beside the trajectory, where there is one.
  let hasCell: Bool
  private var cells: CP2KCell?
  private var isFirst = true

  init(lines: LineReader, hasCell: Bool) {
    self.lines = lines
    self.hasCell = hasCell
  }

  mutating func next() throws -> RecordedFrame? {
    if isFirst { try open() }
    isFirst = false
    guard let first = try lines.nextFilledLine() else { return nil }
    let head = fields(first)
    guard head.count == 1 else {
      throw lines.failure(
        "expected the number of atoms of the next frame, found '\(first.prefix(60))'; does the "
          + "frame before have more atoms than it says, or did two runs write into this file?")
    }
    let count = try lines.atomCount(head[0])
    let comment = try CP2KComment(try lines.requiredLine(), lines)
    var species: [Element] = []
    var positions: [Vector3] = []
    for atom in 1...count {
      let isTaken = try lines.take { bytes in
        var line = LineBytes(bytes)
        guard let element = line.element(), let position = line.vector(), line.field() == nil else {
          return false
        }
        species.append(element)
        positions.append(position)
        return true
      }
      if isTaken { continue }
      let parts = fields(try lines.requiredLine())
      guard parts.count == 4 else {
        throw lines.failure("atom \(atom) has \(parts.count) columns, expected a name and x, y, z")
      }
      species.append(try element(parts[0]))
      positions.append(try lines.vector(parts, from: 1, "the coordinate"))
    }
    let lattice = try cells?.lattice(ofStep: comment.step)
    var frame = RecordedFrame(
      structure: Structure(
        lattice: lattice ?? openBox(around: positions), species: species, positions: positions,
        periodic: Array(repeating: lattice != nil, count: 3)),
      time: comment.time, energy: comment.energy.map { $0 * Units.hartree })
    frame.hasCell = lattice != nil
    return frame
  }

  private mutating func open() throws {
    let name = lines.path.split(separator: "/").last ?? ""
    for (part, what) in [("-frc-", "forces"), ("-vel-", "velocities")] where name.contains(part) {
      throw FileFormatsError.badFile(
        path: lines.path, line: nil,
        reason: "by its name these are CP2K's \(what), not positions; give the file with -pos-")
    }
    guard hasCell, let path = CP2KCell.path(beside: lines.path) else { return }
    for path in [path, path + ".gz"] where FileManager.default.fileExists(atPath: path) {
      cells = try CP2KCell(path: path)
      return
    }
  }

  /// Of `Li1`, `Li_a` or `LI` the element is lithium.
  private func element(_ name: Substring) throws -> Element {
    let letters = name.prefix { $0.isLetter && $0.isASCII }
    if let element = Element(letters) { return element }
    let lower = letters.prefix(1).uppercased() + letters.dropFirst().lowercased()
    return try Element(lower) ?? lines.element(name)
  }
}

/// The second line of a frame: `i = 5, time = 2.500, E = -123.4`.
private struct CP2KComment {
  let step: Int
  /// fs.
  let time: Double?
  /// Hartree.
  let energy: Double?

  static func isOne(_ line: String) -> Bool {
    let start = line.utf8.drop { $0 == 0x20 }
    guard start.first == UInt8(ascii: "i") else { return false }
    return start.dropFirst().drop { $0 == 0x20 }.first == UInt8(ascii: "=")
  }

  init(_ line: String, _ lines: LineReader) throws {
    guard Self.isOne(line) else {
      throw lines.failure("expected 'i = ..., time = ..., E = ...', found '\(line.prefix(60))'")
    }
    var values: [String: Substring] = [:]
    for pair in line.split(separator: ",") {
      let sides = pair.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let key = fields(sides[0]).last, let value = fields(sides[1]).first
      else { continue }
      values[String(key)] = value
    }
    guard let step = values["i"].flatMap({ Int($0) }) else {
      throw lines.failure("the step 'i' is not a whole number in '\(line.prefix(60))'")
    }
    func number(_ key: String) throws -> Double? {
      guard let text = values[key] else { return nil }
      guard let value = Double(text), value.isFinite, abs(value) < 1e15 else {
        throw lines.failure("\(key) is '\(text.prefix(40))', expected a finite number")
      }
      return value
    }
    (self.step, time, energy) = (step, try number("time"), try number("E"))
  }
}
