import Atomistics
import Dynamics
import FileFormats
import Foundation
import Potentials

/// A structure that is to become an entry.
struct EntryJob: Sendable {
  /// The path as given.
  let source: String
  /// The file's name, with its folder where another has the same.
  let id: String
  let digest: String
  let structure: Structure

  /// All structures, read and checked before anything is computed.
  static func jobs(_ files: [String], calculator: any Calculator) throws -> [EntryJob] {
    var sources: [String] = []
    for file in files where !sources.contains(file) { sources.append(file) }
    let names = sources.map { name(of: $0, components: 1) }
    let ids = zip(sources, names).map { source, name in
      names.count { $0 == name } > 1 ? self.name(of: source, components: 2) : name
    }
    return try zip(sources, ids).map { source, id in
      guard ids.count(where: { $0 == id }) == 1 else {
        throw WorkflowsError.badRun(
          directory: source, reason: "another structure is called \(id) too; rename one of them")
      }
      let structure = try StructureFile.read(source)
      try calculator.validate(Set(structure.species))
      return EntryJob(
        source: source, id: id, digest: try SHA256Digest.hex(ofFile: source),
        structure: structure)
    }
  }

  private static func name(of path: String, components: Int) -> String {
    path.split(separator: "/").suffix(components).joined(separator: "/")
  }

  func relaxedFile(in directory: String) -> String {
    let flat = id.replacingOccurrences(of: "/", with: "-")
    return directory + "/" + flat + "-relaxed.extxyz"
  }
}

/// A row of the table that `EntryComputation` writes and `EntryTable(csv:)` reads.
///
/// | column | unit |
/// |---|---|
/// | `energy_eV_per_atom` | eV/atom, the potential's total energy |
/// | `volume_A3_per_atom` | Å³ |
/// | `largest_force_eV_per_A`, `largest_stress_GPa` | what is left after relaxing |
/// | `cell` | `flexible` or `fixed` |
/// | `structure_sha256`, `potential_sha256` | of the files |
public struct EntryRow: Sendable, Hashable {
  static let header = [
    "formula", "entry_id", "energy_eV_per_atom", "functional", "atoms", "volume_A3_per_atom",
    "largest_force_eV_per_A", "largest_stress_GPa", "steps", "cell", "source",
    "structure_sha256", "potential_sha256",
  ]

  let fields: [String]

  public var formula: String { self["formula"] }
  public var id: String { self["entry_id"] }
  public var energyPerAtom: Double? { Double(self["energy_eV_per_atom"]) }
  public var functional: String { self["functional"] }
  public var cell: String { self["cell"] }
  public var source: String { self["source"] }
  public var structureDigest: String { self["structure_sha256"] }
  public var potentialDigest: String { self["potential_sha256"] }

  /// What a column says.
  public subscript(column: String) -> String {
    guard let index = Self.header.firstIndex(of: column) else { return "" }
    return fields[index]
  }

  init(fields: [String]) { self.fields = fields }

  init(
    _ job: EntryJob, _ result: RelaxationResult, functional: String, potential: String,
    cell: String
  ) {
    let count = Double(result.structure.count)
    // A field with a line break would be a row of its own to the reader of entries.
    func oneLine(_ text: String) -> String {
      text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
    fields = [
      result.structure.composition.reduced.formula, oneLine(job.id),
      CSVTable.field(result.energy / count), oneLine(functional), "\(result.structure.count)",
      CSVTable.field(result.structure.volume / count),
      CSVTable.field(result.largestForce, decimals: 6),
      CSVTable.field(result.largestStress * Units.gigapascal, decimals: 6), "\(result.steps)",
      cell, oneLine(job.source), job.digest, potential,
    ]
  }

  /// The rows of a table that is there; none if there is no such file.
  ///
  /// - Throws: `WorkflowsError.badRun` where it is another table.
  static func read(_ path: String) throws -> [EntryRow] {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { return [] }
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    let type = attributes?[.type] as? FileAttributeType
    guard !isDirectory.boolValue, type == .typeRegular || type == .typeSymbolicLink else {
      throw FileFormatsError.cannotWrite(
        path, reason: "the table grows row by row; name a file, no directory and no device")
    }
    let table = try CSVTable(path: path)
    guard table.header == header else {
      throw WorkflowsError.badRun(
        directory: path,
        reason:
          "it is not a table that `interphase entries compute` wrote, and is left alone; name "
          + "another file")
    }
    return table.rows.map(EntryRow.init(fields:))
  }

  static func write(_ rows: [EntryRow], to path: String) throws {
    try CSVTable(header: header, rows: rows.map(\.fields)).write(to: path)
  }

  /// Without the rows of structures that have changed since.
  static func dropping(changed jobs: [EntryJob], from rows: [EntryRow]) -> [EntryRow] {
    let digests = Dictionary(
      jobs.map { ($0.source, $0.digest) }, uniquingKeysWith: { first, _ in first })
    return rows.filter { row in digests[row.source].map { $0 == row.structureDigest } ?? true }
  }

  /// Rows of other structures first, as they were, then those of `order` in its order.
  static func ordered(_ rows: [EntryRow], _ order: [String]) -> [EntryRow] {
    let others = rows.filter { !order.contains($0.source) }
    return others + order.flatMap { source in rows.filter { $0.source == source } }
  }
}
