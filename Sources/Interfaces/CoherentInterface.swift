import Atomistics

/// An electrolyte on a metal, coherent: one superlattice for both.
///
/// The metal lies below, the electrolyte above, c along z, a along x; half of a vacuum lies below
/// the metal, half above the electrolyte. The metal takes the strain.
/// The electrolyte's face with the given Miller index looks down at the metal: its cell is turned
/// with the opposite face up, a proper rotation, before the lattices are matched, so that neither an
/// oblique match nor the hand of a chiral film is lost. Lateral registry is as the cells fall, or as
/// a shift says; `RegistryScan` finds a good one.
///
/// The gap is the least at which every pair of a metal and an electrolyte atom, in-plane images
/// included, is at least `gapFraction` (r_i + r_j) apart in three dimensions, r the van der Waals
/// radii of Alvarez or of Bondi; one pair is at exactly that distance. Of a double contact the second
/// gap is set by the same rule.
public struct CoherentInterface: Sendable {
  public let electrolyteMiller: MillerIndex
  public let metalMiller: MillerIndex
  public let match: LatticeMatch
  /// Atoms with `regions` and `layers`; see `Structure`.
  public let structure: Structure
  /// By how much (x, y in Å) the electrolyte is shifted along the plane against where its cell falls.
  public let shift: SIMD2<Double>
  /// Between the metal's highest and the electrolyte's lowest atom, Å.
  public let gap: Double
  public let closestPair: ContactPair
  /// The pair that sets the second gap of a double contact.
  public let secondPair: ContactPair?
  /// Heights of the contact planes, Å: one to a vacuum, two in a periodic double contact.
  public let contactPlanes: [Double]
  /// The outermost elements of the metal and of the electrolyte at the contact.
  public let terminations: [String]
  /// See `ContactCandidate.strainedMetal`.
  public let strainedMetal: Structure
  public let formulaUnits: Double
  /// Layers of polyanions (by their P atoms) in the electrolyte.
  public let polyanionLayers: Int

  public var metalAtoms: Int { structure.regions?.filter { $0 == .metal }.count ?? 0 }

  /// The pair that sets the gap.
  public struct ContactPair: Sendable, Hashable {
    public let metal: Element
    public let electrolyte: Element
    public let distance: Double
    /// gapFraction (r_i + r_j).
    public let required: Double

    public init(metal: Element, electrolyte: Element, distance: Double, required: Double) {
      (self.metal, self.electrolyte) = (metal, electrolyte)
      (self.distance, self.required) = (distance, required)
    }

    /// Of a contact in which the metal lies above.
    var exchanged: ContactPair {
      ContactPair(
        metal: electrolyte, electrolyte: metal, distance: distance, required: required)
    }
  }
}

/// A contact that could be built, before its atoms are laid out.
public struct ContactCandidate: Sendable {
  public let electrolyte: OrientedCell
  public let metal: OrientedCell
  public let electrolyteMiller: MillerIndex
  public let match: LatticeMatch
  /// The heights at which electrolyte and metal are cut, Å, in their oriented cells.
  public let cut: Double
  public let metalCut: Double
  public let electrolyteLayers: Int
  public let metalLayers: Int
  public let atoms: Int
}

extension CoherentInterface {
  /// All contacts within the limits, least von Mises strain first, then fewest atoms.
  ///
  /// The electrolyte is as thick as `maximumAtoms` allows. Of contacts that are the same but for a
  /// symmetry of either crystal and a shift along the plane one is kept.
  ///
  /// - Throws: `InterfacesError`.
  public static func candidates(
    electrolyte: Structure, metal: Structure, settings: ContactSettings
  ) throws -> [ContactCandidate] {
    try check(electrolyte, metal, settings)
    let faces = MillerIndex.all(upTo: settings.maximumIndex)
    let metals = Termination.distinct(faces.map { ($0, OrientedCell(metal, up: $0)) })
    let films = Termination.distinct(faces.map { ($0, OrientedCell(electrolyte, up: $0.opposite)) })
    let formulaAtoms = electrolyte.composition.reduced.atomCount
    var found: [ContactCandidate] = []
    var nearest: LatticeMatch?
    var matchCount = 0
    for film in films {
      for metal in metals {
        let (filmCell, metalCell) = (film[0].cell, metal[0].cell)
        let search = LatticeMatch.all(
          electrolyte: filmCell, metal: metalCell, limits: settings)
        if let miss = search.nearestMiss, nearest.map({ miss.mismatch < $0.mismatch }) ?? true {
          nearest = miss
        }
        matchCount += search.matches.count
        var seen: Set<ContactKey> = []
        for match in search.matches {
          guard
            let (filmLayers, metalLayers, atoms) = thickness(
              filmCell, metalCell, match, formulaAtoms: formulaAtoms, settings)
          else { continue }
          for lower in metal {
            for upper in film
            where seen.insert(ContactKey(match, metal: lower, film: upper)).inserted {
              found.append(
                ContactCandidate(
                  electrolyte: filmCell, metal: metalCell, electrolyteMiller: upper.face,
                  match: match, cut: upper.cut, metalCut: lower.cut,
                  electrolyteLayers: filmLayers, metalLayers: metalLayers, atoms: atoms))
            }
          }
        }
      }
    }
    guard !found.isEmpty else {
      throw nothing(matches: matchCount, nearest: nearest, settings: settings)
    }
    return found.enumerated().sorted {
      let (a, b) = ($0.element, $1.element)
      // Strains that differ by rounding are equal.
      let (u, v) = (
        (a.match.vonMisesStrain * 1e7).rounded(), (b.match.vonMisesStrain * 1e7).rounded()
      )
      return (u, a.atoms, $0.offset) < (v, b.atoms, $1.offset)
    }.map(\.element)
  }

