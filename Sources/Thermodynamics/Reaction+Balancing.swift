import Atomistics

extension Reaction {
  /// A reaction balanced from a list of phases: `Li6PS5Cl, Li -> Li3P, Li2S, LiCl`.
  ///
  /// The amounts ν solve Σ_j ν_j c_j = 0 for each element, c_j being what phase j holds. Without an
  /// arrow the first phase is a reactant and the signs decide on which side the others stand.
  /// Coefficients are the smallest whole numbers where there are such, else 1 for the first
  /// reactant.
  ///
  /// - Throws: `ThermodynamicsError.badReaction` for text that is no list, `.notBalanced` where no
  ///   amounts balance it, where several do, or where a phase takes no part or stands on the wrong
  ///   side.
  public init(balancing text: String) throws {
    let list = try PhaseList(text)
    let amounts = try list.amounts()
    let terms = zip(list.phases, amounts).map { phase, amount in
      Term(coefficient: abs(amount), formula: phase.formula, composition: phase.composition)
    }
    let isReactant = amounts.map { $0 > 0 }
    self =
      Reaction(
        reactants: zip(terms, isReactant).filter(\.1).map(\.0),
        products: zip(terms, isReactant).filter { !$0.1 }.map(\.0)
      ).tidied
  }

  /// The same reaction in the smallest whole numbers (up to 10,000), else with 1 for the first
  /// reactant.
  public var tidied: Reaction {
    guard let first = reactants.first?.coefficient, first > 0 else { return self }
    let all = (reactants + products).map { $0.coefficient / first }
    func isWhole(_ value: Double) -> Bool {
      let nearest = value.rounded()
      return nearest >= 1 && abs(value - nearest) < 1e-8 * max(1, value)
    }
    let multiple = (1...10_000).first { m in all.allSatisfy { isWhole($0 * Double(m)) } }
    func tidy(_ terms: [Term]) -> [Term] {
      terms.map { term in
        let value = term.coefficient / first
        return Term(
          coefficient: multiple.map { (value * Double($0)).rounded() } ?? value,
          formula: term.formula, composition: term.composition)
      }
    }
    return Reaction(reactants: tidy(reactants), products: tidy(products))
  }

  /// As it would be typed: `Li6PS5Cl + 8 Li -> Li3P + 5 Li2S + LiCl`.
  public var text: String {
    func side(_ terms: [Term]) -> String {
      terms.map { $0.coefficient == 1 ? $0.formula : "\(rounded($0.coefficient)) \($0.formula)" }
        .joined(separator: " + ")
    }
    return "\(side(reactants)) -> \(side(products))"
  }
}

/// Phases with the sides that they are stated to stand on.
private struct PhaseList {
  struct Phase {
    let formula: String
    let composition: Composition
    /// nil: the signs decide.
    let isReactant: Bool?
  }

  let text: String
  let phases: [Phase]

  init(_ text: String) throws {
    let sides = text.replacing("→", with: "->").split(
      separator: "->", omittingEmptySubsequences: false)
    guard sides.count <= 2 else {
      throw ThermodynamicsError.badReaction(text, reason: "expected one '->' between two lists")
    }
    var phases: [Phase] = []
    for (index, side) in sides.enumerated() {
      for part in side.split(separator: ",", omittingEmptySubsequences: false) {
        let formula = String(part.filter { !$0.isWhitespace })
        guard let first = formula.first, !first.isNumber, first != ".", !formula.contains("+")
        else {
          throw ThermodynamicsError.badReaction(
            text,
            reason: "'\(part)' is not a formula; a list with commas is balanced, so it has "
              + "neither amounts nor plus signs")
        }
        guard !phases.contains(where: { $0.formula == formula }) else {
          throw ThermodynamicsError.notBalanced(
            phases: text, reason: "\(formula) is listed twice; leave one out")
        }
        phases.append(
          Phase(
            formula: formula, composition: try Composition(checking: formula),
            isReactant: sides.count == 2 ? index == 0 : nil))
      }
    }
    self.text = text
    self.phases = phases
  }

  /// Amounts of each phase, positive for reactants.
  func amounts() throws -> [Double] {
    let elements = phases.flatMap(\.composition.elements).reduce(into: [Element]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    try checkEveryElementHasABalance(elements)
    let rows = elements.map { element in
      phases.map { $0.composition[element] / $0.composition.atomCount }
    }
    let solutions = NullSpace(rows: rows, columnCount: phases.count).vectors
    guard let only = solutions.first else {
      throw failure("no amounts balance \(elements.map(\.symbol).joined(separator: ", ")) together")
    }
    guard solutions.count == 1 else {
      throw failure(
        "it can be balanced in \(solutions.count) independent ways; leave out "
          + "\(solutions.count - 1) of the phases")
    }
    let found = zip(only, phases).map { $0 / $1.composition.atomCount }
    let largest = found.reduce(0) { max($0, abs($1)) }
    if let idle = found.firstIndex(where: { abs($0) < 1e-9 * largest }) {
      throw failure("\(phases[idle].formula) takes no part: its amount is 0; leave it out")
    }
    let signed = found[0] > 0 ? found : found.map { -$0 }
    for (amount, phase) in zip(signed, phases) {
      guard let isReactant = phase.isReactant, isReactant != (amount > 0) else { continue }
      throw failure(
        "\(phase.formula) would have to stand on the \(amount > 0 ? "left" : "right")")
    }
    return signed
  }

  private func checkEveryElementHasABalance(_ elements: [Element]) throws {
    for element in elements {
      let holders = phases.filter { $0.composition[element] > 0 }
      let sides = Set(holders.map(\.isReactant))
      let isStated = phases[0].isReactant != nil
      guard isStated ? sides.count < 2 : holders.count < 2 else { continue }
      let names = holders.map(\.formula).joined(separator: ", ")
      let place =
        isStated
        ? "stands only on the \(sides.first == true ? "left" : "right") (\(names))"
        : "stands only in \(names)"
      throw failure("\(element) \(place), so nothing balances it; add a phase that holds it")
    }
  }

  private func failure(_ reason: String) -> ThermodynamicsError {
    .notBalanced(phases: text, reason: reason)
  }
}

/// The vectors x with A x = 0, by elimination with full pivoting.
private struct NullSpace {
  let vectors: [[Double]]

  /// - Parameter rows: of A, with entries of the order of 1.
  init(rows: [[Double]], columnCount: Int) {
    var a = rows
    var pivots: [Int] = []
    for k in a.indices {
      let candidates = (k..<a.count).flatMap { i in
        (0..<columnCount).filter { !pivots.contains($0) }.map { (i, $0) }
      }
      guard
        let (row, column) = candidates.max(by: { abs(a[$0.0][$0.1]) < abs(a[$1.0][$1.1]) }),
        abs(a[row][column]) > 1e-9
      else { break }
      a.swapAt(k, row)
      pivots.append(column)
      let scale = a[k][column]
      a[k] = a[k].map { $0 / scale }
      for i in a.indices where i != k && a[i][column] != 0 {
        let factor = a[i][column]
        a[i] = zip(a[i], a[k]).map { $0 - factor * $1 }
      }
    }
    vectors = (0..<columnCount).filter { !pivots.contains($0) }.map { free in
      var x = Array(repeating: 0.0, count: columnCount)
      x[free] = 1
      for (row, column) in pivots.enumerated() { x[column] = -a[row][free] }
      return x
    }
  }
}
