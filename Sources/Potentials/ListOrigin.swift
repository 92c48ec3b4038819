import Atomistics

/// The lattice and the positions for which a neighbour list was built.
///
/// A list of all pairs nearer than r_c + m_i + m_j, with a margin m of each atom, holds every pair
/// nearer than r_c as long as
///
///     |x_i − x⁰_i D| ≤ m_i (1 − |D − 1|) − r_c |D − 1|/2,    M = M⁰ D
///
/// since a pair vector now is r⁰ D + u_j − u_i with u = x − x⁰ D, and |r⁰ D| ≥ |r⁰| (1 − |D − 1|)
/// with Frobenius' norm. With the lattice unchanged and one margin of half a skin this is Verlet's
/// rule.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | M⁰ | `lattice` | Å |
/// | x⁰ | `positions`, not wrapped | Å |
///
/// Source of the rule for a fixed cell: Verlet, Phys. Rev. 159, 98 (1967),
/// doi 10.1103/PhysRev.159.98.
public struct ListOrigin: Sendable, Hashable, Codable {
  public let lattice: Lattice
  public let positions: [Vector3]

  public init(lattice: Lattice, positions: [Vector3]) {
    self.lattice = lattice
    self.positions = positions
  }

  public init(_ structure: Structure) {
    self.init(lattice: structure.lattice, positions: structure.positions)
  }

  /// Whether a list of this origin, with this cut-off and skin (Å), still holds for `structure`.
  public func holds(for structure: Structure, cutoff: Double, skin: Double) -> Bool {
    holds(for: structure, cutoff: cutoff) { _ in 0.5 * skin }
  }

  /// The same with a margin (Å) of each atom.
  @inline(__always)
  func holds(for structure: Structure, cutoff: Double, margin: (Int) -> Double) -> Bool {
    guard structure.count == positions.count else { return false }
    guard structure.lattice != lattice else {
      return areWithin(structure.positions, reach: margin) { $0 }
    }
    let deformation = lattice.inverse * structure.lattice.matrix
    let strain = (deformation - Matrix3.identity).frobeniusNorm
    return areWithin(
      structure.positions, reach: { margin($0) * (1 - strain) - 0.5 * cutoff * strain }
    ) { $0 * deformation }
  }

  @inline(__always)
  private func areWithin(
    _ now: [Vector3], reach: (Int) -> Double, moved: (Vector3) -> Vector3
  ) -> Bool {
    // Not less or equal is true for NaN as well.
    for k in positions.indices {
      let limit = reach(k)
      guard limit >= 0, (now[k] - moved(positions[k])).lengthSquared <= limit * limit else {
        return false
      }
    }
    return true
  }
}
