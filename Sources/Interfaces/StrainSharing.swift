import Atomistics

/// Which side bears the mismatch.
public enum StrainSharing: Sendable, Hashable, Codable {
  /// The metal takes it all.
  case metal
  /// The electrolyte takes it all.
  case electrolyte
  /// The electrolyte takes this fraction of the difference of the two metrics, 0 to 1.
  case fraction(Double)
  /// As much each as makes the elastic energy of both slabs least; constants in the axes of the
  /// crystals as given.
  case stiffness(electrolyte: ElasticStiffness, metal: ElasticStiffness)

  /// - Throws: `InterfacesError.badSetting`.
  func validate() throws {
    switch self {
    case .metal, .electrolyte: break
    case .fraction(let share):
      guard share >= 0, share <= 1 else {
        throw InterfacesError.badSetting(
          "the electrolyte's share of the strain is \(share); expected 0 (the metal takes all) to 1"
        )
      }
    case .stiffness(let electrolyte, let metal):
      for (name, stiffness) in [("electrolyte", electrolyte), ("metal", metal)]
      where !stiffness.isStable {
        throw InterfacesError.badSetting(
          "the elastic constants of the \(name) are not those of a stable crystal, so that the "
            + "strain cannot be shared by stiffness; share it by a fraction, or relax the crystal")
      }
    }
  }
}

/// The lattice of a contact and the strain that it puts on both sides.
///
/// The lattice is told by its metric G (a·a, b·b, a·b), in which Green-Lagrange strains are linear:
///
///     G = (1 − s) F Fᵀ + s N Nᵀ    so that   E_metal = (1 − s) E_metal(s = 0),
///                                            E_electrolyte = s E_electrolyte(s = 1)
///
/// With `StrainSharing.stiffness` all three components of G are free, and make least
///
///     W = Σ_sides ½ V e·K·e,   K = C_pp − C_po C_oo⁻¹ C_op
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | F, N | superlattices of the electrolyte and the metal, rows a, b | Å | 2 × 2 |
/// | s | the electrolyte's share | - | |
/// | V | area times thickness of the slab, layers times the distance of the planes | Å³ | |
/// | e | strain of the side: xx, yy, 2 xy | - | 3 |
/// | K | stiffness in the plane with no stress on it, `ElasticStiffness.inPlane` | eV/Å³ | 3 × 3 |
public struct SharedStrain: Sendable {
  /// The contact's lattice, a along x.
  public let lattice: PlaneLattice
  /// In each side's own frame, that of its `OrientedCell`.
  public let electrolyte: SurfaceStrain
  public let metal: SurfaceStrain

  /// The larger of both sides' von Mises strains.
  public var largest: Double { max(electrolyte.vonMises, metal.vonMises) }

  /// A slab of one side.
  struct Side {
    let cell: OrientedCell
    let layers: Int
    var thickness: Double { Double(layers) * cell.spacing }
  }

  init(_ match: LatticeMatch, _ sharing: StrainSharing, electrolyte: Side, metal: Side) {
    let (f, n) = (match.electrolyteLattice, match.metalLattice)
    let metric: SIMD3<Double>
    switch sharing {
    case .metal: metric = f.metric
    case .electrolyte: metric = n.metric
    case .fraction(let s): metric = (1 - s) * f.metric + s * n.metric
    case .stiffness(let film, let base):
      // The gradient of W vanishes: (H_F + H_N) G = H_F G_F + H_N G_N.
      let h = Self.curvature(f, film, electrolyte)
      let k = Self.curvature(n, base, metal)
      let sum = Matrix3(h[0] + k[0], h[1] + k[1], h[2] + k[2])
      metric = (f.metric * h + n.metric * k) * sum.inverse
    }
    self.electrolyte = SurfaceStrain(from: f, to: metric)
    self.metal = SurfaceStrain(from: n, to: metric)
    lattice = PlaneLattice(metric: metric)
  }

  /// The second derivatives of a side's energy by the metric.
  private static func curvature(
    _ superlattice: PlaneLattice, _ stiffness: ElasticStiffness, _ side: Side
  ) -> Matrix3 {
    let l = SurfaceStrain.perMetric(superlattice)
    let k = stiffness.rotated(by: side.cell.rotation).inPlane
    return (superlattice.area * side.thickness) * (l * k * l.transpose)
  }
}
