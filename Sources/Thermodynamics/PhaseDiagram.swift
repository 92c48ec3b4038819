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
/// one composition the lowest counts. Every component must be an entry itself: its reference.
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

  /// Amounts of the components in each entry.
  private let amounts: [[Double]]
  /// The lowest entry of each composition, and where they stand in `entries`.
  let competing: [ComputedEntry]
  private let lowest: [Int]
  /// Which of the competing entries has the composition of each entry.
  let competitor: [Int]
  let openIndex: Int?
  /// Per atom of each competing entry: amounts of the closed components, energy, and amount of the
  /// open component.
  let program: LinearProgram
  let energies: [Double]
  let openAmounts: [Double]

  /// - Throws: `ThermodynamicsError.badBasis` if the open species is not a vertex,
  ///   `.noReference` for a component that is no entry itself.
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
    try self.init(
      Self.lowest(of: members.map(\.entry)), amounts: members.map(\.amounts), basis: basis,
      open: open, openIndex: openIndex, excluded: excluded)
  }

  /// From entries whose amounts of the components are known.
  private init(
    _ ranked: (entries: [ComputedEntry], lowest: [Int], competitor: [Int]), amounts: [[Double]],
    basis: ComponentBasis, open: OpenSpecies?, openIndex: Int?, excluded: [Excluded]
  ) throws {
    self.basis = basis
    self.open = open
    self.openIndex = openIndex
    self.excluded = excluded
    self.amounts = amounts
    (entries, lowest, competitor) = ranked
    competing = lowest.map { ranked.entries[$0] }
    let closed = basis.components.indices.filter { $0 != openIndex }
    var columns: [Double] = []
    columns.reserveCapacity(lowest.count * closed.count)
    for (index, entry) in zip(lowest, competing) {
      let atoms = entry.atomCount
      for k in closed { columns.append(amounts[index][k] / atoms) }
    }
    program = LinearProgram(rowCount: closed.count, columns: columns)
    energies = competing.map(\.energyPerAtom)
    openAmounts = zip(lowest, competing).map { index, entry in
      openIndex.map { amounts[index][$0] / entry.atomCount } ?? 0
    }
    try checkReferences(closed)
  }

  /// The same entries and basis, open to a species.
  ///
  /// - Throws: `ThermodynamicsError.badBasis` if it is not a vertex.
  public func opened(to species: OpenSpecies) throws -> PhaseDiagram {
    guard open == nil else {
      return try PhaseDiagram(
        entries: entries + excluded.map(\.entry), basis: basis, open: species)
    }
    // All of the pure species' entries compete with one another: they go together.
    let index = try Self.vertex(of: species.element, in: basis)
    let reservoir = competing.map { $0.composition.onlyElement == species.element }
    let kept = entries.indices.filter { !reservoir[competitor[$0]] }
    var place: [Int: Int] = [:]
    for (new, old) in kept.enumerated() { place[old] = new }
    var competitors: [Int] = []
    for isReservoir in reservoir {
      competitors.append((competitors.last ?? -1) + (isReservoir ? 0 : 1))
    }
    return try PhaseDiagram(
      (
        kept.map { entries[$0] }, lowest.compactMap { place[$0] },
        kept.map { competitors[competitor[$0]] }
      ), amounts: kept.map { amounts[$0] }, basis: basis, open: species, openIndex: index,
      excluded: excluded
        + entries.indices.filter { reservoir[competitor[$0]] }
        .map { Excluded(entry: entries[$0], reason: .reservoir) })
  }

  /// The equilibrium of a composition.
  ///
  /// - Throws: `ThermodynamicsError.notSpanned` if the components cannot make it up.
  public func decomposition(of composition: Composition) throws -> Decomposition {
    var search = try EquilibriumSearch(of: composition, in: self)
    return try search.equilibrium(at: open?.chemicalPotential ?? 0)
  }

  /// Energy above the hull in eV per atom; with an open species per atom that is not open.
  ///
  /// Negative for an entry below the hull of the others, which can be only if it is not one of the
  /// diagram's own. For all of the diagram's own entries `hullDistances()` is much faster.
  ///
  /// - Throws: `ThermodynamicsError.notSpanned`.
  public func hullDistance(of entry: ComputedEntry) throws -> Double {
    let hull = try decomposition(of: entry.composition)
    let ions = openAmount(in: entry.composition)
    let own = entry.energy - (open.map { $0.chemicalPotential * ions } ?? 0)
    let distance = (own - hull.energy) / (entry.atomCount - ions)
    return abs(distance) < 1e-12 ? 0 : distance
  }

  /// The lowest entry of a composition, whatever the size of its formula unit; nil if there is none.
  func lowestEntry(of composition: Composition) -> ComputedEntry? {
    let key = composition.fractionKey
    return competing.first { $0.composition.fractionKey == key }
  }

  /// Atoms of the open species per formula unit, 0 in a closed diagram.
  func openAmount(in composition: Composition) -> Double {
    guard let openIndex, case .amounts(let x) = basis.amounts(of: composition) else { return 0 }
    return x[openIndex]
  }

  /// Each closed component must itself be an entry: its reference.
  private func checkReferences(_ closed: [Int]) throws {
    let present = Set(program.supports)
    for (row, k) in closed.enumerated() where !present.contains(1 << UInt64(row)) {
      let holder = program.supports.firstIndex { $0 & (1 << UInt64(row)) != 0 }
      throw ThermodynamicsError.noReference(
        component: basis.components[k].formula, entry: holder.map { competing[$0].formula },
        line: holder.flatMap { competing[$0].source })
    }
  }

  private static func vertex(of element: Element, in basis: ComponentBasis) throws -> Int {
    guard let index = basis.index(of: element) else {
      throw ThermodynamicsError.badBasis(
        "the open species \(element) is not a vertex of the basis "
          + "\(basis.names.joined(separator: ", ")); only a vertex can be open")
    }
    return index
  }

  /// The lowest entry of each composition, and which of these each entry competes with.
  private static func lowest(
    of entries: [ComputedEntry]
  ) -> (entries: [ComputedEntry], lowest: [Int], competitor: [Int]) {
    var place: [[FractionKey]: Int] = [:]
    var best: [Int] = []
    let competitor = entries.indices.map { index in
      let key = entries[index].composition.fractionKey
      guard let other = place[key] else {
        place[key] = best.count
        best.append(index)
        return best.count - 1
      }
      if entries[index].energyPerAtom < entries[best[other]].energyPerAtom { best[other] = index }
      return other
    }
    return (entries, best, competitor)
  }
}
