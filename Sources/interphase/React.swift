import ArgumentParser
import Atomistics
import Thermodynamics

/// `interphase react`: the energy of a reaction as typed.
struct React: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The energy of a balanced reaction.",
    discussion: """
      Each formula takes the lowest energy of its composition in the table; --energy, or --excess \
      with --over, gives that of the first reactant. Energies are per formula unit of the first \
      reactant, per atom of all reactants, and per working ion used up.

      Phases joined by commas are balanced, in the smallest whole numbers where there are such; \
      without an arrow the first is a reactant and the balance decides where the others stand.

      Examples:
        interphase react "Li6PS5Cl + 8 Li -> Li3P + 5 Li2S + LiCl" --entries Data/phases.csv
        interphase react "Li6PS5Cl, Li -> Li3P, Li2S, LiCl" --entries Data/phases.csv
      """)

  @Argument(help: "The reaction, e.g. \"Li3PS4 + 8 Li -> Li3P + 4 Li2S\".")
  var reaction: String

  @OptionGroup var entryOptions: EntryOptions
  @OptionGroup var energyOptions: EnergyOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let parsed = try reaction.contains(",") ? Reaction(balancing: reaction) : Reaction(reaction)
    let table = try entryOptions.table()
    let choice = try energyOptions.choice()
    let energies = try parsed.energies(workingIon: try entryOptions.ion()) { term in
      let energy: ElectrolyteStability.Energy = term == parsed.reactants[0] ? choice : .fromTable
      guard
        let value = try ElectrolyteStability.energyPerAtom(
          energy, of: term.composition, formula: term.formula, in: table)
      else {
        throw ThermodynamicsError.noEnergy(formula: term.formula, table: table.name)
      }
      return value
    }
    let audit = try CorrectionAudit(of: parsed, in: table, energy: choice)
    let warnings = entryOptions.schemeWarning(table) + audit.warnings
    if common.json {
      try deliver(common.json(ReactOutput(energies, parsed, audit, warnings)), common)
    } else {
      let parts = [text(energies, parsed), correctionText(audit, table), warningText(warnings)]
      try deliver(parts.filter { !$0.isEmpty }.joined(separator: "\n\n"), common)
    }
  }

  private func text(_ energies: Reaction.Energies, _ parsed: Reaction) -> String {
    var rows = [
      [
        "\(fixed(energies.perFormula, 4)) eV", "per formula unit of \(parsed.reactants[0].formula)",
      ],
      ["\(fixed(energies.perAtomOfReactants, 4)) eV", "per atom of all reactants"],
    ]
    if let perIon = energies.perWorkingIon {
      rows.append(["\(fixed(perIon, 4)) eV", "per \(entryOptions.workingIon)"])
    }
    return "\(parsed.text)\n" + columns(rows)
  }
}

/// The JSON object of `react`.
private struct ReactOutput: Encodable {
  /// With its coefficients.
  let reaction: String
  let energy_eV_per_formula: Double
  let energy_eV_per_atom_of_reactants: Double
  let energy_eV_per_working_ion: Nullable<Double>
  let corrections: CorrectionAuditOutput
  let warnings: [String]

  init(
    _ energies: Reaction.Energies, _ parsed: Reaction, _ audit: CorrectionAudit,
    _ warnings: [String]
  ) {
    corrections = CorrectionAuditOutput(audit)
    self.warnings = warnings
    reaction = parsed.text
    energy_eV_per_formula = tidy(energies.perFormula)
    energy_eV_per_atom_of_reactants = tidy(energies.perAtomOfReactants)
    energy_eV_per_working_ion = Nullable(energies.perWorkingIon.map(tidy))
  }
}
