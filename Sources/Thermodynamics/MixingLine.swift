import Atomistics

/// The hull's energy along the straight line between two compositions.
///
///     Φ(t) = Φ(b(t)),  b(t) = (1 - t) b₀ + t b₁,  0 ≤ t ≤ 1
///
/// is convex and made of straight pieces. A set of chemical potentials that supports the hull at
/// one composition gives a line in t that lies below Φ and touches it there. The kinks are found
/// from both ends: where two such lines meet, either Φ lies on them and that is a kink, or a line
/// through Φ lies above and the search divides. No compositions are sampled.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | b₀, b₁ | `start`, `end` | amounts of the basis's components |
/// | Φ | `Decomposition.energy` | eV; Σ (E - μ n) with an open species |
///
/// Source: Eisner & Severance, J. ACM 23, 619 (1976), doi 10.1145/321978.321982.
struct MixingLine {
  /// A line that supports Φ, by its values at t = 0 and t = 1.
  struct Support {
    let start: Double
    let end: Double

    var slope: Double { end - start }
    func value(at t: Double) -> Double { start + slope * t }
  }

  let diagram: PhaseDiagram
  let start: [Double]
  let end: [Double]
  /// Components that take part in the balance and occur on the line.
  private let rows: [Int]
  private let openIndex: Int?
  /// Phases made of these rows only: their amounts and energies.
  private let phases: [(amounts: [Double], energy: Double)]

  init(in diagram: PhaseDiagram, from start: [Double], to end: [Double]) {
    let openIndex = diagram.openIndex
    self.diagram = diagram
    self.start = start
    self.end = end
    self.openIndex = openIndex
    rows = start.indices.filter { $0 != openIndex && (start[$0] > 0 || end[$0] > 0) }
    let absent = start.indices.filter { $0 != openIndex && start[$0] <= 0 && end[$0] <= 0 }
    phases = diagram.entries.compactMap { entry in
      guard case .amounts(let x) = diagram.basis.amounts(of: entry.composition),
        absent.allSatisfy({ x[$0] == 0 })
      else { return nil }
      let reservoir = openIndex.map { x[$0] * (diagram.open?.chemicalPotential ?? 0) } ?? 0
      return (x, entry.energy - reservoir)
    }
  }

  func amounts(at t: Double) -> [Double] { zip(start, end).map { (1 - t) * $0 + t * $1 } }

  func composition(at t: Double) -> Composition {
    zip(amounts(at: t), diagram.basis.components).reduce(Composition([])) {
      $0 + $1.1.composition.scaled(by: $1.0)
    }
  }

  func equilibrium(at t: Double) throws -> Decomposition {
    try diagram.decomposition(of: composition(at: t))
  }

  /// A line that supports Φ at t.
  func support(at t: Double) throws -> Support { support(of: try equilibrium(at: t)) }

  /// Where the slope of Φ changes, ascending, the ends left out.
  func kinks() throws -> [Double] {
    var search = Search(line: self)
    try search.divide(try support(at: 0), try support(at: 1))
    return search.points.sorted().reduce(into: []) { kept, t in
      if t - (kept.last ?? -1) > Self.resolution { kept.append(t) }
    }
  }

  /// The slope of the first piece of Φ: its derivative at b₀ along b₁ - b₀.
  func initialSlope() throws -> Double {
    try support(at: (try kinks().first ?? 1) / 2).slope
  }

  /// Kinks closer than this are one; compositions have no more digits than that.
  static let resolution = 1e-9

  /// So near an end a component's share is within the rounding of compositions.
  fileprivate var margin: Double {
    let shares = rows.flatMap { [start[$0], end[$0]] }.filter { $0 > 0 }
    let total = max(composition(at: 0).atomCount, composition(at: 1).atomCount)
    return 2 * Self.resolution * total / (shares.min() ?? total)
  }

  fileprivate func support(of equilibrium: Decomposition) -> Support {
    let prices = completed(equilibrium.chemicalPotentials)
    return Support(
      start: rows.reduce(0) { $0 + prices[$1] * start[$1] },
      end: rows.reduce(0) { $0 + prices[$1] * end[$1] })
  }

  /// The potentials with a finite value for each component that the composition has none of: the
  /// highest common one at which no phase lies below the hull. It keeps the line a support.
  private func completed(_ prices: [Double]) -> [Double] {
    let missing = rows.filter { !prices[$0].isFinite }
    guard !missing.isEmpty else { return prices }
    let known = rows.filter { prices[$0].isFinite }
    var highest = Double.infinity
    for phase in phases {
      let share = missing.reduce(0) { $0 + phase.amounts[$1] }
      guard share > 0 else { continue }
      let rest = known.reduce(phase.energy) { $0 - prices[$1] * phase.amounts[$1] }
      highest = min(highest, rest / share)
    }
    var result = prices
    for row in missing { result[row] = highest }
    return result
  }
}

/// The search for kinks, with what it has found.
private struct Search {
  let line: MixingLine
  let margin: Double
  var points: [Double] = []
  private var evaluations = 0

  init(line: MixingLine) {
    self.line = line
    margin = line.margin
  }

  mutating func divide(_ left: MixingLine.Support, _ right: MixingLine.Support) throws {
    let scale = [left.start, left.end, right.start, right.end].reduce(1) { max($0, abs($1)) }
    let change = right.slope - left.slope
    guard change > 1e-11 * scale else { return }
    let meeting = (left.start - right.start) / change
    // Two lines that meet at an end both hold up to it: one of them is the last piece.
    guard meeting > margin, meeting < 1 - margin else { return }
    evaluations += 1
    guard evaluations < 100_000 else {
      throw ThermodynamicsError.notConverged(line.composition(at: meeting).formula)
    }
    let found = try line.equilibrium(at: meeting)
    guard found.energy - left.value(at: meeting) > 1e-12 * scale else {
      points.append(meeting)
      return
    }
    let between = line.support(of: found)
    try divide(left, between)
    try divide(between, right)
  }
}
