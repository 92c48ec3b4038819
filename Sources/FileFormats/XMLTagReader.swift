import Foundation

/// An opening tag.
struct XMLTag {
  let name: String
  /// What stands behind the name.
  let attributes: String

  /// The value of an attribute without outer blanks (some versions of VASP pad names).
  func attribute(_ key: String) -> Substring? {
    guard !attributes.isEmpty, let start = attributes.range(of: key + "=\"") else { return nil }
    let value = attributes[start.upperBound...].prefix { $0 != "\"" }
    return Substring(value.trimmingCharacters(in: .whitespaces))
  }

  /// Most tags of VASP are told apart by this one.
  var label: Substring { attribute("name") ?? "" }
}

/// The file ended before an element did.
struct EndOfXML: Error {}

/// The tags and texts of an XML file in their order, plain or gzip, in constant memory.
///
/// It knows what VASP writes: elements, attributes in double quotes, text, comments and
/// declarations; no entities, no CDATA. A caller walks down the elements with `children`, `text`
/// and `skip`, each of which throws `EndOfXML` where the file ends inside.
final class XMLTagReader {
  let path: String
  private let stream: ByteStream?
  private var buffer: [UInt8] = []
  /// The first byte that was not given out.
  private var position = 0
  /// The text before the tag last given.
  private var textRange = 0..<0
  private var linesDropped = 0
  private var ended = false
  /// `<name/>` was given as an opening tag: its closing one comes next.
  private var pendingClose: String?

  enum Event {
    case open(XMLTag)
    case close(String)
  }

  /// - Throws: `FileFormatsError.missing` or `.unreadable`.
  init(path: String) throws {
    self.path = path
    stream = try ByteStream(path: path)
  }

  /// Reads what nobody has read of a file as lines.
  init(_ lines: LineReader) {
    path = lines.path
    (stream, buffer) = lines.rest()
    linesDropped = lines.lineNumber
  }

  /// The line of the tag last given, from 1.
  var line: Int {
    linesDropped + 1 + Self.lineBreaks(in: buffer[..<position])
  }

  func failure(_ reason: String) -> FileFormatsError {
    .badFile(path: path, line: line, reason: reason)
  }

  /// The text between the two tags last given.
  private var text: String { String(decoding: buffer[textRange], as: UTF8.self) }

  /// The next tag, nil at the end of the file.
  func next() throws -> Event? {
    if let name = pendingClose {
      pendingClose = nil
      textRange = position..<position
      return .close(name)
    }
    while true {
      guard let open = try find(0x3C, from: 0) else { return nil }
      guard let close = try tagEnd(from: open) else { return nil }
      textRange = position..<position + open
      let tag = position + open + 1..<position + close
      position += close + 1
      // Declarations and comments.
      if let first = buffer[tag].first, first == 0x3F || first == 0x21 { continue }
      return try event(tag)
    }
  }

  /// Walks through the elements inside one that was just opened; `body` consumes each of them.
  func children(of parent: XMLTag, _ body: (XMLTag) throws -> Void) throws {
    while let event = try next() {
      switch event {
      case .open(let tag): try body(tag)
      case .close(let name):
        return try check(name, closes: parent)
      }
    }
    throw EndOfXML()
  }

  /// The text of an element without elements in it.
  func text(of tag: XMLTag) throws -> String {
    guard let event = try next() else { throw EndOfXML() }
    guard case .close(let name) = event else {
      throw failure("text is expected in <\(tag.name)>, but another element begins")
    }
    let text = text
    try check(name, closes: tag)
    return text
  }

  /// Leaves an element out, whatever it holds; of the same name nothing lies inside.
  func skip(_ tag: XMLTag) throws {
    if pendingClose != nil {
      pendingClose = nil
      return
    }
    let end = Array("/\(tag.name)>".utf8)
    while let open = try find(0x3C, from: 0) {
      position += open + 1
      while buffer.count - position < end.count {
        guard try refill() else { throw EndOfXML() }
      }
      if buffer[position..<position + end.count].elementsEqual(end) {
        position += end.count
        return
      }
    }
    throw EndOfXML()
  }

