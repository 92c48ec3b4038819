import Foundation

/// Whole files, plain or compressed with gzip, whatever their names say.
public enum InputFile {
  /// The bytes of the file, unpacked if it is gzip's.
  ///
  /// - Throws: `FileFormatsError.missing`, `.unreadable`, `.truncated` or `.badFile`.
  public static func read(_ path: String) throws -> Data {
    let stream = try ByteStream(path: path)
    var data = Data()
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: ByteStream.chunk, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = try stream.read(into: buffer)
      if count == 0 { return data }
      data.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// The text of the file, which must be UTF-8 (ASCII is).
  ///
  /// - Throws: as `read`, and `FileFormatsError.badFile` where it is not text.
  public static func text(_ path: String) throws -> String {
    guard let text = String(validating: try read(path), as: UTF8.self) else {
      throw FileFormatsError.badFile(
        path: path, line: nil, reason: "this is not text in UTF-8; is it the right file?")
    }
    return text
  }
}
