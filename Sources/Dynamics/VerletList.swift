import Atomistics

/// A neighbour list with a skin, built again only when it has to be.
///
/// A list with cut-off r_c + s holds every pair nearer than r_c until two atoms have together come
/// s closer; it is built again as soon as one atom has moved more than s/2 since the last build, or
/// the lattice, the periodicity or the number of atoms has changed.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | r_c | `cutoff` | Å |
/// | s | `skin` | Å |
///
/// Pairs have a canonical order and calculators pass over those beyond r_c, so that energies and
/// forces have the same bits whatever the age of the list. A checkpoint keeps `origin` all the
/// same, and so holds for a calculator that sums in blocks of neighbours too.
///
/// Source: Verlet, Phys. Rev. 159, 98 (1967), doi 10.1103/PhysRev.159.98.
public struct VerletList: Sendable {
  public let cutoff: Double
  public let skin: Double
  /// The list as it was built last.
  public private(set) var neighbors: NeighborList
  /// The positions for which it was built.
  public private(set) var origin: [Vector3]
  private var lattice: Lattice
  private var periodic: [Bool]

  /// Builds the list for a structure.
  public init(_ structure: Structure, cutoff: Double, skin: Double = 1) {
    precondition(cutoff > 0 && skin >= 0, "the cut-off is above zero and the skin not below")
    self.cutoff = cutoff
    self.skin = skin
    neighbors = NeighborList(structure, cutoff: cutoff + skin)
    origin = structure.positions
    lattice = structure.lattice
    periodic = structure.periodic
  }

  /// Builds the list again if it no longer holds for `structure`; tells whether it did.
  @discardableResult
  public mutating func update(for structure: Structure) -> Bool {
    guard !holds(for: structure) else { return false }
    self = VerletList(structure, cutoff: cutoff, skin: skin)
    return true
  }

  /// Whether no pair nearer than the cut-off can be missing.
  public func holds(for structure: Structure) -> Bool {
    guard structure.count == origin.count, structure.lattice == lattice,
      structure.periodic == periodic
    else { return false }
    let limit = skin * skin / 4
    for (now, then) in zip(structure.positions, origin)
    where !((now - then).lengthSquared <= limit) { return false }
    return true
  }
}
