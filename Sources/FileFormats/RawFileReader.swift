import Foundation

/// The bytes of a file as they lie on the disk, in order.
final class RawFileReader {
  let path: String
  private let descriptor: Int32
  /// Bytes; nil where the file is none that has a size, such as a pipe.
  let size: Int?

  /// - Throws: `FileFormatsError.missing` or `.unreadable`.
  init(path: String) throws {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      if code == ENOENT || code == ENOTDIR { throw FileFormatsError.missing(path) }
      throw FileFormatsError.unreadable(path, reason: systemMessage(code))
    }
    var information = stat()
    if fstat(descriptor, &information) == 0, information.st_mode & S_IFMT == S_IFDIR {
      close(descriptor)
      throw FileFormatsError.unreadable(path, reason: "it is a directory; name a file in it")
    }
    size = information.st_mode & S_IFMT == S_IFREG ? Int(information.st_size) : nil
    self.path = path
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Fills the buffer from its start; 0 bytes mean that the file has ended.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      let count = Foundation.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else {
        throw FileFormatsError.unreadable(path, reason: systemMessage(errno))
      }
    }
  }
}

/// The system's words for an error number.
func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
