import Atomistics

/// Which column of an atom's line in a LAMMPS dump holds what.
struct LAMMPSDumpColumns {
  /// How the position is written.
  struct Position {
    let columns: [Int]
    let isScaled: Bool
    /// The columns of the images, where the position is wrapped and they are there.
    let images: [Int]?
  }

  let total: Int
  let id: Int
  let type: Int?
  let element: Int?
  let position: Position
  let velocity: [Int]?
  let force: [Int]?
  /// The one of the columns that were asked for, if there is one.
  let asked: (name: String, column: Int)?

  /// - Parameter wanted: names of columns of numbers, of which there may be one.
  init(_ names: [Substring], wanted: [String], _ lines: LineReader) throws {
    var columns: [Substring: Int] = [:]
    for (index, name) in names.enumerated() where columns.updateValue(index, forKey: name) != nil {
      throw lines.failure("the column \(name.prefix(40)) occurs twice in ITEM: ATOMS")
    }
    func triple(_ names: String) -> [Int]? {
      let found = names.split(separator: " ").compactMap { columns[$0] }
      return found.count == 3 ? found : nil
    }
    guard let id = columns["id"] else {
      throw lines.failure(
        "ITEM: ATOMS has no column id, without which atoms cannot be followed; write the dump "
          + "with id")
    }
    let images = triple("ix iy iz")
    let choices = [
      ("xu yu zu", false, nil), ("xsu ysu zsu", true, nil), ("x y z", false, images),
      ("xs ys zs", true, images),
    ]
    let found = choices.lazy.compactMap { choice in
      triple(choice.0).map { Position(columns: $0, isScaled: choice.1, images: choice.2) }
    }.first
    guard let found else {
      throw lines.failure(
        "ITEM: ATOMS has no whole set of positions; expected x y z, xu yu zu, xs ys zs or "
          + "xsu ysu zsu")
    }
    total = names.count
    self.id = id
    type = columns["type"]
    element = columns["element"] ?? columns["typelabel"]
    position = found
    velocity = triple("vx vy vz")
    force = triple("fx fy fz")
    let there = wanted.filter { columns[Substring($0)] != nil }
    guard there.count <= 1 else {
      throw lines.failure(
        "the atoms have the columns \(there.joined(separator: " and ")); choose one, e.g. "
          + "--column \(there[0])")
    }
    asked = there.first.flatMap { name in columns[Substring(name)].map { (name, $0) } }
  }
}
