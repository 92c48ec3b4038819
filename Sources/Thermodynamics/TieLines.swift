import Atomistics

/// Pairs of stable phases that coexist: the edges of the hull.
///
/// Phases i and j are joined if the hull is straight between them, which it is if half of each, by
/// atoms, has the mean of their energies:
///
///     Φ(c_i/N_i + c_j/N_j) = E_i/N_i + E_j/N_j
///
/// and no third stable phase lies on the way: that one cuts the line in two. Where more phases share
/// one plane than a cell has corners (four in a plane of a three-component diagram), the diagonals of
/// such a cell lie on the hull too; the shorter ones are taken, in the order of the phases among
/// equals, as long as they cross no line already taken. Edges proper are never crossed.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | c | composition | atoms |
/// | N | atoms, with an open species those that are not open | |
/// | E | energy, with an open species E - μ n | eV |
/// | Φ | `PhaseDiagram.decomposition(of:).energy` | eV |
///
/// Complexity: one linear program for each pair of phases.
public struct TieLines: Sendable {
  /// Two of `phases`, by index, the lower one first.
  public struct Line: Hashable, Sendable {
    public let first: Int
    public let second: Int
  }

  public let phases: [ComputedEntry]
  /// In the order of their phases.
  public let lines: [Line]

  /// - Parameter phases: the phases to be joined, all stable; by default all that are.
  /// - Throws: `ThermodynamicsError.notSpanned` or `.notConverged`.
  public init(of diagram: PhaseDiagram, among phases: [ComputedEntry]? = nil) throws {
    let phases = try phases ?? diagram.stable
    let places = phases.map { phase in
      let amounts = diagram.closedAmounts(of: phase.composition) ?? []
      let sum = amounts.reduce(0, +)
      return amounts.map { $0 / sum }
    }
    var candidates: [(line: Line, segment: SegmentInSpace)] = []
    for i in phases.indices {
      for j in phases.indices where j > i {
        let segment = SegmentInSpace(places[i], places[j])
        let isCut = phases.indices.contains { $0 != i && $0 != j && segment.holds(places[$0]) }
        guard !isCut, try diagram.isStraight(from: phases[i], to: phases[j]) else { continue }
        candidates.append((Line(first: i, second: j), segment))
      }
    }
    // Lengths are rounded, so that rounding errors do not choose between equal diagonals.
    let ordered = candidates.enumerated().sorted {
      let (a, b) = ($0.element.segment.roundedLength, $1.element.segment.roundedLength)
      return a == b ? $0.offset < $1.offset : a < b
    }.map(\.element)
    var taken: [(line: Line, segment: SegmentInSpace)] = []
    for candidate in ordered
    where !taken.contains(where: { $0.segment.crosses(candidate.segment) }) {
      taken.append(candidate)
    }
    self.phases = phases
    lines = taken.map(\.line).sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }
}

extension PhaseDiagram {
  /// Whether nothing lies below the mixtures of two phases.
  fileprivate func isStraight(from a: ComputedEntry, to b: ComputedEntry) throws -> Bool {
    let shares = [a, b].map { 1 / ($0.atomCount - openAmount(in: $0.composition)) }
    let middle =
      a.composition.scaled(by: shares[0]) + b.composition.scaled(by: shares[1])
    let potential = open?.chemicalPotential ?? 0
    let mixed = zip([a, b], shares).reduce(0) {
      $0 + ($1.0.energy - potential * openAmount(in: $1.0.composition)) * $1.1
    }
    // Two atoms; each phase is stable within 1e-9 eV/atom.
    return abs(mixed - (try decomposition(of: middle).energy)) < 4e-9
  }
}

/// A straight piece in the space of compositions.
private struct SegmentInSpace {
  let start: [Double]
  let direction: [Double]
  private let length: Double

  var roundedLength: Double { (length * 1e9).rounded() }

  init(_ start: [Double], _ end: [Double]) {
    self.start = start
    direction = zip(end, start).map { $0 - $1 }
    length = scalarProduct(direction, direction).squareRoot()
  }

  /// Whether a point lies on it between the ends.
  func holds(_ point: [Double]) -> Bool {
    let offset = zip(point, start).map { $0 - $1 }
    let t = scalarProduct(offset, direction) / (length * length)
    guard t * length > 1e-9, (1 - t) * length > 1e-9 else { return false }
    let across = zip(offset, direction).map { $0 - t * $1 }
    return scalarProduct(across, across).squareRoot() < 1e-9
  }

  /// Whether the two meet between the ends of both.
  func crosses(_ other: SegmentInSpace) -> Bool {
    let offset = zip(other.start, start).map { $0 - $1 }
    let (a, b, c) = (
      scalarProduct(direction, direction), scalarProduct(direction, other.direction),
      scalarProduct(other.direction, other.direction)
    )
    let determinant = a * c - b * b
    guard determinant > 1e-12 * a * c else { return false }
    let (d, e) = (scalarProduct(direction, offset), scalarProduct(other.direction, offset))
    let (s, t) = ((c * d - b * e) / determinant, (b * d - a * e) / determinant)
    guard min(s, 1 - s) > 1e-9, min(t, 1 - t) > 1e-9 else { return false }
    let apart = offset.indices.map {
      offset[$0] + t * other.direction[$0] - s * direction[$0]
    }
    return scalarProduct(apart, apart).squareRoot() < 1e-9
  }
}
