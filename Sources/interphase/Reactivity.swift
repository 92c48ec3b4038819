import ArgumentParser
import Atomistics
import Thermodynamics
import Workflows

/// `interphase reactivity`: what two phases in contact turn into.
struct Reactivity: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The reactions of two phases in contact, in every proportion.",
    discussion: """
      Along the line from B to A the lowest energy is made of straight pieces. Every proportion at \
      which the products change is listed, with both ends: the share of A in atoms, in formula \
      units, the energy per atom of both phases, what the contact alone adds ("mutual"), and the \
      balanced reaction. The lowest energy is marked with *.

      With --voltage the system is open to the working ion; energies are per atom that is not open \
      then, shares of A still count all atoms. A and B have the energy of their own entries; --energy, or --excess with --over, gives that of \
      A. A phase without an entry has the energy of the hull. Phases and uptake in JSON are per \
      formula unit of y A + (1 - y) B, y being the share of A in formula units.

      Examples:
        interphase reactivity Li6PS5Cl Li --entries Data/phases.csv
        interphase reactivity Li3PS4 LiBF4 --entries Data/phases.csv --voltage 0.5 \\
          --figure contact.svg
      """)

  @Argument(help: "The first phase, e.g. Li6PS5Cl.")
  var first: String

  @Argument(help: "The second phase, e.g. Li.")
  var second: String

  @OptionGroup var entryOptions: EntryOptions
  @OptionGroup var energyOptions: EnergyOptions

  @OptionGroup var basis: BasisOptions

  @Option(help: "Draw the energies to this SVG file; numbers in it are the rows of the table.")
  var figure: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    let table = try entryOptions.table()
    let found = try InterfacialReactivity(
      of: first, with: second, in: table, workingIon: try entryOptions.ion(),
      voltage: basis.voltage,
      intact: basis.intact, energy: try energyOptions.choice())
    if let figure { try ReactivityFigure(found).write(to: figure) }
    let warnings = found.warnings + entryOptions.schemeWarning(table)
    let output = ReactivityOutput(found, warnings: warnings)
    try deliver(common.json ? try common.json(output) : text(found, table, warnings), common)
  }

  private func text(
    _ found: InterfacialReactivity, _ table: EntryTable, _ warnings: [String]
  ) -> String {
    let scheme = table.scheme.map { ", \($0.rawValue)" } ?? ""
    let open =
      basis.voltage.map { ", open to \(entryOptions.workingIon) at \(fixed($0, 3)) V" } ?? ""
    let lowest = found.lowest
    let atom = basis.voltage == nil ? "eV/atom" : "eV/atom not open"
    let rows = found.kinks.map { kink in
      [
        kink == lowest ? "*" : "", fixed(kink.fractionOfA, 4), fixed(kink.molarFractionOfA, 4),
        fixed(kink.energyPerAtom, 4), fixed(kink.mutualEnergyPerAtom, 4),
        fixed(kink.energyPerFormula, 4), kink.reaction.text,
      ]
    }
    let header = [
      "", "A (atoms)", "A (formula)", atom, "mutual", "eV/formula", "reaction",
    ]
    return
      ([
        "A = \(first) with B = \(second)  (\(table.name)\(scheme)\(open))",
        "Vertices    \(found.diagram.basis.names.joined(separator: ", "))",
        "A           \(standing(found.sourceA, found.hullDistanceA))",
        "B           \(standing(found.sourceB, found.hullDistanceB))",
        "", columns([header] + rows),
      ]
      + [exclusionText(found.diagram.excluded), warningText(warnings)]
      .filter { !$0.isEmpty }.flatMap { ["", $0] }).joined(separator: "\n")
  }

  private func standing(_ source: Reactant.Source, _ distance: Double) -> String {
    switch source {
    case .hull: "no entry, energy of the hull"
    case .entry: "own entry, \(fixed(distance * 1000, 1)) meV/atom above the hull"
    case .given: "energy as given, \(fixed(distance * 1000, 1)) meV/atom above the hull"
    }
  }
}

/// The JSON object of `reactivity`.
private struct ReactivityOutput: Encodable {
  struct Kink: Encodable {
    let fraction_of_A: Double
    let fraction_of_A_not_open: Double
    let molar_fraction_of_A: Double
    let energy_eV_per_atom: Double
    let energy_eV_per_formula: Double
    let mutual_energy_eV_per_atom: Double
    let phases: [String: Double]
    let openUptake: Double
    let reaction: String
    let isLowest: Bool
  }
  struct Phase: Encodable {
    let formula: String
    let energySource: String
    let hullDistance_eV_per_atom: Double
  }

  let A: Phase
  let B: Phase
  let basis: [String]
  let kinks: [Kink]
  let excluded: [ExcludedOutput]
  let warnings: [String]

  init(_ found: InterfacialReactivity, warnings: [String]) {
    A = Phase(
      formula: found.formulaA, energySource: found.sourceA.rawValue,
      hullDistance_eV_per_atom: tidy(found.hullDistanceA))
    B = Phase(
      formula: found.formulaB, energySource: found.sourceB.rawValue,
      hullDistance_eV_per_atom: tidy(found.hullDistanceB))
    basis = found.diagram.basis.names
    let lowest = found.lowest
    kinks = found.kinks.map { kink in
      Kink(
        fraction_of_A: tidy(kink.fractionOfA),
        fraction_of_A_not_open: tidy(kink.hostFractionOfA),
        molar_fraction_of_A: tidy(kink.molarFractionOfA),
        energy_eV_per_atom: tidy(kink.energyPerAtom),
        energy_eV_per_formula: tidy(kink.energyPerFormula),
        mutual_energy_eV_per_atom: tidy(kink.mutualEnergyPerAtom), phases: amounts(kink.phases),
        openUptake: tidy(kink.openUptake), reaction: kink.reaction.text, isLowest: kink == lowest)
    }
    excluded = found.diagram.excluded.map(ExcludedOutput.init)
    self.warnings = warnings
  }
}
