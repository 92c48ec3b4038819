import Atomistics

/// Entries in a component basis, closed or open to one species: the convex hull.
///
/// The hull's energy at composition b is
///
///     Φ(b) = min Σ_j (E_j - μ n_j) x_j,  Σ_j a_kj x_j = b_k for each component k that is not open
///
/// | symbol | name | unit |
/// |---|---|---|
/// | E_j | `ComputedEntry.energy` | eV per formula unit |
/// | a_kj, b_k | `ComponentBasis.amounts(of:)` | formula units of component k |
/// | n_j | amount of the open component | atoms |
/// | μ | `OpenSpecies.chemicalPotential` | eV per atom |
///
/// It is found by linear programming, exact also for degenerate and collinear compositions; facets
/// are never listed, because their number explodes with the number of components. Of entries with
/// one composition the lowest counts.
///
/// Sources: Ong et al., Chem. Mater. 20, 1798 (2008), doi 10.1021/cm702327g (open species); Fang &
/// Jena 2023, Fig. 1 (compounds as vertices).
public struct PhaseDiagram: Sendable {
  /// An entry that has no place in the diagram, and why.
  public struct Excluded: Hashable, Sendable {
    public let entry: ComputedEntry
    public let reason: Exclusion
  }

  public let basis: ComponentBasis
  public let open: OpenSpecies?
  /// Every entry in the span of the basis, beaten duplicates included.
  public let entries: [ComputedEntry]
  public let excluded: [Excluded]

  /// The lowest entry of each composition.
  let competing: [ComputedEntry]
  private let openIndex: Int?
  private let program: LinearProgram
  /// Per atom of each competing entry: its energy, and its amount of the open component.
  private let energies: [Double]
  private let openAmounts: [Double]

  /// - Throws: `ThermodynamicsError.badBasis` if the open species is not a vertex.
  public init(
    entries: [ComputedEntry], basis: ComponentBasis, open: OpenSpecies? = nil
  ) throws {
    let openIndex = try open.map { try Self.vertex(of: $0.element, in: basis) }
    var members: [(entry: ComputedEntry, amounts: [Double])] = []
    var excluded: [Excluded] = []
    for entry in entries {
      switch basis.amounts(of: entry.composition) {
      case .excluded(let reason): excluded.append(Excluded(entry: entry, reason: reason))
      case .amounts where open != nil && entry.composition.onlyElement == open?.element:
        excluded.append(Excluded(entry: entry, reason: .reservoir))
      case .amounts(let amounts): members.append((entry, amounts))
      }
    }
    self.basis = basis
    self.open = open
    self.openIndex = openIndex
    self.entries = members.map(\.entry)
    self.excluded = excluded
    let lowest = Self.lowest(of: members)
    competing = lowest.map(\.entry)
    let perAtom = lowest.map { item in item.amounts.map { $0 / item.entry.atomCount } }
    let closed = basis.components.indices.filter { $0 != openIndex }
    program = LinearProgram(
      rowCount: closed.count, columns: perAtom.flatMap { x in closed.map { x[$0] } })
    energies = lowest.map(\.entry.energyPerAtom)
    openAmounts = perAtom.map { x in openIndex.map { x[$0] } ?? 0 }
  }

  /// The same entries and basis, open to a species.
  ///
  /// - Throws: `ThermodynamicsError.badBasis` if it is not a vertex.
  public func opened(to species: OpenSpecies) throws -> PhaseDiagram {
    try PhaseDiagram(
      entries: entries + excluded.map(\.entry), basis: basis, open: species)
  }

  /// The equilibrium of a composition.
  ///
  /// - Throws: `ThermodynamicsError.notSpanned` if the entries cannot make it up.
  public func decomposition(of composition: Composition) throws -> Decomposition {
    try decomposition(of: composition, at: open?.chemicalPotential ?? 0)
  }

