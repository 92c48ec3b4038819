import Atomistics

extension Structure {
  /// The supercell of at most `maximumAtoms` atoms whose shortest height is greatest; among equals
  /// the one with fewer atoms.
  ///
  /// A cell that is already larger is returned as it is.
  func roundestSupercell(maximumAtoms: Int) -> Structure {
    let most = max(1, maximumAtoms / count)
    var best = (1, 1, 1)
    var bestHeight = 0.0
    for na in 1...most {
      for nb in 1...max(1, most / na) {
        for nc in 1...max(1, most / (na * nb)) where na * nb * nc <= most {
          let h = lattice.heights
          let shortest = min(Double(na) * h.x, Double(nb) * h.y, Double(nc) * h.z)
          let fewer = na * nb * nc < best.0 * best.1 * best.2
          if shortest > bestHeight + 1e-9 || (shortest > bestHeight - 1e-9 && fewer) {
            (best, bestHeight) = ((na, nb, nc), shortest)
          }
        }
      }
    }
    return supercell(best.0, best.1, best.2)
  }
}
