import Analysis
import ArgumentParser
import Atomistics
import FileFormats

/// `interphase analyze bonds`: which bonds of the first frame survive.
struct AnalyzeBonds: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bonds",
    abstract: "Bonds of the first frame that are intact, broken or exchanged against time.",
    discussion: """
      A bond of the first frame is broken once it stays beyond the outer cut-off for the lifetime, \
      and intact again within the inner cut-off. The plain count of pairs within one cut-off is a \
      different number and given beside it.

      Examples:
        interphase analyze bonds contact.extxyz.gz --cluster PS4 --contacts 1 -o bonds.csv
        interphase analyze bonds XDATCAR --pair P-S --timestep-between-frames "0.1 ps"
      """)

  @OptionGroup var frames: TrajectoryOptions
  @OptionGroup var common: CommonOptions

  @Option(help: "The bond, e.g. P-S; with --inner and --outer where it is not of a known cluster.")
  var pair: String?

  @Option(help: "The cluster: PS4, BH4, BF4, CN, or one such as 'NO3: N-O3, 1.25 Å, -1'.")
  var cluster: String?

  @Option(help: "A bond is (re)formed within it, e.g. \"2.5 Å\" (default: the cluster's).")
  var inner: String?

  @Option(help: "A bond is broken beyond it, e.g. \"2.9 Å\" (default: the cluster's).")
  var outer: String?

  @Option(help: "For so long a bond must stay beyond the outer cut-off to be broken.")
  var lifetime = "0.2 ps"

  @Option(help: "The one cut-off of the plain pair count (default: the inner one).")
  var cutoff: String?

  @Option(help: "How many contacts the cell holds, to give broken bonds per nm² of contact.")
  var contacts: Int?

  func validate() throws {
    guard (pair == nil) != (cluster == nil) else {
      throw ValidationError("give --pair P-S or --cluster PS4")
    }
    if let contacts, contacts < 1 {
      throw ValidationError("--contacts takes a number of 1 or more")
    }
  }

  private struct Output: Encodable {
    let survival: BondSurvival
    let band: SurvivalBand

    enum CodingKeys: String, CodingKey { case band }

    func encode(to encoder: any Encoder) throws {
      try survival.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(band, forKey: .band)
    }
  }

  func run() throws {
    var analysis: BondIntegrity?
    try frames.forEachFrame(needsTimes: true, common) { frame in
      if analysis == nil { analysis = try makeAnalysis(frame.structure) }
      try analysis?.consume(frame)
    }
    guard let analysis else { throw AnalysisError.noFrames }
    let survival = try analysis.result()
    for warning in survival.warnings { common.say("interphase: \(warning)") }
    if let path = common.output { try table(survival).write(to: path) }
    let band = try SurvivalBand([survival])
    if common.json { return try common.printJSON(Output(survival: survival, band: band)) }
    print(summary(survival))
    if let low = band.low.last, let high = band.high.last {
      print(
        "at the end \(cell(100 * low, 1, width: 0)) to \(cell(100 * high, 1, width: 0)) % intact with "
          + "95 %: \(band.clusters) clusters resampled; runs from other seeds may differ by more")
    }
  }

  private func makeAnalysis(_ structure: Structure) throws -> BondIntegrity {
    let known = try knownCluster()
    let elements = try known.map { [$0.center, $0.ligand] } ?? namedElements()
    guard let innerCutoff = try inner.map(Quantity.length) ?? known?.innerCutoff,
      let outerCutoff = try outer.map(Quantity.length) ?? known?.outerCutoff
    else {
      throw ValidationError("no cluster is known with this bond; give --inner and --outer")
    }
    let area = structure.lattice.a.cross(structure.lattice.b).length
    return try BondIntegrity(
      center: elements[0], ligand: elements[1], innerCutoff: innerCutoff,
      outerCutoff: outerCutoff, minimumLifetime: Quantity.time(lifetime),
      pairCutoff: cutoff.map(Quantity.length),
      contact: contacts.map { ContactArea(cellArea: area, contacts: $0) },
      ligandCount: known?.ligandCount)
  }

  private func namedElements() throws -> [Element] {
    try elementPair(pair ?? "", anyAllowed: false).compactMap { $0 }
  }

  private func knownCluster() throws -> Cluster? {
    if let cluster { return try namedCluster(cluster) }
    let elements = try namedElements()
    return Cluster.known.first { [$0.center, $0.ligand] == elements }
  }

  private func table(_ survival: BondSurvival) -> CSVTable {
    var header = [
      "time_ps", "intactFraction", "brokenBonds", "exchangedBonds", "clustersWhole",
      "clustersLostOne", "clustersLostMore", "pairsWithinCutoff",
    ]
    if survival.brokenBonds_per_nm2 != nil { header.append("brokenBonds_per_nm2") }
    if survival.reactedLayers != nil { header.append("reactedLayers") }
    let layers = survival.layers ?? []
    header += layers.map { "intactFraction_layer\($0.layer)" }
    let rows = survival.times_ps.indices.map { k -> [String] in
      let numbers: [Double?] =
        [survival.times_ps[k], survival.intactFraction[k]]
        + [
          survival.brokenBonds, survival.exchangedBonds, survival.clustersWhole,
          survival.clustersLostOne, survival.clustersLostMore, survival.pairsWithinCutoff,
        ].map { Double($0[k]) }
        + [survival.brokenBonds_per_nm2?[k], survival.reactedLayers?[k]]
        + layers.map { $0.intactFraction[k] }
      return numbers.compactMap { $0 }.map { CSVTable.field($0) }
    }
    return CSVTable(header: header, rows: rows)
  }

  private func summary(_ survival: BondSurvival) -> String {
    let bond = survival.pair.joined(separator: "-")
    var lines = [
      "\(survival.referenceBonds) \(bond) bonds of \(survival.referenceClusters) clusters in the "
        + "first frame; broken beyond \(survival.outerCutoff_A) Å for "
        + "\(survival.minimumLifetime_ps) ps, intact again within \(survival.innerCutoff_A) Å",
      heads(["time/ps", "intact/%", "broken", "exchanged", "whole", "pairs"]),
    ]
    for k in tableRows(survival.times_ps.count) {
      lines.append(
        cell(survival.times_ps[k], 2) + cell(100 * survival.intactFraction[k], 1)
          + [
            survival.brokenBonds, survival.exchangedBonds, survival.clustersWhole,
            survival.pairsWithinCutoff,
          ].map { cell(Double($0[k]), 0) }.joined())
    }
    lines.append(
      "pairs: all \(bond) pairs nearer than \(survival.pairCutoff_A) Å, a plain count")
    if let perArea = survival.brokenBonds_per_nm2?.last {
      lines.append(
        "at the end \(CSVTable.field(perArea, decimals: 3)) broken bonds per nm² of contact")
    }
    for layer in survival.layers ?? [] where layer.layer >= 0 {
      lines.append(
        "layer \(layer.layer): \(layer.referenceBonds) bonds, at the end "
          + "\(CSVTable.field(100 * (layer.intactFraction.last ?? 1), decimals: 1)) % intact")
    }
    if survival.undecidedAtEnd > 0 {
      lines.append(
        "\(survival.undecidedAtEnd) bonds are stretched at the end, too shortly to be told broken")
    }
    return lines.joined(separator: "\n")
  }
}
