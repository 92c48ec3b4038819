import ArgumentParser
import Atomistics
import FileFormats
import Foundation
import Potentials
import Workflows

struct PotentialActiveSet: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "active-set",
    abstract: "Choose the environments that extrapolation grades are measured against.",
    discussion: """
      Reads the frames that the potential was fitted to (or that it is trusted on) and keeps, of \
      each element, the environments that span the others (MaxVol). With the set, `interphase md \
      --active-set` gives every atom a grade at every step: up to 1 it is within the set, above it \
      the potential extrapolates. The rank is the number of independent environments; directions \
      that the set does not have count as extrapolation.

      Example: interphase potential active-set nep.txt train.extxyz -o active-set.json
      """)

  @Argument(help: "The potential's name, or the path of a nep.txt file.")
  var name: String

  @Argument(help: "The frames, extended XYZ.")
  var file: String

  @OptionGroup var threading: ThreadOptions

  @OptionGroup var common: CommonOptions

  private struct Row: Encodable {
    let element: String
    let environments, rank: Int
  }

  private struct Result: Encodable {
    let file: String
    let frames, passes, neurons: Int
    let largest_grade: Double
    let species: [Row]
  }

  func validate() throws {
    guard common.output != nil else {
      throw ValidationError("give the file of the active set with -o FILE")
    }
  }

  func run() throws {
    let known = try PotentialFile(name, threads: threading.count)
    let selection = try ActiveSetSelection(
      file: file, potential: known.potential, say: common.say)
    let output = common.output ?? "active-set.json"
    try ActiveSetFile.write(selection.set, potentialSHA256: known.sha256, to: output)
    let rows = selection.set.parts.sorted { $0.key < $1.key }.map {
      Row(element: $0.key.symbol, environments: $0.value.environments, rank: $0.value.rank)
    }
    if common.json {
      return try common.printJSON(
        Result(
          file: output, frames: selection.frames, passes: selection.passes,
          neurons: selection.set.neurons, largest_grade: selection.largestGrade, species: rows))
    }
    for row in rows {
      print(
        "\(row.element): \(row.environments) environments, rank \(row.rank) of "
          + "\(selection.set.neurons)")
    }
    print("largest grade of the \(selection.frames) frames: \(selection.largestGrade)")
    print("written to \(output)")
  }
}
