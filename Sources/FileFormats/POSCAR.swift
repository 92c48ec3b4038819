import Atomistics

/// POSCAR and CONTCAR of VASP 5 and later: read and written.
///
/// Reads Direct and Cartesian coordinates, selective dynamics (the flags are dropped: structures
/// hold no constraints) and Cartesian velocities (Å/fs). Velocities that are all zero, as a
/// relaxation leaves them, count as none. Structures are periodic along all axes; regions, layers,
/// formal charges and periodicity cannot be written. Where a file with the same name and `.order`
/// lies beside it (`POSCAROrder`), atoms are put back into the order from which it was written.
///
/// Format: https://www.vasp.at/wiki/index.php/POSCAR.
public struct POSCAR: WritableFormat {
  public init() {}

  public let name = "VASP structure (POSCAR, CONTCAR, .vasp, .poscar)"

  public func claims(fileName: String) -> Bool {
    fileName.hasPrefix("poscar") || fileName.hasPrefix("contcar") || fileName.hasSuffix(".vasp")
      || fileName.hasSuffix(".poscar") || fileName.hasSuffix(".contcar")
  }

  public func claims(head: [String]) -> Bool {
    guard head.count >= 8 else { return false }
    func numbers(_ line: String) -> Int { fields(line).prefix { Double($0) != nil }.count }
    return [1, 3].contains(numbers(head[1])) && numbers(head[2]) == 3 && numbers(head[3]) == 3
      && numbers(head[4]) == 3 && !head[7].lowercased().hasPrefix("direct configuration")
  }

  public func readStructure(from lines: LineReader) throws -> Structure {
    var structure = try Self.structure(from: lines)
    structure.velocities = try velocities(structure.count, lines)
    let order = try POSCAROrder.read(beside: lines.path, count: structure.count)
    return order.map { structure.selecting($0.back) } ?? structure
  }

  /// The part up to the last atom, with which VASP's densities begin, too.
  static func structure(from lines: LineReader) throws -> Structure {
    guard try lines.next() != nil else {
      throw FileFormatsError.badFile(path: lines.path, line: nil, reason: "the file is empty")
    }
    let header = try VASPHeader(afterTitle: lines)
    var mode = try lines.requiredLine()
    let selective = initial(mode) == "s"
    if selective { mode = try lines.requiredLine() }
    let cartesian = try isCartesian(mode, lines)
    var positions: [Vector3] = []
    for index in header.species.indices {
      let parts = fields(try lines.requiredLine())
      let s = try lines.vector(parts, "the coordinates of atom \(index + 1)")
      try checkFlags(parts, selective: selective, lines)
      positions.append(cartesian ? s * header.scale : header.lattice.cartesian(s))
    }
    return Structure(lattice: header.lattice, species: header.species, positions: positions)
  }

  private static func initial(_ line: String) -> Character? {
    fields(line).first?.first.map { Character($0.lowercased()) }
  }

  private static func isCartesian(_ line: String, _ lines: LineReader) throws -> Bool {
    switch initial(line) {
    case "c", "k": return true
    case "d": return false
    default:
      throw lines.failure(
        "expected 'Direct' or 'Cartesian' (or 'Selective dynamics'), found '\(line.prefix(60))'")
    }
  }

  private static func checkFlags(
    _ parts: [Substring], selective: Bool, _ lines: LineReader
  ) throws {
    guard selective else { return }
    let flags = parts.dropFirst(3).prefix(3)
    guard flags.count == 3, flags.allSatisfy({ "TtFf.".contains($0.first ?? " ") }) else {
      throw lines.failure("selective dynamics: expected three of T or F behind the coordinates")
    }
  }

  /// Velocities may follow after a blank line or one that says Cartesian; others are left alone.
  private func velocities(_ count: Int, _ lines: LineReader) throws -> [Vector3]? {
    guard let mode = try lines.next() else { return nil }
    guard fields(mode).isEmpty || ["c", "k"].contains(Self.initial(mode)) else { return nil }
    guard let first = try lines.next(), !fields(first).isEmpty else { return nil }
    var velocities = [try lines.vector(fields(first), "the velocity")]
    while velocities.count < count {
      velocities.append(try lines.vector(fields(try lines.requiredLine()), "the velocity"))
    }
    return velocities.allSatisfy { $0 == .zero } ? nil : velocities
  }

  public func text(of structure: Structure) -> String { Self.ordered(structure).text }

  /// The text, in which atoms stand grouped by element, and the atoms' order in it.
  ///
  /// - Returns: `order[k]` is the index in `structure` of the k-th atom of the file. Elements come
  ///   in the order in which the structure first has them.
  public static func ordered(_ structure: Structure) -> (text: String, order: [Int]) {
    var elements: [Element] = []
    var members: [Element: [Int]] = [:]
    for (index, element) in structure.species.enumerated() {
      if members[element] == nil { elements.append(element) }
      members[element, default: []].append(index)
    }
    let order = elements.flatMap { members[$0, default: []] }
    func row(_ v: Vector3) -> String { "\(v.x) \(v.y) \(v.z)" }
    var lines = [structure.composition.formula, "1.0"]
    lines += [structure.lattice.a, structure.lattice.b, structure.lattice.c].map(row)
    lines.append(elements.map(\.symbol).joined(separator: " "))
    lines.append(elements.map { "\(members[$0, default: []].count)" }.joined(separator: " "))
    lines.append("Cartesian")
    lines += order.map { row(structure.positions[$0]) }
    if let velocities = structure.velocities {
      lines.append("Cartesian")
      lines += order.map { row(velocities[$0]) }
    }
    return (lines.joined(separator: "\n") + "\n", order)
  }
}
