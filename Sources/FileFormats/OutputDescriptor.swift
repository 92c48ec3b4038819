import Foundation

/// A file open for writing, whose every failure is an error.
struct OutputDescriptor: ~Copyable {
  let path: String
  let number: Int32

  init(path: String, reportedAs name: String? = nil, flags: Int32) throws {
    number = open(path, flags | O_WRONLY | O_CLOEXEC, 0o666)
    self.path = name ?? path
    guard number >= 0 else { throw Self.failure(self.path, errno) }
  }

  deinit { if number >= 0 { close(number) } }

  /// Writes all of it: the system may take a part at a time.
  func write(_ data: Data) throws {
    try data.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = Foundation.write(number, bytes.baseAddress! + done, bytes.count - done)
        if count > 0 {
          done += count
        } else if count == 0 || errno != EINTR {
          throw Self.failure(path, count == 0 ? ENOSPC : errno)
        }
      }
    }
  }

  /// Waits until the disk has it. Devices and pipes have nothing to wait for.
  func sync() throws {
    while fsync(number) != 0 {
      if errno == EINVAL || errno == EROFS { return }
      guard errno == EINTR else { throw Self.failure(path, errno) }
    }
  }

  func size() throws -> UInt64 {
    var information = stat()
    guard fstat(number, &information) == 0 else { throw Self.failure(path, errno) }
    return UInt64(information.st_size)
  }

  static func failure(_ path: String, _ code: Int32) -> FileFormatsError {
    let advice =
      switch code {
      case ENOSPC, EDQUOT: "; make room and start again, what was there before is kept"
      case ENOENT, ENOTDIR: "; make the directory first"
      case EACCES, EPERM, EROFS: "; choose a place that you may write to"
      default: ""
      }
    return .cannotWrite(path, reason: systemMessage(code) + advice)
  }
}
