import Atomistics

/// What two phases in contact turn into, whatever their proportion: their pseudo-binary line.
///
///     ΔE(x) = Φ(x A + (1 - x) B) - x E_A - (1 - x) E_B
///     ΔE_mutual(x) = Φ(x A + (1 - x) B) - x Φ(A) - (1 - x) Φ(B)
///
/// Both are convex and made of straight pieces; every kink is found exactly (`MixingLine`), none is
/// missed for being narrow. ΔE is of the phases as they are; ΔE_mutual is what the contact itself
/// adds to what A and B do on their own, and never above 0.
///
/// | symbol | name | unit |
/// |---|---|---|
/// | x | `Kink.hostFractionOfA`, share of the atoms that are not open that come from A | |
/// | | `Kink.fractionOfA`, share of all atoms that come from A; x in a closed diagram | |
/// | y | `Kink.molarFractionOfA`, share of the formula units as typed | |
/// | ΔE | `Kink.energyPerAtom` | eV per atom of A and B (that is not open) |
/// | ΔE | `Kink.energyPerFormula` | eV per formula unit of y A + (1 - y) B |
/// | E_A | own entry, given, or the hull's; E - μ n with an open species | |
///
/// Sources: Richards et al., Chem. Mater. 28, 266 (2016), doi 10.1021/acs.chemmater.5b04082; Xiao
/// et al., Nat. Rev. Mater. 5, 105 (2020), doi 10.1038/s41578-019-0157-5.
public struct InterfacialReactivity: Sendable {
  /// A proportion at which the products change, or an end.
  public struct Kink: Hashable, Sendable {
    public let fractionOfA: Double
    public let hostFractionOfA: Double
    public let molarFractionOfA: Double
    public let energyPerAtom: Double
    public let energyPerFormula: Double
    public let mutualEnergyPerAtom: Double
    public let mutualEnergyPerFormula: Double
    /// Per formula unit of y A + (1 - y) B.
    public let phases: [PhaseAmount]
    /// Atoms of the open species taken up per formula unit of y A + (1 - y) B; negative: given off.
    public let openUptake: Double
    /// The same, balanced, in the smallest whole numbers where there are such.
    public let reaction: Reaction
  }

  public let formulaA: String
  public let formulaB: String
  public let diagram: PhaseDiagram
  /// Both ends included, ascending in `fractionOfA`.
  public let kinks: [Kink]
  public let sourceA: Reactant.Source
  public let sourceB: Reactant.Source
  /// eV per atom (that is not open) above the hull.
  public let hullDistanceA: Double
  public let hullDistanceB: Double
  public let warnings: [String]

  /// - Throws: `ThermodynamicsError.badReactant` or `.notSpanned`, with the phase's name.
  public init(of a: Reactant, with b: Reactant, in diagram: PhaseDiagram) throws {
    try self.init(of: a, with: b, in: diagram, warnings: [])
  }

  private init(
    of a: Reactant, with b: Reactant, in diagram: PhaseDiagram, warnings: [String]
  ) throws {
    let first = try PlacedReactant(a, in: diagram)
    let second = try PlacedReactant(b, in: diagram)
    try Self.checkDistinct(first, second, in: diagram)
    let line = MixingLine(
      in: diagram, from: second.amounts.map { $0 / second.atoms },
      to: first.amounts.map { $0 / first.atoms })
    let mixture = Mixture(a: first, b: second, line: line)
    formulaA = a.formula
    formulaB = b.formula
    self.diagram = diagram
    kinks = try ([0] + line.kinks() + [1]).map(mixture.kink)
    sourceA = first.source
    sourceB = second.source
    hullDistanceA = first.hullDistance
    hullDistanceB = second.hullDistance
    self.warnings = warnings + [first, second].flatMap(Self.warnings)
  }

  /// Two formulas against a table; the system is that of their elements.
  ///
  /// - Parameters:
  ///   - voltage: open to the working ion at this voltage against its metal; nil: closed.
  ///   - energy: of A; in place of its entries if it is given.
  public init(
    of a: String, with b: String, in table: EntryTable, workingIon: Element,
    voltage: Double? = nil, intact: [String] = [], energy: ElectrolyteStability.Energy = .fromTable
  ) throws {
    let first = try Reactant(a)
    let second = try Reactant(b)
    var elements = voltage == nil ? [] : [workingIon]
    for element in first.composition.elements + second.composition.elements
    where !elements.contains(element) {
      elements.append(element)
    }
    var phases = table
    var given: Double?
    if case .fromTable = energy {
    } else {
      given = try ElectrolyteStability.energyPerAtom(
        energy, of: first.composition, formula: a, in: table)
    }
    if let given {
      phases = table.replacing(
        ComputedEntry(formula: a, composition: first.composition, energyPerAtom: given))
    }
    let open = try voltage.map {
      OpenSpecies(
        element: workingIon, voltage: $0, reference: try table.referencePotential(of: workingIon))
    }
    let diagram = try PhaseDiagram(
      entries: phases.entries(withElements: elements),
      basis: try ComponentBasis(system: elements, workingIon: workingIon, intact: intact),
      open: open)
    let alone = Set(first.composition.elements + second.composition.elements).filter { element in
      !phases.entries.contains { $0.composition[element] > 0 && $0.composition.onlyElement == nil }
    }
    try self.init(
      of: Reactant(a, energyPerAtom: given), with: second, in: diagram,
      warnings: alone.sorted().map {
        "\(table.name) holds no compound of \($0), so none can form; add entries."
      })
  }

