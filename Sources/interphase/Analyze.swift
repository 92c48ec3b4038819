import Analysis
import ArgumentParser
import Atomistics
import FileFormats
import Foundation

/// `interphase analyze`: what a trajectory says.
struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Bonds, phases, radial distribution, spread, displacements and charges from a trajectory.",
    discussion: """
      Reads extended XYZ (also GPUMD's), XDATCAR, vasprun.xml, LAMMPS dumps and CP2K's xyz, \
      gzipped or not, frame by frame up to the last whole one. Atoms that cross the vacuum of a \
      slab are told on standard error.

      Example: interphase analyze bonds contact.extxyz.gz --pair P-S --json
      """,
    subcommands: [
      AnalyzeBonds.self, AnalyzeRDF.self, AnalyzeSpread.self, AnalyzeMSD.self,
      AnalyzeProfile.self, AnalyzePhases.self, AnalyzeCharges.self,
    ])
}

/// Which frames of which file.
struct TrajectoryOptions: ParsableArguments {
  @Argument(
    help: "The trajectory: extended XYZ, XDATCAR, vasprun.xml, LAMMPS dump or CP2K's xyz.")
  var trajectory: String

  @Option(help: "Leave out what comes before this time, e.g. \"2 ps\".")
  var from: String?

  @Option(help: "Leave out what comes after this time, e.g. \"10 ps\".")
  var to: String?

  @Option(help: "Take one in so many of the frames that are left.")
  var every = 1

  @Option(
    name: [.long, .customLong("interval")],
    help: "Time between frames, for a file that does not say (XDATCAR, dumps), e.g. \"0.1 ps\".")
  var timestepBetweenFrames: String?

  @Option(
    help: "The structure that the run started from, for regions and layers that the file lacks.")
  var structure: String?

  @Option(help: "The elements of a LAMMPS dump's types, type 1 first, e.g. Li,P,S.")
  var types: String?

  @Option(
    help: """
      The cell of an xyz file without one: three edges, or nine components of a, b and c, e.g. \
      "20 20 40 Å"; for CP2K the file PROJECT-1.cell beside it serves.
      """)
  var cell: String?

  func validate() throws {
    guard every >= 1 else { throw ValidationError("--every takes a number of 1 or more") }
  }

  /// Hands on the chosen frames in order, and says on standard error where the file was cut off.
  ///
  /// - Parameters:
  ///   - needsTimes: whether frames without times are of no use.
  ///   - columns: names of columns with a number for each atom, of which the file may have one.
  func forEachFrame(
    needsTimes: Bool, columns: [String] = [], _ common: CommonOptions,
    _ body: (Frame) throws -> Void
  ) throws {
    let start = try from.map(Quantity.time) ?? -Double.infinity
    let end = try to.map(Quantity.time) ?? Double.infinity
    let interval = try timestepBetweenFrames.map(Quantity.time)
    if let interval, interval <= 0 {
      throw ValidationError("--timestep-between-frames takes a time above zero")
    }
    var told = try origin()
    told.columns = columns
    var reader = try TrajectoryReader(path: trajectory, frameInterval: interval, origin: told)
    var vacuum = VacuumCrossings()
    var inSpan = 0
    while let frame = try reader.next() {
      guard reader.timesAreKnown || !(needsTimes || from != nil || to != nil) else {
        throw ValidationError(
          "\(trajectory) does not say the time between its frames; give it, e.g. "
            + "--timestep-between-frames \"0.1 ps\"")
      }
      if frame.time > end + 1e-6 { break }
      guard frame.time >= start - 1e-6 else { continue }
      if inSpan % every == 0 {
        do {
          try vacuum.consume(frame)
          try body(frame)
        } catch let error as AnalysisError {
          throw TrajectoryError(path: trajectory, line: reader.lineNumber, error: error)
        }
      }
      inSpan += 1
    }
    if reader.truncated {
      common.say(
        "interphase: \(trajectory) ends in the middle of frame \(reader.frameCount + 1); the "
          + "\(reader.frameCount) whole frames before it were read")
    }
    if let warning = try? vacuum.result().warning { common.say("interphase: \(warning)") }
  }
}

