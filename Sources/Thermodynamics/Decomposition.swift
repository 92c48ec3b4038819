import Atomistics

/// A phase and how much of it, in formula units as its entry is typed.
public struct PhaseAmount: Hashable, Sendable {
  public let entry: ComputedEntry
  public let amount: Double

  public init(entry: ComputedEntry, amount: Double) {
    self.entry = entry
    self.amount = amount
  }
}

/// What a composition turns into at equilibrium.
public struct Decomposition: Hashable, Sendable {
  /// Phases with their amounts per formula unit of the composition.
  public let phases: [PhaseAmount]
  /// Energy per formula unit of the composition in eV: Σ E, or Σ (E - μ n) with an open species.
  public let energy: Double
  /// Atoms of the open species in the phases, per formula unit of the composition.
  public let openAmount: Double
  /// Chemical potentials of the basis's components, eV per formula unit of each, that support the
  /// equilibrium: E_j ≥ Σ_k a_kj μ_k for every phase, equal for those that take part.
  ///
  /// One of several sets where the composition lies on a boundary between equilibria. -∞ for a
  /// component that the composition has nothing of.
  public let chemicalPotentials: [Double]
}
