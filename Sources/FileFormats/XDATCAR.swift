import Atomistics

/// XDATCAR of VASP: trajectories, read only.
///
/// The header stands once, or before every frame where the cell changes. Positions, Direct or
/// Cartesian, are as the file has them, wrapped into the cell; times are not in the file. Elements
/// may carry the endings of their pseudopotentials (`Li_sv`); where the header names none, as that
/// of VASP 4, they come from `TrajectoryOrigin`.
///
/// Configurations are numbered: from one frame to the next the number grows by the same step, or
/// begins anew where a run was continued into the same file. What breaks that was lost, doubled or
/// written by two runs at once, and is an error, since times would be wrong from there on.
///
/// Format: https://www.vasp.at/wiki/index.php/XDATCAR.
public struct XDATCAR: TrajectoryFormat {
  public init() {}

  public let name = "VASP trajectory (XDATCAR)"

  public func claims(fileName: String) -> Bool {
    fileName.contains("xdatcar")
  }

  public func claims(head: [String]) -> Bool {
    // Without names of elements the mark stands one line higher.
    head.count >= 8 && (XDATCARFrames.isMark(head[7]) || XDATCARFrames.isMark(head[6]))
  }

  public func frames(of lines: LineReader) -> any FrameSource {
    frames(of: lines, from: TrajectoryOrigin())
  }

  public func frames(of lines: LineReader, from origin: TrajectoryOrigin) -> any FrameSource {
    XDATCARFrames(lines: lines, origin: origin)
  }
}

private struct XDATCARFrames: LineFrameSource {
  let lines: LineReader
  let origin: TrajectoryOrigin
  private var header: VASPHeader?
  private var numbers = ConfigurationNumbers()

  init(lines: LineReader, origin: TrajectoryOrigin) {
    self.lines = lines
    self.origin = origin
  }

  /// The line in front of the coordinates: `Direct configuration=     1`.
  static func isMark(_ line: String) -> Bool {
    let words = fields(line.lowercased())
    return words.count >= 2 && ["direct", "cartesian"].contains(words[0])
      && words[1].hasPrefix("config")
  }

  mutating func next() throws -> RecordedFrame? {
    guard let mark = try nextMark(), let header else { return nil }
    try numbers.accept(mark, lines)
    let cartesian = mark.lowercased().contains("cartesian")
    var positions: [Vector3] = []
    positions.reserveCapacity(header.species.count)
    for index in header.species.indices {
      let s = try coordinates(ofAtom: index, of: header.species.count)
      positions.append(cartesian ? s * header.scale : header.lattice.cartesian(s))
    }
    var frame = RecordedFrame(
      structure: Structure(
        lattice: header.lattice, species: header.species, positions: positions))
    frame.isGrouped = true
    return frame
  }

  private func coordinates(ofAtom index: Int, of count: Int) throws -> Vector3 {
    var plain: Vector3?
    let isPlain = try lines.take { bytes in
      var line = LineBytes(bytes)
      plain = line.vector()
      return plain != nil
    }
    if isPlain, let plain { return plain }
    let line = try lines.requiredLine()
    guard !Self.isMark(line) else {
      throw lines.failure(
        "the frame has \(index) atoms where its header says \(count); lines were lost, or two runs "
          + "wrote into this file")
    }
    return try lines.vector(fields(line), "the coordinates of atom \(index + 1)")
  }

  /// The mark of the next frame, with the header that holds for it; nil at the end.
  private mutating func nextMark() throws -> String? {
    guard header != nil else {
      guard try lines.next() != nil else { return nil }
      return try markAfterHeader()
    }
    var hasBlank = false
    while let line = try lines.next() {
      if Self.isMark(line) { return line }
      let words = fields(line)
      if words.isEmpty {
        hasBlank = true
      } else if words.allSatisfy({ Double($0) != nil }), words.count == 3 || !hasBlank {
        throw lines.failure("the frame before has more atoms than its header says")
      } else {
        // The title may be blank: then this is the scale already.
        if hasBlank, words.count == 1, Double(words[0]) != nil { lines.pushBack(line) }
        return try markAfterHeader()
      }
    }
    return nil
  }

  private mutating func markAfterHeader() throws -> String {
    header = try VASPHeader(afterTitle: lines, origin: origin)
    let mark = try lines.requiredLine()
    guard Self.isMark(mark) else {
      throw lines.failure("expected 'Direct configuration=', found '\(mark.prefix(60))'")
    }
    return mark
  }
}

/// The numbers of the configurations so far.
private struct ConfigurationNumbers {
  private var first: Int?
  private var last: Int?
  private var step: Int?

  /// Takes the number of a mark; stars, which stand for one that is too long, say nothing.
  mutating func accept(_ mark: String, _ lines: LineReader) throws {
    let text = mark.split(separator: "=", omittingEmptySubsequences: false).dropFirst().first ?? ""
    guard let number = fields(text).first.flatMap({ Int($0) }) else {
      last = nil
      return
    }
    defer { last = number }
    guard let first, let last else {
      first = first ?? number
      return
    }
    if number == first { return }
    // Differences of numbers from a damaged file may not fit.
    let (change, overflows) = number.subtractingReportingOverflow(last)
    guard !overflows, change > 0, step == nil || change == step else {
      throw lines.failure(
        "configuration \(number) follows \(last)\(step.map { " where they grow by \($0)" } ?? ""); "
          + "frames were lost or doubled, or two runs wrote into this file")
    }
    step = change
  }
}
