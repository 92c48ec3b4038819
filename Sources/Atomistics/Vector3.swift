/// A vector in three dimensions, Cartesian (Å) unless a name says otherwise.
public typealias Vector3 = SIMD3<Double>

extension SIMD3 where Scalar == Double {
  /// The scalar product `a · b`.
  @inlinable public func dot(_ other: Self) -> Double {
    x * other.x + y * other.y + z * other.z
  }

  /// The vector product `a × b`.
  @inlinable public func cross(_ other: Self) -> Self {
    Self(
      y * other.z - z * other.y,
      z * other.x - x * other.z,
      x * other.y - y * other.x)
  }

  /// The Euclidean length `|a|`.
  @inlinable public var length: Double { dot(self).squareRoot() }

  /// The squared Euclidean length `a · a`.
  @inlinable public var lengthSquared: Double { dot(self) }

  /// The vector of unit length along this one.
  public var normalized: Self { self / length }

  /// Whether no component is infinite or not a number.
  public var isFinite: Bool { x.isFinite && y.isFinite && z.isFinite }
}

/// A 3 × 3 matrix held by its rows.
///
/// A `Lattice` is such a matrix with rows **a**, **b**, **c**; a vector multiplies from the left,
/// **r** = **s** M, so that rows are images of the unit vectors.
public struct Matrix3: Hashable, Sendable, Codable {
  public var rows: (Vector3, Vector3, Vector3) {
    get { (row0, row1, row2) }
    set { (row0, row1, row2) = newValue }
  }
  @usableFromInline var row0: Vector3
  @usableFromInline var row1: Vector3
  @usableFromInline var row2: Vector3

  @inlinable public init(_ row0: Vector3, _ row1: Vector3, _ row2: Vector3) {
    self.row0 = row0
    self.row1 = row1
    self.row2 = row2
  }

  public static let identity = Matrix3(
    Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1))
  public static let zero = Matrix3(.zero, .zero, .zero)

  @inlinable public subscript(row: Int) -> Vector3 {
    get { row == 0 ? row0 : (row == 1 ? row1 : row2) }
    set {
      switch row {
      case 0: row0 = newValue
      case 1: row1 = newValue
      default: row2 = newValue
      }
    }
  }

  @inlinable public subscript(row: Int, column: Int) -> Double {
    get { self[row][column] }
    set { self[row][column] = newValue }
  }

  /// Frobenius' norm, the root of the sum of the squares.
  public var frobeniusNorm: Double {
    (row0.lengthSquared + row1.lengthSquared + row2.lengthSquared).squareRoot()
  }

  @inlinable public var determinant: Double { row0.dot(row1.cross(row2)) }

  public var transpose: Matrix3 {
    Matrix3(
      Vector3(row0.x, row1.x, row2.x), Vector3(row0.y, row1.y, row2.y),
      Vector3(row0.z, row1.z, row2.z))
  }

  /// The inverse; a singular matrix is a programmer's fault.
  public var inverse: Matrix3 {
    let d = determinant
    precondition(d != 0, "a singular matrix has no inverse")
    return Matrix3(row1.cross(row2) / d, row2.cross(row0) / d, row0.cross(row1) / d).transpose
  }

  @inlinable public static func * (vector: Vector3, matrix: Matrix3) -> Vector3 {
    vector.x * matrix.row0 + vector.y * matrix.row1 + vector.z * matrix.row2
  }

  public static func * (left: Matrix3, right: Matrix3) -> Matrix3 {
    Matrix3(left.row0 * right, left.row1 * right, left.row2 * right)
  }

  public static func * (scale: Double, matrix: Matrix3) -> Matrix3 {
    Matrix3(scale * matrix.row0, scale * matrix.row1, scale * matrix.row2)
  }

  public static func + (left: Matrix3, right: Matrix3) -> Matrix3 {
    Matrix3(left.row0 + right.row0, left.row1 + right.row1, left.row2 + right.row2)
  }

  public static func - (left: Matrix3, right: Matrix3) -> Matrix3 {
    left + (-1.0) * right
  }

  /// The outer product `aᵀ b`, element (i, j) = a_i b_j.
  @inlinable public static func outer(_ a: Vector3, _ b: Vector3) -> Matrix3 {
    Matrix3(a.x * b, a.y * b, a.z * b)
  }
}
