import Foundation

/// An input of another program with places `{name}` to fill in.
///
/// Only the names that are asked for are places; other braces stay as they are.
struct InputTemplate: Sendable {
  let text: String
  let path: String

  /// - Parameter required: names of which each must stand in the template.
  /// - Throws: `EnginesError.missingFile`, `.badTemplate`.
  init(path: String, what: String, required: [String]) throws {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw EnginesError.missingFile(path: path, what: what)
    }
    self.text = text
    self.path = path
    let missing = required.filter { !text.contains("{\($0)}") }
    guard missing.isEmpty else {
      throw EnginesError.badTemplate(
        path: path,
        reason: "it lacks " + missing.map { "{\($0)}" }.joined(separator: ", ")
          + ", where \(what) has what changes from run to run")
    }
  }

  /// A text with values at its places.
  static func fill(_ text: String, _ values: [String: String]) -> String {
    values.reduce(text) { $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value) }
  }
}
