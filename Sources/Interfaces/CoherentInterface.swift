import Atomistics

/// An electrolyte on a metal, coherent: one superlattice for both.
///
/// The metal lies below, the electrolyte above, c along z, a along x; half of a vacuum lies below
/// the metal, half above the electrolyte. Which side takes the strain is `StrainSharing`.
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
  /// The contact's lattice and the strain of both sides.
  public let shared: SharedStrain
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
  public let match: LatticeMatch
  /// The lattice of the contact, and the strain of both sides.
  public let shared: SharedStrain
  /// How both sides end at the contact.
  public let termination: Termination
  public let metalTermination: Termination
  public let electrolyteLayers: Int
  public let metalLayers: Int
  public let atoms: Int

  public var electrolyte: OrientedCell { termination.cell }
  public var metal: OrientedCell { metalTermination.cell }
  public var electrolyteMiller: MillerIndex { termination.face }
  /// The heights at which electrolyte and metal are cut, Å, in their oriented cells.
  public var cut: Double { termination.cut }
  public var metalCut: Double { metalTermination.cut }
}

/// A match and the planes it is of.
public struct FaceMatch: Sendable {
  public let electrolyte: OrientedCell
  public let metal: OrientedCell
  /// The electrolyte's face that looks at the metal.
  public let electrolyteMiller: MillerIndex
  public let match: LatticeMatch
}

extension CoherentInterface {
  /// All contacts within the limits, least von Mises strain (of the side that is strained more)
  /// first, then fewest atoms.
  ///
  /// The electrolyte is as thick as `maximumAtoms` allows. Of contacts that are the same but for a
  /// symmetry of either crystal, a multiple of the cell and a shift along the plane one is kept.
  ///
  /// - Throws: `InterfacesError`.
  public static func candidates(
    electrolyte: CleavableCrystal, metal: CleavableCrystal, settings: ContactSettings
  ) throws -> [ContactCandidate] {
    try check(electrolyte: electrolyte.given, metal: metal.given, settings: settings)
    for crystal in [electrolyte, metal] { try crystal.validate() }
    let metals = terminations(metal, settings) { $0 }
    let films = terminations(electrolyte, settings) { $0.opposite }
    let thickness = SlabThickness(
      formulaAtoms: electrolyte.given.composition.reduced.atomCount, settings: settings)
    var found: [ContactCandidate] = []
    var fewestAtoms: Int?
    for film in films {
      for metal in metals {
        let (filmCell, metalCell) = (film[0].cell, metal[0].cell)
        let matches = LatticeMatch.all(
          electrolyte: filmCell.surface, metal: metalCell.surface, limits: settings.limits)
        let fitting = matches.compactMap { match -> (LatticeMatch, Layers)? in
          let layers = thickness.layers(filmCell, metalCell, match)
          fewestAtoms = min(fewestAtoms ?? .max, layers.fewestAtoms)
          return layers.best.map { (match, $0) }
        }
        for lower in metal {
          for upper in film {
            let distinct = SymmetricTermination.distinct(fitting, electrolyte: upper, metal: lower)
            for (match, layers) in distinct {
              found.append(ContactCandidate(match, layers, upper, lower, settings.sharing))
            }
          }
        }
      }
    }
    guard !found.isEmpty else {
      if let fewestAtoms { throw tooFewAtoms(fewestAtoms, settings) }
      throw NearMisses(
        films.map { $0[0].cell }, metals.map { $0[0].cell }, limits: settings.limits
      ).error
    }
    // Strains that differ by rounding are equal.
    let ranks = found.map { ($0.shared.largest * 1e7).rounded() }
    return found.indices.sorted {
      (ranks[$0], found[$0].atoms, $0) < (ranks[$1], found[$1].atoms, $1)
    }.map { found[$0] }
  }

  /// The same of crystals whose clusters are the known ones.
  public static func candidates(
    electrolyte: Structure, metal: Structure, settings: ContactSettings
  ) throws -> [ContactCandidate] {
    try check(electrolyte: electrolyte, metal: metal, settings: settings)
    return try candidates(
      electrolyte: CleavableCrystal(electrolyte), metal: CleavableCrystal(metal),
      settings: settings)
  }

