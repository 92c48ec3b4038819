import Atomistics

/// `ACF.dat` of the program `bader` (Henkelman's group): the electrons of each atom's basin.
///
///     #         X           Y           Z       CHARGE      MIN DIST   ATOMIC VOL
///     ----------------------------------------------------------------------------
///        1    0.000000    0.000000    0.000000    0.123456     1.234567   12.345678
///     ----------------------------------------------------------------------------
///        VACUUM CHARGE:               0.0000
///        VACUUM VOLUME:               0.0000
///        NUMBER OF ELECTRONS:       320.0000
///
/// The column CHARGE holds electrons, not charges. Lengths are in the unit of the density's file: Å for
/// CHGCAR, Bohr for cube files; which one, the file does not say.
///
/// Program: https://theory.cm.utexas.edu/henkelman/code/bader/.
public struct BaderACF: Sendable {
  public let path: String
  /// Of each atom in its basin.
  public let electrons: [Double]
  /// In the unit of the density's file.
  public let positions: [Vector3]
  /// Electrons that belong to no atom; 0 where the file does not say.
  public let vacuumElectrons: Double

  /// Positions of one snapshot agree this well (Å), after rounding to four decimals or more.
  private static let tolerance = 0.02

  /// - Throws: `FileFormatsError.missing`, `.unreadable`, `.truncated`, `.badFile`.
  public init(path: String) throws { try self.init(LineReader(path: path)) }

  init(_ lines: LineReader) throws {
    path = lines.path
    guard let head = try lines.nextFilledLine() else {
      throw FileFormatsError.badFile(path: lines.path, line: nil, reason: "the file is empty")
    }
    guard fields(head).map({ $0.uppercased() }).starts(with: ["#", "X", "Y", "Z", "CHARGE"]) else {
      throw lines.failure(
        "expected the header '# X Y Z CHARGE MIN DIST ATOMIC VOL' of an ACF.dat, found "
          + "'\(head.prefix(60))'")
    }
    guard Self.isRule(try lines.requiredLine()) else {
      throw lines.failure("expected a line of dashes below the header")
    }
    var (electrons, positions): ([Double], [Vector3]) = ([], [])
    while true {
      let line = try lines.requiredLine()
      if Self.isRule(line) { break }
      let parts = fields(line)
      guard parts.count >= 5, let number = parts.first, Int(number) == electrons.count + 1 else {
        throw lines.failure(
          "expected the row of atom \(electrons.count + 1) with X, Y, Z and CHARGE, found "
            + "'\(line.prefix(60))'")
      }
      positions.append(try lines.vector(parts, from: 1, "the number and the position"))
      electrons.append(try lines.number(parts[4], "the electrons"))
    }
    guard !electrons.isEmpty else { throw lines.failure("the table holds no atom") }
    self.electrons = electrons
    self.positions = positions
    vacuumElectrons = try Self.tail(electrons, lines)
  }

  private static func isRule(_ line: String) -> Bool {
    let parts = fields(line)
    return parts.count == 1 && parts[0].count > 5 && parts[0].allSatisfy { $0 == "-" }
  }

  /// What stands below the table, held against it; gives the electrons of the vacuum.
  private static func tail(_ electrons: [Double], _ lines: LineReader) throws -> Double {
    var values: [String: Double] = [:]
    while let line = try lines.nextFilledLine() {
      let sides = line.split(separator: ":", maxSplits: 1)
      guard sides.count == 2, let number = fields(sides[1]).first else {
        throw lines.failure("'\(line.prefix(60))' stands below the table; expected VACUUM CHARGE")
      }
      let name = fields(sides[0]).joined(separator: " ").uppercased()
      guard let value = Double(number), value.isFinite else {
        throw lines.failure("\(name) is '\(number)', expected a finite number")
      }
      values[name] = value
    }
    let vacuum = values["VACUUM CHARGE"] ?? 0
    guard let stated = values["NUMBER OF ELECTRONS"] else {
      throw FileFormatsError.truncated(lines.path, line: lines.lineNumber)
    }
    let sum = electrons.reduce(0, +)
    // Versions count the vacuum in or not; every row is rounded to four decimals or more.
    let allowed = 0.01 + 1e-4 * Double(electrons.count)
    guard min(abs(sum - stated), abs(sum + vacuum - stated)) <= allowed else {
      throw lines.failure(
        "the atoms have \(rounded(sum)) electrons and the vacuum \(rounded(vacuum)), but the file "
          + "says that there are \(rounded(stated)): rows are missing or were changed")
    }
    return vacuum
  }

  /// The first atom (from 0) that does not lie where the structure has it, in Å or in Bohr and up to a
  /// shift of the whole; nil where all do.
  ///
  /// - Returns: the atom, and how far off it is in Å (in the better of the two units).
  public func misplacedAtom(in structure: Structure) -> (atom: Int, distance: Double)? {
    precondition(structure.count == positions.count, "one row for each atom")
    let found = [1, Units.bohr].map { unit in
      Self.misplacedAtom(positions.map { $0 * unit }, structure)
    }
    guard let first = found[0], let second = found[1] else { return nil }
    return first.distance < second.distance ? first : second
  }

  private static func misplacedAtom(
    _ positions: [Vector3], _ structure: Structure
  ) -> (atom: Int, distance: Double)? {
    let lattice = structure.lattice
    let offsets = zip(positions, structure.positions).map { lattice.fractional($0 - $1) }
    for (atom, offset) in offsets.enumerated() {
      var difference = offset - offsets[0]
      difference -= difference.rounded(.toNearestOrEven)
      let distance = lattice.cartesian(difference).length
      if distance > tolerance { return (atom, distance) }
    }
    return nil
  }

  private static func rounded(_ value: Double) -> Double { (value * 1e4).rounded() / 1e4 }
}
