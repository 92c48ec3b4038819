import Analysis
import ArgumentParser
import Atomistics
import FileFormats

/// `interphase analyze msd`: mean squared displacement and diffusivity.
struct AnalyzeMSD: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "msd",
    abstract: "Mean squared displacement of a species, and its diffusivity with an error.",
    discussion: """
      Unwrapped, over all origins, the centre of mass of all atoms held still; in the plane of the \
      contact, across it and in all; of all atoms and of those of each side where the trajectory \
      says which atom came from which. The diffusivity is the mean slope of independent segments of \
      the trajectory, its error their scatter.

      Examples:
        interphase analyze msd XDATCAR --species Li --timestep-between-frames "0.1 ps"
        interphase analyze msd contact.extxyz.gz --species Li --fit-from "2 ps" --fit-to "10 ps" -o msd.csv
      """,
    aliases: ["diffusion"])

  @OptionGroup var frames: TrajectoryOptions
  @OptionGroup var atoms: SelectionOptions
  @OptionGroup var common: CommonOptions

  @Option(help: "The element, e.g. Li, or \"any\".")
  var species: String

  @Option(help: "The lag from which the slope is taken (default: a quarter of the end).")
  var fitFrom: String?

  @Option(help: "The lag up to which the slope is taken (default: a tenth of the trajectory).")
  var fitTo: String?

  @Flag(help: "Do not take out the motion of the centre of mass.")
  var keepDrift = false

  func validate() throws {
    guard (fitFrom == nil) == (fitTo == nil) else {
      throw ValidationError("give --fit-from and --fit-to together")
    }
  }

  func run() throws {
    let element = try chosenElement()
    let selection = try atoms.selection()
    var all = try analysis(element, selection)
    var sides: [Region: MeanSquaredDisplacement] = [:]
    var isFirst = true
    try frames.forEachFrame(needsTimes: true, common) { frame in
      if isFirst, selection == .all {
        for region in sidesHolding(element, in: frame.structure) {
          sides[region] = try analysis(element, .region(region))
        }
      }
      isFirst = false
      try all.consume(frame)
      for side in sides.keys { try sides[side]?.consume(frame) }
    }
    let output = try AnalysisBySide(all, sides: sides)
    for (name, part) in output.columns {
      for warning in part.warnings {
        common.say("interphase: \(name.isEmpty ? "" : "\(name.dropFirst()): ")\(warning)")
      }
    }
    if let path = common.output { try table(output).write(to: path) }
    if common.json { try common.printJSON(output) } else { print(summary(output)) }
  }

  private func chosenElement() throws -> Element? {
    guard species != "any" else { return nil }
    guard let element = Element(species) else {
      throw AtomisticsError.unknownElement(species, context: "in --species")
    }
    return element
  }

  private func analysis(
    _ element: Element?, _ selection: AtomSelection
  ) throws -> MeanSquaredDisplacement {
    var range: ClosedRange<Double>?
    if let fitFrom, let fitTo {
      let (start, end) = (try Quantity.time(fitFrom), try Quantity.time(fitTo))
      guard start > 0, end > start else {
        throw ValidationError("--fit-from takes a time above zero, --fit-to a later one")
      }
      range = start...end
    }
    return try MeanSquaredDisplacement(
      element, selection: selection, removesDrift: !keepDrift, fitRange: range)
  }

  private func table(_ output: AnalysisBySide<SquaredDisplacements>) -> CSVTable {
    let columns = output.columns
    return CSVTable(
      header: ["lag_ps", "origins"]
        + columns.flatMap { column in
          ["msd_A2", "msdInPlane_A2", "msdNormal_A2"].map { $0 + column.name }
        },
      rows: output.all.lags_ps.indices.map { k in
        [CSVTable.field(output.all.lags_ps[k]), "\(output.all.origins[k])"]
          + columns.flatMap { column in
            [
              column.part.msd_A2[k], column.part.msdInPlane_A2[k], column.part.msdNormal_A2[k],
            ].map { CSVTable.field($0) }
          }
      },
      comments: columns.flatMap { diffusivities($0.part) })
  }

  private func summary(_ output: AnalysisBySide<SquaredDisplacements>) -> String {
    let columns = output.columns
    var lines = [
      "mean squared displacement of \(output.all.atoms) \(output.all.species) atoms "
        + "(\(output.all.selection)) in Å², drift: \(output.all.drift)",
      heads(
        ["lag/ps"] + columns.map { $0.name.isEmpty ? "all" : String($0.name.dropFirst()) },
        width: 13),
    ]
    // The longest lags are means over so few origins that they say little.
    for k in tableRows((output.all.lags_ps.count + 1) / 2) {
      lines.append(
        cell(output.all.lags_ps[k], 3, width: 13)
          + columns.map { cell($0.part.msd_A2[k], 4, width: 13) }.joined())
    }
    return (lines + columns.flatMap { diffusivities($0.part) }).joined(separator: "\n")
  }

  private func diffusivities(_ part: SquaredDisplacements) -> [String] {
    guard let fit = part.fit else { return [] }
    let parts = [("D", fit.total), ("in the plane", fit.inPlane), ("across", fit.normal)]
    let values = parts.map { name, value in
      "\(name) \(short(value.value_cm2_per_s))"
        + (value.standardError_cm2_per_s.map { " +- \(short($0))" } ?? "")
    }
    return [
      "\(part.selection): \(values.joined(separator: ", ")) cm²/s, from "
        + "\(CSVTable.field(fit.from_ps, decimals: 3)) to "
        + "\(CSVTable.field(fit.to_ps, decimals: 3)) ps, \(fit.segments) segments"
    ]
  }

  /// Three digits and the power of ten.
  private func short(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return "0" }
    var (mantissa, power) = (value, 0)
    while abs(mantissa) >= 10 { (mantissa, power) = (mantissa / 10, power + 1) }
    while abs(mantissa) < 1 { (mantissa, power) = (mantissa * 10, power - 1) }
    return "\(CSVTable.field(mantissa, decimals: 2))e\(power)"
  }
}
