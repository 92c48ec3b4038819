import Atomistics

/// A balanced reaction as typed: `Li6PS5Cl + 8 Li -> Li3P + 5 Li2S + LiCl`, or balanced from a list
/// of phases: `Reaction(balancing:)`.
///
/// Coefficients may be whole numbers, decimals or fractions such as `1/2`.
public struct Reaction: Hashable, Sendable {
  /// A formula with its coefficient.
  public struct Term: Hashable, Sendable {
    public let coefficient: Double
    public let formula: String
    public let composition: Composition
  }

  /// What a reaction yields; all of it negative when it runs by itself.
  public struct Energies: Hashable, Sendable {
    /// eV per formula unit of the first reactant.
    public let perFormula: Double
    /// eV per atom of all reactants together.
    public let perAtomOfReactants: Double
    /// eV per ion of the pure working ion used up; nil if none is.
    public let perWorkingIon: Double?
  }

  public let reactants: [Term]
  public let products: [Term]

  /// Terms that are known to balance.
  init(reactants: [Term], products: [Term]) {
    self.reactants = reactants
    self.products = products
  }

  /// - Throws: `ThermodynamicsError.badReaction`, or `.unbalanced` with the element.
  public init(_ text: String) throws {
    let sides = text.replacing("→", with: "->").split(
      separator: "->", omittingEmptySubsequences: false)
    guard sides.count == 2 else {
      throw ThermodynamicsError.badReaction(text, reason: "expected one '->' between two sides")
    }
    reactants = try Self.terms(sides[0], of: text)
    products = try Self.terms(sides[1], of: text)
    try checkBalance(text)
  }

  /// Terms joined by `+`, such as `Li3PS4 + Li2S + LiBH4`.
  ///
  /// - Throws: `ThermodynamicsError.badReaction`.
  public static func terms(_ side: some StringProtocol, of whole: String) throws -> [Term] {
    try side.split(separator: "+", omittingEmptySubsequences: false).map { part in
      let text = String(part.filter { !$0.isWhitespace })
      let number = text.prefix { $0.isNumber || $0 == "." || $0 == "/" }
      let formula = String(text.dropFirst(number.count))
      guard let coefficient = Self.coefficient(number), !formula.isEmpty else {
        throw ThermodynamicsError.badReaction(
          whole, reason: "'\(part)' is not an amount and a formula")
      }
      return Term(
        coefficient: coefficient, formula: formula,
        composition: try Composition(checking: formula))
    }
  }

  /// The sum of the terms' compositions.
  public static func sum(_ terms: [Term]) -> Composition {
    terms.reduce(Composition([])) { $0 + $1.composition.scaled(by: $1.coefficient) }
  }

  /// Energies from a function that gives each formula's energy in eV per atom.
  public func energies(
    workingIon: Element, energyPerAtom: (Term) throws -> Double
  ) rethrows -> Energies {
    func total(_ terms: [Term]) throws -> Double {
      try terms.reduce(0) {
        $0 + $1.coefficient * $1.composition.atomCount * (try energyPerAtom($1))
      }
    }
    func ions(_ terms: [Term]) -> Double {
      terms.filter { $0.composition.onlyElement == workingIon }
        .reduce(0) { $0 + $1.coefficient * $1.composition.atomCount }
    }
    let energy = try total(products) - total(reactants)
    let used = ions(reactants) - ions(products)
    return Energies(
      perFormula: energy / reactants[0].coefficient,
      perAtomOfReactants: energy / Self.sum(reactants).atomCount,
      perWorkingIon: abs(used) > 1e-9 ? energy / used : nil)
  }

  private static func coefficient(_ text: some StringProtocol) -> Double? {
    if text.isEmpty { return 1 }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Double($0) }
    guard parts.count <= 2, let top = parts[0], let bottom = parts.count == 2 ? parts[1] : 1,
      top > 0, bottom > 0, top / bottom < 1e9
    else { return nil }
    return top / bottom
  }

  private func checkBalance(_ text: String) throws {
    let (left, right) = (Self.sum(reactants), Self.sum(products))
    for element in left.elements + right.elements
    where abs(left[element] - right[element]) > 1e-6 * max(left[element], right[element]) {
      throw ThermodynamicsError.unbalanced(
        reaction: text, element: element, left: left[element], right: right[element])
    }
  }
}
