import ArgumentParser
import Atomistics
import Thermodynamics

/// `interphase window`: the stability window and the uptake profile of an electrolyte.
struct Window: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The electrochemical stability window and uptake profile of an electrolyte.",
    discussion: """
      Voltages are against the metal of the working ion. The window is the range in which the \
      electrolyte neither takes up nor gives off the ion; both edges are given. Uptake and phases \
      are per formula unit as typed; the energy of each step is that of decomposing at its lower \
      voltage, per atom of the electrolyte.

      --intact makes a compound a vertex in place of the elements that only it supplies.

      Where the table has band gaps (a column band_gap_eV), each step says whether its products \
      insulate: a product below --gap-threshold conducts.

      Example:
        interphase window "Li6PS5(BH4)" --entries Data/phases.csv --intact LiBH4 \\
          --excess 8.6meV/atom --over "Li3PS4 + Li2S + LiBH4"
      """)

  @Argument(help: "The electrolyte, e.g. Li6PS5Cl or \"Li6PS5(BH4)\".")
  var formula: String

  @OptionGroup var entryOptions: EntryOptions
  @OptionGroup var energyOptions: EnergyOptions

  @Option(parsing: .upToNextOption, help: "Compounds that stay whole, e.g. LiBH4.")
  var intact: [String] = []

  @Option(
    help: ArgumentHelp(
      "Draw uptake and decomposition energy against voltage into this folder.", valueName: "folder")
  )
  var figures: String?

  @Flag(help: "Show the window on the other schemes and with every single phase left out.")
  var sensitivity = false

  @OptionGroup var gaps: GapOptions

  @OptionGroup var common: CommonOptions

  func run() throws {
    let table = try entryOptions.table()
    let stability = try ElectrolyteStability(
      of: formula, in: table, workingIon: try entryOptions.ion(), intact: intact,
      energy: try energyOptions.choice())
    let warnings = stability.warnings + entryOptions.schemeWarning(table)
    if let figures { try draw(stability, table, to: figures) }
    let changes = sensitivity ? try self.sensitivity(of: stability, in: table) : nil
    if common.json {
      try deliver(
        common.json(
          WindowOutput(
            stability, warnings: warnings, gapThreshold: try gaps.threshold(), changes: changes)),
        common)
    } else {
      try deliver(try text(stability, table, changes, warnings), common)
    }
  }

  private func text(
    _ found: ElectrolyteStability, _ table: EntryTable, _ changes: WindowSensitivity?,
    _ warnings: [String]
  ) throws -> String {
    let ion = found.profile.workingIon
    let scheme = table.scheme.map { ", \($0.rawValue)" } ?? ""
    let hull =
      found.hullDistance.map { "\(fixed($0 * 1000, 1)) meV/atom" }
      ?? "unknown (no energy of \(formula); see --energy)"
    let products = try conductivityColumn(found, table, gaps)
    let window =
      found.window.map {
        "\(fixed($0.reduction, 3)) to \($0.oxidation.map { fixed($0, 3) } ?? "no upper end")"
          + " V against \(ion)"
      } ?? "none: at no voltage is the uptake of \(ion) zero"
    let head = [
      "\(formula) against \(ion)  (\(table.name)\(scheme))",
      "Vertices           \(found.basis.names.joined(separator: ", "))",
      "Above the hull     \(hull)",
      "Decomposes into    \(sumText(found.decomposition.phases))",
      "Stability window   \(window)",
      "Itself on the hull \(ownRange(found))",
    ]
    return
      (head + ["", steps(found, products)]
      + [
        products?.note ?? "", table.scheme == .uncorrected ? "" : edgeText(found.corrections),
        changes.map(sensitivityText) ?? "", exclusionText(found.diagram.excluded),
        warningText(warnings),
      ]
      .filter { !$0.isEmpty }.flatMap { ["", $0] }).joined(separator: "\n")
  }

  /// Where the solid is stable, or the voltage at which it is least unstable.
  private func ownRange(_ found: ElectrolyteStability) -> String {
    guard let peak = found.decompositionCurve?.peak else { return "unknown (no energy)" }
    if let range = found.stabilityRange {
      let end = range.upper.map { "to \(fixed($0, 3)) V" } ?? "upwards"
      return "from \(fixed(range.lower, 3)) V \(end)"
    }
    return "at no voltage; nearest at \(fixed(peak.from, 3)) V, "
      + "\(fixed(-peak.perAtom * 1000, 1)) meV/atom above"
  }

  private func steps(_ found: ElectrolyteStability, _ products: ConductivityColumn?) -> String {
    let header =
      [
        "from (V)", "to (V)", "uptake of \(found.profile.workingIon)", "energy (eV/atom)",
      ] + (products == nil ? [] : ["products"]) + ["phases per formula unit"]
    return columns(
      [header]
        + found.profile.steps.enumerated().map { index, step in
          [
            fixed(step.from, 3), step.to.map { fixed($0, 3) } ?? "-",
            (step.uptake > 0 ? "+" : "") + fixed(step.uptake, 3),
            found.decompositionEnergy(of: step).map { fixed($0, 3) } ?? "-",
          ] + (products.map { [$0.cells[index]] } ?? []) + [sumText(step.phases)]
        })
  }
}

