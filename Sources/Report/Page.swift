import Foundation

/// A report in one file that opens anywhere, without network and without scripts.
///
/// Tables and figures are numbered in the order in which they stand; everything that is text is
/// escaped.
public struct Page: Sendable, Hashable {
  public let title: RichText
  public let subtitle: RichText
  public let sections: [Section]
  /// Small print at the end: versions, sources.
  public let footer: RichText

  public init(
    title: RichText, subtitle: RichText = "", sections: [Section], footer: RichText = ""
  ) {
    (self.title, self.subtitle) = (title, subtitle)
    (self.sections, self.footer) = (sections, footer)
  }

  /// The whole document; it is also well-formed XML.
  public var html: String {
    var numbering = Numbering()
    let anchors = uniqueAnchors
    let contents = zip(sections, anchors).map { section, anchor in
      "<li><a href=\"#\(anchor)\">\(section.title.html)</a></li>"
    }.joined(separator: "\n")
    let body = zip(sections, anchors).map { section, anchor in
      let blocks = section.blocks.map { $0.html(&numbering) }.joined(separator: "\n")
      return "<section id=\"\(anchor)\">\n<h2>\(section.title.html)</h2>\n\(blocks)\n</section>"
    }.joined(separator: "\n")
    return """
      <!DOCTYPE html>
      <html lang="en" xmlns="http://www.w3.org/1999/xhtml">
      <head>
      <meta charset="utf-8"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <title>\(Markup.escaped(title.plain))</title>
      <style>
      \(Page.style)
      </style>
      </head>
      <body>
      <header>
      <h1>\(title.html)</h1>
      <p class="subtitle">\(subtitle.html)</p>
      </header>
      <div class="columns">
      <nav><p>Contents</p>
      <ol>
      \(contents)
      </ol></nav>
      <main>
      \(body)
      </main>
      </div>
      <footer><p>\(footer.html)</p></footer>
      </body>
      </html>

      """
  }

  /// Writes the document; it appears whole or not at all.
  ///
  /// - Throws: `ReportError.cannotWrite`.
  public func write(to file: URL) throws(ReportError) {
    let folder = file.deletingLastPathComponent()
    let scratch = try ScratchFolder(beside: folder)
    defer { scratch.remove() }
    try scratch.write(html, to: file.lastPathComponent)
    try scratch.publish(file.lastPathComponent, to: folder)
  }

  /// Numbers of what has been set so far.
  struct Numbering {
    var tables = 0
    var figures = 0
  }

  private var uniqueAnchors: [String] {
    var taken: Set<String> = []
    return sections.map { section in
      var anchor = section.anchor
      var count = 1
      while !taken.insert(anchor).inserted {
        count += 1
        anchor = "\(section.anchor)-\(count)"
      }
      return anchor
    }
  }
}

extension Block {
  func html(_ numbering: inout Page.Numbering) -> String {
    switch self {
    case .paragraph(let text): return "<p>\(text.html)</p>"
    case .heading(let text): return "<h3>\(text.html)</h3>"
    case .list(let items):
      return items.isEmpty
        ? "" : "<ul>\n" + items.map { "<li>\($0.html)</li>\n" }.joined() + "</ul>"
    case .code(let text): return "<pre>\(Markup.escaped(text))</pre>"
    case .table(let table):
      numbering.tables += 1
      return table.html(number: numbering.tables)
    case .figure(let figure):
      numbering.figures += 1
      return figure.html(number: numbering.figures)
    case .callout(let callout): return callout.html
    case .facts(let facts):
      let items = facts.map { fact in
        "<div><dt>\(fact.meaning.html)</dt><dd>\(fact.value.html)</dd></div>"
      }
      return facts.isEmpty ? "" : "<dl class=\"facts\">\n\(items.joined(separator: "\n"))\n</dl>"
    }
  }
}

extension PageFigure {
  func html(number: Int) -> String {
    let picture = EmbeddedSVG(svg, prefix: "fig\(number)-", description: description).markup
    let path = Markup.escaped(Page.relativeReference(dataPath))
    return """
      <figure id="figure-\(number)">
      <div class="picture">\(picture)</div>
      <figcaption><strong>Figure \(number).</strong> \(caption.html) \
      <span class="data">Data: <a href="\(path)">\(Markup.escaped(dataPath))</a></span></figcaption>
      </figure>
      """
  }
}

extension Callout {
  fileprivate var html: String {
    let text = paragraphs.map { "<p>\($0.html)</p>" }.joined(separator: "\n")
    return """
      <aside class="\(kind.rawValue)"><p class="head">\(title.html)</p>
      \(text)</aside>
      """
  }
}

extension Page {
  /// A path as a reference that stays beside the page, whatever characters it has.
  static func relativeReference(_ path: String) -> String {
    let allowed = CharacterSet(
      charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./")
    let encoded = path.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    return "./" + encoded.drop { $0 == "/" }
  }
}