/// What an analysis refuses in a frame, and where that stands.
private struct TrajectoryError: ReportableError {
  let path: String
  /// The last of the frame.
  let line: Int
  let error: AnalysisError

  var kind: FailureKind { error.kind }
  var description: String {
    kind == .usage ? error.description : "\(path), line \(line): \(error.description)"
  }
}

extension TrajectoryOptions {
  private func origin() throws -> TrajectoryOrigin {
    let elements = try types.map { text in
      try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
        guard let element = Element(name.filter { $0 != " " }) else {
          throw AtomisticsError.unknownElement(String(name), context: "in --types '\(text)'")
        }
        return element
      }
    }
    return TrajectoryOrigin(
      elementsOfTypes: elements, structure: try structure.map(StructureFile.read),
      lattice: try cell.map(Self.lattice))
  }

  /// A cell as typed: `20 20 40 Å` or nine components, rows **a**, **b**, **c**.
  private static func lattice(_ text: String) throws -> Lattice {
    let parts = text.split { " ,Å".contains($0) }
    let values = parts.compactMap { Double($0) }
    guard values.count == parts.count, [3, 9].contains(values.count),
      values.allSatisfy({ abs($0) < 1e6 })
    else {
      throw ValidationError(
        "--cell is '\(text)'; expected three edges or nine components in Å, e.g. \"20 20 40 Å\"")
    }
    let rows = values.count == 9 ? values : [values[0], 0, 0, 0, values[1], 0, 0, 0, values[2]]
    return try Lattice(
      validating: Matrix3(
        Vector3(rows[0], rows[1], rows[2]), Vector3(rows[3], rows[4], rows[5]),
        Vector3(rows[6], rows[7], rows[8])))
  }
}

/// Which atoms of the contact.
struct SelectionOptions: ParsableArguments {
  @Option(help: "Only atoms that came from one side of the contact: electrolyte or metal.")
  var region: String?

  @Option(help: "Only atoms that begin within this distance of the other side, e.g. \"6 Å\".")
  var within: String?

  func selection() throws -> AtomSelection {
    guard region == nil || within == nil else {
      throw ValidationError("give --region or --within, not both")
    }
    if let within { return .nearContact(within: try Quantity.length(within)) }
    guard let region else { return .all }
    guard let side = Region(rawValue: region) else {
      throw ValidationError("--region is '\(region)'; expected electrolyte or metal")
    }
    return .region(side)
  }
}

/// The cluster that --cluster names or describes.
func namedCluster(_ text: String) throws -> Cluster {
  if text.contains(":") { return try Cluster(parsing: text) }
  guard let known = Cluster.known.first(where: { $0.name == text }) else {
    throw ValidationError(
      "--cluster is '\(text)'; expected " + Cluster.known.map(\.name).joined(separator: ", ")
        + ", or one described like 'NO3: N-O3, 1.25 Å, -1'")
  }
  return known
}

/// The two elements of `P-S`; "any" stands for all.
func elementPair(_ text: String, anyAllowed: Bool) throws -> [Element?] {
  let names = text.split(separator: "-", omittingEmptySubsequences: false)
  guard names.count == 2, !names.contains("") else {
    throw ValidationError("--pair is '\(text)'; expected two elements, e.g. P-S")
  }
  return try names.map { name in
    if anyAllowed && name == "any" { return nil }
    guard let element = Element(name) else {
      throw AtomisticsError.unknownElement(String(name), context: "in --pair '\(text)'")
    }
    return element
  }
}

/// About ten of so many rows, evenly, the first and the last among them.
func tableRows(_ count: Int) -> [Int] {
  guard count > 11 else { return Array(0..<count) }
  return (0...10).map { $0 * (count - 1) / 10 }
}

/// A number in a column of text.
func cell(_ value: Double, _ decimals: Int, width: Int = 10) -> String {
  let text = CSVTable.field(value, decimals: decimals)
  return String(repeating: " ", count: max(0, width - text.count)) + text
}

/// Column heads, right-aligned as the cells below them.
func heads(_ names: [String], width: Int = 10) -> String {
  names.map { String(repeating: " ", count: max(0, width - $0.count)) + $0 }.joined()
}
