import Atomistics

/// Several numbers with one unit, as a person types them: `300, 600, 1000 K`.
enum QuantityList {
  /// Each number is read with its own unit, or with that of the last.
  ///
  /// - Throws: `AtomisticsError.badQuantity`.
  static func read(_ text: String, _ one: (String) throws -> Double) throws -> [Double] {
    let parts = text.split(separator: ",").map(String.init)
    let unit = (parts.last ?? "").drop { !$0.isLetter }
    guard !parts.isEmpty else {
      throw AtomisticsError.badQuantity(text, expected: "numbers with a unit, e.g. \"300, 600 K\"")
    }
    return try parts.map { part in
      try one(part.contains(where: \.isLetter) ? part : "\(part) \(unit)")
    }
  }

  /// Whole numbers: `2, 5, 8`.
  static func integers(_ text: String) throws -> [Int] {
    try text.split(separator: ",").map { part in
      let words = part.split(whereSeparator: \.isWhitespace)
      guard words.count == 1, let number = Int(words[0]) else {
        throw AtomisticsError.badQuantity(text, expected: "whole numbers, e.g. \"2, 5, 8\"")
      }
      return number
    }
  }
}
