import Atomistics

/// The cell of atoms in a file that has none: a box 20 Å wider than they are.
func openBox(around positions: [Vector3]) -> Lattice {
  var (low, high) = (positions[0], positions[0])
  for position in positions {
    low = pointwiseMin(low, position)
    high = pointwiseMax(high, position)
  }
  let edges = high - low + 20
  return Lattice(
    Vector3(edges.x, 0, 0), Vector3(0, edges.y, 0), Vector3(0, 0, edges.z))
}
