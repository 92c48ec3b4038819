import ArgumentParser
import FileFormats
import Thermodynamics
import Workflows

/// `interphase entries collect`: several files into one table.
struct EntriesCollect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "collect",
    abstract: "Several files of entries into one CSV table.",
    discussion: """
      Reads CSV, pymatgen's and OPTIMADE's JSON, vasprun.xml and extended XYZ, gzipped or not. \
      Energies that cannot be compared are refused with what was found. Several entries of one \
      composition are all kept.

      Example: interphase entries collect mp.json own.extxyz -o phases.csv
      """)

  @Argument(help: "The files.")
  var files: [String]

  @Option(help: "The correction scheme, where a table has several (default: mp2020).")
  var scheme: CorrectionScheme?

  @OptionGroup var common: CommonOptions

  func validate() throws {
    if files.isEmpty { throw ValidationError("Name one or more files.") }
    if common.output == nil { throw ValidationError("Name the table to write with -o.") }
  }

  func run() throws {
    let table = try EntryTable(paths: files, scheme: scheme)
    for warning in table.warnings { common.say("interphase: \(warning)") }
    if let path = common.output {
      try AtomicFile.write(table.csv(comments: ["Entries from: " + table.name]), to: path)
    }
    let result = CollectOutput(table)
    if common.json { try common.printJSON(result) } else { print(result.text) }
  }
}

/// The JSON object of `entries collect`.
private struct CollectOutput: Encodable {
  let entries: Int
  let compositions: Int
  let elements: [String]
  let scale: String
  let scheme: Nullable<String>
  let functionals: [String: Int]
  let warnings: [String]

  init(_ table: EntryTable) {
    entries = table.entries.count
    compositions = table.compositionCount
    elements = Set(table.entries.flatMap(\.composition.elements)).sorted().map(\.symbol)
    scale = table.scale.rawValue
    scheme = Nullable(table.scheme?.rawValue)
    functionals = table.entries.reduce(into: [:]) {
      $0[$1.functional ?? "unknown", default: 0] += 1
    }
    warnings = table.warnings
  }

  var text: String {
    let kinds = functionals.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    return """
      Entries        \(entries) of \(compositions) compositions
      Elements       \(elements.joined(separator: ", "))
      Energies       \(scale), scheme \(scheme.value ?? "not told")
      Functionals    \(kinds.joined(separator: ", "))
      """
  }
}
