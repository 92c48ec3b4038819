import Atomistics

/// Some of the atoms of a structure: a side of a contact, layers, or a list.
///
/// As text, and so in files: `metal`, `electrolyte`, `layers 0-1`, `atoms 1-20,33`. Atoms are counted
/// from 1 in text and from 0 in code; layers from the contact, as `Structure.layers` has them.
public enum AtomSelection: Sendable, Hashable, CustomStringConvertible {
  case region(Region)
  case layers([Int])
  case atoms([Int])

  /// Reads the text of a selection.
  ///
  /// - Throws: `AtomisticsError.badQuantity` that says what was expected.
  public init(_ text: String) throws {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    if words.count == 1, let region = Region(rawValue: words[0]) {
      self = .region(region)
      return
    }
    let numbers = Self.numbers(words.dropFirst().joined())
    switch (words.first, numbers) {
    case ("layers", let layers?):
      self = .layers(layers)
    case ("atoms", let atoms?) where atoms.allSatisfy { $0 > 0 }:
      self = .atoms(atoms.map { $0 - 1 })
    default:
      throw AtomisticsError.badQuantity(
        text,
        expected:
          "atoms: metal, electrolyte, layers such as \"layers 0-1\", or atoms counted from 1 "
          + "such as \"atoms 1-20,33\"")
    }
  }

  public var description: String {
    switch self {
    case .region(let region): region.rawValue
    case .layers(let layers): "layers \(Self.ranges(layers))"
    case .atoms(let atoms): "atoms \(Self.ranges(atoms.map { $0 + 1 }))"
    }
  }

  /// The selected atoms, ascending.
  ///
  /// - Throws: `DynamicsError.badStart` if the structure does not tell regions or layers, or holds
  ///   none of the atoms.
  public func indices(in structure: Structure) throws -> [Int] {
    let found: [Int]
    switch self {
    case .region(let region):
      guard let regions = structure.regions else { throw missing("regions", "region") }
      found = regions.indices.filter { regions[$0] == region }
    case .layers(let wanted):
      guard let layers = structure.layers else { throw missing("layers", "layer") }
      found = layers.indices.filter { wanted.contains(layers[$0]) }
    case .atoms(let atoms):
      if let beyond = atoms.first(where: { $0 < 0 || $0 >= structure.count }) {
        throw DynamicsError.badStart(
          "'\(self)' names atom \(beyond + 1), but the structure holds \(structure.count)")
      }
      found = Set(atoms).sorted()
    }
    guard !found.isEmpty else {
      throw DynamicsError.badStart("'\(self)' selects no atom of this structure")
    }
    return found
  }

  private func missing(_ what: String, _ column: String) -> DynamicsError {
    .badStart(
      "'\(self)' needs to know the \(what) of the atoms, and the structure does not tell; give a "
        + "contact written by `interphase interface`, add a column '\(column)' to its extended XYZ, "
        + "or name the atoms by number")
  }

  /// "0-2,5" → 0, 1, 2, 5; nil if it is something else. A layer may be −1.
  private static func numbers(_ text: String) -> [Int]? {
    guard !text.isEmpty else { return nil }
    var result: [Int] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      if let one = Int(part) {
        result.append(one)
        continue
      }
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard ends.count == 2, let first = ends[0], let last = ends[1], first <= last,
        last - first < 10_000_000
      else { return nil }
      result += first...last
    }
    return result
  }

  private static func ranges(_ numbers: [Int]) -> String {
    var runs: [(Int, Int)] = []
    for number in Set(numbers).sorted() {
      if let last = runs.last, last.1 + 1 == number, number > 0 {
        runs[runs.count - 1].1 = number
      } else {
        runs.append((number, number))
      }
    }
    return runs.map { $0 == $1 ? "\($0)" : "\($0)-\($1)" }.joined(separator: ",")
  }
}

extension AtomSelection: Codable {
  public init(from decoder: any Decoder) throws {
    self = try AtomSelection(decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
