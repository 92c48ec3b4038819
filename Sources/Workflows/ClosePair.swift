import Atomistics

/// The two atoms of a structure that are nearest to one another, measured by their covalent radii.
///
///     f = min_ij r_ij/(R_i + R_j)
///
/// The shortest bonds have about 0.8 (C-N in cyanide); below 0.55 atoms lie within one another, and
/// neither an electronic structure nor a potential learned from one means anything.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | f | `factor` | - |
/// | R | `Element.covalentRadius`, 1.5 where there is none | Å |
public struct ClosePair: Sendable, Hashable {
  /// Below this a frame is dropped unless something else is wished.
  public static let usualLimit = 0.55

  public let factor: Double
  /// The two elements, by atomic number.
  public let elements: [Element]

  /// - Returns: nil where no pair is nearer than `limit` times its radii.
  public init?(in structure: Structure, under limit: Double) {
    let radii = structure.species.map { $0.covalentRadius ?? 1.5 }
    guard limit > 0, let widest = radii.max() else { return nil }
    let list = NeighborList(structure, cutoff: 2 * widest * limit)
    var found: (factor: Double, i: Int, j: Int)?
    for i in 0..<structure.count {
      for pair in list.pairs(of: i) {
        let j = Int(list.neighbors[pair])
        let factor = list.vector(pair, from: i, in: structure).length / (radii[i] + radii[j])
        if factor < found?.factor ?? limit { found = (factor, i, j) }
      }
    }
    guard let found else { return nil }
    factor = found.factor
    elements = [structure.species[found.i], structure.species[found.j]].sorted()
  }

  /// "B-H too near".
  public var text: String { "\(elements[0])-\(elements[1]) too near" }
}
