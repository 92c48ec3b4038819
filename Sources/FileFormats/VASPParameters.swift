import Atomistics

/// The settings of a VASP run by name, as texts with the line that each stands on.
///
/// They become numbers only when they are asked for, so that a damaged one that nobody needs
/// (VASP prints stars for what does not fit) harms nothing.
struct VASPParameters {
  private struct Item {
    let text: String
    let line: Int
  }

  let path: String
  private var items: [String: Item] = [:]

  init(path: String) { self.path = path }

  /// Takes in `<incar>` or `<parameters>` with all the separators inside.
  mutating func read(_ tag: XMLTag, from xml: XMLTagReader) throws {
    try read(tag, from: xml, keepsFirst: false)
  }

  /// - Parameter keepsFirst: in `response functions` VASP repeats names with other values.
  private mutating func read(
    _ parent: XMLTag, from xml: XMLTagReader, keepsFirst: Bool
  ) throws {
    try xml.children(of: parent) { tag in
      switch tag.name {
      case "i", "v":
        let item = Item(text: try xml.text(of: tag), line: xml.line)
        let name = String(tag.label)
        if !keepsFirst || items[name] == nil { items[name] = item }
      case "separator":
        try read(
          tag, from: xml, keepsFirst: keepsFirst || tag.label == "response functions")
      default: try xml.skip(tag)
      }
    }
  }

  func text(_ name: String) -> String? {
    guard let item = items[name] else { return nil }
    return fields(item.text).joined(separator: " ")
  }

  func logical(_ name: String) throws -> Bool? {
    guard let text = text(name), !text.isEmpty else { return nil }
    switch text.uppercased().drop(while: { $0 == "." }).first {
    case "T": return true
    case "F": return false
    default: throw failure(name, "T or F")
    }
  }

  func integer(_ name: String) throws -> Int? {
    guard let text = text(name), !text.isEmpty else { return nil }
    guard let value = Int(text), abs(value) < 1 << 40 else { throw failure(name, "a whole number") }
    return value
  }

  func real(_ name: String) throws -> Double? {
    guard let values = try reals(name) else { return nil }
    guard values.count == 1 else { throw failure(name, "one number") }
    return values[0]
  }

  /// Numbers of an array; nil where there is none or nothing in it.
  func reals(_ name: String) throws -> [Double]? {
    guard let text = text(name), !text.isEmpty else { return nil }
    return try fields(text).map {
      guard let value = Double($0), value.isFinite else { throw failure(name, "numbers") }
      return value
    }
  }

  private func failure(_ name: String, _ expected: String) -> FileFormatsError {
    .badFile(
      path: path, line: items[name]?.line,
      reason: "\(name) is '\((text(name) ?? "").prefix(40))'; \(expected) is expected")
  }
}