  /// The kink of the lowest energy per atom: the most driving reaction.
  public var lowest: Kink { kinks.min { $0.energyPerAtom < $1.energyPerAtom } ?? kinks[0] }

  /// The kink at which the contact itself adds most.
  public var lowestMutual: Kink {
    kinks.min { $0.mutualEnergyPerAtom < $1.mutualEnergyPerAtom } ?? kinks[0]
  }

  private static func checkDistinct(
    _ a: PlacedReactant, _ b: PlacedReactant, in diagram: PhaseDiagram
  ) throws {
    let isSame = a.amounts.indices.filter { $0 != diagram.openIndex }.allSatisfy {
      abs(a.amounts[$0] / a.atoms - b.amounts[$0] / b.atoms) < 1e-9
    }
    guard isSame else { return }
    let difference =
      diagram.open.map { "differ only in \($0.element), to which the system is open" }
      ?? "have one composition"
    throw ThermodynamicsError.badReactant(
      formula: b.formula,
      reason: "\(a.formula) and \(b.formula) \(difference); choose two different phases")
  }

  private static func warnings(_ reactant: PlacedReactant) -> [String] {
    switch reactant.source {
    case .hull:
      return [
        "\(reactant.formula) has no entry: its energy is taken from the hull, so its own "
          + "decomposition does not count."
      ]
    case .entry, .given:
      guard reactant.hullDistance < -1e-9 else { return [] }
      return [
        "\(reactant.formula) lies below the hull of the diagram, in which it is no phase itself; "
          + "add it as an entry."
      ]
    }
  }
}

/// Two reactants in any proportion.
private struct Mixture {
  let a: PlacedReactant
  let b: PlacedReactant
  let line: MixingLine

  func kink(at x: Double) throws -> InterfacialReactivity.Kink {
    let found = try line.equilibrium(at: x)
    // Formula units of each per atom of the mixture that is not open.
    let (unitsA, unitsB) = (x / a.atoms, (1 - x) / b.atoms)
    let units = unitsA + unitsB
    let atomsA = unitsA * a.composition.atomCount
    let energy = clean(found.energy - unitsA * a.energy - unitsB * b.energy)
    let mutual = clean(found.energy - unitsA * a.hullEnergy - unitsB * b.hullEnergy)
    let uptake = (found.openAmount - unitsA * a.open - unitsB * b.open) / units
    let phases = found.phases.map { PhaseAmount(entry: $0.entry, amount: $0.amount / units) }
    let openUptake = abs(uptake) < 1e-9 * (a.atoms + b.atoms) ? 0 : uptake
    return InterfacialReactivity.Kink(
      fractionOfA: atomsA / (atomsA + unitsB * b.composition.atomCount), hostFractionOfA: x,
      molarFractionOfA: unitsA / units, energyPerAtom: energy,
      energyPerFormula: energy / units, mutualEnergyPerAtom: mutual,
      mutualEnergyPerFormula: mutual / units, phases: phases, openUptake: openUptake,
      reaction: reaction(unitsA / units, phases, openUptake))
  }

  private func reaction(_ y: Double, _ phases: [PhaseAmount], _ uptake: Double) -> Reaction {
    var reactants = [
      Reaction.Term(coefficient: y, formula: a.formula, composition: a.composition),
      Reaction.Term(coefficient: 1 - y, formula: b.formula, composition: b.composition),
    ].filter { $0.coefficient > 1e-12 }
    var products = phases.map {
      Reaction.Term(
        coefficient: $0.amount, formula: $0.entry.formula, composition: $0.entry.composition)
    }
    if uptake != 0, let element = line.diagram.open?.element {
      let term = Reaction.Term(
        coefficient: abs(uptake), formula: element.symbol,
        composition: Composition([(element, 1)]))
      if uptake > 0 { reactants.append(term) } else { products.append(term) }
    }
    return Reaction(reactants: reactants, products: products).tidied
  }

  private func clean(_ energy: Double) -> Double { abs(energy) < 1e-12 ? 0 : energy }
}
