import Atomistics

/// What a match is, whatever basis and cell it is written in: the deformation of one surface lattice
/// onto the other, in whole numbers.
///
/// A superlattice pair is two rows of four integers, (A | B) on both surface bases. Another basis of
/// the same pair multiplies both from the left by a matrix of determinant 1, which leaves the 2 × 2
/// minors of the 2 × 4 matrix as they are; a multiple of the pair multiplies all minors by its index.
/// So the minors divided by their greatest common divisor tell whether two pairs describe the same
/// deformation, without a tolerance.
///
///     electrolyte = det A,   metal = det B,   P = Aᵀ J B,   J = (0 1; −1 0)
///
/// A symmetry H of the electrolyte and G of the metal (matrices on their bases) carry P into
/// Hᵀ P G; two that both turn the plane over also change the sign of all minors.
///
/// Source: Plücker coordinates; Cassels, An Introduction to the Geometry of Numbers (1959), chapter I.
struct MatchKey: Hashable, Comparable {
  /// The fewest surface cells in one coincidence cell.
  let electrolyte: Int
  let metal: Int
  /// P, row by row.
  let mixed: SIMD4<Int>

  init(electrolyte a: PlaneSupercell, metal b: PlaneSupercell) {
    let (a0, a1, b0, b1) = (a.rows[0], a.rows[1], b.rows[0], b.rows[1])
    let p = SIMD4(
      a0.x * b1.x - a1.x * b0.x, a0.x * b1.y - a1.x * b0.y, a0.y * b1.x - a1.y * b0.x,
      a0.y * b1.y - a1.y * b0.y)
    var divisor = greatestCommonDivisor(a.index, b.index)
    for k in 0..<4 { divisor = greatestCommonDivisor(divisor, p[k]) }
    electrolyte = a.index / divisor
    metal = b.index / divisor
    mixed = SIMD4(p.x / divisor, p.y / divisor, p.z / divisor, p.w / divisor)
  }

  private init(_ electrolyte: Int, _ metal: Int, _ mixed: SIMD4<Int>) {
    (self.electrolyte, self.metal, self.mixed) = (electrolyte, metal, mixed)
  }

  /// The least of the keys that symmetries of both surfaces carry this one into. Symmetries that
  /// turn a surface over count only in pairs: both crystals are mirrored, or neither.
  func least(electrolyte: [PlaneSupercell], metal: [PlaneSupercell]) -> MatchKey {
    var best = self
    for h in electrolyte {
      let left = Self.product(h.transposed, mixed)
      for g in metal where h.index == g.index {
        let image = MatchKey(
          self.electrolyte, self.metal, h.index &* Self.product(left, g))
        if image < best { best = image }
      }
    }
    return best
  }

  static func < (a: MatchKey, b: MatchKey) -> Bool {
    if a.electrolyte != b.electrolyte { return a.electrolyte < b.electrolyte }
    if a.metal != b.metal { return a.metal < b.metal }
    for k in 0..<4 where a.mixed[k] != b.mixed[k] { return a.mixed[k] < b.mixed[k] }
    return false
  }

  private static func product(_ m: PlaneSupercell, _ p: SIMD4<Int>) -> SIMD4<Int> {
    let (r, s) = (m.rows[0], m.rows[1])
    return SIMD4(
      r.x * p.x + r.y * p.z, r.x * p.y + r.y * p.w, s.x * p.x + s.y * p.z, s.x * p.y + s.y * p.w)
  }

  private static func product(_ p: SIMD4<Int>, _ m: PlaneSupercell) -> SIMD4<Int> {
    let (r, s) = (m.rows[0], m.rows[1])
    return SIMD4(
      p.x * r.x + p.y * s.x, p.x * r.y + p.y * s.y, p.z * r.x + p.w * s.x, p.z * r.y + p.w * s.y)
  }
}
