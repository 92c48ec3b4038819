/// The periodic frame of a structure: rows **a**, **b**, **c** in Å.
///
/// Fractional and Cartesian coordinates are related by **r** = **s** M with M the matrix of rows.
public struct Lattice: Hashable, Sendable, Codable {
  /// Rows **a**, **b**, **c** in Å.
  public let matrix: Matrix3
  /// The inverse of `matrix`: its columns are the reciprocal vectors without 2π (Å⁻¹).
  public let inverse: Matrix3

  /// A lattice from its rows; they must not lie in one plane.
  public init(_ a: Vector3, _ b: Vector3, _ c: Vector3) {
    self.init(Matrix3(a, b, c))
  }

  public init(_ matrix: Matrix3) {
    precondition(matrix.determinant != 0, "the three lattice vectors lie in one plane")
    self.matrix = matrix
    inverse = matrix.inverse
  }

  /// Checks rows that a file or a person gave, then makes the lattice.
  public init(validating matrix: Matrix3) throws {
    let (a, b, c) = matrix.rows
    guard a.isFinite, b.isFinite, c.isFinite else {
      throw AtomisticsError.badStructure("a lattice vector holds a value that is not a number")
    }
    guard abs(matrix.determinant) > 1e-6 * a.length * b.length * c.length, a.length > 0 else {
      throw AtomisticsError.badStructure(
        "the lattice vectors \(a), \(b), \(c) span no volume; expected three that do not lie in "
          + "one plane")
    }
    self.init(matrix)
  }

  /// A lattice from lengths (Å) and angles (degrees), **a** along x and **b** in the xy plane.
  public init(
    a: Double, b: Double, c: Double, alpha: Double, beta: Double, gamma: Double
  ) {
    let radian = Double.pi / 180
    let (ca, cb, cg) = (cosine(alpha * radian), cosine(beta * radian), cosine(gamma * radian))
    let sg = (1 - cg * cg).squareRoot()
    let cy = (ca - cb * cg) / sg
    self.init(
      Vector3(a, 0, 0), Vector3(b * cg, b * sg, 0),
      Vector3(c * cb, c * cy, c * (1 - cb * cb - cy * cy).squareRoot()))
  }

  public var a: Vector3 { matrix[0] }
  public var b: Vector3 { matrix[1] }
  public var c: Vector3 { matrix[2] }
  /// |a|, |b|, |c| in Å.
  public var lengths: Vector3 { Vector3(a.length, b.length, c.length) }
  /// α (between b and c), β (a, c), γ (a, b) in degrees.
  public var angles: Vector3 {
    Vector3(degrees(b, c), degrees(a, c), degrees(a, b))
  }
  /// The volume in Å³, positive for either handedness.
  public var volume: Double { abs(matrix.determinant) }
  /// The distances in Å between opposite faces of the cell, across a, b and c.
  public var heights: Vector3 {
    let columns = inverse.transpose
    return Vector3(1 / columns[0].length, 1 / columns[1].length, 1 / columns[2].length)
  }

  @inlinable public func cartesian(_ fractional: Vector3) -> Vector3 { fractional * matrix }
  @inlinable public func fractional(_ cartesian: Vector3) -> Vector3 { cartesian * inverse }

  private func degrees(_ u: Vector3, _ v: Vector3) -> Double {
    let cosine = u.dot(v) / (u.length * v.length)
    return arcCosine(max(-1, min(1, cosine))) * 180 / .pi
  }
}
