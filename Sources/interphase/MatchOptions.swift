import ArgumentParser
import Atomistics
import Dynamics
import Foundation
import Interfaces
import Potentials
import Workflows

/// How lattices are matched, who bears the strain, and how much stress is borne.
struct MatchOptions: ParsableArguments {
  @Option(help: "The largest difference in length, in place of the relative one, e.g. \"0.1 Å\".")
  var absoluteLength: String?

  @Option(help: "The largest difference in angle, in place of the relative one, e.g. \"1 degree\".")
  var absoluteAngle: String?

  @Option(
    help: ArgumentHelp(
      "Who bears the strain: metal, electrolyte, stiffness, or the electrolyte's share, 0 to 1.",
      discussion: "By stiffness the elastic energy of both slabs is least; this needs --potential.")
  )
  var strain = "metal"

  @Option(help: "Leave out contacts under more stress, e.g. \"0.1 GPa\"; needs --potential.")
  var maxStress: String?

  @Option(help: "The ion that moves: auto, none, or an element; the metal must hold it.")
  var workingIon = "auto"

  @Flag(help: "List the matches of the lattices, each once, and build nothing.")
  var matches = false

  func validate() throws {
    guard (absoluteLength == nil) == (absoluteAngle == nil) else {
      throw ValidationError("--absolute-length and --absolute-angle go together")
    }
    _ = try share()
    _ = try ion()
  }

  /// Refuses a metal that does not hold the ion that moves.
  func check(electrolyte: Structure, metal: Structure) throws {
    try ion().check(electrolyte: electrolyte, metal: metal)
  }

  /// The limits' kind, and who bears the strain.
  ///
  /// - Parameter calculator: for the elastic constants.
  func apply(
    to settings: inout ContactSettings, electrolyte: Structure, metal: Structure,
    calculator: (any Calculator)?
  ) throws {
    if let absoluteLength, let absoluteAngle {
      settings.limits.kind = .absolute
      settings.limits.length = try Quantity.length(absoluteLength)
      settings.limits.angle = try Self.degrees(absoluteAngle)
    }
    guard maxStress == nil || calculator != nil else {
      throw ValidationError("--max-stress needs the elastic constants of a --potential")
    }
    switch (strain, try share()) {
    case ("metal", _): settings.sharing = .metal
    case ("electrolyte", _): settings.sharing = .electrolyte
    case (_, .some(let share)): settings.sharing = .fraction(share)
    default:
      guard let calculator else {
        throw ValidationError("--strain stiffness needs the elastic constants of a --potential")
      }
      settings.sharing = .stiffness(
        electrolyte: try ContactStress.stiffness(of: electrolyte, calculator),
        metal: try ContactStress.stiffness(of: metal, calculator))
    }
  }

  /// The stress of a contact's sides; constants that the settings hold are not found again.
  func stress(
    _ settings: ContactSettings, electrolyte: Structure, metal: Structure,
    calculator: any Calculator
  ) throws -> ContactStress {
    switch settings.sharing {
    case .stiffness(let film, let base): ContactStress(metal: base, electrolyte: film)
    case .metal: try ContactStress(metal: metal, calculator: calculator)
    case .electrolyte, .fraction:
      try ContactStress(metal: metal, electrolyte: electrolyte, calculator: calculator)
    }
  }

  /// What a stress that is missing or doubtful owes to the crystals as given, each a sentence.
  static func remarks(
    _ stress: ContactStress, electrolyte: Structure, metal: Structure, calculator: any Calculator
  ) throws -> [String] {
    guard stress.isStable else {
      return [
        "By its elastic constants with this potential a crystal is not stable; no stress is told."
      ]
    }
    return try [("metal", metal), ("electrolyte", electrolyte)].compactMap { name, crystal in
      let residue =
        try ContactStress.residue(of: crystal, calculator: calculator) * Units.gigapascal
      guard residue > 0.05 else { return nil }
      return String(
        format: "The %@ as given is under %.2f GPa with this potential before any mismatch; relax "
          + "it first: interphase relax --cell", name, residue)
    }
  }

  /// The contacts that `--max-stress` leaves.
  func filtered(
    _ candidates: [ContactCandidate], by stress: ContactStress?
  ) throws -> [ContactCandidate] {
    guard let maxStress else { return candidates }
    guard let stress else {
      throw InterfacesError.badCrystal(
        "by its elastic constants with this potential a crystal is not stable, so that there is no "
          + "stress to hold against --max-stress; leave that out, or take another potential")
    }
    let limit = try Quantity.pressure(maxStress)
    let stresses = candidates.map(stress.largest)
    let kept = zip(candidates, stresses).filter { $0.1 <= limit }.map(\.0)
    guard !kept.isEmpty else {
      let least = String(format: "%.3f", (stresses.min() ?? 0) * Units.gigapascal)
      throw InterfacesError.nothingWithinLimits(
        "\(candidates.count) contacts are within the limits, but none under at most \(maxStress) of "
          + "stress; the least is \(least) GPa: raise --max-stress, or share the strain "
          + "(--strain stiffness)")
    }
    return kept
  }

  /// nil unless a number was given.
  private func share() throws -> Double? {
    if ["metal", "electrolyte", "stiffness"].contains(strain) { return nil }
    guard let share = Double(strain), share >= 0, share <= 1 else {
      throw ValidationError(
        "--strain is metal, electrolyte, stiffness or the electrolyte's share, 0 to 1; it is "
          + "'\(strain)'")
    }
    return share
  }

  private func ion() throws -> WorkingIon {
    switch workingIon {
    case "auto": return .automatic
    case "none": return .none
    default:
      guard let element = Element(workingIon) else {
        throw ValidationError(
          "--working-ion is auto, none or the symbol of an element; it is '\(workingIon)'")
      }
      return .element(element)
    }
  }

  private static func degrees(_ text: String) throws -> Double {
    let units = ["degrees", "degree", "deg", "°"]
    let trimmed = text.filter { !$0.isWhitespace }
    guard let unit = units.first(where: trimmed.hasSuffix),
      let value = Double(trimmed.dropLast(unit.count))
    else {
      throw AtomisticsError.badQuantity(text, expected: "an angle such as \"1 degree\"")
    }
    return value
  }
}