  private static func check(
    _ electrolyte: Structure, _ metal: Structure, _ settings: ContactSettings
  ) throws {
    try settings.validate()
    for (name, crystal) in [("electrolyte", electrolyte), ("metal", metal)] {
      guard crystal.count > 0 else {
        throw InterfacesError.badCrystal("the \(name) holds no atoms; give its crystal")
      }
      try crystal.validate()
      guard crystal.periodic == [true, true, true] else {
        throw InterfacesError.badCrystal(
          "the \(name) does not repeat in all three directions; give the crystal, not a slab")
      }
      for element in Set(crystal.species).sorted()
      where settings.radii.radius(of: element) == nil {
        throw InterfacesError.badCrystal(
          "\(settings.radii.rawValue.capitalized) gives no van der Waals radius of \(element), so "
            + "that the gap of the \(name) cannot be set; expected one for every element, choose "
            + "other radii")
      }
      guard !OrientedCell.hasEndlessCluster(crystal) else {
        throw InterfacesError.badCrystal(
          "the cluster bonds of the \(name) join into chains without end, so that every slab would "
            + "cut some; expected separate clusters such as PS4 or BH4, check the positions")
      }
    }
  }

  /// As many layers of electrolyte as `maximumAtoms` allows, and metal for all of it.
  private static func thickness(
    _ film: OrientedCell, _ metal: OrientedCell, _ match: LatticeMatch, formulaAtoms: Double,
    _ settings: ContactSettings
  ) -> (Int, Int, Int)? {
    let filmLayer = film.atomCount * match.electrolyte.index
    let metalLayer = metal.atomCount * match.metal.index
    var best: (Int, Int, Int)?
    let asked = settings.electrolyteThickness.map { $0.layers(spacing: film.spacing) }
    let most = max(1, settings.maximumAtoms / filmLayer)
    for layers in (asked ?? 1)...max(asked ?? most, 1) {
      let needed = settings.metalPerFormulaUnit * Double(layers * filmLayer) / formulaAtoms
      // Metal is at least as thick as two van der Waals radii: thinner, it is no metal.
      let metalLayers = max(
        Int((needed / Double(metalLayer)).rounded(.up)),
        (settings.metalThickness ?? .height(6)).layers(spacing: metal.spacing))
      let atoms = layers * filmLayer + metalLayers * metalLayer
      if atoms <= settings.maximumAtoms,
        asked != nil || Double(layers) * film.spacing >= settings.minimumThickness
      {
        best = (layers, metalLayers, atoms)
      }
    }
    return best
  }

  private static func nothing(
    matches: Int, nearest: LatticeMatch?, settings: ContactSettings
  ) -> InterfacesError {
    func percent(_ x: Double) -> String { "\((x * 1e4).rounded() / 100) %" }
    guard matches == 0 else {
      return .nothingWithinLimits(
        "\(matches) matches of the lattices lie within the limits, but none with an electrolyte of "
          + "at least \(settings.minimumThickness) Å in at most \(settings.maximumAtoms) atoms; "
          + "allow more atoms")
    }
    let near =
      nearest.map {
        "the nearest differs by \(percent($0.lengthMismatch)) in length and "
          + "\(percent($0.angleMismatch)) in angle at \(($0.area * 10).rounded() / 10) Å²"
      } ?? "no pair of superlattices that small comes within 20 % in length"
    return .nothingWithinLimits(
      "no match of the lattices up to \(settings.maximumArea) Å², "
        + "\(percent(settings.lengthMismatch)) in length and \(percent(settings.angleMismatch)) in "
        + "angle; \(near); allow a larger area, or larger Miller indices")
  }
}

/// What tells two matches of the same planes apart: the deformation from the metal to the
/// electrolyte (strain and turn), up to what leaves either crystal as it is, and the cell's size.
private struct ContactKey: Hashable {
  let deformation: [Int]
  let sizes: [Int]
  let cuts: [Double]

  init(_ match: LatticeMatch, metal: Termination, film: Termination) {
    let d = match.deformation
    var least: [Int]?
    for g in metal.symmetries {
      for h in film.symmetries where g.determinant * h.determinant > 0 {
        let m = g.then(d).then(h)
        let entries = [m.x.x, m.x.y, m.y.x, m.y.y].map { Int(($0 * 1e4).rounded()) }
        if least.map({ entries.lexicographicallyPrecedes($0) }) ?? true { least = entries }
      }
    }
    deformation = least ?? []
    sizes = [match.electrolyte.index, match.metal.index]
    cuts = [metal.cut, film.cut]
  }
}
