import Atomistics

/// Which strains of the cell may relax.
///
/// Directions along which the structure does not repeat never strain. Whatever is left is a
/// symmetric strain, so that the cell never turns.
public enum CellFreedom: String, Sendable, Codable, CaseIterable {
  /// The lattice stays.
  case fixed
  /// One factor for all periodic directions: the shape is kept, the volume free.
  case isotropic
  /// Every strain along the periodic directions.
  case flexible
  /// Every strain within the plane of a and b; the height of the cell is kept, and with it all of
  /// c where c stands upright.
  case plane
  /// The height of the cell along the normal of a and b, which stay as they are.
  case axis
}

/// One strain that may relax: q E with E of unit norm, ΣE_ij² = 1.
struct CellMode: Sendable {
  /// E.
  let pattern: Matrix3
  /// What turns σ:E into the component of the stress that drives the mode.
  private let weight: Double

  /// Stretches by the same factor along orthonormal directions.
  init(stretching directions: [Vector3]) {
    let norm = Double(directions.count).squareRoot()
    pattern = (1 / norm) * directions.reduce(.zero) { $0 + Matrix3.outer($1, $1) }
    weight = 1 / norm
  }

  /// Shears one direction towards another, orthogonal one.
  init(shearing s: Vector3, _ t: Vector3) {
    weight = 1 / 2.0.squareRoot()
    pattern = weight * (Matrix3.outer(s, t) + Matrix3.outer(t, s))
  }

  /// The component of a stress that drives the mode: a normal or a shear stress, or the mean of
  /// normal stresses.
  func component(of stress: Matrix3) -> Double { weight * stress.dot(pattern) }
}

extension CellFreedom {
  /// The strains that a structure's cell may relax along.
  func modes(of structure: Structure) -> [CellMode] {
    let periodic = (0..<3).filter { structure.periodic[$0] }
    switch self {
    case .fixed: return []
    case .flexible: return Self.strains(Self.directions(structure, periodic))
    case .isotropic:
      return periodic.isEmpty ? [] : [CellMode(stretching: Self.directions(structure, periodic))]
    case .plane: return Self.strains(Self.directions(structure, periodic.filter { $0 < 2 }))
    case .axis:
      let normal = structure.lattice.a.cross(structure.lattice.b).normalized
      return structure.periodic[2] ? [CellMode(stretching: [normal])] : []
    }
  }

  /// All stretches and shears among orthonormal directions.
  private static func strains(_ directions: [Vector3]) -> [CellMode] {
    var modes = directions.map { CellMode(stretching: [$0]) }
    for i in directions.indices {
      for j in 0..<i { modes.append(CellMode(shearing: directions[j], directions[i])) }
    }
    return modes
  }

  /// Orthonormal directions that span the given lattice vectors: x, y and z for all three, so that
  /// components of the stress are those that people quote.
  private static func directions(_ structure: Structure, _ axes: [Int]) -> [Vector3] {
    guard axes.count < 3 else { return (0..<3).map { Matrix3.identity[$0] } }
    var directions: [Vector3] = []
    for k in axes {
      var t = structure.lattice.matrix[k]
      for known in directions { t -= t.dot(known) * known }
      directions.append(t.normalized)
    }
    return directions
  }
}
