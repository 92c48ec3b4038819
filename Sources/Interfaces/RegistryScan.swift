import Atomistics

/// Energies of a contact over all lateral shifts of the electrolyte.
///
/// The shifts are a regular grid on the cell of distinct ones (`RegistryCell`), which begins with no
/// shift; at each the gap is set anew, so that the energies are those of contacts as they would be
/// built, not of one film dragged at a fixed height.
public struct RegistryScan: Sendable {
  /// One shift.
  ///
  /// | name | unit |
  /// |---|---|
  /// | `shift` | Å |
  /// | `gap` | Å |
  /// | `energy` | eV |
  public struct Point: Sendable, Hashable {
    public let shift: SIMD2<Double>
    public let gap: Double
    public let energy: Double
  }

  public let cell: PlaneLattice
  /// How many shifts along a and along b.
  public let divisions: SIMD2<Int>
  /// Shifts i a/n_a + j b/n_b, j fastest.
  public let points: [Point]

  /// Builds and evaluates every shift.
  ///
  /// - Parameter energy: of a contact, eV.
  /// - Throws: what `energy` throws.
  public init(
    _ candidate: ContactCandidate, settings: ContactSettings, grid: RegistryCell.Grid,
    energy: (Structure) throws -> Double
  ) rethrows {
    cell = RegistryCell(candidate).lattice
    divisions = SIMD2(grid.divisions(cell.lengthA), grid.divisions(cell.lengthB))
    var points: [Point] = []
    for i in 0..<divisions.x {
      for j in 0..<divisions.y {
        let s = Double(i) / Double(divisions.x)
        let t = Double(j) / Double(divisions.y)
        let shift = s * cell.a + t * cell.b
        let contact = CoherentInterface(candidate, settings: settings, shift: shift)
        points.append(
          Point(shift: shift, gap: contact.gap, energy: try energy(contact.structure)))
      }
    }
    self.points = points
  }

  /// The points, least energy first; equal ones (within 1 µeV) in the order of the grid.
  public var ranked: [Point] {
    points.enumerated().sorted {
      (($0.element.energy * 1e6).rounded(), $0.offset)
        < (($1.element.energy * 1e6).rounded(), $1.offset)
    }.map(\.element)
  }

  public var best: Point { ranked[0] }

  /// The largest difference of energy between two shifts per area, eV/Å².
  public func corrugation(area: Double) -> Double {
    let energies = points.map(\.energy)
    return ((energies.max() ?? 0) - (energies.min() ?? 0)) / area
  }
}
