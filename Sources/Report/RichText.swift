/// Running text with simple emphasis, safe to put on a page whatever it holds.
///
/// In a literal, `**strong**`, `*emphasis*` and `` `code` `` are read; what is interpolated is
/// shown as it is, never read: `"The file \(name) has **no** atoms of \(formula: "Li2S")."`
public struct RichText: Sendable, Hashable, ExpressibleByStringInterpolation {
  enum Span: Sendable, Hashable {
    case plain(String)
    case strong(String)
    case emphasis(String)
    case code(String)
    case formula(String)
  }

  let spans: [Span]

  /// The text as it is; no mark-up is read.
  public init(plain text: String) { spans = [.plain(text)] }

  /// A chemical formula with its subscripts.
  public init(formula: String) { spans = [.formula(formula)] }

  /// A literal: emphasis is read.
  public init(stringLiteral value: String) { spans = RichText.parse(value) }

  public init(stringInterpolation: StringInterpolation) { spans = stringInterpolation.spans }

  init(spans: [Span]) { self.spans = spans }

  /// One text after the other.
  public static func + (left: RichText, right: RichText) -> RichText {
    RichText(spans: left.spans + right.spans)
  }

  /// The text as HTML, everything in it escaped.
  public var html: String {
    spans.map { span in
      switch span {
      case .plain(let text): Markup.escaped(text)
      case .strong(let text): "<strong>\(Markup.escaped(text))</strong>"
      case .emphasis(let text): "<em>\(Markup.escaped(text))</em>"
      case .code(let text): "<code>\(Markup.escaped(text))</code>"
      case .formula(let text): "<span class=\"formula\">\(ChemicalText.html(text))</span>"
      }
    }.joined()
  }

  /// The text alone, formulas with Unicode subscripts.
  public var plain: String {
    spans.map { span in
      switch span {
      case .plain(let text), .strong(let text), .emphasis(let text), .code(let text): text
      case .formula(let text): ChemicalText.unicode(text)
      }
    }.joined()
  }
}

extension RichText {
  public struct StringInterpolation: StringInterpolationProtocol {
    var spans: [Span] = []

    public init(literalCapacity: Int, interpolationCount: Int) {}

    public mutating func appendLiteral(_ literal: String) { spans += RichText.parse(literal) }

    /// Shown as it is.
    public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
      spans.append(.plain(value.description))
    }

    public mutating func appendInterpolation(_ text: RichText) { spans += text.spans }

    /// Shown with subscripts.
    public mutating func appendInterpolation(formula: String) { spans.append(.formula(formula)) }

    public mutating func appendInterpolation(strong: String) { spans.append(.strong(strong)) }

    public mutating func appendInterpolation(code: String) { spans.append(.code(code)) }
  }

  /// Splits a literal at its marks; a mark without its partner is text.
  static func parse(_ text: String) -> [Span] {
    var spans: [Span] = []
    var plain = ""
    var rest = Substring(text)
    while let first = rest.first {
      if let (span, after) = marked(rest) {
        if !plain.isEmpty { spans.append(.plain(plain)) }
        plain = ""
        spans.append(span)
        rest = after
      } else {
        plain.append(first)
        rest = rest.dropFirst()
      }
    }
    if !plain.isEmpty { spans.append(.plain(plain)) }
    return spans
  }

  private static func marked(_ text: Substring) -> (Span, Substring)? {
    for (mark, make) in marks where text.hasPrefix(mark) {
      let inner = text.dropFirst(mark.count)
      guard let first = inner.first, first != " ", let end = inner.firstRange(of: mark),
        end.lowerBound > inner.startIndex, !inner[..<end.lowerBound].hasSuffix(" ")
      else { continue }
      return (make(String(inner[..<end.lowerBound])), inner[end.upperBound...])
    }
    return nil
  }

  private static let marks: [(String, @Sendable (String) -> Span)] = [
    ("**", { .strong($0) }), ("*", { .emphasis($0) }), ("`", { .code($0) }),
  ]
}
