/// Formulas with their subscripts, as plain Unicode and as HTML.
///
/// A number that follows a letter or a closing bracket is a subscript; one that stands before a
/// formula is an amount and stays: `5 Li2S + Li6PS5(BH4)` becomes `5 Li₂S + Li₆PS₅(BH₄)`.
public enum ChemicalText {
  /// With Unicode's subscript digits; a decimal point within a subscript stays a point.
  public static func unicode(_ formula: String) -> String {
    pieces(of: formula).map { piece in
      piece.isSubscript ? String(piece.text.map { subscripts[$0] ?? $0 }) : piece.text
    }.joined()
  }

  /// With `<sub>`, everything else escaped.
  public static func html(_ formula: String) -> String {
    pieces(of: formula).map { piece in
      let text = Markup.escaped(piece.text)
      return piece.isSubscript ? "<sub>\(text)</sub>" : text
    }.joined()
  }

  private struct Piece {
    var text: String
    let isSubscript: Bool
  }

  private static func pieces(of formula: String) -> [Piece] {
    var result: [Piece] = []
    var previous: Character?
    for (position, character) in zip(formula.indices, formula) {
      let next = formula[formula.index(after: position)...].first
      let isInside = result.last?.isSubscript ?? false
      let isSubscript: Bool
      if character.isASCIIDigit {
        isSubscript = isInside || previous.map { $0.isLetter || ")]".contains($0) } ?? false
      } else {
        isSubscript = isInside && character == "." && (next?.isASCIIDigit ?? false)
      }
      if !result.isEmpty, isSubscript == isInside {
        result[result.count - 1].text.append(character)
      } else {
        result.append(Piece(text: String(character), isSubscript: isSubscript))
      }
      previous = character
    }
    return result
  }

  private static let subscripts: [Character: Character] = Dictionary(
    uniqueKeysWithValues: zip("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
}

extension Character {
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
