/// One instant of a trajectory: the structure with what was measured then.
public struct Frame: Sendable {
  public var structure: Structure
  /// Time since the trajectory's zero, in fs.
  public var time: Double
  /// The potential energy in eV, if known.
  public var energy: Double?
  /// The forces in eV/Å, if known.
  public var forces: [Vector3]?
  /// The column of the file that was asked for, if the file has it.
  public var column: AtomColumn?

  public init(
    structure: Structure, time: Double, energy: Double? = nil, forces: [Vector3]? = nil,
    column: AtomColumn? = nil
  ) {
    self.structure = structure
    self.time = time
    self.energy = energy
    self.forces = forces
    self.column = column
  }
}
