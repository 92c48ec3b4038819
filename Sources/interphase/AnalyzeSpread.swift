import Analysis
import ArgumentParser
import Atomistics
import FileFormats

/// `interphase analyze spread`: σ of Eq. 2.
struct AnalyzeSpread: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spread",
    abstract: "Spread of a species across the contact against time (Eq. 2 of the paper).",
    discussion: """
      The standard deviation of the heights of all atoms of the species, unwrapped, and of those \
      of each side where the trajectory says which atom came from which.

      Example: interphase analyze spread contact.extxyz.gz --species P -o spread.csv
      """)

  @OptionGroup var frames: TrajectoryOptions
  @OptionGroup var common: CommonOptions

  @Option(help: "The element, e.g. P.")
  var species: String

  func run() throws {
    guard let element = Element(species) else {
      throw AtomisticsError.unknownElement(species, context: "in --species")
    }
    var all = AtomicDistributionWidth(element)
    var sides: [Region: AtomicDistributionWidth] = [:]
    var isFirst = true
    try frames.forEachFrame(needsTimes: true, common) { frame in
      if isFirst {
        for region in sidesHolding(element, in: frame.structure) {
          sides[region] = AtomicDistributionWidth(element, selection: .region(region))
        }
      }
      isFirst = false
      try all.consume(frame)
      for side in sides.keys { try sides[side]?.consume(frame) }
    }
    let output = try AnalysisBySide(all, sides: sides)
    for warning in output.all.warnings { common.say("interphase: \(warning)") }
    if let path = common.output { try table(output).write(to: path) }
    if common.json { try common.printJSON(output) } else { print(summary(output)) }
  }

  private func table(_ output: AnalysisBySide<AtomicSpread>) -> CSVTable {
    let columns = output.columns
    return CSVTable(
      header: ["time_ps"]
        + columns.flatMap { ["sigma_A\($0.name)", "mean_A\($0.name)", "changeError_A\($0.name)"] },
      rows: output.all.times_ps.indices.map { k in
        ([output.all.times_ps[k]]
          + columns.flatMap {
            [$0.part.sigma_A[k], $0.part.mean_A[k], $0.part.changeError_A?[k] ?? 0]
          })
          .map { CSVTable.field($0) }
      })
  }

  private func summary(_ output: AnalysisBySide<AtomicSpread>) -> String {
    let columns = output.columns
    var lines = [
      "sigma of \(output.all.atoms) \(output.all.species) atoms across the contact, in Å",
      heads(
        ["time/ps"] + columns.map { $0.name.isEmpty ? "all" : String($0.name.dropFirst()) },
        width: 13),
    ]
    for k in tableRows(output.all.times_ps.count) {
      lines.append(
        cell(output.all.times_ps[k], 2, width: 13)
          + columns.map { cell($0.part.sigma_A[k], 4, width: 13) }.joined())
    }
    if let change = output.all.sigma_A.last.map({ $0 - output.all.sigma_A[0] }),
      let error = output.all.changeError_A?.last
    {
      lines.append(
        "change of sigma: \(CSVTable.field(change, decimals: 4)) +- "
          + "\(CSVTable.field(error, decimals: 4)) Å (atoms resampled)")
    }
    return lines.joined(separator: "\n")
  }
}
