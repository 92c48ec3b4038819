import Atomistics
import Testing
import Thermodynamics

@Suite struct ReactionBalancingTests {
  @Test(arguments: [
    ("Li6PS5Cl, Li -> Li3P, Li2S, LiCl", "Li6PS5Cl + 8 Li -> Li3P + 5 Li2S + LiCl"),
    ("Li6PS5Cl,Li,Li3P,Li2S,LiCl", "Li6PS5Cl + 8 Li -> Li3P + 5 Li2S + LiCl"),
    ("Li6PS5(BH4), Li → Li3P, Li2S, LiBH4", "Li6PS5(BH4) + 8 Li -> Li3P + 5 Li2S + LiBH4"),
    ("Li, Cl2, LiCl", "2 Li + Cl2 -> 2 LiCl"),
    ("LiCl, Li, Cl2", "2 LiCl -> 2 Li + Cl2"),
    ("Li0.5C6, Li -> LiC6", "2 Li0.5C6 + Li -> 2 LiC6"),
    ("Li7P3S11, Li -> Li3P, Li2S", "Li7P3S11 + 24 Li -> 3 Li3P + 11 Li2S"),
  ])
  func tidyCoefficients(list: String, expected: String) throws {
    let reaction = try Reaction(balancing: list)
    #expect(reaction.text == expected)
    // What it prints can be read back, and balances by the other check.
    #expect(try Reaction(reaction.text) == reaction)
  }

  @Test func amountsWithoutWholeNumbersStartAtOne() throws {
    let reaction = try Reaction(balancing: "Li0.333333C6, Li -> LiC6")
    #expect(reaction.reactants.map(\.coefficient)[0] == 1)
    #expect(abs(reaction.reactants[1].coefficient - 0.666667) < 1e-12)
  }

  @Test(arguments: [
    ("Li6PS5Cl, Li -> Li3P, Li2S", "Cl stands only on the left (Li6PS5Cl)"),
    ("Li2S, Cl2", "Li stands only in Li2S"),
    ("Li2S, Cl2 -> Li, S, LiCl", "2 independent ways; leave out 1"),
    ("Li, S, P -> Li2S, Li3P, LiP", "3 independent ways; leave out 2"),
    ("Li6PS5Cl, Li2S -> Li3PS4, LiCl", "Li2S would have to stand on the right"),
    ("Li2S, LiCl -> Li, S, Cl2, LiCl2", "independent ways"),
    ("Li, Li -> Li2S", "Li is listed twice"),
    ("LiCl, Na2F -> LiNaF, Cl", "no amounts balance"),
    ("Li48P16S61, Li -> Li3PS4, Li2S", "Li would have to stand on the right"),
    ("Li2S, P4, LiP -> Li, S, P", "independent ways"),
    ("Li2S, NaCl -> Li, S, Na2Cl3", "NaCl takes no part"),
  ])
  func lists(_ list: String, that message: String) {
    let error = #expect(throws: ThermodynamicsError.self) { try Reaction(balancing: list) }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.kind == .badData)
  }

  @Test(arguments: ["", ",", "Li,", "2 Li, S -> Li2S", "Li + S, Li2S", "Li, S -> Li2S -> S", "->"])
  func damagedLists(text: String) {
    #expect(throws: ThermodynamicsError.self) { try Reaction(balancing: text) }
  }

  /// Random reactions, made balanced, forgotten and found again.
  @Test(arguments: 0..<40)
  func madeAndFoundAgain(seed: Int) throws {
    var generator = RandomGenerator(seed: UInt64(seed), stage: "balance")
    let elements = ["Li", "P", "S", "Cl"].compactMap { Element($0) }
    // One compound of all elements against the elements themselves: always one way.
    let composition = Composition(
      elements.map { ($0, 1 + Double(Int(generator.uniform() * 30))) })
    let list = "\(composition.formula), Li, P4, S8, Cl2"
    let reaction = try Reaction(balancing: list)
    let unit = reaction.reactants[0].coefficient
    #expect(reaction.reactants.count == 1)
    for (product, size) in zip(reaction.products, [1.0, 4, 8, 2]) {
      let element = product.composition.elements[0]
      #expect(abs(product.coefficient * size - unit * composition[element]) < 1e-9)
      #expect(product.coefficient == product.coefficient.rounded())
    }
  }
}
