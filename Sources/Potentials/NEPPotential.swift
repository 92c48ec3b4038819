import Atomistics

/// A neuroevolution potential: the energy of an atom from a network of its surroundings.
///
///     E = Σ_i U_i(q^i) + ½ Σ_ij φ_ZBL(r_ij)
///     q_n  = Σ_j g_n(r_ij),   g_n = Σ_k c_nk^{ij} f_k(r_ij)                   (radial)
///     q_nl from A_nlm = Σ_j g_n(r_ij) Y_lm(r̂_ij)                              (`AngularInvariants`)
///
/// Reads the formats nep3, nep4 and their `_zbl` forms; in double precision throughout.
///
/// Sources: Fan et al., Phys. Rev. B 104, 104309 (2021), doi 10.1103/PhysRevB.104.104309; J. Chem.
/// Phys. 157, 114801 (2022), doi 10.1063/5.0106617; Song et al., Nat. Commun. 15, 10208 (2024),
/// doi 10.1038/s41467-024-54554-x; arXiv 2504.21286 (NEP89).
public struct NEPPotential: ShortRangeCalculator {
  public let header: NEPHeader
  public let name: String
  public let cutoff: Double
  /// How many threads an evaluation uses; its bits do not depend on it.
  public var threads: Int
  /// What atoms are graded against; nil for no grades.
  public internal(set) var activeSet: ActiveSet?

  /// What each component of the descriptor is multiplied with before the network sees it.
  public let descriptorScale: [Double]

  let network: NEPNetwork
  let coefficients: NEPCoefficients
  let invariants: AngularInvariants
  let repulsion: ZBL?
  /// The model's number of each element by atomic number, or −1.
  private let speciesOfElement: [Int]

  /// Reads a nep.txt file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - name: what a report calls it; the file's name if none is given.
  ///   - threads: how many threads an evaluation may use.
  /// - Throws: `PotentialsError.missingFile`, `PotentialsError.badFile`.
  public init(path: String, name: String? = nil, threads: Int = 1) throws {
    self.init(try NEPFile(path: path), name: name, threads: threads)
  }

  public init(_ file: NEPFile, name: String? = nil, threads: Int = 1) {
    precondition(threads >= 1, "at least one thread")
    let header = file.header
    self.header = header
    self.threads = threads
    let label = name ?? file.path.split(separator: "/").last.map(String.init) ?? file.path
    self.name = "\(label) (\(header.format), \(header.species.count) species)"
    let harmonics = RealHarmonics(maximumL: header.maximumL)
    invariants = AngularInvariants(
      harmonics: harmonics, channels: header.angularCount, hasFourBody: header.hasFourBody,
      hasFiveBody: header.hasFiveBody)
    let pairs = header.species.count * header.species.count
    (network, coefficients, repulsion, descriptorScale) = file.numbers.withUnsafeBufferPointer {
      numbers in
      let c = numbers.baseAddress! + header.networkParameters
      let scale = c + pairs * header.coefficientsPerPair
      return (
        NEPNetwork(header, numbers: numbers.baseAddress!, scale: scale),
        NEPCoefficients(header, numbers: c),
        Self.repulsion(header, numbers: scale + header.descriptorCount),
        (0..<header.descriptorCount).map { scale[$0] }
      )
    }
    cutoff = max(
      header.radialCutoffs.max()!, header.angularCutoffs.max()!, repulsion?.cutoff ?? 0)
    var table = [Int](repeating: -1, count: 256)
    for (index, element) in header.species.enumerated() { table[element.atomicNumber] = index }
    speciesOfElement = table
  }

  private static func repulsion(_ header: NEPHeader, numbers: UnsafePointer<Double>) -> ZBL? {
    switch header.repulsion {
    case .none: return nil
    case .universal(let inner, let outer):
      return ZBL(header.species, inner: inner, outer: outer)
    case .covalent(let factor, let outer):
      return ZBL(header.species, factor: factor, outer: outer)
    case .flexible:
      let count = header.species.count
      return ZBL(header.species) { i, j in
        // Rows for the pairs 1-1, 1-2, ..., 1-n, 2-2, ...
        let row = i * count - i * (i - 1) / 2 + (j - i)
        return (0..<10).map { numbers[10 * row + $0] }
      }
    }
  }

  public func validate(_ species: some Sequence<Element>) throws {
    for element in species where speciesOfElement[element.atomicNumber] < 0 {
      throw PotentialsError.unsupportedElement(
        element, potential: name, supported: header.species)
    }
  }

  /// The model's species of an element that has passed `validate`.
  func index(of element: Element) -> Int {
    let index = speciesOfElement[element.atomicNumber]
    precondition(index >= 0, "species are validated before they are evaluated")
    return index
  }
}
