import Atomistics

/// The lattice and the positions for which a neighbour list was built.
///
/// A list with cut-off r_c + s holds every pair nearer than r_c as long as
///
///     (r_c + s)(1 − |D − 1|) − 2 max_i |x_i − x⁰_i D| ≥ r_c,    M = M⁰ D
///
/// since a pair vector now is r⁰ D + u_j − u_i with u = x − x⁰ D, and |r⁰ D| ≥ |r⁰| (1 − |D − 1|)
/// with Frobenius' norm. With the lattice unchanged this is Verlet's rule, no atom further than s/2.
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
    guard structure.count == positions.count else { return false }
    guard structure.lattice != lattice else {
      return isWithin(0.5 * skin, structure.positions) { $0 }
    }
    let deformation = lattice.inverse * structure.lattice.matrix
    let strain = (deformation - Matrix3.identity).frobeniusNorm
    let room = (cutoff + skin) * (1 - strain) - cutoff
    guard room >= 0 else { return false }
    return isWithin(0.5 * room, structure.positions) { $0 * deformation }
  }

  @inline(__always)
  private func isWithin(
    _ reach: Double, _ now: [Vector3], moved: (Vector3) -> Vector3
  ) -> Bool {
    let limit = reach * reach
    // Not less or equal is true for NaN as well.
    for k in positions.indices
    where !((now[k] - moved(positions[k])).lengthSquared <= limit) { return false }
    return true
  }
}
