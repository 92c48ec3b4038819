import Atomistics

/// A structure as a LAMMPS data file: `units metal`, `atom_style atomic`.
///
/// The cell is in the restricted form of `LAMMPSCell`, its corner at zero. Ids are the structure's
/// order, counted from 1. Types are the elements in the order in which the structure first has
/// them, named in comments. Positions are wrapped along periodic axes, with image flags that lead
/// back; velocities are in Å/ps. The rotation stands in comments.
///
/// Format: LAMMPS manual, `read_data` command (https://docs.lammps.org/read_data.html).
public struct LAMMPSData: Sendable {
  public let structure: Structure
  public let cell: LAMMPSCell
  /// The element of each type, type 1 first.
  public let elements: [Element]
  /// Where the box begins and ends in its own frame along x, y and z; beyond the cell along axes
  /// that are not periodic, if atoms are there.
  private let low: Vector3
  private let high: Vector3

  /// - Throws: `AtomisticsError.badStructure` where LAMMPS can have no such box: skewed along an
  ///   axis that is not periodic.
  public init(_ structure: Structure) throws {
    self.structure = structure
    let cell = LAMMPSCell(structure.lattice)
    self.cell = cell
    var elements: [Element] = []
    for element in structure.species where !elements.contains(element) { elements.append(element) }
    self.elements = elements
    let matrix = cell.lattice.matrix
    let tilts = [(0, 1, matrix[1].x), (0, 2, matrix[2].x), (1, 2, matrix[2].y)]
    for (j, k, tilt) in tilts where abs(tilt) > 1e-9 * matrix[k].length {
      guard structure.periodic[j], structure.periodic[k] else {
        let axis = "abc".map(String.init)[structure.periodic[k] ? j : k]
        throw AtomisticsError.badStructure(
          "the cell is skewed along \(axis), which is not periodic; LAMMPS has no such box. Make "
            + "\(axis) stand upright on the others, or the structure periodic along it (pbc) with "
            + "a vacuum")
      }
    }
    var (low, high) = (Vector3.zero, Vector3(matrix[0].x, matrix[1].y, matrix[2].z))
    for k in 0..<3 where !structure.periodic[k] {
      let coordinates = structure.positions.map { cell.position($0)[k] }
      low[k] = min(low[k], coordinates.min() ?? 0)
      high[k] = max(high[k], coordinates.max() ?? 0)
    }
    (self.low, self.high) = (low, high)
  }

  /// Whether a tilt is beyond half an edge, which LAMMPS takes only after `box tilt large`.
  public var isTiltedFar: Bool {
    let m = cell.lattice.matrix
    return abs(m[1].x) > 0.5 * m[0].x || abs(m[2].x) > 0.5 * m[0].x
      || abs(m[2].y) > 0.5 * m[1].y
  }

  /// The whole text of the file.
  public var text: String {
    var lines = header
    lines += ["Masses", ""]
    for (index, element) in elements.enumerated() {
      lines.append("\(index + 1) \(element.mass) # \(element.symbol)")
    }
    lines += ["", "Atoms # atomic", ""]
    for atom in 0..<structure.count { lines.append(row(atom)) }
    if let velocities = structure.velocities {
      lines += ["", "Velocities", ""]
      for (atom, velocity) in velocities.enumerated() {
        let v = 1000 * cell.vector(velocity)
        lines.append("\(atom + 1) \(v.x) \(v.y) \(v.z)")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var header: [String] {
    let m = cell.lattice.matrix
    let r = cell.rotation
    func row(_ v: Vector3) -> String { "\(v.x) \(v.y) \(v.z)" }
    var lines = [
      "\(structure.composition.formula) by Interphase; LAMMPS data, units metal, atom_style atomic",
      "", "\(structure.count) atoms", "\(elements.count) atom types", "",
      "\(low.x) \(high.x) xlo xhi", "\(low.y) \(high.y) ylo yhi", "\(low.z) \(high.z) zlo zhi",
    ]
    if m[1].x != 0 || m[2].x != 0 || m[2].y != 0 {
      lines.append("\(m[1].x) \(m[2].x) \(m[2].y) xy xz yz")
    }
    lines += [
      "", "# A row vector v of the original is v R here; back, v' times R transposed. R, by rows:",
      "# \(row(r[0]))", "# \(row(r[1]))", "# \(row(r[2]))",
      "# A position is (r - o) R here, with o = \(row(cell.origin))",
    ]
    if cell.isReversed {
      lines.append("# The original cell is left-handed: the third vector here is its -c.")
    }
    return lines + [""]
  }

  /// id, type, wrapped position, images.
  private func row(_ atom: Int) -> String {
    var x = cell.position(structure.positions[atom])
    let s = cell.lattice.fractional(x)
    var cells = Vector3.zero
    for k in 0..<3 where structure.periodic[k] { cells[k] = s[k].rounded(.down) }
    if cells != .zero { x -= cell.lattice.cartesian(cells) }
    let type = (elements.firstIndex(of: structure.species[atom]) ?? 0) + 1
    return "\(atom + 1) \(type) \(x.x) \(x.y) \(x.z) "
      + "\(Int(cells.x)) \(Int(cells.y)) \(Int(cells.z))"
  }
}
