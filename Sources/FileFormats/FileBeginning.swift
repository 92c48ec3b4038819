import CZlib
import Foundation

/// How a file began at some moment while it grew: how many bytes it had, and their CRC-32.
///
/// The CRC-32 (that of gzip, RFC 1952) of a longer beginning follows from that of a shorter one, so
/// that keeping it while a file is written costs one pass over what is appended. It finds what was
/// edited, lost or damaged; a change passes once in 2³². It is no guard against a forger.
public struct FileBeginning: Sendable, Hashable {
  /// Bytes.
  public let length: UInt64
  public let crc32: UInt32

  public init(length: UInt64, crc32: UInt32) {
    self.length = length
    self.crc32 = crc32
  }

  /// The beginning of every file.
  public static let nothing = FileBeginning(length: 0, crc32: 0)

  /// This beginning and the bytes that follow it.
  public func followed(by data: some ContiguousBytes) -> FileBeginning {
    data.withUnsafeBytes { bytes in
      let sum = crc32_z(
        UInt(crc32), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count)
      // Without bytes there may be no address, which zlib takes for a wish to start anew.
      return bytes.isEmpty
        ? self : FileBeginning(length: length + UInt64(bytes.count), crc32: UInt32(sum))
    }
  }

  /// Reads the file as far as this beginning goes, and holds one against the other.
  ///
  /// - Throws: `FileFormatsError.missing` or `.unreadable`; `.badFile` if it is shorter or begins
  ///   otherwise.
  public func check(_ path: String) throws {
    guard length > 0 else { return }
    let file = try RawFileReader(path: path)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
    defer { buffer.deallocate() }
    var found = Self.nothing
    while found.length < length {
      let wanted = min(UInt64(buffer.count), length - found.length)
      let count = try file.read(
        into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<Int(wanted)]))
      guard count > 0 else {
        throw FileFormatsError.badFile(
          path: path, line: nil,
          reason: "it holds \(found.length) bytes where \(length) were written: its end is lost")
      }
      found = found.followed(by: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    guard found == self else {
      throw FileFormatsError.badFile(
        path: path, line: nil,
        reason: "its first \(length) bytes are not those that were written: it was edited or "
          + "damaged since")
    }
  }
}
