import Atomistics

/// Whether atoms follow when a crystal is strained.
public enum AtomResponse: String, Sendable, Codable, CaseIterable {
  /// Atoms relax at each strain: what a slow experiment measures.
  case relaxed
  /// Atoms move with the cell: the response before they relax.
  case clamped
}

/// The elastic constants of a crystal, from stresses at small strains.
///
///     C_IJ = ∂σ_I/∂e_J ≈ (σ_I(+h) − σ_I(−h)) / 2h,   made symmetric
///
/// | symbol | name | unit |
/// |---|---|---|
/// | I, J | xx, yy, zz, yz, xz, xy along the axes of the structure | - |
/// | e_J | strain; of a shear the engineering strain, e_4 = 2 ε_yz | - |
/// | h | `amplitude` | - |
/// | C | `stiffness` | eV/Å³ |
/// | max abs(C_IJ − C_JI)/2 | `asymmetry`, an estimate of the error | eV/Å³ |
///
/// Source: Nye, Physical Properties of Crystals (Oxford, 1957), chapter VIII.
public struct ElasticConstants: Sendable {
  /// C, symmetric.
  public let stiffness: [[Double]]
  public let asymmetry: Double
  public let amplitude: Double
  public let atoms: AtomResponse
  /// Whether the atoms came to rest at every strain.
  public let converged: Bool
  /// The stress of the structure that was strained, in eV/Å³.
  public let residualStress: Matrix3

  /// From the derivatives of the stress, row by row ∂σ_I/∂e_J.
  public init(
    derivatives: [[Double]], amplitude: Double, atoms: AtomResponse, converged: Bool = true,
    residualStress: Matrix3 = .zero
  ) {
    precondition(
      derivatives.count == 6 && derivatives.allSatisfy { $0.count == 6 }, "six rows of six")
    var largest = 0.0
    stiffness = (0..<6).map { i in
      (0..<6).map { j in
        largest = max(largest, abs(derivatives[i][j] - derivatives[j][i]) / 2)
        return (derivatives[i][j] + derivatives[j][i]) / 2
      }
    }
    asymmetry = largest
    self.amplitude = amplitude
    self.atoms = atoms
    self.converged = converged
    self.residualStress = residualStress
  }

  /// The six stiffnesses of Kelvin's strains in eV/Å³, ascending; they do not depend on the axes.
  public var eigenvalues: [Double] { VoigtMatrix(stiffness).kelvin.eigenvalues }

  /// Whether every small strain costs energy.
  ///
  /// Source: Mouhat & Coudert, Phys. Rev. B 90, 224104 (2014), doi 10.1103/PhysRevB.90.224104.
  public var isStable: Bool { eigenvalues[0] > 0 }

  /// S = C⁻¹ in Å³/eV; nil for a crystal that is not stable.
  public var compliance: [[Double]]? {
    isStable ? VoigtMatrix(stiffness).inverseIfPositive?.rows : nil
  }
}
