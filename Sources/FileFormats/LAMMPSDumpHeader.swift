import Atomistics

/// What stands in a LAMMPS dump before the atoms of a frame.
struct LAMMPSDumpHeader {
  let step: Int
  /// In the file's unit of time, if `ITEM: TIME` is there.
  let time: Double?
  let count: Int
  let box: LAMMPSBox
  /// The names of the atoms' columns.
  let columns: [Substring]

  /// Reads from the line `first` through `ITEM: ATOMS`.
  ///
  /// `units` are those of the frames before, and change where the file says so.
  init(_ first: String, _ units: inout LAMMPSUnits, _ lines: LineReader) throws {
    var (step, time, count, box): (Int?, Double?, Int?, LAMMPSBox?)
    var line = first
    while true {
      let words = fields(line)
      guard words.first == "ITEM:", words.count > 1 else {
        throw lines.failure(
          "expected the next 'ITEM:', found '\(line.prefix(60))'; does the frame before have more "
            + "atoms than it says?")
      }
      if words[1] == "ATOMS" {
        columns = Array(words.dropFirst(2))
        break
      }
      switch words.dropFirst().joined(separator: " ") {
      case "UNITS": units = try LAMMPSUnits(named: try Self.word(lines), lines)
      case "TIME": time = try Self.time(lines)
      case "TIMESTEP": step = try Self.step(lines)
      case "NUMBER OF ATOMS": count = try lines.atomCount(Substring(try Self.word(lines)))
      case let item where item.hasPrefix("BOX BOUNDS"):
        box = try LAMMPSBox(Array(words.dropFirst(3)), lines)
      case let item:
        throw lines.failure("'ITEM: \(item.prefix(40))' is no part of a dump that is known")
      }
      line = try lines.requiredLine()
    }
    guard let step, let count, let box else {
      throw lines.failure(
        "ITEM: ATOMS without TIMESTEP, NUMBER OF ATOMS and BOX BOUNDS before it")
    }
    (self.step, self.time, self.count, self.box) = (step, time, count, box)
  }

  private static func word(_ lines: LineReader) throws -> String {
    let parts = fields(try lines.requiredLine())
    guard parts.count == 1 else {
      throw lines.failure("expected one value on this line, found \(parts.count)")
    }
    return String(parts[0])
  }

  private static func step(_ lines: LineReader) throws -> Int {
    let text = try word(lines)
    guard let step = Int(text), step >= 0 else {
      throw lines.failure("the time step '\(text.prefix(40))' is not a whole number")
    }
    return step
  }

  private static func time(_ lines: LineReader) throws -> Double {
    let text = try word(lines)
    guard let time = Double(text), time.isFinite, abs(time) < 1e15 else {
      throw lines.failure("the time '\(text.prefix(40))' is not a finite number")
    }
    return time
  }
}
