import ArgumentParser
import FileFormats
import Foundation
import Workflows

struct LearnCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Several calculators' labels of the same frames, in one table.",
    discussion: """
      The first file is the reference, by a better theory than the others; each other file holds \
      labels of the same frames, as `interphase learn label` writes them with another calculator. All \
      are held against the same frames: those that every file has. Forces are compared as they are; \
      energies, whose zeros differ between programs, less a constant per trajectory (the note traj). \
      -o FILE.csv writes the table in full, and FILE-elements.csv the forces by element.

      Example: interphase learn label frames.extxyz --calculator cp2k -o pbe.extxyz
      Example: interphase learn label frames.extxyz --potential nep89 -o nep89.extxyz
      Example: interphase learn compare pbe.extxyz nep89.extxyz
      """)

  @Argument(help: "The reference.")
  var reference: String

  @Argument(help: "The others.")
  var files: [String]

  @Option(help: "The seed of the intervals.")
  var seed: UInt64 = 1

  @OptionGroup var common: CommonOptions

  private struct Output: Encodable {
    let reference: String
    let frames, left_out: Int
    let net_force_eV_per_A: Double
    let rows, elements: [[String: ValidationTable.Value]]
  }

  func validate() throws {
    guard !files.isEmpty else {
      throw ValidationError("name the reference, and at least one other file of labels")
    }
  }

  func run() throws {
    let comparison = try LabelComparison(reference: reference, files, seed: seed)
    let (table, elements) = (comparison.table, comparison.elementTable)
    let files = common.output.map { (all: $0, elements: Self.elementFile(of: $0)) }
    if let files {
      try table.write(to: files.all)
      try elements.write(to: files.elements)
    }
    if common.json {
      return try common.printJSON(
        Output(
          reference: comparison.reference, frames: comparison.frames,
          left_out: comparison.leftOut,
          net_force_eV_per_A: comparison.netForce, rows: table.objects,
          elements: elements.objects))
    }
    print(
      "against \(comparison.reference), \(comparison.frames) frames; its forces add up to at most "
        + String(format: "%.3f eV/Å in one", comparison.netForce))
    for lines in [table.lines, elements.lines] {
      print()
      lines.forEach { print("  " + $0) }
    }
    print()
    if comparison.leftOut > 0 {
      print("\(comparison.leftOut) frames of the reference are not in every file and were left out")
    }
    if let files { print("tables: \(files.all), \(files.elements)") }
  }

  /// Beside the table, forces by element.
  private static func elementFile(of path: String) -> String {
    (path.hasSuffix(".csv") ? String(path.dropLast(4)) : path) + "-elements.csv"
  }
}
