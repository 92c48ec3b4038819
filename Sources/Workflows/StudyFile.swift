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
  ///
  /// - Parameters:
  ///   - name: what messages call the whole.
  ///   - verb: whose `init DIR` writes one to start from.
  init(text: String, path: String, name: String = "the study", verb: String = "study") throws {
    let composed: Node?
    do {
      composed = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw Self.failure(error, path: path)
    }
    guard let root = composed else {
      throw WorkflowsError.badStudy(
        path: path, line: 1,
        reason: "the file is empty; `interphase \(verb) init DIR` writes one to start from")
    }
    try self.init(node: root, path: path, name: name)
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
      guard let text = key.scalar?.string else {
        throw WorkflowsError.badStudy(
          path: path, line: key.mark?.line, reason: "a key of \(name) must be a single word")
      }
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
    for (key, _) in node.mapping ?? [:] {
      guard let text = key.scalar?.string, !known.contains(text) else { continue }
      throw failure(
        "unknown key '\(text)' in \(name); known are \(known.joined(separator: ", "))", at: key)
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

  /// Runs a check of a key's value, whose complaint then names the file and the line.
  func checking<T>(_ key: String, _ check: () throws -> T) throws -> T {
    do {
      return try check()
    } catch let error as WorkflowsError {
      throw error
    } catch let error as any ReportableError {
      throw failure("'\(key)': \(error.description)", key: key)
    }
  }

  func failure(_ reason: String, key: String? = nil) -> WorkflowsError {
    let own = key.flatMap { key in node.mapping?.keys.first { $0.scalar?.string == key } }
    return failure(reason, at: own ?? node)
  }

  private func value(_ key: String) throws -> Node {
    guard let value = pairs[key] else { throw failure("\(name) lacks the key '\(key)'", at: node) }
    return value
  }

  private func failure(_ reason: String, at node: Node) -> WorkflowsError {
    .badStudy(path: path, line: node.mark?.line, reason: reason)
  }

  /// What the reader of YAML says, in one line: its own text quotes the whole file.
  private static func failure(_ error: YamlError, path: String) -> WorkflowsError {
    let found: (line: Int?, reason: String) =
      switch error {
      case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
        .composer(_, let problem, let mark, _):
        (mark.line, "not valid YAML: \(problem) (column \(mark.column))")
      case .reader(let problem, _, _, _): (nil, "not valid YAML: \(problem)")
      case .duplicatedKeysInMapping(let keys, let context):
        (
          lineOfSecond(keys[0], from: context.mark, in: context.text),
          "the key '\(keys[0])' stands twice; keep one of them"
        )
      default: (nil, "not valid YAML: \(error)")
      }
    return .badStudy(path: path, line: found.line, reason: found.reason)
  }

  /// Where a key of the mapping that begins at a mark stands for the second time; the mark's own
  /// line for a mapping in braces.
  private static func lineOfSecond(_ key: String, from mark: Mark, in text: String) -> Int {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let found = lines.indices.dropFirst(mark.line - 1).filter { index in
      let line = index == mark.line - 1 ? lines[index].dropFirst(mark.column - 1) : lines[index]
      let indentation = line.prefix(while: { $0 == " " }).count
      let inPlace = index == mark.line - 1 ? indentation == 0 : indentation == mark.column - 1
      return inPlace && line.dropFirst(indentation).hasPrefix(key)
        && line.dropFirst(indentation + key.count).drop(while: { $0 == " " }).hasPrefix(":")
    }
    return found.count > 1 ? found[1] + 1 : mark.line
  }
}
