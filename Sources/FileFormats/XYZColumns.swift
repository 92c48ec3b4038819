/// Which column of an atom's line holds what, from `Properties=species:S:1:pos:R:3:...`.
struct XYZColumns {
  let total: Int
  let species: Int
  let speciesIsNumber: Bool
  let position: Int
  /// GPUMD's positions that are not wrapped into the cell, beside those that are.
  let unwrapped: Int?
  let velocity: Int?
  let force: Int?
  let region: Int?
  let layer: Int?
  let formalCharge: Int?
  /// The one of the columns that were asked for, if there is one.
  let asked: (name: String, column: Int)?
  /// Plain XYZ does not declare its columns and may have more than the four.
  let mayHaveMore: Bool
  /// What stands on an atom's line, from left to right, for lines in plain form.
  let roles: [Role]

  enum Role {
    case species, position, velocity, force, region, layer, formalCharge, asked, other

    var width: Int {
      switch self {
      case .position, .velocity, .force: 3
      case .species, .region, .layer, .formalCharge, .asked, .other: 1
      }
    }
  }

  /// - Parameter wanted: names of columns of numbers, of which there may be one.
  init(_ properties: String?, wanted: [String] = [], _ lines: LineReader) throws {
    let declared = try Self.parse(properties ?? "species:S:1:pos:R:3", lines)
    func find(_ names: [String], _ type: Character, _ width: Int) throws -> Int? {
      for name in names {
        guard let column = declared.columns[name] else { continue }
        guard column.type == type, column.width == width else {
          // A region in numbers is somebody else's; coordinates in text are a mistake.
          if name == "region" { return nil }
          throw lines.failure(
            "Properties says \(name):\(column.type):\(column.width), expected "
              + "\(name):\(type):\(width)")
        }
        return column.first
      }
      return nil
    }
    let symbols = try find(["species", "symbols", "element"], "S", 1)
    guard ["R", "I", nil].contains(declared.columns["formal_charge"]?.type) else {
      throw lines.failure("Properties says that formal_charge is text, expected formal_charge:R:1")
    }
    guard let species = try symbols ?? find(["Z", "numbers"], "I", 1) else {
      throw lines.failure("Properties has no column species:S:1")
    }
    guard let position = try find(["pos", "positions"], "R", 3) else {
      throw lines.failure("Properties has no column pos:R:3")
    }
    self.species = species
    speciesIsNumber = symbols == nil
    self.position = position
    unwrapped = try find(["unwrapped_position"], "R", 3)
    velocity = try find(["vel", "velo", "velocities"], "R", 3)
    force = try find(["forces", "force"], "R", 3)
    region = try find(["region"], "S", 1)
    layer = try find(["layer"], "I", 1)
    // Whoever wrote whole charges may have called them integers.
    formalCharge = try find(["formal_charge"], declared.columns["formal_charge"]?.type ?? "R", 1)
    let there = wanted.filter { declared.columns[$0] != nil }
    guard there.count <= 1 else {
      throw lines.failure(
        "the atoms have the columns \(there.joined(separator: " and ")); choose one, e.g. "
          + "--column \(there[0])")
    }
    let isWhole = there.first.flatMap { declared.columns[$0]?.type } == "I"
    let number = try find(there, isWhole ? "I" : "R", 1)
    asked = number.flatMap { column in there.first.map { (name: $0, column: column) } }
    total = declared.total
    mayHaveMore = properties == nil
    let known: [(Int?, Role)] = [
      (species, .species), (position, .position), (velocity, .velocity), (force, .force),
      (region, .region), (layer, .layer), (formalCharge, .formalCharge),
      (number, .asked),
    ]
    var roles: [Role] = []
    var column = 0
    while column < total {
      let role = known.first { $0.0 == column }?.1 ?? .other
      roles.append(role)
      column += role.width
    }
    // Atomic numbers, whole cells from unwrapped positions, and a column in two roles go the general
    // way.
    let isTwice = number != nil && !roles.contains(.asked)
    self.roles = speciesIsNumber || unwrapped != nil || isTwice ? [] : roles
  }

  private struct Column {
    let first: Int
    let type: Character
    let width: Int
  }

  private static func parse(
    _ properties: String, _ lines: LineReader
  ) throws -> (columns: [String: Column], total: Int) {
    let parts = properties.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count % 3 == 0 else {
      throw lines.failure(
        "Properties is '\(properties.prefix(80))', expected name:type:count triples")
    }
    var columns: [String: Column] = [:]
    var total = 0
    for start in stride(from: 0, to: parts.count, by: 3) {
      let type = parts[start + 1]
      guard ["S", "R", "I", "L"].contains(type), let width = Int(parts[start + 2]),
        (1...1000).contains(width), total < 10_000
      else {
        throw lines.failure(
          "'\(parts[start...(start + 2)].joined(separator: ":").prefix(80))' in Properties is "
            + "not name:S|R|I|L:count")
      }
      columns[String(parts[start])] = Column(first: total, type: type.first!, width: width)
      total += width
    }
    return (columns, total)
  }
}
