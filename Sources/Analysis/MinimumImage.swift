import Atomistics

/// The shortest of a pair's vectors over the images of the cell, exact up to a range.
///
/// A vector shorter than R has fractional components below R/h, h being the heights of the cell.
/// So after rounding them into ±1/2, the shortest image is found within ⌊R/h + 1/2⌋ cells on
/// either side: in none but the home cell where h > 2R. Vectors longer than R come back as some
/// image that is longer than R, too.
struct MinimumImage {
  private let lattice: Lattice
  private let periodic: [Bool]
  private let shifts: [Vector3]

  init(_ structure: Structure, range: Double) {
    lattice = structure.lattice
    periodic = structure.periodic
    let heights = structure.lattice.heights
    let reach = (0..<3).map { k in
      structure.periodic[k] ? Int((range / heights[k] + 0.5).rounded(.down)) : 0
    }
    var shifts: [Vector3] = []
    for a in -reach[0]...reach[0] {
      for b in -reach[1]...reach[1] {
        for c in -reach[2]...reach[2] where (a, b, c) != (0, 0, 0) {
          shifts.append(structure.lattice.cartesian(Vector3(Double(a), Double(b), Double(c))))
        }
      }
    }
    self.shifts = shifts
  }

  /// The image of `vector` (Å) that is the shortest.
  func shortest(_ vector: Vector3) -> Vector3 {
    let s = lattice.fractional(vector)
    var whole = Vector3.zero
    for k in 0..<3 where periodic[k] { whole[k] = s[k].rounded() }
    let home = vector - lattice.cartesian(whole)
    var best = home
    for shift in shifts where (home + shift).lengthSquared < best.lengthSquared {
      best = home + shift
    }
    return best
  }
}
