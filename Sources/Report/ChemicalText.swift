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

  /// As the content of an SVG `text`, smaller digits set below the line, everything else escaped.
  static func svg(_ formula: String) -> String {
    var isLow = false
    var result = ""
    for piece in pieces(of: formula) {
      let text = Markup.escaped(piece.text)
      // `dy` moves all that follows, so what comes after a subscript is moved back.
      if piece.isSubscript {
        result += "<tspan font-size=\"72%\" dy=\"0.3em\">\(text)</tspan>"
      } else {
        result += isLow ? "<tspan dy=\"-0.216em\">\(text)</tspan>" : text
      }
      isLow = piece.isSubscript
    }
    return result
  }

  /// Width in pixels of what `svg` draws.
  static func width(_ formula: String, size: Double) -> Double {
    pieces(of: formula).reduce(0) {
      $0 + TextMeasure.width(of: $1.text, size: $1.isSubscript ? size * 0.72 : size)
    }
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
