import Atomistics
import Testing
import Thermodynamics

@Suite struct ReactionTests {
  private let lithium = Element("Li")!

  @Test func coefficientsAndBalance() throws {
    let reaction = try Reaction("Li6PS5(BH4) + 8Li→Li3P + 5 Li2S + LiBH4")
    #expect(reaction.reactants.map(\.coefficient) == [1, 8])
    #expect(reaction.reactants[0].formula == "Li6PS5(BH4)")
    #expect(reaction.products.map(\.coefficient) == [1, 5, 1])
    let halves = try Reaction("Li + 1/2 Cl2 -> LiCl")
    #expect(halves.reactants[1].coefficient == 0.5)
    #expect(try Reaction("Li + 0.5 Cl2 -> LiCl") == halves)
  }

  @Test func unbalancedNamesTheElement() {
    let found = #expect(throws: ThermodynamicsError.self) {
      try Reaction("Li6PS5Cl + 8 Li -> Li3P + 4 Li2S + LiCl")
    }
    let text = found?.description ?? ""
    #expect(text.contains("14 Li on the left, 12 Li on the right"), "\(text)")
    #expect(found?.kind == .badData)
    let sulfur = #expect(throws: ThermodynamicsError.self) { try Reaction("Li2S -> 2 Li") }
    #expect(sulfur?.description.contains("1 S on the left, 0 S on the right") == true)
  }

  @Test(arguments: [
    "", "Li2S", "-> Li", "Li ->", "Li + -> Li", "Li -> Li -> Li", "0 Li -> 0 Li", "2 -> 2",
    "1/0 Li -> Li", "1/2/3 Li -> Li", "1.2.3 Li -> Li",
  ])
  func damagedReactions(text: String) {
    #expect(throws: ThermodynamicsError.self) { try Reaction(text) }
  }

  @Test func energiesPerWhat() throws {
    // 2 Li2S made of its elements at -1.5 eV/atom: -9 eV in all.
    let reaction = try Reaction("2 S + 4 Li -> 2 Li2S")
    let energies = reaction.energies(workingIon: lithium) {
      $0.formula == "Li2S" ? -1.5 : 0
    }
    #expect(energies.perFormula == -4.5)
    #expect(energies.perAtomOfReactants == -1.5)
    #expect(energies.perWorkingIon == -2.25)
    let without = try Reaction("Li3PS4 + Li2S -> Li5PS5").energies(workingIon: lithium) { _ in 0 }
    #expect(without.perWorkingIon == nil)
  }
}
