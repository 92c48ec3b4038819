import Atomistics

/// The box of a frame in a LAMMPS dump.
///
/// Three forms: `xlo xhi` and so on for an orthogonal box; `xlo_bound xhi_bound xy` and so on for
/// a triclinic one, where the bounds are those of the box around it; and `abc origin` with the
/// lattice vectors as they are (general triclinic).
///
/// Format: LAMMPS manual, `dump` command.
struct LAMMPSBox {
  /// The whole box in the frame of the file.
  let lattice: Lattice
  /// The corner of the box in the frame of the file.
  let low: Vector3
  let periodic: [Bool]
  /// Whether the vectors are as the user gave them and not turned.
  let isGeneral: Bool

  /// Reads the three lines behind `ITEM: BOX BOUNDS`, whose words are given.
  init(_ words: [Substring], _ lines: LineReader) throws {
    let flags = words.suffix(3).filter { $0.count == 2 && $0.allSatisfy { "pfsm".contains($0) } }
    periodic = flags.count == 3 ? flags.map { $0.hasPrefix("p") } : [true, true, true]
    let kinds = words.dropLast(flags.count == 3 ? 3 : 0)
    switch kinds.map(String.init) {
    case []:
      let (low, high, _) = try Self.bounds(2, lines)
      (self.low, isGeneral) = (low, false)
      lattice = try Self.lattice(low, high, .zero, lines)
    case ["xy", "xz", "yz"]:
      let (outer, outerHigh, tilt) = try Self.bounds(3, lines)
      let (xy, xz, yz) = (tilt.x, tilt.y, tilt.z)
      let low = Vector3(outer.x - min(0, xy, xz, xy + xz), outer.y - min(0, yz), outer.z)
      let high = Vector3(
        outerHigh.x - max(0, xy, xz, xy + xz), outerHigh.y - max(0, yz), outerHigh.z)
      (self.low, isGeneral) = (low, false)
      lattice = try Self.lattice(low, high, tilt, lines)
    case ["abc", "origin"]:
      var rows: [[Substring]] = []
      for _ in 0..<3 { rows.append(try Self.row(4, lines)) }
      lattice = try lines.lattice(
        Matrix3(
          lines.vector(rows[0], "the box"), lines.vector(rows[1], "the box"),
          lines.vector(rows[2], "the box")))
      low = try lines.vector(rows.map { $0[3] }, "the origin of the box")
      isGeneral = true
    default:
      throw lines.failure(
        "'\(kinds.joined(separator: " ").prefix(60))' is no form of BOX BOUNDS that is known; "
          + "expected none, 'xy xz yz' or 'abc origin'")
    }
  }

  private static func row(_ count: Int, _ lines: LineReader) throws -> [Substring] {
    let parts = fields(try lines.requiredLine())
    guard parts.count == count else {
      throw lines.failure("the box has \(parts.count) numbers on this line, expected \(count)")
    }
    return parts
  }

  /// Three lines of low, high and, if there are three columns, a tilt.
  private static func bounds(
    _ columns: Int, _ lines: LineReader
  ) throws -> (low: Vector3, high: Vector3, tilt: Vector3) {
    var (low, high, tilt) = (Vector3.zero, Vector3.zero, Vector3.zero)
    for k in 0..<3 {
      let parts = try row(columns, lines)
      low[k] = try lines.number(parts[0], "the box's bound")
      high[k] = try lines.number(parts[1], "the box's bound")
      if columns == 3 { tilt[k] = try lines.number(parts[2], "the box's tilt") }
    }
    return (low, high, tilt)
  }

  private static func lattice(
    _ low: Vector3, _ high: Vector3, _ tilt: Vector3, _ lines: LineReader
  ) throws -> Lattice {
    let edges = high - low
    guard edges.min() > 0 else {
      throw lines.failure(
        "the box is \(edges.x) by \(edges.y) by \(edges.z) Å; expected edges above zero")
    }
    return try lines.lattice(
      Matrix3(
        Vector3(edges.x, 0, 0), Vector3(tilt.x, edges.y, 0),
        Vector3(tilt.y, tilt.z, edges.z)))
  }

  /// What positions are counted from: the corner along the periodic axes.
  ///
  /// Along the others the corner may move with the atoms (shrink-wrapping), and is left alone.
  var reference: Vector3 {
    guard !isGeneral else { return low }
    var masked = Vector3.zero
    for k in 0..<3 where periodic[k] { masked[k] = low[k] }
    return masked
  }
}