  /// Energy above the hull in eV per atom; with an open species per atom that is not open.
  ///
  /// Negative for an entry below the hull of the others, which can be only if it is not one of the
  /// diagram's own.
  ///
  /// - Throws: `ThermodynamicsError.notSpanned`.
  public func hullDistance(of entry: ComputedEntry) throws -> Double {
    let hull = try decomposition(of: entry.composition)
    let own = entry.energy - (open.map { $0.chemicalPotential * openAmount(in: entry) } ?? 0)
    let distance = (own - hull.energy) / (entry.atomCount - openAmount(in: entry))
    return abs(distance) < 1e-12 ? 0 : distance
  }

  /// The entries on the hull (within 1e-9 eV/atom), lowest of their composition.
  public var stable: [ComputedEntry] {
    get throws { try competing.filter { try hullDistance(of: $0) < 1e-9 } }
  }

  // MARK: Within the target: any potential of the open species.

  /// Where along the potential's axis an equilibrium is asked for.
  enum Side {
    case exact
    /// Just below the potential: of equals the one with the least of the open species.
    case below
    /// An endlessly low potential.
    case limit
  }

  func decomposition(
    of composition: Composition, at potential: Double, _ side: Side = .exact
  ) throws -> Decomposition {
    guard case .amounts(let all) = basis.amounts(of: composition) else {
      throw ThermodynamicsError.notSpanned(formula: composition.formula, components: basis.names)
    }
    let total = composition.atomCount
    let rhs = all.indices.filter { $0 != openIndex }.map { all[$0] / total }
    let solution: LinearProgram.Solution
    do {
      let costs = zip(energies, openAmounts).map { $0 - potential * $1 }
      solution =
        switch side {
        case .exact: try program.minimize(costs, rhs: rhs)
        case .below: try program.minimize(costs, rhs: rhs, then: openAmounts)
        case .limit: try program.minimize(openAmounts, rhs: rhs, then: energies)
        }
    } catch LinearProgram.Failure.infeasible {
      throw ThermodynamicsError.notSpanned(formula: composition.formula, components: basis.names)
    } catch {
      throw ThermodynamicsError.notConverged(composition.formula)
    }
    let open = solution.amounts.reduce(0) { $0 + openAmounts[$1.column] * $1.amount } * total
    let energy = solution.amounts.reduce(0) { $0 + energies[$1.column] * $1.amount } * total
    var prices = solution.prices
    if let openIndex { prices.insert(potential, at: openIndex) }
    return Decomposition(
      phases: solution.amounts.map {
        PhaseAmount(
          entry: competing[$0.column], amount: $0.amount * total / competing[$0.column].atomCount)
      },
      energy: energy - potential * open, openAmount: open, chemicalPotentials: prices)
  }

  /// Atoms of the open species per formula unit, 0 in a closed diagram.
  func openAmount(in entry: ComputedEntry) -> Double { openAmount(in: entry.composition) }

  func openAmount(in composition: Composition) -> Double {
    guard let openIndex, case .amounts(let x) = basis.amounts(of: composition) else { return 0 }
    return x[openIndex]
  }

  private static func vertex(of element: Element, in basis: ComponentBasis) throws -> Int {
    guard let index = basis.index(of: element) else {
      throw ThermodynamicsError.badBasis(
        "the open species \(element) is not a vertex of the basis "
          + "\(basis.names.joined(separator: ", ")); only a vertex can be open")
    }
    return index
  }

  private static func lowest(
    of members: [(entry: ComputedEntry, amounts: [Double])]
  ) -> [(entry: ComputedEntry, amounts: [Double])] {
    var best: [[FractionKey]: Int] = [:]
    for (index, member) in members.enumerated() {
      let key = member.entry.composition.fractionKey
      guard let other = best[key] else {
        best[key] = index
        continue
      }
      if member.entry.energyPerAtom < members[other].entry.energyPerAtom { best[key] = index }
    }
    return best.values.sorted().map { members[$0] }
  }
}
