import Analysis
import ArgumentParser
import Atomistics
import FileFormats

/// `interphase analyze phases`: which phases the surroundings of an element look like.
struct AnalyzePhases: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phases",
    abstract: "What formed: the radial distribution of a contact as a mixture of reference phases.",
    discussion: """
      The density of partners around a centre is fitted by that of reference phases, the unreacted \
      electrolyte among them, each from a trajectory of its own at the same temperature. Shares are \
      of the centres; what no reference has is unassigned. All pairs have one centre. Bonds of a \
      cluster that all references have are left out.

      Example: interphase analyze phases run-1.extxyz --also run-2.extxyz --also run-3.extxyz \\
      --pair B-Li --pair B-F --reference Li6PS5BF4=bulk.extxyz --reference LiBF4=salt.extxyz \\
      --unreacted Li6PS5BF4 --from "20 ps"

      More: Documentation/Phases.md
      """)

  @OptionGroup var frames: TrajectoryOptions
  @OptionGroup var atoms: SelectionOptions
  @OptionGroup var common: CommonOptions

  @Option(help: "A further run of the same contact, from another seed; may be repeated.")
  var also: [String] = []

  @Option(help: "NAME=FILE, a trajectory of a bulk phase; may be repeated.")
  var reference: [String] = []

  @Option(help: "The reference that has not reacted, against which windows are told.")
  var unreacted: String?

  @Option(help: "Centre and partner, e.g. B-F; may be repeated with the same centre.")
  var pair: [String] = []

  @Option(help: "The largest radius that is fitted.")
  var rMax = "7 Å"

  @Option(
    help: "The smallest one (default: the first partner, beyond bonds that all references have).")
  var rMin: String?

  @Option(help: "The width of a bin.")
  var bin = "0.05 Å"

  @Option(
    help: """
      A pair and radii between which partners are counted, e.g. "B-H: 3-5 Å"; may be repeated \
      (default: the paper's, for the pairs given).
      """)
  var window: [String] = []

  @Option(help: "How many times centres are drawn anew for the bands.")
  var resamples = 400

  @Option(help: "The seed of these draws.")
  var seed: UInt64 = 1

  private struct Output: Encodable {
    let center: String
    let pairs: [[String]]
    let ranges_A: [[Double]]
    let mixture: PhaseMixture
    let windows: [PeakWindowSignal]
    let contactNormalisation: String

    enum CodingKeys: String, CodingKey {
      case center, pairs, ranges_A, windows, contactNormalisation
    }

    func encode(to encoder: any Encoder) throws {
      try mixture.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(center, forKey: .center)
      try container.encode(pairs, forKey: .pairs)
      try container.encode(ranges_A, forKey: .ranges_A)
      try container.encode(windows, forKey: .windows)
      try container.encode(contactNormalisation, forKey: .contactNormalisation)
    }
  }

  func validate() throws {
    guard !pair.isEmpty else { throw ValidationError("give at least one --pair, e.g. B-F") }
    guard !reference.isEmpty else {
      throw ValidationError("give at least one --reference NAME=FILE")
    }
    guard (20...100_000).contains(resamples) else {
      throw ValidationError("--resamples takes a number from 20 to 100000")
    }
  }

  func run() throws {
    let pairs = try pair.map { try elementPair($0, anyAllowed: true) }
    guard Set(pairs.map { $0[0] }).count == 1 else {
      throw ValidationError(
        "the pairs \(pair.joined(separator: ", ")) have more than one centre; shares are those of "
          + "one element, so run the others apart")
    }
    let windows = try chosenWindows(pairs)
    let named = try references()
    let selection = try atoms.selection()
    let reach = try windows.map(\.range.upperBound).reduce(Quantity.length(rMax), max)
    let runs = try ([frames.trajectory] + also).map { path in
      var options = frames
      options.trajectory = path
      return try surroundings(options, pairs, nil, selection, reach)
    }
    let bulk = try named.map { name, path in
      var options = frames
      (options.trajectory, options.from, options.to, options.structure) = (path, nil, nil, nil)
      return PhaseMixture.Reference(
        name: name,
        environments: try surroundings(options, pairs, .cell, .all, reach).environments())
    }
    try show(runs, bulk, pairs: pairs, windows: windows)
  }

  private func show(
    _ contact: [Surroundings], _ bulk: [PhaseMixture.Reference], pairs: [[Element?]],
    windows: [(pair: Int, range: ClosedRange<Double>)]
  ) throws {
    let runs = try contact.map { try $0.environments() }
    let largest = try Quantity.length(rMax)
    let ranges: [ClosedRange<Double>]
    if let rMin {
      let smallest = try Quantity.length(rMin)
      guard smallest >= 0, smallest < largest else {
        throw ValidationError("--r-min takes a length from 0 to less than --r-max")
      }
      ranges = pairs.map { _ in smallest...largest }
    } else {
      ranges = PhaseMixture.ranges(
        runs: runs, references: bulk, clusters: Cluster.known, to: largest)
    }
    let mixture = try PhaseMixture(
      runs: runs, references: bulk, ranges: ranges, resamples: resamples, seed: seed)
    let output = Output(
      center: runs[0][0].pair[0], pairs: runs[0].map(\.pair),
      ranges_A: ranges.map { [$0.lowerBound, $0.upperBound] }, mixture: mixture,
      windows: windows.map { window in
        PeakWindowSignal(
          window.range, runs: runs.map { $0[window.pair] },
          references: bulk.map { ($0.name, $0.environments[window.pair]) }, electrolyte: unreacted)
      }, contactNormalisation: contact[0].chosenNormalization.name)
    for warning in mixture.warnings { common.say("interphase: \(warning)") }
    if let path = common.output { try table(output).write(to: path) }
    if common.json { try common.printJSON(output) } else { print(summary(output)) }
  }

  /// - Parameter reach: what is fitted and what windows look at, Å.
  private func surroundings(
    _ options: TrajectoryOptions, _ pairs: [[Element?]], _ normalization: RadialNormalization?,
    _ selection: AtomSelection, _ reach: Double
  ) throws -> Surroundings {
    var surroundings = Surroundings(
      of: pairs[0][0], partners: pairs.map { $0[1] }, maximumRadius: reach,
      binWidth: try Quantity.length(bin), normalization: normalization, centers: selection)
    try options.forEachFrame(needsTimes: false, common) { try surroundings.consume($0) }
    return surroundings
  }

  private func references() throws -> [(String, String)] {
    let named = try reference.map { text in
      let sides = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard sides.count == 2, !sides[0].isEmpty else {
        throw ValidationError("--reference is 'NAME=FILE'; it is '\(text)'")
      }
      return (sides[0], sides[1])
    }
    let names = named.map(\.0)
    guard Set(names).count == names.count else {
      throw ValidationError("two references have one name")
    }
    if let unreacted, !names.contains(unreacted) {
      throw ValidationError(
        "--unreacted '\(unreacted)' is none of the references \(names.joined(separator: ", "))")
    }
    return named
  }

  private func chosenWindows(
    _ pairs: [[Element?]]
  ) throws -> [(pair: Int, range: ClosedRange<Double>)] {
    guard !window.isEmpty else {
      return PeakWindow.paper.flatMap { window in
        pairs.indices.filter { index in
          pairs[index][0] == window.center
            && (window.partner == nil || pairs[index][1] == window.partner)
        }.map { ($0, window.range) }
      }
    }
    return try window.map { text in
      let halves = text.split(separator: ":").map { $0.trimmingCharacters(in: .whitespaces) }
      let ends = (halves.last ?? "").replacing("Å", with: "").split(separator: "-")
        .compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
      guard halves.count == 2, ends.count == 2, ends[0] >= 0, ends[0] < ends[1], ends[1] <= 100
      else {
        throw ValidationError("--window is '\(text)'; expected a pair and radii, 'B-H: 3-5 Å'")
      }
      let elements = try elementPair(halves[0], anyAllowed: true)
      guard let index = pairs.firstIndex(where: { $0 == elements }) else {
        throw ValidationError(
          "--window '\(text)' is of none of the pairs \(pair.joined(separator: ", "))")
      }
      return (index, ends[0]...ends[1])
    }
  }

  private func table(_ output: Output) -> CSVTable {
    let mixture = output.mixture
    return CSVTable(
      header: ["pair", "r_A", "density_per_A3", "fit_per_A3"]
        + mixture.phases.map { "\($0.name)_per_A3" } + ["unassigned_per_A3"],
      rows: mixture.curves.flatMap { curve in
        curve.r_A.indices.map { bin in
          let parts = curve.phases_per_A3.map { $0[bin] } + [curve.unassigned_per_A3[bin]]
          return [curve.pair.joined(separator: "-"), CSVTable.field(curve.r_A[bin])]
            + ([curve.density_per_A3[bin], parts.reduce(0, +)] + parts).map {
              CSVTable.field($0)
            }
        }
      })
  }

  private func summary(_ output: Output) -> String {
    let mixture = output.mixture
    let ranges = zip(output.pairs, output.ranges_A).map {
      "\($0.joined(separator: "-")) \(cell($1[0], 2, width: 0)) to \(cell($1[1], 2, width: 0)) Å"
    }
    var lines = [
      "phases around \(output.center): \(mixture.centers) centres in \(mixture.seeds) "
        + "run\(mixture.seeds == 1 ? "" : "s"); " + ranges.joined(separator: ", "),
      heads(["share", "95 % from", "to"]) + "  phase",
    ]
    for share in mixture.phases + [mixture.unassigned] {
      lines.append(
        cell(share.share, 3) + cell(share.low, 3) + cell(share.high, 3) + "  \(share.name)")
    }
    for share in mixture.together {
      lines.append(
        cell(share.share, 3) + cell(share.low, 3) + cell(share.high, 3)
          + "  \(share.name), not told apart")
    }
    lines.append(
      "misfit: \(cell(100 * mixture.misfit, 0, width: 0)) % of the structure is in no curve of the fit"
    )
    lines += output.windows.map(told)
    return lines.joined(separator: "\n")
  }

  private func told(_ signal: PeakWindowSignal) -> String {
    func value(_ count: PeakWindowSignal.Count) -> String {
      cell(count.partners, 2, width: 0)
        + (count.error.map { " ± \(cell($0, 2, width: 0))" } ?? "")
    }
    var line =
      "\(signal.pair.joined(separator: "-")) in \(signal.window_A[0])-\(signal.window_A[1]) Å: "
      + "\(value(signal.contact)) partners; "
      + signal.references.map { "\($0.name) \(value($0))" }.joined(separator: ", ")
    if let excess = signal.excess {
      line += "; \(excess.name) \(value(excess))"
      if let isSeen = signal.isSeen { line += isSeen ? ": seen" : ": not seen" }
    }
    return line
  }
}
