import Atomistics
import Testing
import Thermodynamics

/// Windows, decomposition energies and products that others published, from our table of phases.
@Suite struct LiteratureWindowsTests {
  @Test func allRowsAreThere() throws {
    let rows = try LiteratureWindow.load()
    #expect(rows.count == 9)
    #expect(rows.filter { $0.published == nil }.map(\.formula) == ["Li6PS5(CN)"])
    #expect(rows.flatMap(\.energies).count == 8)
    #expect(rows.allSatisfy { !$0.schemes.isEmpty && $0.doi.hasPrefix("10.") })
  }

  /// Within 1 mV of what was recomputed on the scheme that fits the published work.
  @Test(arguments: try LiteratureWindow.load())
  func windowOnItsScheme(row: LiteratureWindow) throws {
    for scheme in row.schemes {
      try expect(try row.stability(scheme).window, row.recomputed, "\(row.formula) \(scheme)")
    }
  }

  /// What each scheme gives, as the documentation's table has it.
  @Test(arguments: try LiteratureWindow.load(), CorrectionScheme.allCases)
  func windowOnEveryScheme(row: LiteratureWindow, scheme: CorrectionScheme) throws {
    let kept = try #require(row.onScheme[scheme])
    try expect(try row.stability(scheme).window, kept, "\(row.formula) \(scheme)")
  }

  /// No difference from a published edge is larger than 60 mV.
  @Test(arguments: try LiteratureWindow.load())
  func differencesFromPublished(row: LiteratureWindow) throws {
    let window = try row.stability(row.schemes[0]).window
    #expect((window == nil) == (row.published == nil))
    guard let window, let published = row.published else { return }
    #expect(abs(window.reduction - published.reduction) < 0.0605)
    #expect(abs(try #require(window.oxidation) - published.oxidation) < 0.0605)
  }

  /// With elements as vertices Li6PS5(CN) passes from taking up to giving off at one voltage.
  @Test(arguments: [CorrectionScheme.mp2020, .legacy])
  func cyanideHasNoPlateau(scheme: CorrectionScheme) throws {
    let row = try #require(try LiteratureWindow.load().first { $0.formula == "Li6PS5(CN)" })
    let profile = try row.stability(scheme).profile
    #expect(profile.steps.allSatisfy { abs($0.uptake) > 0.5 })
    let above = try #require(profile.steps.first { $0.uptake < 0 })
    let below = try #require(profile.steps.last { $0.uptake > 0 })
    #expect(abs(below.uptake - 2) < 1e-6)
    #expect(abs(above.uptake + 4) < 1e-6)
    #expect(abs(above.from - 2.044) < 1e-3)
    #expect(below.to == above.from)
  }

  /// Per atom of the solid, at 0 V and at 5 V, with the table's own entry of the solid.
  @Test(arguments: try LiteratureWindow.load().filter { !$0.energies.isEmpty })
  func decompositionEnergies(row: LiteratureWindow) throws {
    for scheme in row.schemes {
      let found = try row.stability(scheme)
      let atoms = found.composition.atomCount
      let energy = try #require(found.energyPerAtom) * atoms
      for expected in row.energies {
        let ours =
          found.profile.decompositionEnergy(at: expected.voltage, energy: energy) / atoms
        #expect(abs(ours - expected.recomputed) < 1e-3)
        #expect(abs(ours - expected.published) < 0.01)
      }
    }
  }

  /// The phases that the sources name; lithium that leaves is not among them.
  @Test(arguments: try LiteratureWindow.load())
  func products(row: LiteratureWindow) throws {
    let found = try row.stability(row.schemes[0])
    let steps = found.profile.steps
    let edges = found.window
    try expect(steps.first { $0.to == edges?.reduction }, row.reductionProducts)
    try expect(steps.first { $0.from == edges?.oxidation }, row.oxidationProducts)
    try expect(found.profile.step(at: 0), row.productsAt0V)
    try expect(found.profile.step(at: 5), row.productsAt5V)
  }

  private func expect(
    _ window: ElectrochemicalStabilityWindow?, _ expected: LiteratureWindow.Edges?,
    _ comment: Comment, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect((window == nil) == (expected == nil), comment, sourceLocation: sourceLocation)
    guard let window, let expected else { return }
    let oxidation = try #require(window.oxidation, comment, sourceLocation: sourceLocation)
    #expect(
      abs(window.reduction - expected.reduction) < 1e-3, comment, sourceLocation: sourceLocation)
    #expect(
      abs(oxidation - expected.oxidation) < 1e-3, comment, sourceLocation: sourceLocation)
  }

  private func expect(
    _ step: UptakeProfile.Step?, _ products: [String]?,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    guard let products else { return }
    let phases = try #require(step, sourceLocation: sourceLocation).phases.map(\.entry.composition)
      .filter { $0.onlyElement?.symbol != "Li" }
    let expected = try products.map { PhaseKey(try Composition(formula: $0)).text }
    #expect(
      Set(phases.map { PhaseKey($0).text }) == Set(expected), sourceLocation: sourceLocation)
  }
}
