import Atomistics
import Foundation

/// Structures in files, whatever the format.
public enum StructureFile {
  /// Every format that the program knows, in the order in which contents are tried.
  public static let formats: [any FileFormat] = [
    ExtendedXYZ(), CP2KXYZ(), CIF(), XDATCAR(), POSCAR(), LAMMPSDump(), VASPRunTrajectory(),
  ]

  /// Reads a structure, plain or gzip; the name tells the format, or else the content.
  ///
  /// Of a file with several frames the last is read. The structure has passed
  /// `Structure.validate()`.
  ///
  /// - Throws: `FileFormatsError` with file and line.
  public static func read(_ path: String) throws -> Structure {
    let format = try format(of: path)
    let structure = try format.readStructure(from: LineReader(path: path))
    try check(structure, path: path)
    return structure
  }

  /// Writes a structure in the format that the name tells, whole or not at all.
  ///
  /// - Throws: `FileFormatsError.unknownFormat` or `.cannotWrite`.
  public static func write(_ structure: Structure, to path: String) throws {
    let name = baseName(path)
    let format = formats.lazy.compactMap { $0 as? any WritableFormat }
      .first { $0.claims(fileName: name) }
    guard let format, !path.lowercased().hasSuffix(".gz") else {
      throw FileFormatsError.unknownFormat(
        path,
        expected: "a name of a format that is written, without .gz: "
          + names { $0 is any WritableFormat })
    }
    try AtomicFile.write(format.text(of: structure), to: path)
  }

  /// The format of a file, by its name, or else by its first lines; these also tell formats apart
  /// that share a name, of which the first is the most general.
  static func format(of path: String) throws -> any FileFormat {
    let name = baseName(path)
    let reader = try LineReader(path: path)
    let named = formats.filter { $0.claims(fileName: name) }
    if let general = named.first {
      guard named.count > 1 else { return general }
      // Damage is told by the format that reads it.
      var head: [String] = []
      while head.count < 3, let line = try? reader.next() { head.append(line) }
      return named.first { $0.claims(head: head) } ?? general
    }
    var head: [String] = []
    while head.count < 200, let line = try reader.next() { head.append(line) }
    if let format = formats.first(where: { $0.claims(head: head) }) { return format }
    throw FileFormatsError.unknownFormat(path, expected: names { _ in true })
  }

  static func names(where included: (any FileFormat) -> Bool) -> String {
    formats.filter(included).map(\.name).joined(separator: ", ")
  }

  /// The name without directories and `.gz`, in lower case.
  private static func baseName(_ path: String) -> String {
    let last = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    return last.hasSuffix(".gz") ? String(last.dropLast(3)) : last
  }

  /// What no calculation survives, cheapest first, so that nonsense is not searched for pairs.
  static func check(_ structure: Structure, path: String) throws {
    func failure(_ reason: String) -> FileFormatsError {
      .badFile(path: path, line: nil, reason: reason)
    }
    let density = Double(structure.count) / structure.volume
    guard density < 1 || structure.periodic.contains(false) else {
      throw failure(
        "\(structure.count) atoms in \(structure.volume) Å³ are denser than any matter; check "
          + "units (Å expected) and the lattice")
    }
    var seen: [Vector3: Int] = [:]
    for (index, position) in structure.positions.enumerated() {
      guard let other = seen.updateValue(index, forKey: position) else { continue }
      throw failure(
        "atoms \(other + 1) (\(structure.species[other])) and \(index + 1) "
          + "(\(structure.species[index])) stand in the same place; remove one of them")
    }
    do {
      try structure.validate()
    } catch let error as AtomisticsError {
      throw failure(error.description)
    }
  }
}
