import Atomistics
import Yams

/// One mapping of a YAML file, read strictly: every key must be known, every message names the
/// line.
struct StudyFile {
  let path: String
  private let node: Node
  private let pairs: [String: Node]
  private let name: String

  /// Composes the text of a YAML file whose top is a mapping.
  init(text: String, path: String) throws {
    let composed: Node?
    do {
      composed = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw WorkflowsError.badStudy(path: path, line: nil, reason: "not valid YAML: \(error)")
    }
    guard let root = composed else {
      throw WorkflowsError.badStudy(path: path, line: nil, reason: "the file is empty")
    }
    try self.init(node: root, path: path, name: "the study")
  }

  private init(node: Node, path: String, name: String) throws {
    self.node = node
    self.path = path
    self.name = name
    guard let mapping = node.mapping else {
      throw WorkflowsError.badStudy(
        path: path, line: node.mark?.line, reason: "\(name) must be a mapping of keys to values")
    }
    var pairs: [String: Node] = [:]
    for (key, value) in mapping {
      guard let text = key.string else { continue }
      guard pairs[text] == nil else {
        throw WorkflowsError.badStudy(
          path: path, line: key.mark?.line, reason: "the key '\(text)' stands twice")
      }
      pairs[text] = value
    }
    self.pairs = pairs
  }

  /// Refuses keys that nobody reads, so that a typing error is not silently a default.
  func expect(only known: [String]) throws {
    for (key, value) in pairs.sorted(by: { $0.key < $1.key }) where !known.contains(key) {
      throw failure(
        "unknown key '\(key)' in \(name); known are \(known.joined(separator: ", "))", at: value)
    }
  }

  var keys: [String] { node.mapping?.keys.compactMap(\.string) ?? [] }

  func contains(_ key: String) -> Bool { pairs[key] != nil }

  func string(_ key: String) throws -> String {
    let node = try value(key)
    guard let text = node.scalar?.string, !text.isEmpty else {
      throw failure("'\(key)' must be a single value", at: node)
    }
    return text
  }

  func number(_ key: String) throws -> Double {
    guard let number = Double(try string(key)), number.isFinite else {
      throw failure("'\(key)' must be a number", at: try value(key))
    }
    return number
  }

  func whole(_ key: String) throws -> Int {
    guard let number = Int(try string(key)), number >= 0 else {
      throw failure("'\(key)' must be a whole number", at: try value(key))
    }
    return number
  }

  func boolean(_ key: String) throws -> Bool {
    switch try string(key) {
    case "yes", "true": return true
    case "no", "false": return false
    default: throw failure("'\(key)' must be yes or no", at: try value(key))
    }
  }

  func strings(_ key: String) throws -> [String] {
    let node = try value(key)
    guard let sequence = node.sequence else { throw failure("'\(key)' must be a list", at: node) }
    return try sequence.map { element in
      guard let text = element.scalar?.string else {
        throw failure("'\(key)' must be a list of single values", at: element)
      }
      return text
    }
  }

  /// A quantity with its unit, read by one of the functions of `Quantity`.
  func quantity(_ key: String, _ read: (String) throws -> Double) throws -> Double {
    let text = try string(key)
    do { return try read(text) } catch let error as AtomisticsError {
      throw failure("'\(key)': \(error.description)", at: try value(key))
    }
  }

  func mapping(_ key: String) throws -> StudyFile {
    try StudyFile(node: try value(key), path: path, name: "'\(key)'")
  }

  func mappings(_ key: String) throws -> [StudyFile] {
    let node = try value(key)
    guard let sequence = node.sequence else { throw failure("'\(key)' must be a list", at: node) }
    return try sequence.map { try StudyFile(node: $0, path: path, name: "an entry of '\(key)'") }
  }

  func failure(_ reason: String, key: String? = nil) -> WorkflowsError {
    failure(reason, at: key.flatMap { pairs[$0] } ?? node)
  }

  private func value(_ key: String) throws -> Node {
    guard let value = pairs[key] else { throw failure("\(name) lacks the key '\(key)'", at: node) }
    return value
  }

  private func failure(_ reason: String, at node: Node) -> WorkflowsError {
    .badStudy(path: path, line: node.mark?.line, reason: reason)
  }
}
