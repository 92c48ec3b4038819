import Foundation
import Report
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct PageTests {
  static let hostile = "</p><script src=\"http://example.org/x.js\">1 & 2</script>' onload='x"

  private func page() throws -> (Page, FigureFile) {
    let folder = try TemporaryFolder()
    let chart = try FigureFile(.chart(Sample.chart), name: "uptake", in: folder.url)
    let scene = try FigureFile(.scene(Sample.scene), name: "contact", in: folder.url)
    let hostile = PageTests.hostile
    let text: RichText = "\(hostile)"
    let blocks: [Block] = [
      .paragraph(text), .heading(text), .list([text, "two"]), .code(hostile),
      .facts([Fact(text, meaning: text)]),
      .callout(Callout(.limit, title: text, paragraphs: [text])),
      .table(
        Table(
          caption: text, header: [text, "b"], rows: [[text, "1"], ["c", "2"]], notes: [text])),
      .figure(PageFigure(chart, caption: text, description: hostile)),
      .figure(PageFigure(scene, caption: "A contact")),
      .figure(
        PageFigure(svg: chart.svg, caption: "Once more", dataPath: hostile, description: "d")),
    ]
    let sections = [
      Section(text, blocks: blocks), Section(text, blocks: []), Section("Öther", blocks: []),
    ]
    return (Page(title: text, subtitle: text, sections: sections, footer: text), chart)
  }

  @Test func isWellFormedAndKeepsToItself() throws {
    let html = try page().0.html
    let reader = Reader()
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError)) line \(parser.lineNumber)")
    #expect(reader.elements["script"] == nil)
    #expect(reader.elements["link"] == nil)
    #expect(reader.elements["svg"] == 3)
    #expect(reader.elements["figure"] == 3)
    #expect(reader.handlers.isEmpty)
    let away = reader.references.filter { !$0.hasPrefix("#") && !$0.hasPrefix("./") }
    #expect(away.isEmpty, "\(away)")
    #expect(!html.contains("@import"))
    #expect(html.matches(of: /url\(/).count == html.matches(of: /url\(#fig/).count)
  }

  @Test func idsAreUniqueAndFound() throws {
    let html = try page().0.html
    let reader = Reader()
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = reader
    #expect(parser.parse())
    #expect(Set(reader.ids).count == reader.ids.count)
    let local = reader.references.filter { $0.hasPrefix("#") }.map { String($0.dropFirst()) }
    #expect(local.count > 10)
    #expect(Set(local).isSubset(of: Set(reader.ids)))
    let fills = html.matches(of: /url\(#([^)]*)\)/).map { String($0.output.1) }
    #expect(fills.count >= 5)
    #expect(Set(fills).isSubset(of: Set(reader.ids)))
  }

  @Test func captionsNameTheirData() throws {
    let (page, file) = try page()
    #expect(page.html.contains("<strong>Figure 1.</strong>"))
    #expect(page.html.contains("<strong>Table 1.</strong>"))
    #expect(page.html.contains("href=\"./\(file.dataPath)\""))
  }

  @Test func isWrittenWhole() throws {
    let folder = try TemporaryFolder()
    let page = try page().0
    try page.write(to: folder.url.appendingPathComponent("report.html"))
    #expect(try folder.names == ["report.html"])
    #expect(try folder.text("report.html") == page.html)
    let missing = folder.url.appendingPathComponent("report.html/in-a-file/report.html")
    #expect(throws: ReportError.self) { try page.write(to: missing) }
  }

  /// Notes what the page is made of.
  private final class Reader: NSObject, XMLParserDelegate {
    var elements: [String: Int] = [:]
    var ids: [String] = []
    var references: [String] = []
    var handlers: [String] = []

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String] = [:]
    ) {
      elements[name, default: 0] += 1
      for (key, value) in attributes {
        if key == "id" { ids.append(value) }
        if key == "src" || key.hasSuffix("href") { references.append(value) }
        if key.lowercased().hasPrefix("on") { handlers.append(key) }
      }
    }
  }
}
