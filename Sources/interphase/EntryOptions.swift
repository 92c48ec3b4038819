import ArgumentParser
import Atomistics
import Thermodynamics
import Workflows

extension CorrectionScheme: ExpressibleByArgument {}

/// Where the phases come from, for the verbs of thermodynamics.
struct EntryOptions: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      The phases, one or more files: CSV, pymatgen's or OPTIMADE's JSON, vasprun.xml, extended XYZ; \
      gzip too.
      """,
      valueName: "file"))
  var entries: [String]

  @Option(help: "The correction scheme, where the table has several (default: mp2020).")
  var scheme: CorrectionScheme?

  @Option(help: "The ion that comes and goes.")
  var workingIon = "Li"

  func table() throws -> EntryTable {
    try EntryTable(paths: entries, scheme: scheme)
  }

  func ion() throws -> Element { try Self.element(workingIon, option: "--working-ion") }

  static func element(_ symbol: String, option: String) throws -> Element {
    guard let element = Element(symbol) else {
      throw AtomisticsError.unknownElement(symbol, context: "in \(option)")
    }
    return element
  }

  /// What the table's reader wants known, and what to say if a scheme was asked for that the table
  /// does not tell of.
  func schemeWarning(_ table: EntryTable) -> [String] {
    guard let scheme, table.scheme == nil else { return table.warnings }
    return table.warnings + [
      "\(table.name) names no correction scheme; its energies are taken as they are, whether or not "
        + "they are \(scheme.rawValue)."
    ]
  }
}

/// An energy for a formula that is not in the table, or another one.
struct EnergyOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: "The energy on the table's scale, e.g. \"-1.38 eV/atom\"; a bare number is in eV/atom.")
  var energy: String?

  @Option(
    parsing: .unconditional,
    help: "The energy as an excess over the phases of --over, e.g. 8.6meV/atom.")
  var excess: String?

  @Option(help: "The phases that --excess is measured from, e.g. \"Li3PS4 + Li2S + LiBH4\".")
  var over: String?

  func validate() throws {
    if energy != nil, excess != nil || over != nil {
      throw ValidationError("Give either --energy or --excess with --over.")
    }
    if (excess == nil) != (over == nil) {
      throw ValidationError("--excess and --over belong together.")
    }
  }

  func choice() throws -> ElectrolyteStability.Energy {
    if let energy { return .given(try Self.energyPerAtom(energy)) }
    if let excess, let over { return .excess(try Self.energyPerAtom(excess), over: over) }
    return .fromTable
  }

  private static func energyPerAtom(_ text: String) throws -> Double {
    if let bare = Double(text), bare.isFinite { return bare }
    return try Quantity.energyPerAtom(text)
  }
}
