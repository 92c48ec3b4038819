import Atomistics

/// The Lennard-Jones potential, shifted so that energy and force vanish together at the cut-off.
///
///     V(r)  = 4 ε [(σ/r)¹² − (σ/r)⁶]
///     U(r)  = V(r) − V(r_c) − (r − r_c) V′(r_c)      for r < r_c, else 0
///
/// | symbol | name | unit |
/// |---|---|---|
/// | ε | `Parameters.epsilon` | eV |
/// | σ | `Parameters.sigma` | Å |
/// | r_c | `cutoff` | Å |
///
/// Unlike pairs follow Lorentz and Berthelot, σ = (σ_i + σ_j)/2 and ε = √(ε_i ε_j), unless given.
///
/// Source: the shifted-force form of Allen and Tildesley, Computer Simulation of Liquids (2017),
/// section 5.2.4, doi 10.1093/oso/9780198803195.001.0001.
public struct LennardJones: ShortRangeCalculator {
  public struct Parameters: Hashable, Sendable, Codable {
    public let epsilon: Double
    public let sigma: Double

    public init(epsilon: Double, sigma: Double) {
      precondition(epsilon >= 0 && sigma > 0, "ε is not below zero and σ above it")
      self.epsilon = epsilon
      self.sigma = sigma
    }
  }

  /// Two elements in either order.
  public struct Pair: Hashable, Sendable {
    let first: Element
    let second: Element

    public init(_ first: Element, _ second: Element) {
      self.first = min(first, second)
      self.second = max(first, second)
    }
  }

  public let cutoff: Double
  private let elements: [Element: Parameters]
  private let pairs: [Pair: Parameters]

  /// - Parameters:
  ///   - elements: the parameters of like pairs.
  ///   - pairs: the parameters of those unlike pairs that do not follow the mixing rule.
  ///   - cutoff: in Å.
  public init(
    _ elements: [Element: Parameters], pairs: [Pair: Parameters] = [:], cutoff: Double
  ) {
    precondition(cutoff > 0, "the cut-off is above zero")
    self.elements = elements
    self.pairs = pairs
    self.cutoff = cutoff
  }

  public var name: String {
    "Lennard-Jones (" + elements.keys.sorted().map(\.symbol).joined(separator: " ") + ")"
  }

  public func validate(_ species: some Sequence<Element>) throws {
    for element in species where elements[element] == nil {
      throw PotentialsError.unsupportedElement(
        element, potential: name, supported: elements.keys.sorted())
    }
  }

  public func evaluate(_ structure: Structure, neighbors: NeighborList) -> Evaluation {
    precondition(neighbors.cutoff >= cutoff, "the list reaches as far as the potential")
    let kinds = Array(Set(structure.species)).sorted()
    let table = kinds.flatMap { a in kinds.map { curve(a, $0) } }
    let kind = structure.species.map { kinds.firstIndex(of: $0)! }
    var energies = [Double](repeating: 0, count: structure.count)
    var forces = [Vector3](repeating: .zero, count: structure.count)
    var virial = Matrix3.zero
    for i in 0..<structure.count {
      for pair in neighbors.pairs(of: i) {
        let r = neighbors.vector(pair, from: i, in: structure)
        let squared = r.lengthSquared
        guard squared < cutoff * cutoff else { continue }
        let distance = squared.squareRoot()
        let curve = table[kind[i] * kinds.count + kind[Int(neighbors.neighbors[pair])]]
        let (energy, slope) = curve.value(at: distance)
        energies[i] += energy / 2
        forces[i] += (slope / distance) * r
        virial = virial + Matrix3.outer(r, (slope / (2 * distance)) * r)
      }
    }
    return Evaluation(
      energies: energies, forces: forces, stress: (1 / structure.volume) * virial)
  }

  /// The pair energy U (eV) and its slope (eV/Å) at a distance (Å); zero beyond the cut-off.
  public func pairEnergy(_ first: Element, _ second: Element, at distance: Double) -> Double {
    precondition(elements[first] != nil && elements[second] != nil, "both elements are known")
    return distance < cutoff ? curve(first, second).value(at: distance).energy : 0
  }

  private func curve(_ a: Element, _ b: Element) -> Curve {
    if let own = pairs[Pair(a, b)] { return Curve(own, cutoff: cutoff) }
    guard let pa = elements[a], let pb = elements[b] else {
      preconditionFailure("the structure was not validated")
    }
    let mixed = Parameters(
      epsilon: (pa.epsilon * pb.epsilon).squareRoot(), sigma: (pa.sigma + pb.sigma) / 2)
    return Curve(mixed, cutoff: cutoff)
  }
}

/// U(r) of one kind of pair.
private struct Curve {
  private let epsilon: Double
  private let sigmaSquared: Double
  private let cutoff: Double
  private var energyAtCutoff = 0.0
  private var slopeAtCutoff = 0.0

  init(_ parameters: LennardJones.Parameters, cutoff: Double) {
    epsilon = parameters.epsilon
    sigmaSquared = parameters.sigma * parameters.sigma
    self.cutoff = cutoff
    let (energy, slope) = value(at: cutoff)
    energyAtCutoff = energy
    slopeAtCutoff = slope
  }

  func value(at r: Double) -> (energy: Double, slope: Double) {
    let s2 = sigmaSquared / (r * r)
    let s6 = s2 * s2 * s2
    let energy = 4 * epsilon * s6 * (s6 - 1)
    let slope = -24 * epsilon * s6 * (2 * s6 - 1) / r
    return (
      energy - energyAtCutoff - (r - cutoff) * slopeAtCutoff, slope - slopeAtCutoff
    )
  }
}