  private func check(_ name: String, closes tag: XMLTag) throws {
    guard name == tag.name else {
      throw failure("</\(name.prefix(40))> closes <\(tag.name)>; the file is damaged")
    }
  }

  private func event(_ whole: Range<Int>) throws -> Event {
    var range = whole
    if buffer[range].first == 0x2F {
      let name = buffer[range].dropFirst().prefix { $0 > 0x20 }
      return .close(String(decoding: name, as: UTF8.self))
    }
    let isEmpty = buffer[range].last == 0x2F
    if isEmpty { range = range.lowerBound..<range.upperBound - 1 }
    let name = buffer[range].prefix { $0 > 0x20 }
    guard let first = name.first, first >= 0x41, first < 0x7F else {
      throw failure("this is not XML as VASP writes it: a tag has no name")
    }
    let tag = XMLTag(
      name: String(decoding: name, as: UTF8.self),
      attributes: String(decoding: buffer[name.endIndex..<range.upperBound], as: UTF8.self))
    if isEmpty { pendingClose = tag.name }
    return .open(tag)
  }

  /// Where the tag that opens at `open` ends, from `position`; nil at the end of the file.
  private func tagEnd(from open: Int) throws -> Int? {
    guard var end = try find(0x3E, from: open + 1) else { return nil }
    guard buffer[(position + open + 1)...].starts(with: Self.comment) else { return end }
    // A comment may hold tags; only two hyphens end it.
    while !buffer[position + open + 4..<max(position + end, position + open + 4)]
      .suffix(2).elementsEqual(Self.comment.suffix(2))
    {
      guard let later = try find(0x3E, from: end + 1) else { return nil }
      end = later
    }
    return end
  }

  private static let comment = Array("!--".utf8)

  /// The distance from `position` to the next such byte that is at least `distance` away; nil if
  /// the file ends first. Reading on moves what the buffer holds, but no distance.
  private func find(_ byte: UInt8, from distance: Int) throws -> Int? {
    var distance = distance
    while true {
      let start = position + distance
      let found = buffer.withUnsafeBytes { bytes -> Int? in
        guard start < bytes.count, let base = bytes.baseAddress,
          let hit = memchr(base + start, Int32(byte), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(hit) - base
      }
      if let found { return found - position }
      distance = max(distance, buffer.count - position)
      guard try refill() else { return nil }
    }
  }

  /// Drops what was given out and reads on behind the rest; false at the end, also that of
  /// compressed data that were cut off.
  private func refill() throws -> Bool {
    guard !ended, let stream else { return false }
    guard buffer.count - position <= LineReader.longestLine else {
      throw failure(
        "no tag in \(LineReader.longestLine >> 20) MiB of text; is this VASP's vasprun.xml?")
    }
    linesDropped += Self.lineBreaks(in: buffer[..<position])
    buffer.removeSubrange(..<position)
    position = 0
    let used = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: ByteStream.chunk))
    var count = 0
    defer { buffer.removeSubrange((used + count)...) }
    do {
      count = try buffer.withUnsafeMutableBytes { bytes in
        try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[used...]))
      }
    } catch FileFormatsError.truncated {
      count = 0
    }
    ended = count == 0
    return count > 0
  }

  private static func lineBreaks(in bytes: ArraySlice<UInt8>) -> Int {
    bytes.withUnsafeBufferPointer { $0.reduce(0) { $0 &+ ($1 == 0x0A ? 1 : 0) } }
  }

  /// The first byte that is not blank, without taking it; nil if there is none.
  func firstFilledByte() throws -> UInt8? {
    while true {
      if let byte = buffer[position...].first(where: { $0 > 0x20 }) { return byte }
      guard try refill() else { return nil }
    }
  }
}
