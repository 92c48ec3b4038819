import Atomistics

/// The atoms of a frame of a LAMMPS dump, in the order of the file.
struct LAMMPSDumpAtoms {
  let columns: LAMMPSDumpColumns
  let box: LAMMPSBox
  var ids: [Int] = []
  var types: [Int] = []
  var elements: [Substring] = []
  /// In the frame of the file, from `LAMMPSBox.reference`, unwrapped as far as the file tells.
  var positions: [Vector3] = []
  var velocities: [Vector3] = []
  var forces: [Vector3] = []
  /// Of the column that was asked for.
  var asked: [Double] = []

  init(_ columns: LAMMPSDumpColumns, _ box: LAMMPSBox) {
    self.columns = columns
    self.box = box
  }

  mutating func append(_ line: String, _ lines: LineReader) throws {
    let parts = fields(line)
    guard parts.count == columns.total, parts[0] != "ITEM:" else {
      throw lines.failure(
        "atom \(ids.count + 1) of the frame has \(parts.count) columns, expected \(columns.total)")
    }
    ids.append(try whole(parts[columns.id], "the id", lines))
    if let column = columns.type { types.append(try whole(parts[column], "the type", lines)) }
    if let column = columns.element { elements.append(parts[column]) }
    positions.append(try position(parts, lines))
    if let velocity = columns.velocity {
      velocities.append(try vector(parts, velocity, "the velocity", lines))
    }
    if let (name, column) = columns.asked {
      asked.append(try lines.number(parts[column], name))
    }
    if let force = columns.force { forces.append(try vector(parts, force, "the force", lines)) }
  }

  private func position(_ parts: [Substring], _ lines: LineReader) throws -> Vector3 {
    let value = try vector(parts, columns.position.columns, "the position", lines)
    var position = value - box.reference
    if columns.position.isScaled {
      position = box.lattice.cartesian(value) + (box.low - box.reference)
    }
    guard let images = columns.position.images else { return position }
    var cells = Vector3.zero
    for k in 0..<3 {
      guard let image = Int(parts[images[k]]), abs(image) < 100_000 else {
        throw lines.failure("the image '\(parts[images[k]].prefix(40))' is not a whole number")
      }
      cells[k] = Double(image)
    }
    return cells == .zero ? position : position + box.lattice.cartesian(cells)
  }

  private func vector(
    _ parts: [Substring], _ columns: [Int], _ what: String, _ lines: LineReader
  ) throws -> Vector3 {
    Vector3(
      try lines.number(parts[columns[0]], what), try lines.number(parts[columns[1]], what),
      try lines.number(parts[columns[2]], what))
  }

  private func whole(_ field: Substring, _ what: String, _ lines: LineReader) throws -> Int {
    guard let value = Int(field), value > 0 else {
      throw lines.failure("\(what) '\(field.prefix(40))' is not a whole number above zero")
    }
    return value
  }

  /// The atoms' places in the file in the order of their ids.
  ///
  /// - Throws: `FileFormatsError.badFile` where an id occurs twice.
  func order(_ lines: LineReader) throws -> [Int] {
    // Most dumps are sorted already.
    var order = Array(ids.indices)
    let isSorted = zip(ids, ids.dropFirst()).allSatisfy { $0 <= $1 }
    if !isSorted { order.sort { ids[$0] < ids[$1] } }
    for (a, b) in zip(order, order.dropFirst()) where ids[a] == ids[b] {
      throw lines.failure("two atoms of the frame that ends here have the id \(ids[a])")
    }
    return order
  }
}
