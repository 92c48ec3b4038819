import ArgumentParser
import Atomistics
import FileFormats
import Foundation
import Interfaces
import Potentials
import Workflows

/// `interphase interface`
struct Interface: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Coherent contacts of an electrolyte with a metal, ranked by strain.",
    discussion: """
      The metal takes the strain, no cluster (PS4, BH4, BF4, CN) is cut, and the electrolyte is \
      turned, not mirrored. Relax both crystals first with the potential that will run the dynamics.

      With -o DIR every contact is written as contact-N.extxyz (all that is known of it), .POSCAR \
      with .POSCAR.order, .cif and .data (LAMMPS), and contacts.html shows all of them with \
      pictures. With --potential the strain gets its stress, --registry finds the best lateral \
      shift, and --adhesion says what it costs to take the sides apart. SIGINT and SIGTERM end that \
      within a step, with 75.

      Example: interphase interface Li6PS5Cl.extxyz Li.cif -o contacts
      Example: interphase interface Li6PS5Cl.extxyz Li.cif --count 3 --potential nep89 --registry 4 \
      --adhesion relaxed -o contacts
      Example: interphase interface Li2S.cif Li.cif --double-contact --electrolyte-thickness \
      "3 layers" --json

      More: Documentation/Contacts.md
      """)

  @Argument(help: "The electrolyte's crystal.") var electrolyte: String
  @Argument(help: "The metal's crystal.") var anode: String
  @Option(help: "The largest area, itself included.") var maxArea = "300 Å^2"
  @Option(help: "The largest relative difference in length.") var lengthMismatch = 0.03
  @Option(help: "The largest relative difference in angle.") var angleMismatch = 0.01
  @Option(help: "The largest Miller index.") var maxIndex = 1
  @Option(help: "How many contacts to show and write.") var count = 10
  @OptionGroup(title: "How a contact is built") var building: ContactOptions
  @OptionGroup(title: "What is computed with a potential") var energies: ContactEnergyOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    let settings = try settings()
    let grid = try energies.grid()
    let film = try StructureFile.read(electrolyte)
    let metal = try StructureFile.read(anode)
    let calculator = try energies.calculator()
    try calculator?.validate(Set(film.species + metal.species))
    // Formal charges come from the electrolyte's file; what computes them for a crystal goes here.
    let candidates = try CoherentInterface.candidates(
      electrolyte: film, metal: metal, settings: settings)
    if calculator != nil { Interruption.listen() }
    let line = ProgressLine(quiet: common.quiet)
    let builder = ContactBuilder(
      settings: settings, bulk: metal, calculator: calculator, grid: grid, options: energies,
      folder: common.output.map { URL(fileURLWithPath: $0) }, line: line)
    let contacts = try candidates.prefix(count).enumerated().map { number, candidate in
      try builder.build(candidate, number: number + 1)
    }
    line.end()
    for (number, contact) in contacts.enumerated() {
      for remark in contact.match.remarks { common.say("contact \(number + 1): \(remark)") }
    }
    let page = try common.output.map { folder in
      try ContactPage(
        entries: contacts.compactMap(\.entry), electrolyte: film, metal: metal,
        found: candidates.count, settings: settings, potential: energies.potential
      ).write(to: URL(fileURLWithPath: folder))
    }
    let output = InterfaceOutput(
      found: candidates.count, matches: contacts.map(\.match), page: page)
    if common.json { return try common.printJSON(output) }
    print(output.table)
  }

  private func settings() throws -> ContactSettings {
    guard maxIndex >= 1, lengthMismatch > 0, angleMismatch > 0, count > 0 else {
      throw ValidationError("limits and counts must be above zero")
    }
    var settings = ContactSettings()
    settings.maximumArea = try Quantity.area(maxArea)
    settings.lengthMismatch = lengthMismatch
    settings.angleMismatch = angleMismatch
    settings.maximumIndex = maxIndex
    try building.apply(to: &settings)
    return settings
  }
}
