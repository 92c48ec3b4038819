import Analysis
import ArgumentParser
import Atomistics
import FileFormats

/// `interphase analyze profile`: a species across the contact, and how deep it went.
struct AnalyzeProfile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract:
      "Density of a species across the contact, and how deep each side went into the other.",
    discussion: """
      Depths count from the contact plane of the first frame, above zero in the electrolyte. The \
      trajectory, or --structure, has to say which atom came from which side.

      Examples:
        interphase analyze profile contact.extxyz.gz --species Li --window "5 ps" -o profile.csv
        interphase analyze profile XDATCAR --species Li --structure contact.extxyz --timestep-between-frames "0.1 ps"
      """)

  @OptionGroup var frames: TrajectoryOptions
  @OptionGroup var common: CommonOptions

  @Option(help: "The element, e.g. Li, or \"any\".")
  var species: String

  @Option(help: "The width of a bin.")
  var bin = "1 Å"

  @Option(help: "A profile is the mean over so long.")
  var window = "5 ps"

  func run() throws {
    let element = Element(species)
    guard element != nil || species == "any" else {
      throw AtomisticsError.unknownElement(species, context: "in --species")
    }
    var analysis = try DepthProfile(
      element, binWidth: Quantity.length(bin), window: Quantity.time(window))
    try frames.forEachFrame(needsTimes: true, common) { try analysis.consume($0) }
    let profiles = try analysis.result()
    for warning in profiles.warnings { common.say("interphase: \(warning)") }
    if let path = common.output { try table(profiles).write(to: path) }
    if common.json { try common.printJSON(profiles) } else { print(summary(profiles)) }
  }

  private func table(_ profiles: DepthProfiles) -> CSVTable {
    CSVTable(
      header: ["depth_A"] + profiles.windows.indices.map { "density_per_nm3_window\($0 + 1)" },
      rows: profiles.depth_A.indices.map { k in
        ([profiles.depth_A[k]] + profiles.windows.map { $0.density_per_nm3[k] })
          .map { CSVTable.field($0) }
      },
      comments: profiles.windows.enumerated().map { index, window in
        "window \(index + 1): \(window.from_ps) to \(window.to_ps) ps, \(window.frames) frames"
      })
  }

  private func summary(_ profiles: DepthProfiles) -> String {
    let shown = tableRows(profiles.windows.count).map { profiles.windows[$0] }
    var lines = [
      "\(profiles.atoms) \(profiles.species) atoms across \(profiles.contacts) "
        + "\(profiles.contacts == 1 ? "contact" : "contacts"), per nm³; depth above 0 is in the "
        + "electrolyte",
      heads(["depth/Å"] + shown.map { "\(CSVTable.field($0.from_ps, decimals: 1)) ps" }),
    ]
    for k in profiles.depth_A.indices {
      lines.append(
        cell(profiles.depth_A[k], 2) + shown.map { cell($0.density_per_nm3[k], 2) }.joined())
    }
    for (series, from, into) in [
      (profiles.intoElectrolyte, "metal", "electrolyte"),
      (profiles.intoMetal, "electrolyte", "metal"),
    ] {
      guard let series, let atoms = series.atoms.last else { continue }
      lines.append("\(profiles.species) of the \(from) in the \(into) at the end: \(atoms) atoms")
      if let median = series.median_A.last ?? nil, let ninety = series.ninety_A.last ?? nil,
        let deepest = series.deepest_A.last ?? nil
      {
        let depths = [median, ninety, deepest].map { CSVTable.field($0, decimals: 2) }
        lines.append(
          "  half within \(depths[0]) Å, nine of ten within \(depths[1]) Å, the deepest at "
            + "\(depths[2]) Å")
      }
    }
    return lines.joined(separator: "\n")
  }
}
