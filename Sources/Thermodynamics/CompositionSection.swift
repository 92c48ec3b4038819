import Atomistics

/// What is drawn of a phase diagram: the phases between chosen corners, the tie lines between them
/// and, between three corners, every region with its equilibrium.
///
/// The corners are the diagram's own components, then it is the whole diagram, or any compositions
/// in it, then it is the plane or the space through them. Phases outside the section may take part in
/// the equilibria of its regions. A region is the part of the section where the amounts of one set
/// of phases are not negative; the amounts are linear in the mole fractions, so a region is a convex
/// polygon and its corners are exact: nothing is sampled. Points outside the regions known so far
/// are taken until the triangle is covered.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | w | `Phase.fractions`, `Region.corners` | mole fractions of `vertices` |
public struct CompositionSection: Sendable {
  /// A phase that lies in the section.
  public struct Phase: Sendable {
    public let entry: ComputedEntry
    public let fractions: [Double]
    /// eV per atom that is not open.
    public let hullDistance: Double
  }

  /// Where one set of phases coexists.
  public struct Region: Sendable {
    public let phases: [ComputedEntry]
    /// Mole fractions of its corners, in order around it.
    public let corners: [[Double]]

    /// Its share of the triangle.
    public var area: Double { Polygon(corners).area }
  }

  public let simplex: CompositionSimplex
  /// The stable phases in the section, in the order of the entries.
  public let stable: [Phase]
  /// All other entries in the section, beaten duplicates included.
  public let unstable: [Phase]
  /// Between `stable`, by index.
  public let lines: [TieLines.Line]
  /// Empty unless there are three corners.
  public let regions: [Region]

  /// - Throws: `ThermodynamicsError.badBasis` for corners that are no good; `.notSpanned` or
  ///   `.notConverged` from an equilibrium.
  public init(of diagram: PhaseDiagram, vertices: [ComponentBasis.Component]? = nil) throws {
    let simplex = try CompositionSimplex(of: diagram, vertices: vertices)
    let hull = try diagram.hull()
    let stable = hull.stable.compactMap { entry in
      simplex.fractions(of: entry.composition).map {
        Phase(entry: entry, fractions: $0, hullDistance: 0)
      }
    }
    var left = stable.map(\.entry)
    unstable = zip(diagram.entries, hull.distances).compactMap { entry, distance in
      if let index = left.firstIndex(of: entry) {
        left.remove(at: index)
        return nil
      }
      return simplex.fractions(of: entry.composition).map {
        Phase(entry: entry, fractions: $0, hullDistance: max(0, distance))
      }
    }
    self.simplex = simplex
    self.stable = stable
    lines = try TieLines(of: diagram, among: stable.map(\.entry)).lines
    regions =
      simplex.vertices.count == 3
      ? try RegionSearch(diagram: diagram, simplex: simplex).regions() : []
  }
}

/// Finds the regions of a triangle.
private struct RegionSearch {
  let diagram: PhaseDiagram
  let simplex: CompositionSimplex

  /// A set of phases and its amounts as functions of the mole fractions.
  private struct Cell {
    let phases: [ComputedEntry]
    /// One for each phase: its amount at the three corners of the triangle.
    let amounts: [[Double]]
  }

  func regions() throws -> [CompositionSection.Region] {
    var open = [Polygon.triangle]
    var regions: [CompositionSection.Region] = []
    while let next = open.max(by: { $0.area < $1.area }) {
      let before = open.reduce(0) { $0 + $1.area }
      let cell = try cell(in: next)
      var covered: [Polygon] = []
      open = open.flatMap { piece in
        let (inside, outside) = piece.divided(by: cell.amounts)
        if let inside { covered.append(inside) }
        return outside
      }
      let whole = Polygon.triangle.divided(by: cell.amounts).inside
      // Where cells of equal energy overlap, the first found keeps what it has.
      let parts =
        whole.map { abs($0.area - covered.reduce(0) { $0 + $1.area }) < 1e-9 } ?? false
        ? [whole].compactMap { $0 } : covered
      regions += parts.map {
        CompositionSection.Region(phases: cell.phases, corners: $0.corners)
      }
      guard open.reduce(0, { $0 + $1.area }) < before else {
        throw ThermodynamicsError.notConverged(
          "the section through " + simplex.vertices.map(\.formula).joined(separator: ", "))
      }
    }
    return regions
  }

  /// The cell around a point within a polygon; points that lie on a boundary are passed over.
  private func cell(in polygon: Polygon) throws -> Cell {
    for attempt in 0..<12 {
      let equilibrium = try diagram.decomposition(
        of: simplex.composition(at: polygon.interiorPoint(attempt)))
      let phases = equilibrium.phases.map(\.entry)
      let columns = phases.compactMap { diagram.closedAmounts(of: $0.composition) }
      guard let combination = Combination(columns) else { continue }
      let corners = simplex.vertices.compactMap { vertex in
        diagram.closedAmounts(of: vertex.composition).flatMap { combination.amounts(of: $0) }
      }
      guard corners.count == 3 else { continue }
      let cell = Cell(
        phases: phases, amounts: phases.indices.map { k in corners.map { $0[k] } })
      if polygon.divided(by: cell.amounts).inside != nil { return cell }
    }
    throw ThermodynamicsError.notConverged(
      "the section through " + simplex.vertices.map(\.formula).joined(separator: ", "))
  }
}
