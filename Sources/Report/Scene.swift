/// An atom of a picture.
public struct SceneAtom: Sendable, Hashable {
  /// Cartesian, Å.
  public let position: SIMD3<Double>
  /// As drawn, Å; not a physical radius.
  public let radius: Double
  public let color: Color
  /// What the legend and the data call it, usually the element.
  public let label: String

  public init(position: SIMD3<Double>, radius: Double, color: Color, label: String) {
    (self.position, self.radius, self.color, self.label) = (position, radius, color, label)
  }

  /// An element in its colour of the palette.
  public init(element: String, position: SIMD3<Double>) {
    let radius = SceneAtom.radii[element] ?? 0.5
    self.init(
      position: position, radius: radius, color: Palette.element(element), label: element)
  }

  private static let radii: [String: Double] = [
    "Li": 0.55, "Na": 0.65, "K": 0.75, "P": 0.55, "S": 0.62, "Cl": 0.65, "B": 0.42, "H": 0.24,
    "F": 0.40, "C": 0.40, "N": 0.40,
  ]
}

/// A coordination polyhedron: its corners, in any order.
public struct ScenePolyhedron: Sendable, Hashable {
  public let corners: [SIMD3<Double>]
  public let color: Color
  /// Named in the legend; formulas get subscripts.
  public let label: String

  public init(corners: [SIMD3<Double>], color: Color, label: String) {
    precondition(corners.count >= 4, "a polyhedron has at least four corners")
    (self.corners, self.color, self.label) = (corners, color, label)
  }
}

/// A labelled line across the picture, such as the plane of contact.
public struct ScenePlane: Sendable, Hashable {
  /// Along the picture's `across` axis, Å.
  public let position: Double
  public let label: String

  public init(at position: Double, label: String) {
    (self.position, self.label) = (position, label)
  }
}

/// The side view of a structure, in parallel projection along a Cartesian axis.
///
/// What is farther from the eye is drawn first and paler.
public struct Scene: Sendable, Hashable {
  public enum Direction: Int, Sendable, Hashable { case x, y, z }

  public let atoms: [SceneAtom]
  /// Pairs of indices into `atoms`.
  public let bonds: [SceneBond]
  public let polyhedra: [ScenePolyhedron]
  /// Rows a, b, c in Å from the origin; drawn as a box.
  public let cell: [SIMD3<Double>]?
  public let planes: [ScenePlane]
  /// What runs to the right of the picture; planes are drawn across it.
  public let across: Direction
  /// What runs upwards.
  public let up: Direction

  public init(
    atoms: [SceneAtom], bonds: [SceneBond] = [], polyhedra: [ScenePolyhedron] = [],
    cell: [SIMD3<Double>]? = nil, planes: [ScenePlane] = [], across: Direction = .z,
    up: Direction = .x
  ) {
    precondition(across != up, "the picture needs two directions")
    precondition(
      bonds.allSatisfy { atoms.indices.contains($0.first) && atoms.indices.contains($0.second) },
      "a bond names an atom that is not there")
    precondition(cell.map { $0.count == 3 } ?? true, "a cell has three rows")
    precondition(
      atoms.allSatisfy {
        $0.position.x.isFinite && $0.position.y.isFinite && $0.position.z.isFinite
      },
      "an atom of the picture has no place")
    (self.atoms, self.bonds, self.polyhedra) = (atoms, bonds, polyhedra)
    (self.cell, self.planes, self.across, self.up) = (cell, planes, across, up)
  }

  /// The atoms as a table: label, x, y, z in Å, drawn radius and colour.
  var csv: String {
    let rows = atoms.map { atom in
      let p = atom.position
      return "\(FigureData.field(atom.label)),\(p.x),\(p.y),\(p.z),\(atom.radius),\(atom.color.hex)"
    }
    return (["label,x (Å),y (Å),z (Å),drawn radius (Å),colour"] + rows).joined(separator: "\n")
      + "\n"
  }
}

/// A stick between two atoms.
public struct SceneBond: Sendable, Hashable {
  public let first: Int
  public let second: Int

  public init(_ first: Int, _ second: Int) { (self.first, self.second) = (first, second) }
}
