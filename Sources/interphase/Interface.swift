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
    abstract: "Coherent contacts of an electrolyte with a metal, ranked, with reasons.",
    discussion: """
      Shows the shortlist: the best contact of each kind of termination, told apart by the outermost \
      group of the electrolyte and how it faces the metal; with --count N the N best, whatever their \
      kind. Contacts that cut no cluster, are not polar and, with --potential, under at most 0.1 GPa \
      come first, then those of less stress or strain, fewer broken bonds, fewer atoms.

      The metal takes the strain unless --strain says otherwise, no cluster (PS4, BH4, BF4, CN) is \
      cut unless --cut-clusters is given, and the electrolyte is turned, not mirrored. Relax both \
      crystals first with the potential that will run the dynamics.

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

      More: Documentation/Interfaces.md
      """)

  @Argument(help: "The electrolyte's crystal.") var electrolyte: String
  @Argument(help: "The metal's crystal.") var anode: String
  @Option(help: "The largest area, itself included.") var maxArea = "300 Å^2"
  @Option(help: "The largest relative difference in length.") var lengthMismatch = 0.03
  @Option(help: "The largest relative difference in angle.") var angleMismatch = 0.01
  @Option(help: "The largest Miller index.") var maxIndex = 1
  @Option(help: "Show and write the so many best contacts in place of the shortlist.")
  var count: Int?
  @OptionGroup(title: "How lattices are matched and strained") var matching: MatchOptions
  @OptionGroup(title: "How the electrolyte is cut") var cutting: TerminationOptions
  @OptionGroup(title: "How a contact is built") var building: ContactOptions
  @OptionGroup(title: "What is computed with a potential") var energies: ContactEnergyOptions
  @OptionGroup(title: "The conventions of pymatgen") var like: PymatgenOptions
  @OptionGroup var common: CommonOptions

  func run() throws {
    var settings = try settings()
    let grid = try energies.grid()
    let film = try StructureFile.read(electrolyte)
    let metal = try StructureFile.read(anode)
    if like.like != nil {
      return try PymatgenContacts(
        electrolyte: film, metal: metal, settings: settings, options: like,
        clusters: cutting.clusters(), vacuum: building.vacuum
      ).listing(to: common.output.map { URL(fileURLWithPath: $0) }, count: count).show(common)
    }
    try matching.check(electrolyte: film, metal: metal)
    try CoherentInterface.check(electrolyte: film, metal: metal, settings: settings)
    let calculator = try energies.calculator()
    try calculator?.validate(Set(film.species + metal.species))
    try matching.apply(to: &settings, electrolyte: film, metal: metal, calculator: calculator)
    let crystals = (film: try cutting.crystal(film), metal: CleavableCrystal(metal))
    if matching.matches {
      return try MatchListing(
        electrolyte: crystals.film, metal: crystals.metal, settings: settings
      ).show(common)
    }
    let stress = try stress(settings, film, metal, calculator)
    let candidates = try matching.filtered(
      CoherentInterface.candidates(
        electrolyte: crystals.film, metal: crystals.metal, settings: settings), by: stress)
    let ranking = ContactRanking(
      candidates, upTo: maxIndex, stressLimit: ContactStress.paperLimit,
      stress: { stress?.largest($0) })
    let chosen = count.map { Array(ranking.entries.prefix($0)) } ?? ranking.shortlist
    if calculator != nil { Interruption.listen() }
    let line = ProgressLine(quiet: common.quiet)
    let builder = ContactBuilder(
      settings: settings, stress: stress, calculator: calculator, grid: grid, options: energies,
      folder: common.output.map { URL(fileURLWithPath: $0) }, line: line)
    try builder.check(chosen)
    let contacts = try chosen.enumerated().map { number, entry in
      try builder.build(entry, number: number + 1)
    }
    line.end()
    for (number, contact) in contacts.enumerated() {
      for remark in contact.match.remarks { common.say("contact \(number + 1): \(remark)") }
    }
    let page = try common.output.map { folder in
      try ContactPage(
        entries: contacts.compactMap(\.entry), electrolyte: film, metal: metal,
        found: candidates.count, missingKinds: ranking.missingKinds, isShortlist: count == nil,
        settings: settings, potential: energies.potential
      ).write(to: URL(fileURLWithPath: folder))
    }
    let output = InterfaceOutput(
      found: candidates.count, isShortlist: count == nil, missingKinds: ranking.missingKinds,
      matches: contacts.map(\.match), page: page)
    if common.json { return try common.printJSON(output) }
    print(output.table)
  }

  /// Of either side, where both crystals are stable with the potential; says what is doubtful.
  private func stress(
    _ settings: ContactSettings, _ film: Structure, _ metal: Structure, _ calculator: NEPPotential?
  ) throws -> ContactStress? {
    guard let calculator else { return nil }
    let stress = try matching.stress(
      settings, electrolyte: film, metal: metal, calculator: calculator)
    for remark in try MatchOptions.remarks(
      stress, electrolyte: film, metal: metal, calculator: calculator)
    { common.say(remark) }
    return stress.isStable ? stress : nil
  }

  private func settings() throws -> ContactSettings {
    guard maxIndex >= 1, lengthMismatch > 0, angleMismatch > 0, count ?? 1 > 0 else {
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
