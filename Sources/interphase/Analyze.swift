import Analysis
import ArgumentParser
import Atomistics
import FileFormats
import Foundation

/// `interphase analyze`: what a trajectory says.
struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Bonds, radial distribution and spread from a trajectory.",
    discussion: """
      Reads extended XYZ (also GPUMD's), XDATCAR and LAMMPS dumps, gzipped or not, frame by \
      frame up to the last whole one.

      Example: interphase analyze bonds contact.extxyz.gz --pair P-S --json
      """,
    subcommands: [AnalyzeBonds.self, AnalyzeRDF.self, AnalyzeSpread.self])
}

/// Which frames of which file.
struct TrajectoryOptions: ParsableArguments {
  @Argument(help: "The trajectory: extended XYZ, XDATCAR or a LAMMPS dump, gzipped or not.")
  var trajectory: String

  @Option(help: "Leave out what comes before this time, e.g. \"2 ps\".")
  var from: String?

  @Option(help: "Leave out what comes after this time, e.g. \"10 ps\".")
  var to: String?

  @Option(help: "Take one in so many of the frames that are left.")
  var every = 1

  @Option(
    help: "Time between frames, for a file that does not say (XDATCAR, dumps), e.g. \"0.1 ps\".")
  var timestepBetweenFrames: String?

  @Option(
    help: "The structure that the run started from, for regions and layers that the file lacks.")
  var structure: String?

  @Option(help: "The elements of a LAMMPS dump's types, type 1 first, e.g. Li,P,S.")
  var types: String?

  func validate() throws {
    guard every >= 1 else { throw ValidationError("--every takes a number of 1 or more") }
  }

  /// Hands on the chosen frames in order, and says on standard error where the file was cut off.
  ///
  /// - Parameter needsTimes: whether frames without times are of no use.
  func forEachFrame(
    needsTimes: Bool, _ common: CommonOptions, _ body: (Frame) throws -> Void
  ) throws {
    let start = try from.map(Quantity.time) ?? -Double.infinity
    let end = try to.map(Quantity.time) ?? Double.infinity
    let interval = try timestepBetweenFrames.map(Quantity.time)
    if let interval, interval <= 0 {
      throw ValidationError("--timestep-between-frames takes a time above zero")
    }
    var reader = try TrajectoryReader(
      path: trajectory, frameInterval: interval, origin: try origin())
    var inSpan = 0
    while let frame = try reader.next() {
      guard reader.timesAreKnown || !(needsTimes || from != nil || to != nil) else {
        throw ValidationError(
          "\(trajectory) does not say the time between its frames; give it, e.g. "
            + "--timestep-between-frames \"0.1 ps\"")
      }
      if frame.time > end + 1e-6 { break }
      guard frame.time >= start - 1e-6 else { continue }
      if inSpan % every == 0 { try body(frame) }
      inSpan += 1
    }
    if reader.truncated {
      common.say(
        "interphase: \(trajectory) ends in the middle of frame \(reader.frameCount + 1); the "
          + "\(reader.frameCount) whole frames before it were read")
    }
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
      elementsOfTypes: elements, structure: try structure.map(StructureFile.read))
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
