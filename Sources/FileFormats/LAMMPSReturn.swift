import Atomistics

/// The way from a frame of a LAMMPS dump back to the frame of the structure that was exported.
///
/// Without that structure, and for a dump in general triclinic form, nothing is turned.
struct LAMMPSReturn {
  /// How far the cell of the first frame may be from that of the structure before it must be
  /// another: as a share of the longer of the two vectors.
  static let largestChange = 0.25

  let lattice: Lattice
  let periodic: [Bool]
  private let cell: LAMMPSCell?
  private let turned: Lattice

  /// - Parameter isFirst: whether the cell is still to be that of the structure, or nearly.
  init(
    _ box: LAMMPSBox, _ structure: Structure?, isFirst: Bool, _ lines: LineReader
  ) throws {
    guard let structure else {
      (lattice, turned, periodic, cell) = (box.lattice, box.lattice, box.periodic, nil)
      return
    }
    periodic = structure.periodic
    let exported = LAMMPSCell(structure.lattice)
    let expected = box.isGeneral ? structure.lattice : exported.lattice
    var matrix = box.lattice.matrix
    for k in 0..<3 {
      // A shrink-wrapped edge says nothing of the cell.
      guard periodic[k], box.periodic[k] else {
        matrix[k] = expected.matrix[k]
        continue
      }
      let change = (matrix[k] - expected.matrix[k]).length
      guard
        !isFirst || change <= Self.largestChange * max(matrix[k].length, expected.matrix[k].length)
      else {
        throw lines.failure(
          "the cell's vector \("abc".map(String.init)[k]) is \(Self.text(matrix[k])) Å here and "
            + "\(Self.text(expected.matrix[k])) Å in the structure that the run is said to have "
            + "started from; give the structure that was exported")
      }
    }
    turned = try lines.lattice(matrix)
    cell = box.isGeneral || exported.isIdentity ? nil : exported
    lattice = cell?.original(lattice: turned) ?? turned
  }

  func position(_ x: Vector3) -> Vector3 { cell?.original(position: x, in: turned) ?? x }

  func vector(_ v: Vector3) -> Vector3 { cell?.original(vector: v) ?? v }

  private static func text(_ v: Vector3) -> String {
    "(" + (0..<3).map { "\((v[$0] * 1000).rounded() / 1000)" }.joined(separator: ", ") + ")"
  }
}
