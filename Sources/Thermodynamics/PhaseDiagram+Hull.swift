import Atomistics

extension PhaseDiagram {
  /// What one search of the hull finds, in the order of `PhaseDiagram.entries`.
  public struct Hull: Sendable {
    private let diagram: PhaseDiagram
    private let potential: Double
    /// Of the competing entries.
    private let solutions: [LinearProgram.Solution]

    fileprivate init(_ diagram: PhaseDiagram) throws {
      self.diagram = diagram
      potential = diagram.open?.chemicalPotential ?? 0
      solutions = try HullSearch(diagram, potential: potential).solutions()
    }

    /// Energy above the hull of every entry in eV per atom; with an open species per atom that is
    /// not open.
    public var distances: [Double] {
      zip(diagram.entries, diagram.competitor).map { entry, column in
        let own = entry.energyPerAtom - potential * diagram.openAmounts[column]
        let distance = (own - solutions[column].objective) / (1 - diagram.openAmounts[column])
        return abs(distance) < 1e-12 ? 0 : distance
      }
    }

    /// The equilibrium of every entry's composition.
    public var equilibria: [Decomposition] {
      zip(diagram.entries, diagram.competitor).map { entry, column in
        diagram.decomposition(solutions[column], of: entry.atomCount, at: potential)
      }
    }

    /// The entries on the hull (within 1e-9 eV/atom), lowest of their composition.
    public var stable: [ComputedEntry] {
      diagram.competing.indices.filter { j in
        diagram.energies[j] - potential * diagram.openAmounts[j] - solutions[j].objective
          < 1e-9 * (1 - diagram.openAmounts[j])
      }.map { diagram.competing[$0] }
    }
  }

  /// The hull, searched once for all entries.
  ///
  /// Entries are taken by the components they hold, fewest first. In each such group the phases that
  /// may take part grow by every entry found below the hull of those before it; as the hull only
  /// ever falls, one round finds all of them, and what was found with fewer phases is searched again
  /// only if a later phase would undercut its chemical potentials. Exact, without a list of facets.
  ///
  /// Complexity: entries × phases on the hull with no other components × components × steps.
  ///
  /// - Throws: `ThermodynamicsError.notConverged`.
  public func hull() throws -> Hull { try Hull(self) }

  /// `hull().equilibria`, for those who need nothing else of it.
  public func equilibria() throws -> [Decomposition] { try hull().equilibria }

  /// `hull().distances`, for those who need nothing else of it.
  public func hullDistances() throws -> [Double] { try hull().distances }

  /// `hull().stable`, for those who need nothing else of it.
  public var stable: [ComputedEntry] {
    get throws { try hull().stable }
  }
}

/// The search for the equilibria of all competing entries.
private struct HullSearch {
  let diagram: PhaseDiagram
  let costs: [Double]
  let program: LinearProgram
  /// Energy per atom against the same amounts of the pure components.
  let depths: [Double]

  init(_ diagram: PhaseDiagram, potential: Double) {
    let program = diagram.program
    let costs = zip(diagram.energies, diagram.openAmounts).map { $0 - potential * $1 }
    var pure = Array(repeating: Double.infinity, count: program.rowCount)
    for j in costs.indices where program.supports[j].nonzeroBitCount == 1 {
      let row = program.supports[j].trailingZeroBitCount
      pure[row] = min(pure[row], costs[j] / program.columns[j * program.rowCount + row])
    }
    depths = costs.indices.map { j in
      let column = program.column(j)
      return zip(column, pure).reduce(costs[j]) { $1.0 > 0 ? $0 - $1.0 * $1.1 : $0 }
    }
    (self.diagram, self.costs, self.program) = (diagram, costs, program)
  }