  /// The terminations of a crystal, each once, grouped by plane; `up` is the plane that points along
  /// +z for a face to look its way.
  private static func terminations(
    _ crystal: CleavableCrystal, _ settings: ContactSettings, up: (MillerIndex) -> MillerIndex
  ) -> [[SymmetricTermination]] {
    // A crystal without a space group is compared with itself plane by plane.
    let faces =
      (try? MillerIndex.distinct(of: crystal, upTo: settings.maximumIndex).map(\.index))
      ?? MillerIndex.all(upTo: settings.maximumIndex)
    return Termination.distinct(faces.map { ($0, OrientedCell(crystal, up: up($0))) })
      .map { $0.map(SymmetricTermination.init) }
  }

  /// The matches of all pairs of planes, each once (see `LatticeMatch.all`), least von Mises strain
  /// first; nothing is asked of the slabs.
  ///
  /// - Throws: `InterfacesError`.
  public static func matches(
    electrolyte: CleavableCrystal, metal: CleavableCrystal, settings: ContactSettings
  ) throws -> [FaceMatch] {
    try check(electrolyte: electrolyte.given, metal: metal.given, settings: settings)
    for crystal in [electrolyte, metal] { try crystal.validate() }
    // All terminations of a plane share its symmetries along the plane.
    let metals = terminations(metal, settings) { $0 }.map { $0[0] }
    let films = terminations(electrolyte, settings) { $0.opposite }.map { $0[0] }
    let found = films.flatMap { film in
      metals.flatMap { metal in
        LatticeMatch.all(
          electrolyte: film.cell.surface, metal: metal.cell.surface, limits: settings.limits,
          electrolyteSymmetries: film.matrices, metalSymmetries: metal.matrices
        ).map {
          FaceMatch(
            electrolyte: film.cell, metal: metal.cell, electrolyteMiller: film.termination.face,
            match: $0)
        }
      }
    }
    guard !found.isEmpty else {
      throw NearMisses(films.map(\.cell), metals.map(\.cell), limits: settings.limits).error
    }
    let ranks = found.map { ($0.match.vonMisesStrain * 1e7).rounded() }
    return found.indices.sorted {
      (ranks[$0], found[$0].match.area, $0) < (ranks[$1], found[$1].match.area, $1)
    }.map { found[$0] }
  }

  private static func tooFewAtoms(_ fewest: Int, _ settings: ContactSettings) -> InterfacesError {
    .nothingWithinLimits(
      "the lattices match within the limits, but none of the matches holds an electrolyte of at "
        + "least \(settings.minimumThickness) Å with its metal in at most "
        + "\(settings.maximumAtoms) atoms; the smallest takes \(fewest): allow more atoms "
        + "(--max-atoms \(fewest)), a thinner electrolyte or less metal")
  }
}

extension ContactCandidate {
  fileprivate init(
    _ match: LatticeMatch, _ layers: Layers, _ film: SymmetricTermination,
    _ metal: SymmetricTermination, _ sharing: StrainSharing
  ) {
    self.match = match
    (termination, metalTermination) = (film.termination, metal.termination)
    shared = SharedStrain(
      match, sharing,
      electrolyte: SharedStrain.Side(cell: film.cell, layers: layers.electrolyte),
      metal: SharedStrain.Side(cell: metal.cell, layers: layers.metal))
    (electrolyteLayers, metalLayers, atoms) = (layers.electrolyte, layers.metal, layers.atoms)
  }
}

/// A termination with its symmetries in whole numbers.
private struct SymmetricTermination {
  let termination: Termination
  let matrices: [PlaneSupercell]
  var cell: OrientedCell { termination.cell }

  init(_ termination: Termination) {
    self.termination = termination
    let surface = termination.cell.surface
    matrices = termination.symmetries.map { map in
      func row(_ v: SIMD2<Double>) -> SIMD2<Int> {
        let r = map(v)
        let s = (r.x * surface.b.y - r.y * surface.b.x) / surface.area
        let t = (r.y * surface.a.x - r.x * surface.a.y) / surface.area
        return SIMD2(Int(s.rounded()), Int(t.rounded()))
      }
      return PlaneSupercell(row(surface.a), row(surface.b))
    }
  }

  /// The matches that the symmetries of both do not carry into one another, as
  /// `LatticeMatch.distinct`.
  static func distinct(
    _ matches: [(LatticeMatch, Layers)], electrolyte: SymmetricTermination,
    metal: SymmetricTermination
  ) -> [(LatticeMatch, Layers)] {
    var seen: Set<MatchKey> = []
    return matches.filter {
      let key = $0.0.key
      return seen.insert(key.least(electrolyte: electrolyte.matrices, metal: metal.matrices))
        .inserted
    }
  }
}
