import ArgumentParser
import FileFormats
import Foundation
import Potentials
import Workflows

struct LearnSelect: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "select",
    abstract: "Those frames that are worth a label.",
    discussion: """
      Chooses farthest frames first: the distance of a frame is that of the one of its atoms whose \
      surroundings are most unlike those of all atoms of its element chosen before, by the scaled \
      descriptors of --potential. Frames of --known count as chosen. Unphysical frames and doubles are \
      left out. Chosen frames are written in the order of choice, with labels and notes that they have; \
      NAME.csv says of each why it was taken.

      Without --potential the descriptors are those of an untrained one, scaled by their range over the \
      frames. --grade leaves out frames without an atom of a larger extrapolation grade than that.

      Example: interphase learn select frames.extxyz --potential nep.txt --known labelled.extxyz \
      --count 200 -o chosen.extxyz
      """)

  @Argument(help: "The frames, extended XYZ.") var files: [String]
  @Option(help: "The potential whose descriptors tell environments apart.") var potential: String?
  @Option(parsing: .upToNextOption, help: "Frames that are known already.") var known: [String] = []
  @Option(help: "Choose at most so many.") var count: Int?
  @Option(help: "Choose none that is nearer than this to those before it.") var distance = 0.002
  @Option(help: "Leave out frames without an atom of a grade above this; needs --active-set.")
  var grade: Double?
  @Option(help: "The active set of the potential (interphase potential active-set).")
  var activeSet: String?
  @Option(help: "Frames with a pair nearer than this times its covalent radii are unphysical.")
  var closest = ClosePair.usualLimit
  @Option(help: "Labelled frames with a larger force, in eV/Å, are unphysical.")
  var largestForce: Double?
  @OptionGroup var threading: ThreadOptions
  @OptionGroup var common: CommonOptions

  private struct Output: Encodable {
    let file, table: String
    let frames, duplicates, within_grade, near, beyond_count: Int
    let unphysical: [String: Int]
    let farthest_left: Double?
    let chosen: [FrameSelection.Choice]
  }

  func validate() throws {
    guard common.output != nil else {
      throw ValidationError("name the file of chosen frames with -o FILE.extxyz")
    }
    guard !files.isEmpty else { throw ValidationError("name at least one file of frames") }
    guard count ?? 1 >= 1 else { throw ValidationError("--count is at least 1") }
    guard distance >= 0 else { throw ValidationError("--distance is not negative") }
    guard largestForce ?? 1 > 0 else { throw ValidationError("--largest-force is above 0 eV/Å") }
    guard (grade == nil) == (activeSet == nil), activeSet == nil || potential != nil else {
      throw ValidationError("--grade, --active-set and --potential go together")
    }
  }

  func run() throws {
    let output = common.output ?? ""
    var selection = FrameSelection(potential: try load())
    selection.count = count
    selection.distance = distance
    selection.grade = grade
    selection.closest = closest
    selection.largestForce = largestForce
    selection.threads = threading.count
    Interruption.listen()
    let line = ProgressLine(quiet: common.quiet)
    let result = try selection.select(files, known: known, to: output) { line.show($0) }
    line.end()
    try show(result, output)
  }

  private func load() throws -> NEPPotential? {
    guard let potential else { return nil }
    let known = try PotentialFile(potential)
    guard let activeSet else { return known.potential }
    return known.potential.graded(
      against: try ActiveSetFile.read(
        activeSet, potentialSHA256: known.sha256, neurons: known.potential.header.neurons))
  }

  private func show(_ result: FrameSelection.Result, _ output: String) throws {
    let table = FrameSelection.table(of: output)
    if common.json {
      return try common.printJSON(
        Output(
          file: output, table: table, frames: result.frames, duplicates: result.duplicates,
          within_grade: result.withinGrade, near: result.near, beyond_count: result.beyondCount,
          unphysical: result.unphysical,
          farthest_left: result.farthestLeft.flatMap { $0.isFinite ? $0 : nil },
          chosen: result.chosen))
    }
    print(
      "\(result.chosen.count) of \(result.frames) frames chosen: \(output), reasons in \(table)")
    for (reason, number) in result.unphysical.sorted(by: { $0.key < $1.key }) {
      print("\(number) unphysical: \(reason)")
    }
    for (number, what) in [
      (result.duplicates, "known, or equal to one before"),
      (result.withinGrade, "within the grade"),
      (result.near, "nearer than \(distance) to those chosen"),
      (result.beyondCount, "beyond the count"),
    ] where number > 0 { print("\(number) left out: \(what)") }
    if let left = result.farthestLeft { print(String(format: "the farthest left: %.4f", left)) }
  }
}