/// The JSON object of `window`.
private struct WindowOutput: Encodable {
  struct Range: Encodable {
    let from_V: Double
    let to_V: Nullable<Double>
  }
  struct Peak: Encodable {
    let from_V: Double
    let to_V: Nullable<Double>
    let decompositionEnergy_eV_per_atom: Double
  }
  struct Step: Encodable {
    let from_V: Double
    let to_V: Nullable<Double>
    let uptake: Double
    let phases: [String: Double]
    let products: ProductsOutput
    let decompositionEnergy_eV_per_atom: Nullable<Double>
  }

  let formula: String
  let workingIon: String
  let basis: [String]
  let hullDistance_eV_per_atom: Nullable<Double>
  let window: Nullable<WindowEdgesOutput>
  /// Where the solid itself is on the hull, and where it is nearest to it.
  let stabilityRange: Nullable<Range>
  let leastUnstable: Nullable<Peak>
  let steps: [Step]
  let corrections: [WindowEdgeOutput]
  /// Only where it was asked for.
  let sensitivity: [SensitivityRowOutput]?
  let excluded: [ExcludedOutput]
  let warnings: [String]

  init(
    _ found: ElectrolyteStability, warnings: [String], gapThreshold: Double,
    changes: WindowSensitivity?
  ) {
    corrections = found.corrections.edges.map(WindowEdgeOutput.init)
    sensitivity = changes?.rows.map(SensitivityRowOutput.init)
    formula = found.formula
    workingIon = found.profile.workingIon.symbol
    basis = found.basis.names
    hullDistance_eV_per_atom = Nullable(found.hullDistance.map(tidy))
    window = Nullable(found.window.map(WindowEdgesOutput.init))
    stabilityRange = Nullable(
      found.stabilityRange.map {
        Range(from_V: tidy($0.lower), to_V: Nullable($0.upper.map(tidy)))
      })
    leastUnstable = Nullable(
      found.decompositionCurve.map { curve in
        let peak = curve.peak
        return Peak(
          from_V: tidy(peak.from), to_V: Nullable(peak.to.map(tidy)),
          decompositionEnergy_eV_per_atom: tidy(peak.perAtom))
      })
    steps = found.profile.steps.map { step in
      Step(
        from_V: tidy(step.from), to_V: Nullable(step.to.map(tidy)), uptake: tidy(step.uptake),
        phases: amounts(step.phases),
        products: ProductsOutput(
          found.profile.productConductivity(of: step, threshold: gapThreshold)),
        decompositionEnergy_eV_per_atom: Nullable(found.decompositionEnergy(of: step).map(tidy)))
    }
    excluded = found.diagram.excluded.map(ExcludedOutput.init)
    self.warnings = warnings
  }
}

/// The edges of a window, in JSON.
struct WindowEdgesOutput: Encodable {
  let reduction_V: Double
  let oxidation_V: Nullable<Double>

  init(_ window: ElectrochemicalStabilityWindow) {
    reduction_V = tidy(window.reduction)
    oxidation_V = Nullable(window.oxidation.map(tidy))
  }
}
