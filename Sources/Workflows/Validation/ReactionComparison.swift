import Atomistics
import Thermodynamics

/// A reaction of given crystals by two calculators.
struct ReactionComparison: Sendable {
  let reaction: Reaction
  /// eV per atom of the reactants; nil where a crystal has no energy.
  let potential: Double?
  let reference: Double?

  /// Reads a reaction, with amounts or a list that is balanced, as `interphase react` does, and sees
  /// that there is a crystal for every formula.
  ///
  /// - Throws: `ThermodynamicsError.badReaction`, `.unbalanced`, `.notBalanced`;
  ///   `WorkflowsError.badValidation` for a formula that no crystal has.
  static func parse(_ text: String, among crystals: [ValidatedCrystal]) throws -> Reaction {
    let reaction = try text.contains(",") ? Reaction(balancing: text) : Reaction(text)
    for term in reaction.reactants + reaction.products
    where !crystals.contains(where: { $0.composition == term.composition.reduced }) {
      let known = crystals.map(\.formula).joined(separator: ", ")
      throw WorkflowsError.badValidation(
        "the reaction '\(text)' needs a crystal of \(term.formula), and there is none; add its file to "
          + "--crystals (\(known.isEmpty ? "none are given" : "given are \(known)"))")
    }
    return reaction
  }

  init(_ reaction: Reaction, _ crystals: [CrystalComparison]) {
    self.reaction = reaction
    func energy(_ properties: KeyPath<CrystalComparison, CrystalProperties>) -> Double? {
      try? reaction.energies(workingIon: Element("Li")!) { term in
        // Of several crystals of one composition the most stable one counts.
        let known = crystals.filter { $0.crystal.composition == term.composition.reduced }
          .compactMap { $0[keyPath: properties].energy }
        guard let lowest = known.min() else { throw NoEnergy() }
        return lowest
      }.perAtomOfReactants
    }
    potential = energy(\.potential)
    reference = energy(\.reference)
  }

  private struct NoEnergy: Error {}
}
