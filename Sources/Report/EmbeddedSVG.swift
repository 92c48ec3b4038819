/// An SVG document made fit to stand within a page that holds others.
struct EmbeddedSVG {
  let markup: String

  /// - Parameters:
  ///   - prefix: Put before every id and every reference to one, so that no two pictures share any;
  ///     an id that a document repeats is numbered.
  ///   - description: What a screen reader says.
  init(_ document: String, prefix: String, description: String) {
    var body = Substring(document)
    if let root = body.firstRange(of: "<svg") { body = body[root.lowerBound...] }
    var text = String(body)
    for quote in ["'", "\""] {
      text = EmbeddedSVG.numberingRepeats(text, quote: quote, prefix: prefix)
      text = text.replacing("href=\(quote)#", with: "href=\(quote)#\(prefix)")
    }
    text = text.replacing("url(#", with: "url(#\(prefix)")
    // The size comes from the page; the viewBox keeps the proportions.
    if let end = text.firstRange(of: ">") {
      let root = EmbeddedSVG.withoutSize(String(text[..<end.lowerBound]))
      let label = Markup.escaped(description)
      text = "\(root) role=\"img\" aria-label=\"\(label)\">" + text[end.upperBound...]
    }
    markup = EmbeddedSVG.withoutTitles(text)
  }

  private static func numberingRepeats(_ text: String, quote: String, prefix: String) -> String {
    let parts = text.split(separator: " id=\(quote)", omittingEmptySubsequences: false)
    var counts: [Substring: Int] = [:]
    var result = String(parts[0])
    for part in parts.dropFirst() {
      let name = part.prefix { String($0) != quote }
      counts[name, default: 0] += 1
      let repeated = counts[name].map { $0 > 1 ? "-\($0)" : "" } ?? ""
      result += " id=\(quote)\(prefix)\(name)\(repeated)\(part.dropFirst(name.count))"
    }
    return result
  }

  /// The root tag without its width and height, and without what it says of itself.
  private static func withoutSize(_ root: String) -> String {
    var result = root
    for name in ["width", "height", "role", "aria-label"] {
      guard let start = result.firstRange(of: " \(name)=\"") else { continue }
      let rest = result[start.upperBound...]
      guard let end = rest.firstIndex(of: "\"") else { continue }
      result.removeSubrange(start.lowerBound...end)
    }
    return result
  }

  /// Without `<title>` elements, which browsers show as tool tips of half a picture.
  private static func withoutTitles(_ text: String) -> String {
    var result = ""
    var rest = Substring(text)
    while let start = rest.firstRange(of: "<title>"),
      let end = rest[start.upperBound...].firstRange(of: "</title>")
    {
      result += rest[..<start.lowerBound]
      rest = rest[end.upperBound...]
    }
    return result + rest
  }
}
