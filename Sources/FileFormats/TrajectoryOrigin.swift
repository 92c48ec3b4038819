import Atomistics

/// What a trajectory may leave out and somebody has to say.
///
/// Other programs' trajectories have no regions and layers, LAMMPS's may have numbered types in
/// place of elements, and its cell is turned against the one that was exported.
public struct TrajectoryOrigin: Sendable {
  /// The element of each numbered type, type 1 first; where given it goes before the file's own.
  public var elementsOfTypes: [Element]?
  /// The structure that the run started from, atoms in the order in which it was exported.
  public var structure: Structure?

  public init(elementsOfTypes: [Element]? = nil, structure: Structure? = nil) {
    self.elementsOfTypes = elementsOfTypes
    self.structure = structure
  }
}

extension TrajectoryOrigin {
  /// Gives a frame the regions and layers, and a cell if the file has none.
  ///
  /// - Throws: `FileFormatsError.badFile` unless the frame holds the same atoms in the same order.
  func complete(_ frame: inout RecordedFrame, _ lines: LineReader) throws {
    guard let structure, !frame.isMatched else { return }
    let found = frame.structure.species
    guard found.count == structure.count else {
      throw lines.failure(
        "the frame has \(found.count) atoms, the structure that the run is said to have started "
          + "from \(structure.count); give the structure that was exported")
    }
    if let atom = found.indices.first(where: { found[$0] != structure.species[$0] }) {
      throw lines.failure(
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
}
