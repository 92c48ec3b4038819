import Atomistics

/// The pairs between two groups of atoms within a range, all against all.
///
/// Of each pair the image whose fractional components are rounded into ±1/2 is taken (see
/// `MinimumImage`), and those i cells away along an axis of height h with (|i| − 1/2) h below the
/// range; in a cell at least twice the range high that is none. So a pair costs a few operations, and
/// no list is built. For groups of thousands of atoms a `NeighborList` is faster.
struct PairSearch {
  /// Beyond so many partners, images among them, a list is the better way.
  static let mostPartners = 12_000

  private let range: Double
  private let rows: (Vector3, Vector3, Vector3)
  private let isPeriodic: Vector3
  private let partners: [Int]
  /// Positions and fractional coordinates of the partners.
  private let place: [Vector3]
  private let scaled: [Vector3]
  private let lattice: Lattice
  /// From the nearest image to the others that may lie within the range; zero first.
  private let shifts: [Vector3]

  /// Nil where there are too many partners.
  init?(_ structure: Structure, range: Double, partners: [Int]) {
    let heights = structure.lattice.heights
    let most = (0..<3).map { k in
      structure.periodic[k] ? Int((range / heights[k] + 0.5).rounded(.down)) : 0
    }
    let count = most.reduce(1) { $0 * (2 * $1 + 1) }
    guard partners.count * count <= Self.mostPartners else { return nil }
    let (a, b, c) = structure.lattice.matrix.rows
    shifts =
      [.zero]
      + (-most[0]...most[0]).flatMap { i in
        (-most[1]...most[1]).flatMap { j in
          (-most[2]...most[2]).filter { (i, j, $0) != (0, 0, 0) }.map { k in
            Double(i) * a + Double(j) * b + Double(k) * c
          }
        }
      }
    self.range = range
    self.partners = partners
    lattice = structure.lattice
    rows = structure.lattice.matrix.rows
    isPeriodic = Vector3(
      structure.periodic[0] ? 1 : 0, structure.periodic[1] ? 1 : 0, structure.periodic[2] ? 1 : 0)
    place = partners.map { structure.positions[$0] }
    scaled = place.map { structure.lattice.fractional($0) }
  }

  /// Whether of each pair one image at most lies within the range.
  var findsOneImage: Bool { shifts.count == 1 }

  /// Calls `body` with the index among the partners and the distance of each that lies within the
  /// range of `position` and is not the atom `own`, an image of which counts.
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
          if square < limit, partners[k] != own { body(k, square.squareRoot()) }
          for shift in shifts.dropFirst() {
            let image = vector + shift
            let square = (image * image).sum()
            if square < limit { body(k, square.squareRoot()) }
          }
        }
      }
    }
  }
}
