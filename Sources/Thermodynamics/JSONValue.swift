/// A value of a JSON text.
enum JSONValue: Sendable {
  case null
  case bool(Bool)
  /// NaN and the infinities too, which Python writes although JSON has none.
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  /// What it is, for messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number(let value): value.isFinite ? "a number" : "\(value), no number in JSON"
    case .text: "text"
    case .list: "a list"
    case .object: "an object"
    }
  }

  var object: [String: JSONValue]? {
    if case .object(let value) = self { return value }
    return nil
  }

  var list: [JSONValue]? {
    if case .list(let value) = self { return value }
    return nil
  }

  var text: String? {
    if case .text(let value) = self { return value }
    return nil
  }

  var isNull: Bool {
    if case .null = self { return true }
    return false
  }
}

/// What is wrong at a place of an entry; its reader adds the table and the entry.
struct EntryProblem: Error {
  let reason: String

  init(_ reason: String) { self.reason = reason }

  static func wrong(_ key: String, _ value: JSONValue, expected: String) -> EntryProblem {
    EntryProblem("\(key) is \(value.kind); expected \(expected), numbers as numbers")
  }
}

extension [String: JSONValue] {
  /// The value of a key; null is as good as absent, as Python's None is written so.
  func known(_ key: String) -> JSONValue? {
    guard let value = self[key], !value.isNull else { return nil }
    return value
  }

  /// The finite number of a key that may be absent.
  func number(_ key: String) throws -> Double? {
    guard let value = known(key) else { return nil }
    guard case .number(let number) = value, number.isFinite else {
      throw EntryProblem.wrong(key, value, expected: "a finite number")
    }
    return number
  }

  /// The finite number of a key that must be there.
  func required(_ key: String) throws -> Double {
    guard let value = try number(key) else { throw EntryProblem("\(key) is missing") }
    return value
  }

  /// Text, or a whole number as text: identifiers are either.
  func label(_ key: String) -> String? {
    switch known(key) {
    case .text(let text): text.isEmpty ? nil : text
    case .number(let value):
      value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : nil
    // mp-api's identifiers may be objects that carry their text.
    case .object(let object): object.known("string")?.text
    default: nil
    }
  }
}
