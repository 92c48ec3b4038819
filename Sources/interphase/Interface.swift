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
      The metal takes the strain unless --strain says otherwise, no cluster (PS4, BH4, BF4, CN) is cut, and the electrolyte is
      turned, not mirrored. Relax both crystals first with the potential that will run the dynamics.

      Example: interphase interface Li6PS5Cl.extxyz Data/Structures/Li.cif -o contacts
      """)

  @Argument(help: "The electrolyte's crystal.") var electrolyte: String
  @Argument(help: "The metal's crystal.") var anode: String
  @Option(help: "The largest area, itself included.") var maxArea = "300 Å^2"
  @Option(help: "The largest relative difference in length.") var lengthMismatch = 0.03
  @Option(help: "The largest relative difference in angle.") var angleMismatch = 0.01
  @Option(help: "The largest Miller index.") var maxIndex = 1
  @Option(help: "Vacuum above the electrolyte.") var vacuum = "13 Å"
  @Flag(help: "A periodic double contact in place of a vacuum.") var doubleContact = false
  @Option(help: "The gap as a fraction of the van der Waals sum of the closest pair.")
  var gapFraction = 0.6
  @Option(help: "The fewest metal atoms per formula unit of electrolyte.")
  var metalPerFormulaUnit = 8.0
  @Option(help: "The thinnest electrolyte.") var minThickness = "10 Å"
  @Option(help: "The most atoms.") var maxAtoms = 400
  @Option(help: "How many contacts to show and write.") var count = 10
  @Option(help: "A potential, for the stress of both sides.") var potential: String?
  @OptionGroup var matching: MatchOptions
  @OptionGroup var common: CommonOptions

  private struct Result: Encodable {
    struct Match: Encodable {
      let electrolyteMiller: String
      let anodeMiller: String
      let area_A2: Double
      let lengthMismatch: Double
      let angleMismatch: Double
      let vonMisesStrain: Double
      let stress_GPa: Double?
      let terminations: [String]
      let gap_A: Double
      let atoms: Int
      let file: String?
      let details: MatchDetails

      enum CodingKeys: String, CodingKey {
        case electrolyteMiller, anodeMiller, area_A2, lengthMismatch, angleMismatch
        case vonMisesStrain, stress_GPa, terminations, gap_A, atoms, file
      }

      // Keys whose value is not known are there as null.
      func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(electrolyteMiller, forKey: .electrolyteMiller)
        try container.encode(anodeMiller, forKey: .anodeMiller)
        try container.encode(area_A2, forKey: .area_A2)
        try container.encode(lengthMismatch, forKey: .lengthMismatch)
        try container.encode(angleMismatch, forKey: .angleMismatch)
        try container.encode(vonMisesStrain, forKey: .vonMisesStrain)
        try container.encode(stress_GPa, forKey: .stress_GPa)
        try container.encode(terminations, forKey: .terminations)
        try container.encode(gap_A, forKey: .gap_A)
        try container.encode(atoms, forKey: .atoms)
        try container.encode(file, forKey: .file)
        try details.encode(to: encoder)
      }
    }
    let found: Int
    let matches: [Match]
  }

  func run() throws {
    let film = try StructureFile.read(electrolyte)
    let metal = try StructureFile.read(anode)
    var settings = try settings()
    if matching.like != nil {
      return try PymatgenListing(
        electrolyte: film, metal: metal, settings: settings, options: matching
      ).show(common)
    }
    try matching.check(electrolyte: film, metal: metal)
    if matching.matches {
      try matching.apply(to: &settings, electrolyte: film, metal: metal, calculator: nil)
      return try MatchListing(electrolyte: film, metal: metal, settings: settings).show(common)
    }
    let calculator = try potential.map {
      try NEPPotential(path: PotentialLibrary.resolve($0), name: $0)
    }
    try CoherentInterface.check(electrolyte: film, metal: metal, settings: settings)
    try matching.apply(to: &settings, electrolyte: film, metal: metal, calculator: calculator)
    let stress = try calculator.map {
      try matching.stress(settings, electrolyte: film, metal: metal, calculator: $0)
    }
    let candidates = try matching.filtered(
      CoherentInterface.candidates(electrolyte: film, metal: metal, settings: settings), by: stress)
    let matches = try candidates.prefix(count).enumerated().map { number, candidate in
      try match(
        CoherentInterface(candidate, settings: settings), number: number + 1,
        MatchDetails(candidate, stress: stress, calculator: calculator))
    }
    if common.json {
      return try common.printJSON(Result(found: candidates.count, matches: matches))
    }
    show(matches, of: candidates.count)
  }

  private func settings() throws -> ContactSettings {
    guard maxIndex >= 1, lengthMismatch > 0, angleMismatch > 0, gapFraction > 0, count > 0,
      maxAtoms > 0, metalPerFormulaUnit > 0
    else {
      throw ValidationError("limits, fractions and counts must be above zero")
    }
    var settings = ContactSettings()
    settings.maximumArea = try Quantity.area(maxArea)
    settings.lengthMismatch = lengthMismatch
    settings.angleMismatch = angleMismatch
    settings.maximumIndex = maxIndex
    settings.vacuum = doubleContact ? nil : try Quantity.length(vacuum)
    settings.gapFraction = gapFraction
    settings.metalPerFormulaUnit = metalPerFormulaUnit
    settings.minimumThickness = try Quantity.length(minThickness)
    settings.maximumAtoms = maxAtoms
    return settings
  }

  private func match(
    _ contact: CoherentInterface, number: Int, _ details: MatchDetails
  ) throws -> Result.Match {
    var file: String?
    if let folder = common.output {
      let url = URL(fileURLWithPath: folder)
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      let name = "contact-\(number)"
      for suffix in ["extxyz", "POSCAR"] {
        try StructureFile.write(
          contact.structure, to: url.appendingPathComponent("\(name).\(suffix)").path)
      }
      file = url.appendingPathComponent("\(name).extxyz").path
    }
    return Result.Match(
      electrolyteMiller: contact.electrolyteMiller.description,
      anodeMiller: contact.metalMiller.description, area_A2: contact.match.area,
      lengthMismatch: contact.match.lengthMismatch, angleMismatch: contact.match.angleMismatch,
      vonMisesStrain: contact.shared.largest, stress_GPa: details.stress_GPa,
      terminations: contact.terminations, gap_A: contact.gap, atoms: contact.structure.count,
      file: file, details: details)
  }

  private func show(_ matches: [Result.Match], of found: Int) {
    print(" no.  electrolyte  metal       area    strain   stress   gap    atoms  terminations")
    print(
      "                               (Å²)    (vM, %)  (GPa)    (Å)           metal | electrolyte")
    for (number, match) in matches.enumerated() {
      let stress = match.stress_GPa.map { String(format: "%.2f", $0) } ?? "-"
      let cells: [(String, Int)] = [
        ("\(number + 1)", 4), (match.electrolyteMiller, 12), (match.anodeMiller, 11),
        (String(format: "%.1f", match.area_A2), 7),
        (String(format: "%.3f", match.vonMisesStrain * 100), 8), (stress, 8),
        (String(format: "%.2f", match.gap_A), 6), ("\(match.atoms)", 6),
      ]
      let row = cells.map {
        $0.0.padding(toLength: max($0.1, $0.0.count), withPad: " ", startingAt: 0)
      }
      print(" " + row.joined(separator: " ") + " " + match.terminations.joined(separator: " | "))
    }
    for (number, match) in matches.enumerated() {
      for flag in match.details.flags { print("\(number + 1): \(flag).") }
    }
    print("\(matches.count) of \(found) contacts within the limits, least strain first.")
    if let folder = common.output { print("Written to \(folder).") }
  }
}
