import Atomistics

/// Reads the lines `nep4_zbl 2 O H`, `zbl 1 2`, `cutoff 6 5 ..`, `n_max`, `basis_size`, `l_max`,
/// `ANN` that begin a nep.txt file, in that order.
struct NEPHeaderReader {
  let path: String
  var scanner: ByteScanner

  mutating func read() throws -> NEPHeader {
    let first = try words("nep3, nep4, nep3_zbl or nep4_zbl")
    let (version, hasRepulsion) = try format(first[0])
    let species = try elements(first)
    let repulsion = hasRepulsion ? try readRepulsion() : .none
    let (radial, angular) = try readCutoffs(species.count)
    let order = try integers("n_max", count: 2...2, within: 0...99)
    let basis = try integers("basis_size", count: 2...2, within: 0...99)
    let (maximumL, hasFourBody, hasFiveBody) = try readAngularTerms()
    let neurons = try integers("ANN", count: 1...2, within: 0...9999)
    guard neurons.count == 1 || neurons[1] == 0 else {
      throw bad("a second hidden layer of \(neurons[1]) neurons is not supported")
    }
    guard neurons[0] > 0 else { throw bad("expected at least one neuron") }
    return NEPHeader(
      version: version, species: species, repulsion: repulsion, radialCutoffs: radial,
      angularCutoffs: angular, radialOrder: order[0], angularOrder: order[1],
      radialBasis: basis[0], angularBasis: basis[1], maximumL: maximumL,
      hasFourBody: hasFourBody, hasFiveBody: hasFiveBody, neurons: neurons[0])
  }

  /// An error at the line just read.
  private func bad(_ reason: String) -> PotentialsError {
    .badFile(path: path, line: max(1, scanner.line - 1), reason: reason)
  }

  private mutating func words(_ expected: String) throws -> [Substring] {
    guard let words = scanner.nextLine(), !words.isEmpty else {
      throw bad("expected \(expected), found an empty line or the end of the file")
    }
    return words
  }

  private func format(_ word: Substring) throws -> (version: Int, hasRepulsion: Bool) {
    switch word {
    case "nep3": return (3, false)
    case "nep3_zbl": return (3, true)
    case "nep4": return (4, false)
    case "nep4_zbl": return (4, true)
    default:
      guard word.hasPrefix("nep") else {
        throw bad(
          "'\(word.prefix(40))' does not begin a NEP potential; expected nep3, nep4, nep3_zbl or "
            + "nep4_zbl")
      }
      throw bad(
        "models of the kind '\(word.prefix(40))' are not supported; expected nep3, nep4, nep3_zbl "
          + "or nep4_zbl (energies only: no charges, dipoles, dispersion or temperature)")
    }
  }

  private func elements(_ words: [Substring]) throws -> [Element] {
    guard words.count >= 2, let count = Int(words[1]), count > 0, count == words.count - 2 else {
      throw bad("expected the number of species and that many symbols, e.g. nep4 2 O H")
    }
    var species: [Element] = []
    for word in words[2...] {
      guard let element = Element(word) else {
        throw bad("'\(word.prefix(40))' is not the symbol of an element")
      }
      guard !species.contains(element) else { throw bad("\(element.symbol) is listed twice") }
      species.append(element)
    }
    return species
  }

  private mutating func readRepulsion() throws -> NEPHeader.Repulsion {
    let values = try numbers("zbl", count: 2...3)
    if values == [0, 0] { return .flexible }
    guard values[0] >= 0, values[1] > values[0], values[1] <= 20 else {
      throw bad("expected 0 <= inner < outer <= 20 Å for the ZBL cut-offs")
    }
    guard values.count == 3 else { return .universal(inner: values[0], outer: values[1]) }
    guard values[2] > 0, values[2] <= 10 else {
      throw bad("expected a factor of covalent radii above 0 and at most 10, found \(values[2])")
    }
    return .covalent(factor: values[2], outer: values[1])
  }

  /// `cutoff R A N N` for all species, or `cutoff R1 A1 R2 A2 ... N N`, N being capacities of
  /// neighbour lists that play no part here.
  private mutating func readCutoffs(_ species: Int) throws -> (radial: [Double], angular: [Double])
  {
    let values = try numbers("cutoff", count: 2...(2 * species + 4))
    guard [2, 4, 2 * species + 2].contains(values.count) else {
      throw bad(
        "expected one radial and one angular cut-off, or one of each per species "
          + "(\(2 * species) values), then two capacities; found \(values.count) values")
    }
    let perSpecies = values.count == 2 * species + 2 && species > 1
    let indices = perSpecies ? Array(0..<species) : Array(repeating: 0, count: species)
    let radial = indices.map { values[2 * $0] }
    let angular = indices.map { values[2 * $0 + 1] }
    guard (radial + angular).allSatisfy({ $0 > 0 && $0 <= 20 }) else {
      throw bad("expected cut-offs above 0 and up to 20 Å")
    }
    return (radial, angular)
  }

  private mutating func readAngularTerms() throws -> (Int, Bool, Bool) {
    let values = try integers("l_max", count: 1...7, within: 0...8)
    guard values.dropFirst(3).allSatisfy({ $0 == 0 }) else {
      throw bad(
        "four-body terms other than q_222 (fields four to seven of l_max) are not supported")
    }
    let hasFourBody = values.count > 1 && values[1] > 0
    let hasFiveBody = values.count > 2 && values[2] > 0
    guard values[0] >= (hasFourBody ? 2 : 1) else {
      throw bad("expected l_max of at least 1, or 2 where there are four-body terms")
    }
    return (values[0], hasFourBody, hasFiveBody)
  }

  private mutating func fields(_ keyword: String, _ count: ClosedRange<Int>) throws -> [Substring] {
    let line = try words("a line '\(keyword) ...'")
    guard line[0] == keyword else {
      throw bad("expected a line '\(keyword) ...', found '\(line[0].prefix(40))'")
    }
    guard count.contains(line.count - 1) else {
      throw bad(
        "\(keyword): expected \(count.lowerBound) to \(count.upperBound) values, found "
          + "\(line.count - 1)")
    }
    return Array(line.dropFirst())
  }

  private mutating func integers(
    _ keyword: String, count: ClosedRange<Int>, within: ClosedRange<Int>
  ) throws -> [Int] {
    try fields(keyword, count).map { word in
      guard let value = Int(word), within.contains(value) else {
        throw bad(
          "\(keyword): expected whole numbers from \(within.lowerBound) to \(within.upperBound), "
            + "found '\(word.prefix(40))'")
      }
      return value
    }
  }

  private mutating func numbers(_ keyword: String, count: ClosedRange<Int>) throws -> [Double] {
    try fields(keyword, count).map { word in
      guard let value = Double(word), value.isFinite else {
        throw bad("\(keyword): expected numbers, found '\(word.prefix(40))'")
      }
      return value
    }
  }
}