  /// One solution per atom for each competing entry.
  func solutions() throws -> [LinearProgram.Solution] {
    var groups: [UInt64: [Int]] = [:]
    for j in costs.indices { groups[program.supports[j], default: []].append(j) }
    var found: [LinearProgram.Solution?] = Array(repeating: nil, count: costs.count)
    var active: [Int] = []
    let order = groups.keys.sorted { ($0.nonzeroBitCount, $0) < ($1.nonzeroBitCount, $1) }
    for support in order {
      let members = groups[support]!
      let below = active.filter { program.supports[$0] & ~support == 0 }
      var group = Group(self, support: support, phases: below, room: members.count)
      do {
        for (j, solution) in zip(members, try group.solve(members)) { found[j] = solution }
      } catch { throw ThermodynamicsError.notConverged(diagram.competing[members[0]].formula) }
      active += group.added
    }
    return found.compactMap { $0 }
  }

  /// Entries that hold the same components.
  struct Group {
    private let search: HullSearch
    private let rows: [Int]
    /// Columns of the simplex.
    private var phases: [Int]
    private(set) var added: [Int] = []
    private var simplex: Simplex

    init(_ search: HullSearch, support: UInt64, phases: [Int], room: Int) {
      self.search = search
      self.phases = phases
      rows = (0..<search.program.rowCount).filter { support & (1 << UInt64($0)) != 0 }
      simplex = Simplex(rowCount: rows.count, capacity: phases.count + room)
      for j in phases { simplex.append(amounts(j), cost: search.costs[j]) }
    }

    private func amounts(_ j: Int) -> [Double] {
      let column = search.program.column(j)
      return rows.map { column[column.startIndex + $0] }
    }

    /// The solutions of the members in their order.
    mutating func solve(_ members: [Int]) throws(LinearProgram.Failure) -> [LinearProgram.Solution]
    {
      // The deepest first: most of what belongs to the hull is there before the others ask.
      let order = members.indices.sorted {
        search.depths[members[$0]] < search.depths[members[$1]]
      }
      var optima: [Simplex.Optimum?] = Array(repeating: nil, count: members.count)
      var known = Array(repeating: 0, count: members.count)
      for index in order {
        let j = members[index]
        let rhs = amounts(j)
        // A pure component is the only phase of its composition.
        var optimum = rows.count == 1 && phases.isEmpty ? nil : try simplex.optimize(rhs)
        let hull = optimum.map { zip($0.prices, rhs).reduce(0) { $0 + $1.0 * $1.1 } }
        if hull == nil || search.costs[j] < hull! - 1e-13 * max(1, abs(hull!)) {
          simplex.append(rhs, cost: search.costs[j])
          phases.append(j)
          added.append(j)
          optimum = nil
        }
        optima[index] = optimum
        known[index] = phases.count
      }
      var solutions: [LinearProgram.Solution] = []
      for (index, j) in members.enumerated() {
        let rhs = amounts(j)
        if let optimum = optima[index], !undercut(optimum.prices, from: known[index]) {
          solutions.append(solution(optimum))
        } else {
          solutions.append(solution(try simplex.optimize(rhs)))
        }
      }
      return solutions
    }

    /// Whether a phase added since then lies below what these chemical potentials make of it.
    private func undercut(_ prices: [Double], from first: Int) -> Bool {
      phases[first...].contains { j in
        let worth = zip(prices, amounts(j)).reduce(0) { $0 + $1.0 * $1.1 }
        return search.costs[j] < worth - 1e-13 * max(1, abs(worth))
      }
    }

    private func solution(_ optimum: Simplex.Optimum) -> LinearProgram.Solution {
      var prices = Array(repeating: -Double.infinity, count: search.program.rowCount)
      for (row, price) in zip(rows, optimum.prices) { prices[row] = price }
      let amounts = zip(optimum.basis, optimum.levels).filter { $0.1 > 0 }
        .map { (column: phases[$0.0], amount: $0.1) }.sorted { $0.column < $1.column }
      return LinearProgram.Solution(
        amounts: amounts,
        objective: amounts.reduce(0) { $0 + search.costs[$1.column] * $1.amount }, prices: prices)
    }
  }
}
