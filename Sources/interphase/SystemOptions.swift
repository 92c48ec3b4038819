import ArgumentParser
import Atomistics
import Thermodynamics

/// Which compounds stay whole, and whether the system is open to the working ion.
struct BasisOptions: ParsableArguments {
  @Option(parsing: .upToNextOption, help: "Compounds that stay whole, e.g. LiBH4.")
  var intact: [String] = []

  @Option(
    parsing: .unconditional, help: "Open to the working ion at this voltage against its metal.")
  var voltage: Double?

  func validate() throws {
    if let voltage, !(abs(voltage) <= 1000) {
      throw ValidationError("--voltage must be a number of volts, at most 1000 either way.")
    }
  }
}

/// The elements of a system.
struct SystemOptions: ParsableArguments {
  @Option(help: "The elements, joined by hyphens, e.g. Li-P-S-Cl.")
  var system: String

  @OptionGroup var basis: BasisOptions

  /// The phase diagram of a table's entries in this system.
  func diagram(of table: EntryTable, workingIon ion: Element) throws -> PhaseDiagram {
    var elements: [Element] = []
    for symbol in system.split(separator: "-", omittingEmptySubsequences: false) {
      let element = try EntryOptions.element(String(symbol), option: "--system \(system)")
      if !elements.contains(element) { elements.append(element) }
    }
    return try PhaseDiagram(
      entries: table.entries(withElements: elements),
      basis: ComponentBasis(system: elements, workingIon: ion, intact: basis.intact),
      open: basis.voltage.map {
        OpenSpecies(element: ion, voltage: $0, reference: try table.referencePotential(of: ion))
      })
  }
}
