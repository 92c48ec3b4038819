import Atomistics
import Foundation
import Report
import Thermodynamics

extension ReportWriter {
  /// How the potential does where the answer is known: crystals and reactions.
  func potentialSection() throws -> Section {
    Section(
      "How good the potential is here",
      blocks: [
        .paragraph(
          """
          What \(configuration.potential) makes of the crystals that it was given, and of reactions \
          whose energies are known from density-functional theory (PBE). These errors bound what \
          may be read from its dynamics.
          """),
        .table(crystalTable()), .table(reactionTable()), .paragraph(arithmeticSentence()),
      ] + (try gradeBlocks()))
  }

  private func crystalTable() -> Table {
    let rows = run.study.crystals.compactMap { crystal -> [RichText]? in
      guard let bulk = results.bulk[crystal.name] else { return nil }
      let broken = bulk.clusterBonds.filter { $0.value[0] != $0.value[1] }
        .map { "\($0.key): \($0.value[0]) bonds before, \($0.value[1]) after" }
      return [
        RichText(formula: bulk.formula), RichText(plain: "\(bulk.atoms)"),
        RichText(plain: signed(bulk.linearChange * 100, 1)),
        RichText(plain: shown(bulk.energy_eV_per_atom, 4)),
        RichText(plain: bulk.converged ? "yes" : "no, after \(bulk.steps) steps"),
        RichText(plain: broken.isEmpty ? "whole" : broken.joined(separator: "; ")),
      ]
    }
    return Table(
      caption: "Crystals relaxed with the potential, against the lattice they started from.",
      header: [
        "crystal", "atoms", "change of length (%)", "energy (eV/atom)", "converged", "clusters",
      ], rows: rows, alignment: [.left, .right, .right, .right, .left, .left],
      notes: [
        """
        The starts are PBE lattices of the Materials Project and, for the four electrolytes, model \
        cells relaxed with SevenNet-l3i5 (models, not experiments). Change of length: the cube root \
        of the ratio of volumes.
        """
      ])
  }

  private func reactionTable() -> Table {
    Table(
      caption: "The reaction with 8 Li, eV per atom of all reactants.",
      header: ["electrolyte", "paper (PBE)", "table of phases", "potential", "potential − table"],
      rows: zip(electrolytes, results.thermodynamics).map { electrolyte, thermo in
        let known = thermo.reaction[leadingScheme]?.energy_eV_per_atom_of_reactants
        let found = reactionWithPotential(electrolyte)
        return [
          name(electrolyte),
          RichText(
            plain: paper.reactionEnergy_eV_per_atom[electrolyte.anion].map { shown($0, 2) } ?? ""),
          RichText(plain: known.map { shown($0, 3) } ?? ""),
          RichText(plain: found.map { shown($0, 3) } ?? "a crystal is missing"),
          RichText(plain: known.flatMap { k in found.map { signed($0 - k, 3) } } ?? ""),
        ]
      })
  }

  /// E(electrolyte) − ΣE of what it is counted from, per atom, all relaxed with the potential.
  func excessWithPotential(_ electrolyte: StudyConfiguration.Electrolyte) -> Double? {
    guard let own = results.bulk[electrolyte.name]?.energy_eV_per_atom,
      let terms = try? Reaction.terms(electrolyte.over, of: electrolyte.over)
    else { return nil }
    var energy = 0.0
    for term in terms {
      guard let phase = energyWithPotential(term.composition) else { return nil }
      energy += term.coefficient * term.composition.atomCount * phase
    }
    return own - energy / Reaction.sum(terms).atomCount
  }

  private func reactionWithPotential(_ electrolyte: StudyConfiguration.Electrolyte) -> Double? {
    guard let reaction = try? Reaction(electrolyte.reaction) else { return nil }
    let energies = try? reaction.energies(workingIon: configuration.workingIon) { term in
      guard let energy = energyWithPotential(term.composition) else {
        throw WorkflowsError.missing(path: term.formula, hint: "no such crystal in the study")
      }
      return energy
    }
    return energies?.perAtomOfReactants
  }

  private func energyWithPotential(_ composition: Composition) -> Double? {
    results.bulk.values.first {
      (try? Composition(formula: $0.formula))?.reduced == composition.reduced
    }?.energy_eV_per_atom
  }
}
