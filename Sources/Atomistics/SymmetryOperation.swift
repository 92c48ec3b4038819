/// One operation of a space group, in fractional coordinates of the cell it was found for:
///
///     x' = R x + t,   r' = r C,   C = M⁻¹ Rᵀ M
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | R | `rotation`, by its rows | - | 3 × 3 whole numbers |
/// | t | `translation` | cell vectors | 3 |
/// | C | `cartesian(in:)`, of row vectors | - | 3 × 3 |
public struct SymmetryOperation: Hashable, Sendable {
  public let rotation: [SIMD3<Int>]
  public let translation: Vector3

  public init(rotation: [SIMD3<Int>], translation: Vector3) {
    precondition(rotation.count == 3, "three rows")
    self.rotation = rotation
    self.translation = translation
  }

  /// 1 for a turn, −1 for what takes a right hand to a left one.
  public var determinant: Int {
    let (a, b, c) = (rotation[0], rotation[1], rotation[2])
    return a.x * (b.y * c.z - b.z * c.y) - a.y * (b.x * c.z - b.z * c.x)
      + a.z * (b.x * c.y - b.y * c.x)
  }

  public var isProper: Bool { determinant > 0 }

  /// Where a point (fractional) goes.
  public func callAsFunction(_ x: Vector3) -> Vector3 {
    var image = translation
    for k in 0..<3 {
      let row = rotation[k]
      image[k] += Double(row.x) * x.x + Double(row.y) * x.y + Double(row.z) * x.z
    }
    return image
  }

  /// Where the plane h · x = s goes: h' = h R⁻¹, s' = s + h' · t, with s in spacings of the planes.
  public func plane(_ h: SIMD3<Int>) -> (index: SIMD3<Int>, shift: Double) {
    // The inverse of a whole-number matrix of determinant ±1 is its adjugate times that.
    let (a, b, c) = (rotation[0], rotation[1], rotation[2])
    let x = SIMD3(b.y * c.z - b.z * c.y, b.z * c.x - b.x * c.z, b.x * c.y - b.y * c.x)
    let y = SIMD3(c.y * a.z - c.z * a.y, c.z * a.x - c.x * a.z, c.x * a.y - c.y * a.x)
    let z = SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    func dot(_ u: SIMD3<Int>, _ v: SIMD3<Int>) -> Int { u.x * v.x + u.y * v.y + u.z * v.z }
    // x, y and z are the columns of the adjugate.
    let image = SIMD3(dot(h, x), dot(h, y), dot(h, z)) &* determinant
    let t = translation
    return (image, Double(image.x) * t.x + Double(image.y) * t.y + Double(image.z) * t.z)
  }

  /// The turn or mirror of Cartesian row vectors.
  public func cartesian(in lattice: Lattice) -> Matrix3 {
    let rows = rotation.map { Vector3(Double($0.x), Double($0.y), Double($0.z)) }
    return lattice.inverse * Matrix3(rows[0], rows[1], rows[2]).transpose * lattice.matrix
  }
}
