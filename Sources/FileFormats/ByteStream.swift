import CZlib
import Foundation

/// The bytes of a file, unpacked on the way if it begins with gzip's magic number.
///
/// Memory is constant whatever the file's size. Several gzip members one after another read as
/// one (RFC 1952, section 2.2); zero bytes after the last are padding.
final class ByteStream {
  static let chunk = 1 << 16

  private let file: RawFileReader
  private let input = UnsafeMutableRawBufferPointer.allocate(
    byteCount: ByteStream.chunk, alignment: 16)
  private let zlib = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let compressed: Bool
  private var inputRange = 0..<0
  private var inputEnded = false
  /// Between two members: the next byte begins a new one.
  private var betweenMembers = false

  init(path: String) throws {
    let file = try RawFileReader(path: path)
    self.file = file
    zlib.initialize(to: z_stream())
    // The magic number may come in two reads, from a pipe.
    var count = 0
    while count < 2 {
      let got = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: input[count...]))
      if got == 0 {
        inputEnded = true
        break
      }
      count += got
    }
    inputRange = 0..<count
    compressed = count >= 2 && input[0] == 0x1F && input[1] == 0x8B
    if compressed {
      // 16 asks for gzip's header and check, 15 for the largest window.
      let status = inflateInit2_(
        zlib, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      precondition(status == Z_OK, "zlib starts")
    }
  }

  deinit {
    if compressed { inflateEnd(zlib) }
    zlib.deallocate()
    input.deallocate()
  }

  var path: String { file.path }

  /// About how many bytes come out at most: text is packed to a fortieth at best, but for blanks
  /// and zeros. Nothing for a pipe, which does not tell.
  var usualBytes: Int { (file.size ?? 0) * (compressed ? 40 : 1) }

  /// Fills the buffer from its start; 0 bytes mean the end.
  ///
  /// - Throws: `FileFormatsError.truncated` where compressed data stop in the middle, after all
  ///   that could be unpacked was handed out; `.badFile` where they are damaged.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    if compressed { return try inflated(into: buffer) }
    if inputRange.isEmpty {
      return inputEnded ? 0 : try file.read(into: buffer)
    }
    let count = min(buffer.count, inputRange.count)
    buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[inputRange].prefix(count)))
    inputRange = (inputRange.lowerBound + count)..<inputRange.upperBound
    return count
  }

  private func refill() throws {
    guard inputRange.isEmpty, !inputEnded else { return }
    let count = try file.read(into: input)
    inputRange = 0..<count
    inputEnded = count == 0
  }

  private func inflated(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      try refill()
      if betweenMembers {
        // Nothing more, or the zeros that a crash or a tape leaves behind.
        if inputRange.isEmpty || input[inputRange.lowerBound] == 0 { return 0 }
        inflateReset(zlib)
        betweenMembers = false
      }
      let status = inflateOnce(into: buffer)
      let produced = buffer.count - Int(zlib.pointee.avail_out)
      if status == Z_STREAM_END { betweenMembers = true }
      if produced > 0 { return produced }
      if status == Z_STREAM_END { continue }
      guard status == Z_OK || status == Z_BUF_ERROR else {
        throw FileFormatsError.badFile(
          path: path, line: nil,
          reason: "the gzip data are damaged (\(zlib.pointee.msg.map { String(cString: $0) } ?? "")"
            + "); copy or compress the file again")
      }
      if inputRange.isEmpty, inputEnded { throw FileFormatsError.truncated(path, line: nil) }
    }
  }

  private func inflateOnce(into buffer: UnsafeMutableRawBufferPointer) -> Int32 {
    zlib.pointee.next_in = input.baseAddress!.advanced(by: inputRange.lowerBound)
      .assumingMemoryBound(to: UInt8.self)
    zlib.pointee.avail_in = UInt32(inputRange.count)
    zlib.pointee.next_out = buffer.baseAddress!.assumingMemoryBound(to: UInt8.self)
    zlib.pointee.avail_out = UInt32(buffer.count)
    let status = inflate(zlib, Z_NO_FLUSH)
    inputRange = (inputRange.upperBound - Int(zlib.pointee.avail_in))..<inputRange.upperBound
    return status
  }
}
