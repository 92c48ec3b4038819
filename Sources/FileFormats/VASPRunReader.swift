import Atomistics

/// Reads a vasprun.xml from its first tag to its last, or to where it was cut off.
final class VASPRunReader {
  private let xml: XMLTagReader
  private var header: VASPRunHeader
  private var last: VASPIonicStep?
  private var previous: VASPIonicStep?
  private var count = 0

  init(path: String) throws {
    xml = try XMLTagReader(path: path)
    header = VASPRunHeader(path: path)
  }

  func run() throws -> VASPRun {
    var isTruncated = false
    do {
      try readRoot()
    } catch is EndOfXML {
      isTruncated = true
    }
    guard let last else {
      if isTruncated { throw FileFormatsError.truncated(xml.path, line: xml.line) }
      throw header.failure(xml.line, "the run has no ionic step (<calculation>), so no energy")
    }
    return try VASPRun(
      header, last: last, previous: previous, count: count, isTruncated: isTruncated)
  }

  private func readRoot() throws {
    let root = try header.openRoot(of: xml)
    try xml.children(of: root) { try read($0) }
    try header.checkEnd(of: xml)
  }

  private func read(_ tag: XMLTag) throws {
    guard tag.name == "calculation" else { return try header.read(tag, from: xml) }
    let step = try VASPIonicStep(tag, from: xml)
    previous = last
    last = step
    count += 1
  }
}
