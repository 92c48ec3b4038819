import Atomistics

/// What a termination costs before any energy is calculated: its dipole, its charge, its broken
/// bonds.
///
/// With the formal charges q of the atoms of one repeat of the crystal below the face, whole units
/// only, z along the outward normal:
///
///     p = Σ q z / A,   σ = p / d
///
/// | symbol | name | unit |
/// |---|---|---|
/// | p | `dipole` per repeat and area | e/Å |
/// | σ | `excessCharge`, the charge that a slab of whole repeats has on this face (−σ on the other) | e/Å² |
/// | A, d | area of the surface cell, distance of the planes | Å², Å |
///
/// The potential across a slab rises by p/ε₀ with every repeat (1 e/Å is 181 V). A bulk-like
/// termination carries −σ in adsorbed charge, vacancies or a metal's electrons.
///
/// P. W. Tasker, J. Phys. C 12, 4977 (1979), doi 10.1088/0022-3719/12/22/036.
public struct SurfaceCharacter: Sendable, Hashable {
  /// Tasker's classes.
  public enum Tasker: String, Sendable, Codable {
    /// Every layer is neutral.
    case neutralLayers = "I"
    /// Charged layers whose repeat has no dipole.
    case noDipole = "II"
    /// The repeat has a dipole.
    case dipole = "III"
  }

  /// nil without formal charges.
  public let dipole: Double?
  public let excessCharge: Double?
  public let tasker: Tasker?
  /// Bonds between nearest neighbours of opposite charge that the face cuts, those of clusters not
  /// counted, per nm²; nil without formal charges. See `CrystalBond.firstShell`.
  public let brokenBonds: Double?
  /// Bonds of clusters that the face cuts, per nm² and per surface cell.
  public let cutClusterBonds: Double
  public let cutClusterBondsPerCell: Int

  /// Dipoles below this (e/Å; 0.01 is 1.8 V per repeat) count as none: positions that are known to
  /// 0.01 Å make up to a tenth of it.
  public static let dipoleTolerance = 0.01

  /// Whether the repeat has a dipole (Tasker's class III); false where it is not known.
  public var isPolar: Bool { tasker == .dipole }

  init(_ termination: Termination) {
    let cell = termination.cell
    let crystal = cell.crystal
    let levels = UnitLevels(cell, cut: termination.cut)
    let perSquareNanometre = 100 / cell.area
    cutClusterBondsPerCell = levels.crossings(crystal.clusterBonds)
    cutClusterBonds = Double(cutClusterBondsPerCell) * perSquareNanometre
    guard case .success(let charges) = crystal.charges else {
      (dipole, excessCharge, tasker, brokenBonds) = (nil, nil, nil, nil)
      return
    }
    brokenBonds = Double(levels.crossings(crystal.shellBonds)) * perSquareNanometre
    var moment = 0.0
    for unit in cell.units {
      let steps = ((unit.anchor.z - termination.cut) / cell.spacing).rounded(.down)
      let base = unit.anchor.z - steps * cell.spacing
      for (atom, offset) in zip(unit.atoms, unit.offsets) {
        moment += charges.values[atom] * (base + offset.z - termination.cut)
      }
    }
    let outward = termination.isUpper ? moment : -moment
    dipole = outward / cell.area
    excessCharge = outward / cell.area / cell.spacing
    if abs(outward / cell.area) > Self.dipoleTolerance {
      tasker = .dipole
    } else {
      tasker = Self.hasNeutralLayers(cell, charges) ? .neutralLayers : .noDipole
    }
  }

  /// Whether what lies between one cut and the next is neutral.
  private static func hasNeutralLayers(_ cell: OrientedCell, _ charges: FormalCharges) -> Bool {
    let cuts = cell.cuts()
    var sums = Array(repeating: 0.0, count: max(1, cuts.count))
    for unit in cell.units {
      let steps = unit.anchor.z / cell.spacing
      let height = (steps - steps.rounded(.down)) * cell.spacing
      // Below the first cut lies the layer above the last.
      let layer = cuts.filter { $0 < height }.count % sums.count
      sums[layer] += unit.atoms.reduce(0) { $0 + charges.values[$1] }
    }
    return sums.allSatisfy { abs($0) < 0.01 }
  }
}

/// In which repeat of the cut crystal each atom's unit lies, counted upwards from the cut.
struct UnitLevels {
  private let cell: OrientedCell
  /// For the atoms of the smallest cell where they are.
  private let levels: [Int]

  init(_ cell: OrientedCell, cut: Double) {
    self.cell = cell
    var levels = Array(repeating: 0, count: cell.atomCount)
    for (unit, group) in zip(cell.units, cell.crystal.units) {
      let own = Int(((unit.anchor.z - cut) / cell.spacing).rounded(.down))
      for member in group.members {
        // The unit holds the atom's image at the shift; the atom itself belongs to the unit's image
        // at minus that.
        levels[member.atom] = own - Self.steps(member.shift, cell)
      }
    }
    self.levels = levels
  }

  /// How many cuts the bonds cross, per surface cell: a bond over k repeats crosses k.
  func crossings(_ bonds: [CrystalBond]) -> Int {
    bonds.reduce(0) { sum, bond in
      sum + abs(levels[bond.second] + Self.steps(bond.shift, cell) - levels[bond.first])
    }
  }

  /// How many spacings a lattice vector (Å, in the crystal's frame) leads up.
  private static func steps(_ vector: Vector3, _ cell: OrientedCell) -> Int {
    Int(((vector * cell.turn).z / cell.spacing).rounded())
  }
}
