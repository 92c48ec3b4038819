import Atomistics

extension Matrix3 {
  /// A symmetric matrix from its components xx, yy, zz, yz, xz, xy.
  public init(voigt v: [Double]) {
    precondition(v.count == 6, "six components: xx, yy, zz, yz, xz, xy")
    self.init(Vector3(v[0], v[5], v[4]), Vector3(v[5], v[1], v[3]), Vector3(v[4], v[3], v[2]))
  }

  /// The components xx, yy, zz, yz, xz, xy of a symmetric matrix.
  public var voigt: [Double] {
    [self[0, 0], self[1, 1], self[2, 2], self[1, 2], self[0, 2], self[0, 1]]
  }

  public var trace: Double { self[0, 0] + self[1, 1] + self[2, 2] }

  /// Σ a_ij b_ij.
  func dot(_ other: Matrix3) -> Double {
    self[0].dot(other[0]) + self[1].dot(other[1]) + self[2].dot(other[2])
  }

  /// The component of largest magnitude; not a number if one of them is none.
  var largestComponent: Double {
    var largest = 0.0
    for row in 0..<3 {
      guard self[row].isFinite else { return .nan }
      for column in 0..<3 { largest = max(largest, abs(self[row, column])) }
    }
    return largest
  }
}
