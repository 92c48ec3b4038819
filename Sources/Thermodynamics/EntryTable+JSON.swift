import Atomistics
import Foundation

extension EntryTable {
  /// Reads entries from JSON.
  ///
  /// | content | energies |
  /// |---|---|
  /// | pymatgen's ComputedEntry and ComputedStructureEntry dictionaries, as `mp-api` saves them: a list, one alone, or under `entries` | `energy` plus its adjustments, eV for the amounts in `composition`; total |
  /// | a response of OPTIMADE's `/structures`, saved | of formation, where the provider gives them (`OPTIMADEEntry`) |
  ///
  /// NaN and Infinity, which Python writes and JSON does not have, are refused where they stand for
  /// an energy and left alone elsewhere.
  ///
  /// - Throws: `ThermodynamicsError.badTable` with the place in the list, counted from 1.
  public init(json: String, name: String) throws {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
    let file: EntryFile
    do {
      file = try decoder.decode(EntryFile.self, from: Data(quotingNonFinite(json).utf8))
    } catch let error as DecodingError {
      throw ThermodynamicsError.badTable(name: name, line: nil, reason: explain(error))
    }
    switch file {
    case .pymatgen(let items): try self.init(items, name: name)
    case .optimade(let response): try self.init(response, name: name)
    }
  }

  private init(_ items: [PymatgenEntry], name: String) throws {
    guard !items.isEmpty else {
      throw ThermodynamicsError.badTable(name: name, line: nil, reason: "the list is empty")
    }
    let entries = try Self.each(items, name: name) { try $0.entry(number: $1) }
    let schemes = Set(items.compactMap(\.scheme))
    guard schemes.count < 2 else {
      let examples = schemes.sorted { $0.rawValue < $1.rawValue }.map { scheme in
        let with = zip(entries, items).filter { $0.1.scheme == scheme }.map(\.0)
        return "\(scheme.rawValue): \(Self.named(with))"
      }
      throw ThermodynamicsError.mixture(
        name: name, of: "correction schemes", found: examples,
        remedy: "correct all entries on one scheme")
    }
    self.init(name: name, entries: entries, scale: .total, scheme: schemes.first)
  }

  /// The items as entries; an error gets the place in the list and the name of the table.
  static func each<Item>(
    _ items: [Item], name: String, _ entry: (Item, Int) throws -> ComputedEntry
  ) throws -> [ComputedEntry] {
    try items.enumerated().map { index, item in
      do {
        return try entry(item, index + 1)
      } catch let error as any ReportableError {
        throw ThermodynamicsError.badTable(
          name: name, line: nil, reason: "entry \(index + 1): \(error.description)")
      }
    }
  }
}

/// What a file of entries in JSON may be.
private enum EntryFile: Decodable {
  case pymatgen([PymatgenEntry])
  case optimade(OPTIMADEResponse)

  private enum CodingKeys: String, CodingKey { case entries, energy, data, meta }

  init(from decoder: any Decoder) throws {
    guard let keyed = try? decoder.container(keyedBy: CodingKeys.self) else {
      self = .pymatgen(try [PymatgenEntry](from: decoder))
      return
    }
    if keyed.contains(.energy) {
      self = .pymatgen([try PymatgenEntry(from: decoder)])
    } else if keyed.contains(.entries) {
      self = .pymatgen(try keyed.decode([PymatgenEntry].self, forKey: .entries))
    } else if keyed.contains(.data) {
      self = .optimade(try OPTIMADEResponse(from: decoder))
    } else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: [], debugDescription: "neither entries nor structures"))
    }
  }
}

/// The text with bare NaN, Infinity and -Infinity, as Python writes them, in quotes.
private func quotingNonFinite(_ text: String) -> String {
  guard text.contains("NaN") || text.contains("Infinity") else { return text }
  var result: [UInt8] = []
  let bytes = Array(text.utf8)
  let tokens = ["NaN", "-Infinity", "Infinity"].map { Array($0.utf8) }
  var isInText = false
  var at = 0
  while at < bytes.count {
    let byte = bytes[at]
    if isInText, byte == UInt8(ascii: "\\"), at + 1 < bytes.count {
      result += bytes[at...(at + 1)]
      at += 2
      continue
    }
    if byte == UInt8(ascii: "\"") { isInText.toggle() }
    if !isInText, let token = tokens.first(where: { bytes[at...].starts(with: $0) }) {
      result += [UInt8(ascii: "\"")] + token + [UInt8(ascii: "\"")]
      at += token.count
      continue
    }
    result.append(byte)
    at += 1
  }
  return String(decoding: result, as: UTF8.self)
}

/// What a decoding error says, with the place in the list.
private func explain(_ error: DecodingError) -> String {
  func place(_ context: DecodingError.Context, _ key: String? = nil) -> String {
    let path = context.codingPath.map { $0.intValue.map { "entry \($0 + 1)" } ?? $0.stringValue }
    return (path + (key.map { [$0] } ?? [])).joined(separator: ", ")
  }
  let expected =
    "expected ComputedEntry dictionaries with composition and energy, or an OPTIMADE response"
  switch error {
  case .keyNotFound(let key, let context):
    return "\(place(context, key.stringValue)) is missing; \(expected)"
  case .typeMismatch(_, let context), .valueNotFound(_, let context):
    let path = place(context)
    return "\(path.isEmpty ? "the file" : path) has another type; \(expected), numbers as numbers"
  default: return "this is not JSON that can be read; \(expected)"
  }
}
