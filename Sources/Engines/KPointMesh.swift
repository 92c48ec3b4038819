import Atomistics

/// A mesh of k-points: as many along each reciprocal vector as keep them within a distance.
///
///     n_i = max(1, ⌈|b_i| / Δ⌉),    b_i · a_j = 2π δ_ij
///
/// | symbol | name | unit |
/// |---|---|---|
/// | Δ | `spacing` | 1/Å |
/// | n_i | `counts` | - |
struct KPointMesh: Hashable {
  let counts: [Int]

  init(_ lattice: Lattice, spacing: Double) {
    // Rows of the inverse's transpose are the reciprocal vectors without 2π.
    let reciprocal = lattice.inverse.transpose
    counts = (0..<3).map {
      max(1, Int((2 * Double.pi * reciprocal[$0].length / spacing - 1e-9).rounded(.up)))
    }
  }
}
