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

  /// The spread of all atoms of the species, and beside it that of each side.
  private struct Output: Encodable {
    let all: AtomicSpread
    let regions: [String: AtomicSpread]

    enum CodingKeys: String, CodingKey { case regions }

    func encode(to encoder: any Encoder) throws {
      try all.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(regions, forKey: .regions)
    }
  }

  func run() throws {
    guard let element = Element(species) else {
      throw AtomisticsError.unknownElement(species, context: "in --species")
    }
    var all = AtomicDistributionWidth(element)
    var sides: [Region: AtomicDistributionWidth] = [:]
    var isFirst = true
    try frames.forEachFrame(needsTimes: true, common) { frame in
      if isFirst { sides = analyses(of: element, in: frame.structure) }
      isFirst = false
      try all.consume(frame)
      for side in sides.keys { try sides[side]?.consume(frame) }
    }
    let output = Output(
      all: try all.result(),
      regions: Dictionary(
        uniqueKeysWithValues: try sides.map { ($0.key.rawValue, try $0.value.result()) }))
    for warning in output.all.warnings { common.say("interphase: \(warning)") }
    if let path = common.output { try table(output).write(to: path) }
    if common.json { try common.printJSON(output) } else { print(summary(output)) }
  }

  /// One for each side that holds the element.
  private func analyses(
    of element: Element, in structure: Structure
  ) -> [Region: AtomicDistributionWidth] {
    guard let regions = structure.regions else { return [:] }
    var sides: [Region: AtomicDistributionWidth] = [:]
    for (region, found) in zip(regions, structure.species) where found == element {
      sides[region] = AtomicDistributionWidth(element, selection: .region(region))
    }
    return sides
  }

  private func columns(_ output: Output) -> [(name: String, spread: AtomicSpread)] {
    [("", output.all)] + output.regions.sorted { $0.key < $1.key }.map { ("_\($0.key)", $0.value) }
  }

  private func table(_ output: Output) -> CSVTable {
    let columns = columns(output)
    return CSVTable(
      header: ["time_ps"]
        + columns.flatMap { ["sigma_A\($0.name)", "mean_A\($0.name)", "changeError_A\($0.name)"] },
      rows: output.all.times_ps.indices.map { k in
        ([output.all.times_ps[k]]
          + columns.flatMap {
            [$0.spread.sigma_A[k], $0.spread.mean_A[k], $0.spread.changeError_A?[k] ?? 0]
          })
          .map { CSVTable.field($0) }
      })
  }

  private func summary(_ output: Output) -> String {
    let columns = columns(output)
    var lines = [
      "sigma of \(output.all.atoms) \(output.all.species) atoms across the contact, in Å",
      heads(
        ["time/ps"] + columns.map { $0.name.isEmpty ? "all" : String($0.name.dropFirst()) },
        width: 13),
    ]
    for k in tableRows(output.all.times_ps.count) {
      lines.append(
        cell(output.all.times_ps[k], 2, width: 13)
          + columns.map { cell($0.spread.sigma_A[k], 4, width: 13) }.joined())
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
