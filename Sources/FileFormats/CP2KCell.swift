import Atomistics

/// The cells of a CP2K run, from the file `PROJECT-1.cell` beside its trajectory.
///
/// A title line with `#`, then one line a step: number, time (fs), the nine components of **a**,
/// **b** and **c** (Å), volume (Å³). It is read along with the trajectory, forward only.
///
/// Format: CP2K manual, section MOTION/PRINT/CELL
/// (https://manual.cp2k.org/trunk/CP2K_INPUT/MOTION/PRINT/CELL.html).
struct CP2KCell {
  private let lines: LineReader
  private var last: (step: Int, lattice: Lattice)?

  init(path: String) throws { lines = try LineReader(path: path) }

  /// The file that CP2K writes beside `PROJECT-pos-1.xyz`; nil for another name.
  static func path(beside trajectory: String) -> String? {
    for ending in [".xyz", ".xyz.gz"] where trajectory.hasSuffix("-pos-1" + ending) {
      return String(trajectory.dropLast("-pos-1".count + ending.count)) + "-1.cell"
    }
    return nil
  }

  /// The cell of a step.
  ///
  /// - Throws: `FileFormatsError.badFile` where there is none, `.truncated` where the file ends
  ///   before it.
  mutating func lattice(ofStep step: Int) throws -> Lattice {
    while last.map({ $0.step < step }) ?? true {
      guard let line = try lines.nextFilledLine() else {
        throw FileFormatsError.badFile(
          path: lines.path, line: lines.lineNumber,
          reason: "the file ends before the cell of step \(step); have CP2K write cells as often "
            + "as positions, or give the cell if it does not change (--cell)")
      }
      let parts = fields(line)
      if parts.first?.hasPrefix("#") ?? true { continue }
      last = try row(parts)
    }
    guard let last, last.step == step else {
      throw lines.failure(
        "there is no cell of step \(step); have CP2K write cells as often as positions, or give "
          + "the cell if it does not change (--cell)")
    }
    return last.lattice
  }

  private func row(_ parts: [Substring]) throws -> (step: Int, lattice: Lattice) {
    guard parts.count >= 11, let step = Int(parts[0]) else {
      throw lines.failure(
        "expected the step, its time and nine components of the cell, found \(parts.count) columns")
    }
    let matrix = Matrix3(
      try lines.vector(parts, from: 2, "the cell vector a"),
      try lines.vector(parts, from: 5, "the cell vector b"),
      try lines.vector(parts, from: 8, "the cell vector c"))
    if let last, last.step >= step {
      throw lines.failure("step \(step) follows step \(last.step); steps must increase")
    }
    return (step, try lines.lattice(matrix))
  }
}
