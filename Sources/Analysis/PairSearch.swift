import Atomistics

/// The pairs between two groups of atoms within a range, all against all.
///
/// It serves cells that are at least twice the range high along each periodic axis. Then of each
/// pair one image at most lies within the range, and that is the one whose fractional components
/// are rounded into ±1/2 (see `MinimumImage`), so that a pair costs a few operations and no list is
/// built. For groups of thousands of atoms a `NeighborList` is faster.
struct PairSearch {
  /// Beyond so many partners a list is the better way.
  static let mostPartners = 4000

  private let range: Double
  private let rows: (Vector3, Vector3, Vector3)
  private let isPeriodic: Vector3
  private let partners: [Int]
  /// Positions and fractional coordinates of the partners.
  private let place: [Vector3]
  private let scaled: [Vector3]
  private let lattice: Lattice

  /// Nil where the cell is too small for the range or there are too many partners.
  init?(_ structure: Structure, range: Double, partners: [Int]) {
    let heights = structure.lattice.heights
    for k in 0..<3 where structure.periodic[k] && heights[k] <= 2 * range { return nil }
    guard partners.count <= Self.mostPartners else { return nil }
    self.range = range
    self.partners = partners
    lattice = structure.lattice
    rows = structure.lattice.matrix.rows
    isPeriodic = Vector3(
      structure.periodic[0] ? 1 : 0, structure.periodic[1] ? 1 : 0, structure.periodic[2] ? 1 : 0)
    place = partners.map { structure.positions[$0] }
    scaled = place.map { structure.lattice.fractional($0) }
  }

  /// Calls `body` with the index among the partners and the distance of each that lies within the
  /// range of `position` and is not the atom `own`.
  func forEach(around position: Vector3, except own: Int, _ body: (Int, Double) -> Void) {
    let s = lattice.fractional(position)
    let (a, b, c) = rows
    let limit = range * range
    // Adding and subtracting 1.5 · 2⁵² rounds to the nearest whole number, without a call.
    let rounding = Vector3(repeating: 0x1.8p52)
    place.withUnsafeBufferPointer { place in
      scaled.withUnsafeBufferPointer { scaled in
        for k in 0..<place.count {
          let whole = ((scaled[k] - s) * isPeriodic + rounding) - rounding
          let vector = (place[k] - position) - (a * whole.x + b * whole.y + c * whole.z)
          let square = (vector * vector).sum()
          guard square < limit, partners[k] != own else { continue }
          body(k, square.squareRoot())
        }
      }
    }
  }
}
