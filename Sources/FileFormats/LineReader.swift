import Foundation

/// The lines of a text file, plain or gzip, one at a time and in constant memory.
///
/// Lines end with LF or CR LF, which are taken off. Bytes that are not UTF-8 become U+FFFD, so
/// that binary junk ends as a parser's clear message and not earlier.
public final class LineReader {
  /// No sensible text has longer lines; a file without line breaks must not fill the memory.
  static let longestLine = 1 << 24

  public let path: String
  /// The number of the line last given, counted from 1; 0 before the first.
  public internal(set) var lineNumber = 0
  /// Whether the line last given ended with a line break, that is, was surely written whole.
  public private(set) var lineWasEnded = true

  private let stream: ByteStream?
  // Also what `numbers` of LineReader+Numbers.swift reads from.
  private(set) var buffer: [UInt8]
  var start = 0
  private(set) var ended: Bool
  private(set) var pushedBack: String?

  /// - Throws: `FileFormatsError.missing` or `.unreadable`.
  public init(path: String) throws {
    self.path = path
    stream = try ByteStream(path: path)
    buffer = []
    ended = false
  }

  /// The lines of a text in memory; `path` is what errors call it.
  public init(text: String, path: String) {
    self.path = path
    stream = nil
    buffer = Array(text.utf8)
    ended = true
  }

  /// About how many bytes come out of the file at most.
  var usualBytes: Int { stream?.usualBytes ?? buffer.count }

  /// The next line, nil after the last.
  ///
  /// - Throws: `FileFormatsError.truncated` where compressed data stop in the middle, after the
  ///   last whole line; `.badFile` where they are damaged or a line never ends.
  public func next() throws -> String? {
    if let line = pushedBack {
      pushedBack = nil
      lineNumber += 1
      return line
    }
    var searched = start
    while true {
      if let end = newline(from: searched) {
        let line = text(start..<end)
        start = end + 1
        lineNumber += 1
        return line
      }
      searched = buffer.count - start
      guard try refill() else { break }
    }
    guard start < buffer.count else { return nil }
    lineWasEnded = false
    lineNumber += 1
    defer { start = buffer.count }
    return text(start..<buffer.count)
  }

  /// Shows the bytes of the next line, without its line break, and takes it if `body` does.
  ///
  /// - Returns: whether it was taken; if not, `next()` gives it. Lines without line break are left
  ///   to `next()`.
  func take(_ body: (UnsafeBufferPointer<UInt8>) -> Bool) throws -> Bool {
    guard pushedBack == nil else { return false }
    var searched = start
    while true {
      if let end = newline(from: searched) {
        let last = end > start && buffer[end - 1] == 0x0D ? end - 1 : end
        let isTaken = buffer.withUnsafeBufferPointer { bytes in
          body(UnsafeBufferPointer(rebasing: bytes[start..<last]))
        }
        guard isTaken else { return false }
        start = end + 1
        lineNumber += 1
        return true
      }
      searched = buffer.count - start
      // What is wrong with the stream is told by `next()`, which comes upon it again.
      guard (try? refill()) ?? false else { return false }
    }
  }

  /// Gives the line just taken once more with the following `next()`.
  func pushBack(_ line: String) {
    precondition(pushedBack == nil && lineNumber > 0, "one line can be given back")
    pushedBack = line
    lineNumber -= 1
  }

  /// Hands over what was not given out yet, for a format that does not go by lines.
  func rest() -> (stream: ByteStream?, bytes: [UInt8]) {
    precondition(pushedBack == nil, "no line waits to be given again")
    defer {
      start = buffer.count
      ended = true
    }
    return (stream, Array(buffer[start...]))
  }

  private func newline(from position: Int) -> Int? {
    buffer.withUnsafeBytes { bytes in
      guard position < bytes.count, let base = bytes.baseAddress,
        let found = memchr(base + position, 0x0A, bytes.count - position)
      else { return nil }
      return UnsafeRawPointer(found) - base
    }
  }

  private func text(_ range: Range<Int>) -> String {
    var range = range
    if let last = range.last, buffer[last] == 0x0D { range = range.lowerBound..<last }
    return String(decoding: buffer[range], as: UTF8.self)
  }

  /// Drops what was given out and reads on behind the rest; false at the end.
  func refill() throws -> Bool {
    guard !ended, let stream else { return false }
    guard buffer.count - start <= Self.longestLine else {
      throw FileFormatsError.badFile(
        path: path, line: lineNumber + 1,
        reason: "the line is longer than \(Self.longestLine >> 20) MiB; is this a text file?")
    }
    buffer.removeSubrange(..<start)
    start = 0
    let used = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: ByteStream.chunk))
    var count = 0
    defer { buffer.removeSubrange((used + count)...) }
    count = try buffer.withUnsafeMutableBytes { bytes in
      try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[used...]))
    }
    ended = count == 0
    return count > 0
  }
}
