import Atomistics
import Foundation

extension EntryTable {
  /// Reads a JSON list of pymatgen's ComputedEntry dictionaries, as `mp-api` saves them.
  ///
  /// The energy of an entry is `energy` + `correction`, in eV for the amounts in `composition`.
  ///
  /// - Throws: `ThermodynamicsError.badTable` with the place in the list, counted from 1.
  public init(json: String, name: String) throws {
    let dictionaries: [PymatgenEntry]
    do {
      dictionaries = try JSONDecoder().decode([PymatgenEntry].self, from: Data(json.utf8))
    } catch let error as DecodingError {
      throw ThermodynamicsError.badTable(name: name, line: nil, reason: explain(error))
    }
    guard !dictionaries.isEmpty else {
      throw ThermodynamicsError.badTable(name: name, line: nil, reason: "the list is empty")
    }
    let entries = try dictionaries.enumerated().map { index, item in
      do {
        return try item.entry(number: index + 1)
      } catch let error as any ReportableError {
        throw ThermodynamicsError.badTable(
          name: name, line: nil, reason: "entry \(index + 1): \(error.description)")
      }
    }
    self.init(name: name, entries: entries, scale: .total)
  }
}

/// The keys that are read of a ComputedEntry dictionary; the others are left alone.
private struct PymatgenEntry: Decodable {
  let composition: [String: Double]
  let energy: Double
  let correction: Double?
  let entryID: Identifier?

  enum CodingKeys: String, CodingKey {
    case composition, energy, correction
    case entryID = "entry_id"
  }

  /// pymatgen's identifiers are text or numbers.
  struct Identifier: Decodable {
    let text: String

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      text = try (try? container.decode(String.self)) ?? String(container.decode(Int.self))
    }
  }

  func entry(number: Int) throws -> ComputedEntry {
    // A dictionary has no order; by atomic number the formula is the same on every run.
    let amounts = try composition.map { symbol, amount in
      guard let element = Element(symbol) else {
        throw AtomisticsError.unknownElement(symbol, context: "in a composition")
      }
      guard amount >= 0, amount.isFinite else {
        throw AtomisticsError.badFormula(symbol, reason: "its amount is \(amount)")
      }
      return (element, amount)
    }.sorted { $0.0 < $1.0 }
    let whole = Composition(amounts)
    guard whole.atomCount > 0 else {
      throw AtomisticsError.badFormula("", reason: "it holds no atoms")
    }
    let formula = whole.reduced.formula
    guard whole.atomCount < 1e9 else {
      throw ThermodynamicsError.outOfScale("the composition \(formula)")
    }
    return ComputedEntry(
      formula: formula, composition: whole.reduced,
      energyPerAtom: try checked(
        energyPerAtom: (energy + (correction ?? 0)) / whole.atomCount, of: formula),
      id: entryID?.text, source: number)
  }
}

/// What a decoding error says, with the place in the list.
private func explain(_ error: DecodingError) -> String {
  func place(_ context: DecodingError.Context, _ key: String? = nil) -> String {
    let path = context.codingPath.map { $0.intValue.map { "entry \($0 + 1)" } ?? $0.stringValue }
    return (path + (key.map { [$0] } ?? [])).joined(separator: ", ")
  }
  let expected = "expected a list of ComputedEntry dictionaries with composition and energy"
  switch error {
  case .keyNotFound(let key, let context):
    return "\(place(context, key.stringValue)) is missing; \(expected)"
  case .typeMismatch(_, let context), .valueNotFound(_, let context):
    let path = place(context)
    return "\(path.isEmpty ? "the file" : path) has another type; \(expected), numbers as numbers"
  default: return "this is not JSON that can be read; \(expected)"
  }
}
