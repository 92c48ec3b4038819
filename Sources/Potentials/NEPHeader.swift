import Atomistics

/// What the head of a nep.txt file says about the model.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | r_c^R, r_c^A | `radialCutoffs`, `angularCutoffs`, one per species | Å |
/// | n_max | `radialOrder`, `angularOrder`: functions 0...n_max | |
/// | N_bas | `radialBasis`, `angularBasis`: Chebyshev polynomials 0...N_bas | |
/// | l_max | `maximumL`, the highest l of the three-body terms | |
/// | N_neu | `neurons` of the one hidden layer | |
///
/// The range of a pair is the mean of its two species' cut-offs.
///
/// Sources: Fan, J. Phys.: Condens. Matter 34, 125902 (2022), doi 10.1088/1361-648X/ac462b;
/// Fan et al., J. Chem. Phys. 157, 114801 (2022), doi 10.1063/5.0106617 (NEP3); Song et al., Nat.
/// Commun. 15, 10208 (2024), doi 10.1038/s41467-024-54554-x (NEP4).
public struct NEPHeader: Sendable, Hashable {
  /// The repulsion at short range that is added to the network's energy.
  public enum Repulsion: Sendable, Hashable {
    case none
    /// Ziegler-Biersack-Littmark's universal function, switched off from `inner` to `outer` (Å).
    case universal(inner: Double, outer: Double)
    /// The same function, switched off from nothing to `factor` times the sum of the pair's radii
    /// (`DispersionRadius`), but no further than `outer` (Å): GPUMD's `use_typewise_cutoff_zbl` as of
    /// December 2025 and torchnep 1.0.7; GPUMD before that began at half the outer cut-off.
    case covalent(factor: Double, outer: Double)
    /// Ten numbers for each pair of species, at the end of the file.
    case flexible
  }

  /// 3 (one network for all species) or 4 (one network per species).
  public let version: Int
  public let species: [Element]
  public let repulsion: Repulsion
  public let radialCutoffs: [Double]
  public let angularCutoffs: [Double]
  public let radialOrder: Int
  public let angularOrder: Int
  public let radialBasis: Int
  public let angularBasis: Int
  public let maximumL: Int
  public let hasFourBody: Bool
  public let hasFiveBody: Bool
  public let neurons: Int

  /// The word that begins the file, e.g. "nep4_zbl".
  public var format: String { "nep\(version)" + (repulsion == .none ? "" : "_zbl") }
  public var networkCount: Int { version == 3 ? 1 : species.count }
  public var radialCount: Int { radialOrder + 1 }
  public var angularCount: Int { angularOrder + 1 }
  /// How many numbers describe an atom's surroundings.
  public var descriptorCount: Int {
    radialCount + angularCount * (maximumL + (hasFourBody ? 1 : 0) + (hasFiveBody ? 1 : 0))
  }

  /// - Precondition: one cut-off of each kind per species; orders and sizes as a file may have them.
  public init(
    version: Int = 4, species: [Element], repulsion: Repulsion, radialCutoffs: [Double],
    angularCutoffs: [Double], radialOrder: Int, angularOrder: Int, radialBasis: Int,
    angularBasis: Int, maximumL: Int, hasFourBody: Bool, hasFiveBody: Bool, neurons: Int
  ) {
    precondition(
      radialCutoffs.count == species.count && angularCutoffs.count == species.count,
      "one cut-off of each kind per species")
    self.version = version
    self.species = species
    self.repulsion = repulsion
    self.radialCutoffs = radialCutoffs
    self.angularCutoffs = angularCutoffs
    self.radialOrder = radialOrder
    self.angularOrder = angularOrder
    self.radialBasis = radialBasis
    self.angularBasis = angularBasis
    self.maximumL = maximumL
    self.hasFourBody = hasFourBody
    self.hasFiveBody = hasFiveBody
    self.neurons = neurons
  }

  var networkParameters: Int { networkCount * neurons * (descriptorCount + 2) + 1 }
  /// Expansion coefficients c_nk of one ordered pair of species.
  var coefficientsPerPair: Int {
    radialCount * (radialBasis + 1) + angularCount * (angularBasis + 1)
  }
  var repulsionParameters: Int {
    repulsion == .flexible ? 10 * species.count * (species.count + 1) / 2 : 0
  }
  /// How many numbers follow the head.
  public var parameterCount: Int {
    networkParameters + species.count * species.count * coefficientsPerPair + descriptorCount
      + repulsionParameters
  }
}
