import Atomistics

/// The equilibria of one composition at any chemical potential of the open species.
struct EquilibriumSearch {
  /// Where along the potential's axis an equilibrium is asked for.
  enum Side {
    case exact
    /// Just below the potential: of equals the one with the least of the open species.
    case below
    /// An endlessly low potential.
    case limit
  }

  private let diagram: PhaseDiagram
  private let composition: Composition
  private var search: LinearProgramSearch

  /// - Throws: `ThermodynamicsError.notSpanned` if the components cannot make up the composition.
  init(of composition: Composition, in diagram: PhaseDiagram) throws {
    guard case .amounts(let all) = diagram.basis.amounts(of: composition) else {
      throw ThermodynamicsError.notSpanned(
        formula: composition.formula, components: diagram.basis.names)
    }
    let total = composition.atomCount
    let rhs = all.indices.filter { $0 != diagram.openIndex }.map { all[$0] / total }
    let made = LinearProgram.support(rhs)
    for row in rhs.indices where made & (1 << UInt64(row)) != 0 {
      guard diagram.program.supports.contains(1 << UInt64(row)) else {
        throw ThermodynamicsError.notSpanned(
          formula: composition.formula, components: diagram.basis.names)
      }
    }
    self.diagram = diagram
    self.composition = composition
    search = LinearProgramSearch(diagram.program, rhs: rhs)
  }

  /// - Throws: `ThermodynamicsError.notConverged`.
  mutating func equilibrium(
    at potential: Double, _ side: Side = .exact
  ) throws -> Decomposition {
    let costs = zip(diagram.energies, diagram.openAmounts).map { $0 - potential * $1 }
    do {
      let solution =
        switch side {
        case .exact: try search.minimize(costs)
        case .below: try search.minimize(costs, then: diagram.openAmounts)
        case .limit: try search.minimize(diagram.openAmounts, then: diagram.energies)
        }
      return diagram.decomposition(solution, of: composition.atomCount, at: potential)
    } catch {
      throw ThermodynamicsError.notConverged(composition.formula)
    }
  }
}

extension PhaseDiagram {
  /// A solution per atom as the equilibrium of that many atoms.
  func decomposition(
    _ solution: LinearProgram.Solution, of atoms: Double, at potential: Double
  ) -> Decomposition {
    let ions = solution.amounts.reduce(0) { $0 + openAmounts[$1.column] * $1.amount } * atoms
    let energy = solution.amounts.reduce(0) { $0 + energies[$1.column] * $1.amount } * atoms
    var prices = solution.prices
    if let openIndex { prices.insert(potential, at: openIndex) }
    return Decomposition(
      // What is left of a phase by rounding is none; its share of the energy counts all the same.
      phases: solution.amounts.filter { $0.amount > 1e-10 }.map {
        PhaseAmount(
          entry: competing[$0.column], amount: $0.amount * atoms / competing[$0.column].atomCount)
      },
      energy: energy - potential * ions, openAmount: ions, chemicalPotentials: prices)
  }
}
