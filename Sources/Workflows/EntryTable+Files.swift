import Atomistics
import FileFormats
import Foundation
import Thermodynamics

extension EntryTable {
  /// Reads a table of entries from a file, plain or gzip.
  public init(path: String, scheme: CorrectionScheme?) throws {
    self = try Self.reading(path, scheme: scheme).refusingMixedFunctionals()
  }

  /// Reads one table from several files; every file is told by what it holds.
  ///
  /// - Throws: as the formats do, and `ThermodynamicsError.mixture` where their energies may not be
  ///   compared.
  public init(paths: [String], scheme: CorrectionScheme?) throws {
    guard !paths.isEmpty else {
      throw ThermodynamicsError.badTable(
        name: "entries", line: nil, reason: "no file is named; expected one or more")
    }
    let tables = try paths.map { try Self.reading($0, scheme: scheme) }
    let name = tables.map(\.name).joined(separator: ", ")
    self = try Self.combined(tables, name: name)
  }

  /// The order in which formats are tried: VASP's XML, extended XYZ by its first lines, then
  /// JSON by its first character, then comma-separated values.
  private static func reading(_ path: String, scheme: CorrectionScheme?) throws -> EntryTable {
    // A run can be larger than memory: only its first lines are read here.
    let lines = try LineReader(path: path)
    var first: [String] = []
    while first.count < 3, let line = try lines.next() { first.append(line) }
    if VASPRun.claims(head: first) {
      let table = try EntryTable(vaspRun: path)
      guard let scheme, let own = table.scheme, own != scheme else { return table }
      throw ThermodynamicsError.badTable(
        name: path, line: nil,
        reason: "its energy (\(table.entries[0].formula)) carries no corrections, not those of "
          + scheme.rawValue)
    }
    let text = try InputFile.text(path)
    let head = text.split(separator: "\n", maxSplits: 3, omittingEmptySubsequences: false)
      .prefix(3).map(String.init)
    // A line with nothing but a number begins a frame, never a table.
    let isCount = head.first.map { Int($0.filter { !$0.isWhitespace }) != nil } ?? false
    if isCount || ExtendedXYZ().claims(head: head) {
      return try EntryTable(extendedXYZ: text, name: path)
    }
    return try EntryTable(text: text, name: path, scheme: scheme)
  }
}
