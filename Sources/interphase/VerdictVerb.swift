import Analysis
import ArgumentParser
import Atomistics
import FileFormats
import Foundation

/// `interphase verdict`: whether contacts are stable, passivating, slowed or reacting, if that can be told.
struct VerdictVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verdict",
    abstract: "Whether contacts are stable, passivating, slowed or reacting, or it cannot be told.",
    discussion: """
      Each --contact has a name and one trajectory a seed, from the contact as it was made; parts of \
      one run are joined by '+'. Bonds of the first frame are followed as by 'analyze bonds'; laws \
      that stop (exponential to a plateau) and laws that do not (linear, parabolic, a burst that goes \
      on) are held against the times at which clusters were lost for good, one cluster counting once. \
      At least three seeds are asked for.

      Example: interphase verdict --contact "Cl: cl-1.extxyz cl-2.extxyz cl-3.extxyz" --contact "BF4: \\
      eq-1.extxyz+run-1.extxyz eq-2.extxyz+run-2.extxyz eq-3.extxyz+run-3.extxyz" --reference Cl

      More: Documentation/Verdict.md
      """)

  @Option(help: "NAME: FILE FILE ..., one file (or FILE+FILE) a seed; may be repeated.")
  var contact: [String] = []

  @Option(help: "The contact against which 'slowed' is told.") var reference: String?

  @Option(help: "The cluster: PS4, BH4, BF4, CN, or one such as 'NO3: N-O3, 1.25 Å, -1'.")
  var cluster = "PS4"

  @Option(help: "For so long a bond must stay beyond the outer cut-off to be broken.")
  var lifetime = "0.2 ps"

  @Option(help: "How many contacts a cell holds: 1 with a vacuum, 2 in a double contact.")
  var contacts = 1

  @Option(help: "Time between frames, for files that do not say, e.g. \"0.1 ps\".")
  var timestepBetweenFrames: String?

  @OptionGroup var common: CommonOptions

  private struct Named {
    let name: String
    let runs: [[String]]
  }

  private struct Output: Encodable {
    let cluster: String
    let caveat = Verdict.caveat
    let rules = Verdict.Rules()
    let ranking: ReactionRanking
    /// By contact, what another choice of cut-offs or lifetime would give, where it is another outcome.
    let otherwise: [String: [String: Verdict.Outcome]]
    /// By contact: laws of the counted oxidation state and of the spread of the cluster's centres.
    let laws: [String: [CurveLaws]]
    /// By contact: intact bonds with their 95 % band.
    let bands: [String: SurvivalBand]
  }

  /// What one run says.
  private struct Run {
    let survivals: [BondSurvival]
    let spread: AtomicSpread
    let states: LayerCharges?
    let area: Double
  }

  /// What else might have been chosen.
  private struct Choice: Hashable {
    let name: String
    let outer: Double
    let lifetime: Double
  }

  func run() throws {
    let named = try contact.map(parsed)
    guard !named.isEmpty else { throw ValidationError("give at least one --contact") }
    guard Set(named.map(\.name)).count == named.count else {
      throw ValidationError("two contacts have one name")
    }
    guard contacts >= 1 else { throw ValidationError("--contacts takes a number of 1 or more") }
    if let reference, !named.contains(where: { $0.name == reference }) {
      throw ValidationError(
        "--reference '\(reference)' is none of \(named.map(\.name).joined(separator: ", "))")
    }
    let unit = try namedCluster(cluster)
    let span = try Quantity.time(lifetime)
    let usual = Choice(name: "", outer: unit.outerCutoff, lifetime: span)
    let choices = [
      usual,
      Choice(
        name: "outer cut-off -10 %", outer: max(unit.innerCutoff, 0.9 * unit.outerCutoff),
        lifetime: span),
      Choice(name: "outer cut-off +10 %", outer: 1.1 * unit.outerCutoff, lifetime: span),
      Choice(name: "lifetime x 3", outer: unit.outerCutoff, lifetime: 3 * span),
    ]
    var entries: [ReactionRanking.Contact] = []
    var otherwise: [String: [String: Verdict.Outcome]] = [:]
    var laws: [String: [CurveLaws]] = [:]
    var bands: [String: SurvivalBand] = [:]
    for one in named {
      let runs = try one.runs.map { try measured($0, unit, choices) }
      let states = runs.compactMap(\.states)
      laws[one.name] = [
        states.count == runs.count ? CurveLaws.ofCharges(states) : nil,
        CurveLaws.ofSpread(runs.map(\.spread)),
      ].compactMap { $0 }
      bands[one.name] = try SurvivalBand(runs.map { $0.survivals[0] })
      let losses = try choices.indices.map { choice in
        try ObservedLosses(runs.map { $0.survivals[choice] })
      }
      let area = (runs.first?.area ?? 1) * Double(contacts) / 100
      entries.append(
        ReactionRanking.Contact(name: one.name, losses: losses[0], area_nm2: area))
      let outcome = Verdict(losses[0]).outcome
      for (choice, other) in zip(choices, losses).dropFirst() {
        let changed = Verdict(other).outcome
        if changed != outcome { otherwise[one.name, default: [:]][choice.name] = changed }
      }
    }
    let output = Output(
      cluster: unit.name, ranking: ReactionRanking(entries, reference: reference),
      otherwise: otherwise, laws: laws, bands: bands)
    if common.json { return try common.printJSON(output) }
    show(output)
  }

  private func show(_ output: Output) {
    let ranking = output.ranking
    print(
      "\(output.cluster) lost per nm² of contact after "
        + "\(cell(ranking.time_ps, 1, width: 0)) ps"
        + (ranking.usedUp.map {
          ", when \($0) has lost \(cell(100 * LayerFront.spentShare, 0, width: 0)) % of what it has"
        } ?? "")
        + ", least first:")
    print(heads(["lost", "95 % from", "to", "seeds", "clusters"]) + "  verdict")
    for row in ranking.rows {
      let evidence = row.verdict.evidence
      print(
        cell(row.lost_per_nm2[0], 2) + cell(row.lost_per_nm2[1], 2) + cell(row.lost_per_nm2[2], 2)
          + cell(Double(evidence.seeds), 0) + cell(Double(evidence.clusters), 0)
          + "  \(row.name): \(row.verdict.outcome.rawValue)")
    }
    for row in ranking.rows {
      print("\n\(row.name): \(row.verdict.outcome.rawValue)")
      for reason in row.verdict.reasons { print("  - \(reason)") }
      for law in row.verdict.evidence.laws.sorted(by: { $0.probability > $1.probability }) {
        print(
          "    \(law.law.rawValue): probability \(cell(law.probability, 3, width: 0)), AIC "
            + "+\(cell(law.deltaAIC, 1, width: 0))")
      }
      for (seed, outcome) in row.outlook.withoutSeed.sorted(by: { $0.key < $1.key }) {
        print("  - without seed \(seed): \(outcome.rawValue)")
      }
      for (choice, outcome) in (output.otherwise[row.name] ?? [:]).sorted(by: { $0.key < $1.key }) {
        print("  - with \(choice): \(outcome.rawValue)")
      }
      for laws in output.laws[row.name] ?? [] { print("  - \(told(laws))") }
      if let needed = row.outlook.neededDuration_ps {
        print(
          "  - if it goes on like this, runs of \(cell(needed, 0, width: 0)) ps would tell")
      }
      for (other, chance) in row.losesLessThan.sorted(by: { $0.key < $1.key }) {
        print("  - loses less than \(other): probability \(cell(chance, 3, width: 0))")
      }
    }
    print("\n\(output.caveat)")
  }

  private func told(_ laws: CurveLaws) -> String {
    let band = laws.low.flatMap { low in
      laws.high.map { " [\(cell(low, 2, width: 0)), \(cell($0, 2, width: 0))]" }
    }
    var text =
      "\(laws.quantity), changes by \(cell(laws.change, 2, width: 0))\(band ?? "")"
      + (laws.unit.isEmpty ? "" : " \(laws.unit)")
    if let stopped = laws.hasStopped, let going = laws.stillChanging {
      text +=
        ": has stopped \(cell(stopped, 2, width: 0)), still changing \(cell(going, 2, width: 0))"
    } else {
      text += "; too few independent values to tell its law"
    }
    return text
  }

  private func parsed(_ text: String) throws -> Named {
    let halves = text.split(separator: ":", maxSplits: 1).map(String.init)
    let files = halves.count == 2 ? halves[1].split(separator: " ").map(String.init) : []
    guard let name = halves.first?.trimmingCharacters(in: .whitespaces), !name.isEmpty,
      !files.isEmpty
    else {
      throw ValidationError("--contact is 'NAME: FILE FILE ...'; it is '\(text)'")
    }
    return Named(
      name: name, runs: files.map { $0.split(separator: "+").map(String.init) })
  }

  /// One survival for each choice, from the parts of one run; the times of a part that begins anew
  /// follow those of the part before.
  private func measured(
    _ parts: [String], _ unit: Cluster, _ choices: [Choice]
  ) throws -> Run {
    var analyses = try choices.map { choice in
      try BondIntegrity(
        center: unit.center, ligand: unit.ligand, innerCutoff: unit.innerCutoff,
        outerCutoff: choice.outer, minimumLifetime: choice.lifetime,
        ligandCount: unit.ligandCount)
    }
    var spread = AtomicDistributionWidth(unit.center)
    var states = CountedStates(of: unit.center)
    var area: Double?
    var (offset, last, gap) = (0.0, -Double.infinity, 0.0)
    for part in parts {
      var reader = try TrajectoryReader(
        path: part, frameInterval: timestepBetweenFrames.map(Quantity.time))
      var isFirst = true
      while var frame = try reader.next() {
        guard reader.timesAreKnown || timestepBetweenFrames != nil else {
          throw ValidationError(
            "\(part) does not say the time between its frames; give --timestep-between-frames")
        }
        if isFirst, last.isFinite, frame.time <= last { offset = last + gap - frame.time }
        isFirst = false
        frame.time += offset
        if last.isFinite { gap = frame.time - last }
        last = frame.time
        area = area ?? frame.structure.lattice.a.cross(frame.structure.lattice.b).length
        for index in analyses.indices { try analyses[index].consume(frame) }
        try spread.consume(frame)
        try states.consume(frame)
      }
      if reader.truncated { common.say("interphase: \(part) ends in the middle of a frame") }
    }
    let found = try analyses.map { try $0.result() }
    for warning in found.first?.warnings ?? [] { common.say("interphase: \(warning)") }
    return Run(
      survivals: found, spread: try spread.result(), states: try states.result(),
      area: area ?? 1)
  }
}
