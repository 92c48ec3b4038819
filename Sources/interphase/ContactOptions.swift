import ArgumentParser
import Atomistics
import Interfaces

/// How a contact is built: gap, thicknesses, vacuum.
struct ContactOptions: ParsableArguments {
  @Option(help: "Vacuum above the electrolyte, at least 5 Å (default: 13 Å; 20 Å with --like).")
  var vacuum: String?

  @Flag(help: "A periodic double contact in place of a vacuum.") var doubleContact = false

  @Option(
    help: ArgumentHelp(
      "The gap: every pair across the contact is at least this fraction of the sum of its van der "
        + "Waals radii apart, and one pair is exactly that.", valueName: "fraction"))
  var gapFraction = 0.6

  @Option(help: "Whose van der Waals radii set the gap: alvarez or bondi.")
  var radii = VanDerWaalsRadii.alvarez

  @Option(
    help: ArgumentHelp(
      "The electrolyte's thickness, \"15 Å\" (rounded up to whole layers) or \"3 layers\" (repeats "
        + "along the normal); else as thick as --max-atoms allows.", valueName: "thickness"))
  var electrolyteThickness: String?

  @Option(
    help: ArgumentHelp(
      "The metal's least thickness, \"12 Å\" or \"4 layers\" (default: 6 Å); it is thicker where "
        + "--metal-per-formula-unit asks for more.", valueName: "thickness"))
  var metalThickness: String?

  @Option(help: "The fewest metal atoms per formula unit of electrolyte.")
  var metalPerFormulaUnit = 8.0

  @Option(help: "The thinnest electrolyte, where --electrolyte-thickness does not say.")
  var minThickness = "10 Å"

  @Option(help: "The most atoms.") var maxAtoms = 400

  func apply(to settings: inout ContactSettings) throws {
    guard gapFraction > 0, maxAtoms > 0, metalPerFormulaUnit > 0 else {
      throw ValidationError(
        "--gap-fraction, --max-atoms and --metal-per-formula-unit are above zero")
    }
    settings.vacuum = doubleContact ? nil : try Quantity.length(vacuum ?? "13 Å")
    settings.gapFraction = gapFraction
    settings.radii = radii
    settings.electrolyteThickness = try electrolyteThickness.map { try RequestedThickness($0) }
    settings.metalThickness = try metalThickness.map { try RequestedThickness($0) }
    settings.metalPerFormulaUnit = metalPerFormulaUnit
    settings.minimumThickness = try Quantity.length(minThickness)
    settings.maximumAtoms = maxAtoms
  }
}

extension VanDerWaalsRadii: ExpressibleByArgument {}
