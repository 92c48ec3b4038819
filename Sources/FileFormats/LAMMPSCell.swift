import Atomistics

/// A cell in the form that LAMMPS takes, and the way there and back.
///
/// LAMMPS wants **a** along +x, **b** in the xy plane with b_y > 0, and c_z > 0. Any right-handed
/// cell is turned into that form by a rotation R:
///
///     H' = M R,   x = (r − o) R,   v' = v R,   o = 0
///
/// A left-handed cell cannot be turned there, and a mirror image would be another crystal where
/// the crystal is chiral. The same lattice has right-handed cells, though: with −**c** in place of
/// **c**, and o = **c** as its corner, the cell fills the same space and no atom moves.
///
/// | symbol | name | unit | shape |
/// |---|---|---|---|
/// | H' | `lattice` | Å | rows, lower triangle |
/// | R | `rotation` | - | 3 × 3, determinant 1; vectors multiply from the left |
/// | o | `origin` | Å | our position of LAMMPS's corner of the cell |
///
/// Source: LAMMPS manual, "Triclinic (non-orthogonal) simulation boxes".
public struct LAMMPSCell: Sendable, Hashable {
  /// The cell in LAMMPS's frame, its corner at zero.
  public let lattice: Lattice
  /// From our frame to LAMMPS's.
  public let rotation: Matrix3
  /// Whether LAMMPS's **c** is the reverse of ours, because our cell is left-handed.
  public let isReversed: Bool
  public let origin: Vector3

  public init(_ original: Lattice) {
    isReversed = original.matrix.determinant < 0
    let c = isReversed ? -original.c : original.c
    origin = isReversed ? original.c : .zero
    let e1 = original.a / original.a.length
    let across = original.b - original.b.dot(e1) * e1
    let e2 = across / across.length
    let e3 = e1.cross(e2)
    rotation = Matrix3(e1, e2, e3).transpose
    lattice = Lattice(
      Vector3(original.a.length, 0, 0), Vector3(original.b.dot(e1), original.b.dot(e2), 0),
      Vector3(c.dot(e1), c.dot(e2), c.dot(e3)))
  }

  /// Whether our frame is LAMMPS's already.
  public var isIdentity: Bool { !isReversed && rotation == .identity }

  /// Our position in LAMMPS's frame.
  public func position(_ r: Vector3) -> Vector3 { isIdentity ? r : (r - origin) * rotation }

  /// Our velocity, force or other free vector in LAMMPS's frame.
  public func vector(_ v: Vector3) -> Vector3 { isIdentity ? v : v * rotation }

  /// LAMMPS's free vector in our frame.
  public func original(vector: Vector3) -> Vector3 {
    isIdentity ? vector : vector * rotation.transpose
  }

  /// LAMMPS's position in our frame; `cell` is the frame's cell, which may have changed.
  public func original(position: Vector3, in cell: Lattice) -> Vector3 {
    let corner = isReversed ? original(vector: -cell.c) : .zero
    return original(vector: position) + corner
  }

  /// LAMMPS's cell in our frame.
  public func original(lattice cell: Lattice) -> Lattice {
    guard !isIdentity else { return cell }
    let c = original(vector: cell.c)
    return Lattice(
      original(vector: cell.a), original(vector: cell.b), isReversed ? -c : c)
  }
}
