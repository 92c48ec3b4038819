import Atomistics

/// Whether a metal can be the anode of an electrolyte: it must hold the ion that moves.
public enum WorkingIon: Sendable, Hashable {
  /// The first of Li, Na, K, Rb, Cs, Ag, Cu, Mg, Ca, Zn and Al that the electrolyte holds.
  case automatic
  case element(Element)
  /// Any pair is built.
  case none

  private static let known = ["Li", "Na", "K", "Rb", "Cs", "Ag", "Cu", "Mg", "Ca", "Zn", "Al"]

  /// - Throws: `InterfacesError.badCrystal` if the metal does not hold the electrolyte's working ion.
  public func check(electrolyte: Structure, metal: Structure) throws {
    let (film, base) = (Set(electrolyte.species), Set(metal.species))
    let (name, metalName) = (
      electrolyte.composition.reduced.formula, metal.composition.reduced.formula
    )
    let way = "with --working-ion none it is built all the same"
    switch self {
    case .none: break
    case .element(let ion):
      for (set, name) in [(film, name), (base, metalName)] where !set.contains(ion) {
        throw InterfacesError.badCrystal(
          "the working ion \(ion) does not occur in \(name); expected it in both, the electrolyte "
            + "and the metal; \(way)")
      }
    case .automatic:
      guard let ion = Self.known.compactMap({ Element($0) }).first(where: film.contains) else {
        throw InterfacesError.badCrystal(
          "\(name) holds none of the ions \(Self.known.joined(separator: ", ")), so that \(metalName) "
            + "is no anode of it; \(way)")
      }
      guard base.contains(ion) else {
        throw InterfacesError.badCrystal(
          "the working ion of \(name) is \(ion), and the metal, \(metalName), holds none; expected "
            + "\(ion) or one of its alloys; \(way)")
      }
    }
  }
}
