import Atomistics

/// What a trajectory may leave out and somebody has to say, and what is wanted of it beside the usual.
///
/// Other programs' trajectories have no regions and layers, LAMMPS's may have numbered types in
/// place of elements, and its cell is turned against the one that was exported.
public struct TrajectoryOrigin: Sendable {
  /// The element of each numbered type, type 1 first; where given it goes before the file's own.
  public var elementsOfTypes: [Element]?
  /// The structure that the run started from, atoms in the order in which it was exported.
  public var structure: Structure?
  /// The cell of all frames of a file that has none (xyz), periodic along its three axes.
  public var lattice: Lattice?
  /// Names of columns with a number for each atom (extended XYZ, LAMMPS dumps), of which a file may
  /// have one; it comes out as `Frame.column`.
  public var columns: [String]

  public init(
    elementsOfTypes: [Element]? = nil, structure: Structure? = nil, lattice: Lattice? = nil,
    columns: [String] = []
  ) {
    self.elementsOfTypes = elementsOfTypes
    self.structure = structure
    self.lattice = lattice
    self.columns = columns
  }
}

extension TrajectoryOrigin {
  /// Gives a frame the regions and layers, and a cell if the file has none.
  ///
  /// - Throws: `FileFormatsError.badFile` unless the frame holds the same atoms in the same order.
  func complete(
    _ frame: inout RecordedFrame, _ failure: (String) -> FileFormatsError
  ) throws {
    if let lattice {
      guard !frame.hasCell else {
        throw failure("the file has a cell of its own; leave out --cell")
      }
      frame.structure.lattice = lattice
      frame.structure.periodic = [true, true, true]
      frame.hasCell = true
    }
    guard let structure, !frame.isMatched else { return }
    guard frame.structure.count == structure.count else {
      throw failure(
        "the frame has \(frame.structure.count) atoms, the structure that the run is said to have "
          + "started from \(structure.count); give the structure that was exported")
    }
    if frame.isGrouped { ungroup(&frame, structure) }
    let found = frame.structure.species
    if let atom = found.indices.first(where: { found[$0] != structure.species[$0] }) {
      throw failure(
        "atom \(atom + 1) is \(found[atom]) here and \(structure.species[atom]) in the structure "
          + "that the run is said to have started from; give the structure that was exported, "
          + "its atoms in the same order")
    }
    if frame.structure.regions == nil { frame.structure.regions = structure.regions }
    if frame.structure.layers == nil { frame.structure.layers = structure.layers }
    if !frame.hasCell {
      frame.structure.lattice = structure.lattice
      frame.structure.periodic = structure.periodic
    }
    frame.isMatched = true
  }
  /// Puts atoms that stand grouped by element, since the structure was exported so, back in its
  /// order.
  private func ungroup(_ frame: inout RecordedFrame, _ structure: Structure) {
    guard frame.structure.species != structure.species else { return }
    let order = POSCAR.ordered(structure).order
    guard order.map({ structure.species[$0] }) == frame.structure.species else { return }
    var back = order
    for (place, atom) in order.enumerated() { back[atom] = place }
    frame.structure = frame.structure.selecting(back)
    frame.forces = frame.forces.map { forces in back.map { forces[$0] } }
    frame.column = frame.column.map { column in
      AtomColumn(name: column.name, values: back.map { column.values[$0] })
    }
  }
}
