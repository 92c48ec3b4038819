import ArgumentParser
import Atomistics
import Thermodynamics

/// `interphase hull`: what is stable in a system.
struct Hull: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The stable phases of a system and every entry's distance to the hull.",
    discussion: """
      --intact makes a compound a vertex in place of all its elements but the working ion. With \
      --voltage the system is open to the working ion, distances are per atom that is not open, \
      and the ion itself is the reservoir.

      --chemical-potentials PHASE gives, for a stable phase, the range of each component's chemical \
      potential, measured from the pure component, over which it stays stable.

      Examples:
        interphase hull --entries Data/phases.csv --system Li-P-S
        interphase hull --entries Data/phases.csv --system Li-P-S-B-H --intact LiBH4
        interphase hull --entries Data/phases.csv --system Li-P-S --voltage 1.8
        interphase hull --entries Data/phases.csv --system Li-P-S --chemical-potentials Li3PS4
      """)

  @OptionGroup var entryOptions: EntryOptions

  @OptionGroup var systemOptions: SystemOptions

  @Option(help: "A stable phase whose chemical potentials are wanted, e.g. Li3PS4.")
  var chemicalPotentials: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    let table = try entryOptions.table()
    let ion = try entryOptions.ion()
    let diagram = try systemOptions.diagram(of: table, workingIon: ion)
    let ranges = try chemicalPotentials.map {
      try ChemicalPotentialRange(of: Composition(formula: $0), in: diagram)
    }
    let result = try HullOutput(diagram, ranges)
    for warning in entryOptions.schemeWarning(table) { common.say("interphase: \(warning)") }
    try deliver(
      common.json ? try common.json(result) : text(result, diagram, table, ranges), common)
  }

  private func text(
    _ result: HullOutput, _ diagram: PhaseDiagram, _ table: EntryTable,
    _ ranges: ChemicalPotentialRange?
  ) -> String {
    let scheme = table.scheme.map { ", \($0.rawValue)" } ?? ""
    let open =
      systemOptions.basis.voltage.map {
        ", open to \(entryOptions.workingIon) at \(fixed($0, 3)) V"
      } ?? ""
    let rows = zip(diagram.entries, result.entries).map { entry, output in
      (
        output.hullDistance_eV_per_atom,
        [
          entry.formula, fixed(output.hullDistance_eV_per_atom * 1000, 1),
          sumText(output.phases),
        ]
      )
    }.sorted { $0.0 < $1.0 }.map(\.1)
    let unit = systemOptions.basis.voltage == nil ? "meV/atom" : "meV/atom not open"
    return
      ([
        "\(systemOptions.system)  (\(table.name)\(scheme)\(open))",
        "Vertices   \(result.basis.joined(separator: ", "))",
        "Stable     \(result.stable.joined(separator: ", "))", "",
        columns([["entry", "above hull (\(unit))", "equilibrium per formula unit"]] + rows),
      ]
      + [ranges.map(rangeText) ?? "", exclusionText(diagram.excluded)].filter { !$0.isEmpty }
      .flatMap { ["", $0] })
      .joined(separator: "\n")
  }

  private func rangeText(_ found: ChemicalPotentialRange) -> String {
    "\(found.entry.formula) is stable at chemical potentials (eV, from the pure component)\n"
      + columns(
        [["component", "from", "to"]]
          + found.ranges.map {
            [$0.component, $0.lower.map { fixed($0, 4) } ?? "no end", fixed($0.upper, 4)]
          })
  }
}

/// The JSON object of `hull`.
private struct HullOutput: Encodable {
  struct Potentials: Encodable {
    struct Range: Encodable {
      let component: String
      let from_eV: Nullable<Double>
      let to_eV: Double
    }
    let formula: String
    let ranges: [Range]
  }
  struct Entry: Encodable {
    let formula: String
    let id: String?
    let hullDistance_eV_per_atom: Double
    let decomposition: [String: Double]
    let phases: [PhaseAmount]

    enum CodingKeys: String, CodingKey {
      case formula, id, hullDistance_eV_per_atom, decomposition
    }
  }

  let basis: [String]
  let stable: [String]
  let entries: [Entry]
  let excluded: [ExcludedOutput]
  /// Of the phase asked for; the key is left out if none was.
  let chemicalPotentials: Potentials?

  init(_ diagram: PhaseDiagram, _ found: ChemicalPotentialRange?) throws {
    chemicalPotentials = found.map { found in
      Potentials(
        formula: found.entry.formula,
        ranges: found.ranges.map {
          Potentials.Range(
            component: $0.component, from_eV: Nullable($0.lower.map(tidy)), to_eV: tidy($0.upper))
        })
    }
    basis = diagram.basis.names
    let hull = try diagram.hull()
    stable = hull.stable.map(\.formula)
    let (distances, equilibria) = (hull.distances, hull.equilibria)
    entries = diagram.entries.indices.map { index in
      let entry = diagram.entries[index]
      return Entry(
        formula: entry.formula, id: entry.id, hullDistance_eV_per_atom: tidy(distances[index]),
        decomposition: amounts(equilibria[index].phases), phases: equilibria[index].phases)
    }
    excluded = diagram.excluded.map(ExcludedOutput.init)
  }
}
