import Atomistics

/// A phase brought into contact with another, and how its energy is known.
public struct Reactant: Hashable, Sendable {
  public enum Source: String, Sendable {
    /// The lowest entry of its composition.
    case entry
    case given
    /// It has no entry: what it decomposes into stands for it.
    case hull
  }

  /// As typed, clusters in brackets and all.
  public let formula: String
  public let composition: Composition
  /// eV per atom on the table's scale; nil: from the diagram.
  public let energyPerAtom: Double?

  /// - Throws: `AtomisticsError` for a formula, `ThermodynamicsError.outOfScale`.
  public init(_ formula: String, energyPerAtom: Double? = nil) throws {
    self.formula = formula
    composition = try Composition(checking: formula)
    self.energyPerAtom = try energyPerAtom.map { try checked(energyPerAtom: $0, of: formula) }
  }
}

/// A reactant in a diagram: all amounts per formula unit.
struct PlacedReactant {
  let formula: String
  let composition: Composition
  /// Of the basis's components.
  let amounts: [Double]
  /// Atoms of the open species, 0 in a closed diagram.
  let open: Double
  /// E - μ n, eV.
  let energy: Double
  let source: Reactant.Source
  /// Φ, eV.
  let hullEnergy: Double

  /// Atoms that are not open.
  var atoms: Double { composition.atomCount - open }

  /// - Throws: `ThermodynamicsError.badReactant`, `.notSpanned`.
  init(_ reactant: Reactant, in diagram: PhaseDiagram) throws {
    formula = reactant.formula
    composition = reactant.composition
    switch diagram.basis.amounts(of: composition) {
    case .amounts(let x): amounts = x
    case .excluded(let reason):
      throw ThermodynamicsError.badReactant(
        formula: formula,
        reason: "\(reason) (\(diagram.basis.names.joined(separator: ", ")))")
    }
    open = diagram.openIndex.map { [amounts] in amounts[$0] } ?? 0
    if let species = diagram.open?.element, composition.atomCount - open < 1e-9 {
      throw ThermodynamicsError.badReactant(
        formula: formula,
        reason: "it is \(species), to which the system is open: there is always as much of it as "
          + "is wanted; leave out the voltage, or choose another phase")
    }
    hullEnergy = try diagram.decomposition(of: composition).energy
    let lowest = diagram.lowestEntry(of: composition)?.energyPerAtom
    source = reactant.energyPerAtom != nil ? .given : lowest != nil ? .entry : .hull
    let reservoir = (diagram.open?.chemicalPotential ?? 0) * open
    energy =
      (reactant.energyPerAtom ?? lowest).map { [composition] in
        $0 * composition.atomCount - reservoir
      } ?? hullEnergy
  }

  /// eV above the hull per atom that is not open.
  var hullDistance: Double {
    let distance = (energy - hullEnergy) / atoms
    return abs(distance) < 1e-12 ? 0 : distance
  }
}
