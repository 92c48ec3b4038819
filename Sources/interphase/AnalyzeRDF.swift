import Analysis
import ArgumentParser
import Atomistics
import FileFormats

/// `interphase analyze rdf`: the radial distribution function of two species.
struct AnalyzeRDF: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rdf",
    abstract: "Partial radial distribution function and running coordination.",
    discussion: """
      Normalised over the cell for a bulk, over the slab that the atoms occupy for a contact; the \
      result says which. Pairs within one cluster are part of it.

      Examples:
        interphase analyze rdf contact.extxyz.gz --pair B-F --r-max "10 Å" --from "2 ps" -o bf.csv
        interphase analyze rdf XDATCAR --pair Cl-any --json
      """)

  @OptionGroup var frames: TrajectoryOptions
  @OptionGroup var atoms: SelectionOptions
  @OptionGroup var common: CommonOptions

  @Option(help: "Centre and partner, e.g. B-F; \"any\" for all elements, e.g. Cl-any.")
  var pair: String

  @Option(help: "The largest radius; may be beyond half the cell.")
  var rMax = "10 Å"

  @Option(help: "The width of a bin.")
  var bin = "0.05 Å"

  @Option(help: "cell or slab (default: slab where the first frame is a contact or has a vacuum).")
  var normalisation: String?

  func run() throws {
    var analysis: RadialDistributionFunction?
    try frames.forEachFrame(needsTimes: false, common) { frame in
      if analysis == nil { analysis = try makeAnalysis(frame.structure) }
      try analysis?.consume(frame)
    }
    guard let analysis else { throw AnalysisError.noFrames }
    let distribution = try analysis.result()
    if let path = common.output { try table(distribution).write(to: path) }
    if common.json { try common.printJSON(distribution) } else { print(summary(distribution)) }
  }

  private func makeAnalysis(_ structure: Structure) throws -> RadialDistributionFunction {
    let elements = try elementPair(pair, anyAllowed: true)
    var normalization = RadialNormalization.suited(to: structure)
    if let normalisation {
      guard let named = RadialNormalization(rawValue: normalisation) else {
        throw ValidationError("--normalisation is '\(normalisation)'; expected cell or slab")
      }
      normalization = named
    }
    return try RadialDistributionFunction(
      elements[0], elements[1], maximumRadius: Quantity.length(rMax),
      binWidth: Quantity.length(bin), normalization: normalization, centers: atoms.selection())
  }

  private func table(_ distribution: RadialDistribution) -> CSVTable {
    CSVTable(
      header: ["r_A", "g", "coordination", "radialDensity_per_A"],
      rows: distribution.r_A.indices.map { k in
        [
          distribution.r_A[k], distribution.g[k], distribution.coordination[k],
          distribution.radialDensity_per_A[k],
        ].map { CSVTable.field($0) }
      }, comments: ["\(distribution.pair.joined(separator: "-")): \(distribution.normalisation)"])
  }

  private func summary(_ distribution: RadialDistribution) -> String {
    var lines = [
      "g(r) of \(distribution.pair.joined(separator: "-")), \(distribution.frames) frames, "
        + "\(distribution.centers) centres (\(distribution.centerSelection)), "
        + "\(distribution.partners) partners",
      "normalised by: \(distribution.normalisation)",
      heads(["r/Å", "max g", "at r/Å", "n(r)"]),
    ]
    for shell in 0..<Int(distribution.r_A.last ?? 0) + 1 {
      let range = Double(shell)...Double(shell + 1)
      guard let last = distribution.r_A.lastIndex(where: { range.contains($0) }) else { continue }
      let peak = distribution.peak(in: range)
      lines.append(
        cell(Double(shell + 1), 0) + cell(peak?.g ?? 0, 3)
          + (peak.map { cell($0.r_A, 2) } ?? "         -")
          + cell(distribution.coordination[last], 3))
    }
    lines.append("each row: the Å that ends at r; n(r) is the number of partners within r")
    return lines.joined(separator: "\n")
  }
}
