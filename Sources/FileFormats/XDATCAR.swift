import Atomistics

/// XDATCAR of VASP: trajectories, read only.
///
/// The header stands once, or before every frame where the cell changes. Positions are as the
/// file has them, wrapped into the cell; times are not in the file.
///
/// Format: https://www.vasp.at/wiki/index.php/XDATCAR.
public struct XDATCAR: TrajectoryFormat {
  public init() {}

  public let name = "VASP trajectory (XDATCAR)"

  public func claims(fileName: String) -> Bool {
    fileName.contains("xdatcar")
  }

  public func claims(head: [String]) -> Bool {
    head.count >= 8 && XDATCARFrames.isMark(head[7])
  }

  public func frames(of lines: LineReader) -> any FrameSource { XDATCARFrames(lines: lines) }
}

private struct XDATCARFrames: FrameSource {
  let lines: LineReader
  private var header: VASPHeader?

  init(lines: LineReader) { self.lines = lines }

  /// The line in front of the coordinates: `Direct configuration=     1`.
  static func isMark(_ line: String) -> Bool {
    let words = fields(line.lowercased())
    return words.count >= 2 && ["direct", "cartesian"].contains(words[0])
      && words[1].hasPrefix("config")
  }

  mutating func next() throws -> RecordedFrame? {
    guard var line = header == nil ? try lines.next() : try lines.nextFilledLine() else {
      return nil
    }
    if !Self.isMark(line) {
      if header != nil, fields(line).count == 3, fields(line).allSatisfy({ Double($0) != nil }) {
        throw lines.failure("the frame before has more atoms than its header says")
      }
      header = try VASPHeader(afterTitle: lines)
      line = try lines.requiredLine()
    }
    guard let header else { throw lines.failure("expected the lattice before the first frame") }
    guard Self.isMark(line) else {
      throw lines.failure("expected 'Direct configuration=', found '\(line.prefix(60))'")
    }
    let cartesian = line.lowercased().contains("cartesian")
    var positions: [Vector3] = []
    for index in header.species.indices {
      let s = try lines.vector(
        fields(try lines.requiredLine()), "the coordinates of atom \(index + 1)")
      positions.append(cartesian ? s * header.scale : header.lattice.cartesian(s))
    }
    return RecordedFrame(
      structure: Structure(
        lattice: header.lattice, species: header.species, positions: positions))
  }
}
