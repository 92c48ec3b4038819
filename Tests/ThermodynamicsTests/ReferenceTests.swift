import Atomistics
import Testing
import Thermodynamics

/// Everything in the reference tables, for four electrolytes, three schemes and both bases.
@Suite struct ReferenceTests {
  @Test(arguments: Reference.schemes, Reference.electrolytes)
  func profilesAndWindows(scheme: CorrectionScheme, formula: String) throws {
    let reference = try #require(try Reference.load(scheme)[formula])
    let table = try Reference.table(scheme)
    for intact in [false, true] {
      let found = try reference.stability(of: formula, in: table, intact: intact)
      let comment = Comment(rawValue: "\(formula) \(scheme) \(intact ? "intact" : "elements")")
      let steps = intact ? reference.steps_cluster : reference.steps_elements
      try #require(found.profile.steps.count == steps.count, comment)
      for (step, expected) in zip(found.profile.steps, steps) {
        #expect(abs(step.from - expected.V_from) < 1e-3, comment)
        #expect((step.to == nil) == (expected.V_to == nil), comment)
        if let to = step.to, let end = expected.V_to { #expect(abs(to - end) < 1e-3, comment) }
        #expect(abs(step.uptake - expected.li_uptake) < 1e-3, comment)
        try expectSame(step.phases, expected.products, comment)
      }
      let window = intact ? reference.window_cluster : reference.window_elements
      #expect((found.window == nil) == (window == nil), comment)
      if let window, let ours = found.window {
        #expect(abs(ours.reduction - window[0]) < 1e-3, comment)
        #expect(abs(try #require(ours.oxidation) - window[1]) < 1e-3, comment)
      }
    }
  }

  @Test(arguments: Reference.schemes, Reference.electrolytes)
  func hullAndDecomposition(scheme: CorrectionScheme, formula: String) throws {
    let reference = try #require(try Reference.load(scheme)[formula])
    let table = try Reference.table(scheme)
    let found = try reference.stability(of: formula, in: table, intact: false)
    #expect(
      abs(try #require(found.energyPerAtom) - reference.formation_energy_eV_per_atom) < 2e-6)
    #expect(abs(try #require(found.hullDistance) - reference.e_above_hull_elements) < 1e-5)
    try expectSame(found.decomposition.phases, reference.decomposition, "\(formula) \(scheme)")
    let intact = try reference.stability(of: formula, in: table, intact: true)
    #expect(try names(found.diagram.stable) == names(reference.stable_elements))
    #expect(try names(intact.diagram.stable) == names(reference.stable_compound))
    // The electrolyte itself is an entry of ours and none of the reference's.
    let own = PhaseKey(found.composition).text
    #expect(
      Set(intact.diagram.entries.map { PhaseKey($0.composition).text }).subtracting([own])
        == (try names(reference.cluster_basis_phases)))
  }

  @Test(arguments: Reference.schemes, Reference.electrolytes)
  func energies(scheme: CorrectionScheme, formula: String) throws {
    let reference = try #require(try Reference.load(scheme)[formula])
    let table = try Reference.table(scheme)
    let found = try reference.stability(of: formula, in: table, intact: false)
    let atoms = found.composition.atomCount
    let energy = try #require(found.energyPerAtom) * atoms
    #expect(reference.decomp_energy_elements.count == 7)
    for (voltage, expected) in reference.decomp_energy_elements {
      let v = try #require(Double(voltage))
      let perFormula = found.profile.decompositionEnergy(at: v, energy: energy)
      // The tables sum over amounts rounded to 1e-4, times up to 20 eV for each of a few phases;
      // `exactValues` below is the sharp comparison.
      #expect(abs(perFormula - expected.eV_per_fu) < 2e-3)
      #expect(abs(perFormula / atoms - expected.eV_per_atom_SSE) < 2e-4)
      #expect(
        abs(
          found.profile.decompositionEnergyPerReactantAtom(at: v, energy: energy)
            - expected.eV_per_atom_total) < 2e-4)
    }
    let reaction = try Reaction("\(formula) + 8 Li -> Li3P + 5 Li2S + \(reference.lix)")
    let energies = try reaction.energies(workingIon: Element("Li")!) { term in
      term.formula == formula
        ? energy / atoms
        : try table.energyPerAtom(of: term.composition, formula: term.formula)
    }
    #expect(
      abs(energies.perAtomOfReactants - reference.paper_reaction_8Li_eV_per_atom) < 1e-4)
    #expect(
      abs(try #require(energies.perWorkingIon) * 8 - energies.perFormula) < 1e-12)
  }

  /// pymatgen's own numbers, not rounded: 1e-7 V, 1e-9 eV.
  @Test(arguments: Reference.schemes, Reference.electrolytes)
  func exactValues(scheme: CorrectionScheme, formula: String) throws {
    let exact = try #require(try ExactReference.load()["\(formula) \(scheme.rawValue)"])
    let reference = try #require(try Reference.load(scheme)[formula])
    let found = try reference.stability(
      of: formula, in: try Reference.table(scheme), intact: false)
    #expect(abs(try #require(found.hullDistance) - exact.hullDistance) < 1e-9)
    try #require(found.profile.steps.count == exact.from_V.count)
    for (step, (from, uptake)) in zip(found.profile.steps, zip(exact.from_V, exact.uptake)) {
      #expect(abs(step.from - from) < 1e-7)
      #expect(abs(step.uptake - uptake) < 1e-7)
    }
    let energy = try #require(found.energyPerAtom) * found.composition.atomCount
    #expect(exact.decompositionEnergy_eV_per_formula.count == 7)
    for (voltage, expected) in exact.decompositionEnergy_eV_per_formula {
      let v = try #require(Double(voltage))
      #expect(abs(found.profile.decompositionEnergy(at: v, energy: energy) - expected) < 1e-8)
    }
  }

  private func names(_ entries: [ComputedEntry]) -> Set<String> {
    Set(entries.map { PhaseKey($0.composition).text })
  }

  private func names(_ formulas: [String]) throws -> Set<String> {
    Set(try formulas.map { PhaseKey(try Composition(formula: $0)).text })
  }
}
