import Atomistics

/// The atom that is nearest to a place, over all images of the cell.
struct NearestAtom {
  private let positions: [Vector3]
  /// Exact as far as bonds are long, and cheap; then as far as anything in the cell can be.
  private let near: MinimumImage
  private let far: MinimumImage
  private static let usual = 3.0

  init(_ structure: Structure) {
    var structure = structure
    structure.periodic = [true, true, true]
    positions = structure.positions
    near = MinimumImage(structure, range: Self.usual)
    let lengths = structure.lattice.lengths
    far = MinimumImage(structure, range: 0.5 * (lengths.x + lengths.y + lengths.z))
  }

  func atom(to place: Vector3) -> (index: Int, distance: Double) {
    let first = nearest(to: place, near)
    return first.distance <= Self.usual ? first : nearest(to: place, far)
  }

  private func nearest(to place: Vector3, _ image: MinimumImage) -> (index: Int, distance: Double) {
    var best = (index: 0, distance: Double.infinity)
    for (index, position) in positions.enumerated() {
      let distance = image.shortest(position - place).length
      if distance < best.distance { best = (index, distance) }
    }
    return best
  }
}
