import Atomistics

extension Structure {
  /// The centre of mass of all atoms as they lie, not folded into the cell.
  var centerOfMass: Vector3 {
    var sum = Vector3.zero
    var total = 0.0
    for (element, position) in zip(species, positions) {
      sum += position * element.mass
      total += element.mass
    }
    return sum / total
  }
}
