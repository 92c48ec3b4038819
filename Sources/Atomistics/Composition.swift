/// Amounts of elements: a chemical formula, counted.
///
/// Amounts are atoms per formula unit as typed and need not be whole numbers. Elements keep the
/// order in which the formula names them, so that a formula prints as it was written.
public struct Composition: Sendable, Codable {
  /// The elements in the order first named.
  public let elements: [Element]
  /// In the order of `elements`: a formula has few, and a search among few beats a dictionary.
  private let amounts: [Double]

  /// A composition from amounts; zero amounts are dropped, repeated elements added up.
  public init(_ pairs: [(Element, Double)]) {
    var order: [Element] = []
    var sums: [Double] = []
    for (element, amount) in pairs where amount != 0 {
      if let place = order.firstIndex(of: element) {
        sums[place] += amount
      } else {
        order.append(element)
        sums.append(amount)
      }
    }
    elements = order
    amounts = sums
  }

  /// Reads a formula such as `Li6PS5Cl`, `Li6PS5(BH4)` or `Li0.5C6`.
  ///
  /// - Throws: `AtomisticsError.badFormula` or `.unknownElement`.
  public init(formula: String) throws {
    var parser = FormulaParser(formula)
    self.init(try parser.parse())
  }

  /// The amount of an element, 0 when absent.
  public subscript(element: Element) -> Double {
    for (place, other) in elements.enumerated() where other == element { return amounts[place] }
    return 0
  }

  /// The number of atoms per formula unit.
  public var atomCount: Double { amounts.reduce(0, +) }

  /// The set of elements present.
  public var elementSet: Set<Element> { Set(elements) }

  /// This composition with every amount multiplied by `factor`.
  public func scaled(by factor: Double) -> Composition {
    Composition(elements.map { ($0, self[$0] * factor) })
  }

  public static func + (left: Composition, right: Composition) -> Composition {
    Composition(
      left.elements.map { ($0, left[$0]) } + right.elements.map { ($0, right[$0]) })
  }

  /// Divided by the greatest common divisor of its amounts, where these are whole numbers;
  /// otherwise unchanged.
  public var reduced: Composition {
    let whole = elements.map { self[$0] }
    guard !whole.isEmpty,
      whole.allSatisfy({ $0 > 0 && abs($0 - $0.rounded()) < 1e-8 && $0 < 1e15 })
    else { return self }
    let divisor = whole.map { Int($0.rounded()) }.reduce(0, greatestCommonDivisor)
    return scaled(by: 1 / Double(divisor))
  }

  /// The flat formula in the order first named, amounts rounded to 1e-6: `Li6PS5BH4`.
  public var formula: String {
    elements.map { $0.symbol + formattedAmount(self[$0]) }.joined()
  }
}

/// A number as it stands in a formula: nothing for 1, no trailing zeros.
private func formattedAmount(_ amount: Double) -> String {
  let rounded = (amount * 1e6).rounded() / 1e6
  if rounded == 1 { return "" }
  if rounded == rounded.rounded(), abs(rounded) < 1e15 { return String(Int(rounded)) }
  return String(rounded)
}

/// Euclid's algorithm.
public func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  b == 0 ? abs(a) : greatestCommonDivisor(b, a % b)
}

extension Composition: Equatable, Hashable {
  /// Equal amounts of equal elements, whatever the order they were named in.
  public static func == (left: Composition, right: Composition) -> Bool {
    left.elements.count == right.elements.count
      && left.elements.allSatisfy { left[$0] == right[$0] }
  }

  public func hash(into hasher: inout Hasher) {
    for element in elements.sorted() {
      hasher.combine(element)
      hasher.combine(self[element])
    }
  }
}

extension Composition: CustomStringConvertible {
  public var description: String { formula }
}

/// Recursive descent over `formula := (element | '(' formula ')') amount? ...`.
private struct FormulaParser {
  private let text: String
  private let characters: [Character]
  private var position = 0

  init(_ text: String) {
    self.text = text
    characters = Array(text)
  }

  mutating func parse() throws -> [(Element, Double)] {
    guard !characters.isEmpty else {
      throw AtomisticsError.badFormula(text, reason: "it is empty")
    }
    let pairs = try group(depth: 0)
    guard position == characters.count else {
      throw AtomisticsError.badFormula(text, reason: "there is a ')' without its '('")
    }
    return pairs
  }

  private mutating func group(depth: Int) throws -> [(Element, Double)] {
    var pairs: [(Element, Double)] = []
    while position < characters.count, !")]".contains(characters[position]) {
      let inner: [(Element, Double)]
      if "([".contains(characters[position]) {
        guard depth < 32 else {
          throw AtomisticsError.badFormula(text, reason: "it nests too deeply")
        }
        position += 1
        inner = try group(depth: depth + 1)
        guard position < characters.count else {
          throw AtomisticsError.badFormula(text, reason: "a '(' is not closed")
        }
        position += 1
      } else {
        inner = [(try element(), 1)]
      }
      let factor = try amount()
      pairs += inner.map { ($0.0, $0.1 * factor) }
    }
    guard !pairs.isEmpty else {
      throw AtomisticsError.badFormula(text, reason: "a group is empty")
    }
    return pairs
  }

  private mutating func element() throws -> Element {
    let first = characters[position]
    guard first.isASCII, first.isUppercase else {
      throw AtomisticsError.badFormula(text, reason: "'\(first)' does not begin an element")
    }
    position += 1
    var symbol = String(first)
    if position < characters.count, characters[position].isASCII, characters[position].isLowercase {
      symbol.append(characters[position])
      position += 1
    }
    guard let element = Element(symbol) else {
      throw AtomisticsError.unknownElement(symbol, context: "in the formula '\(text)'")
    }
    return element
  }

  private mutating func amount() throws -> Double {
    var digits = ""
    while position < characters.count,
      characters[position] == "."
        || (characters[position].isASCII && characters[position].isNumber)
    {
      digits.append(characters[position])
      position += 1
    }
    guard !digits.isEmpty else { return 1 }
    guard let value = Double(digits), value > 0, value.isFinite else {
      throw AtomisticsError.badFormula(text, reason: "'\(digits)' is not an amount above zero")
    }
    return value
  }
}
