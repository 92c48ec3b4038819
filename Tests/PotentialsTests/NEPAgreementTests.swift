import Atomistics
import Potentials
import Testing

/// Energies, forces and stresses equal calorine's.
struct NEPAgreementTests {
  @Test(arguments: Fixture.models)
  func equalsCalorineOnSyntheticModels(model: String) throws {
    try compare(try Fixture.potential(model), GoldenValues(model))
  }

  @Test(
    .enabled(
      if: Fixture.nep89 != nil,
      "NEP89 is not installed: run `interphase potential install nep89` first, as ./test does"))
  func equalsCalorineOnNEP89() throws {
    let golden = try GoldenValues("nep89")
    #expect(golden.structures.count == 20)
    try compare(try NEPPotential(path: try #require(Fixture.nep89), name: "NEP89"), golden)
  }

  private func compare(_ potential: NEPPotential, _ golden: GoldenValues) throws {
    for row in golden.structures {
      let found = try potential.evaluate(try row.structure())
      let off = GoldenValues.difference(found, row)
      #expect(off.energy < 1e-6, "\(potential.name), \(row.name): eV/atom")
      #expect(off.perAtom < 1e-6, "\(potential.name), \(row.name): eV")
      #expect(off.force < 1e-5, "\(potential.name), \(row.name): eV/Å")
      #expect(off.stress < 1e-6, "\(potential.name), \(row.name): eV/Å³")
    }
  }
}
