import Foundation

/// A file that grows at its end: trajectories and tables of a run.
///
/// A failed `append` takes back what it had written, so that the file keeps ending with something
/// whole. Use from one thread at a time.
public final class AppendingFile {
  public let path: String
  /// The length of the file in bytes: where the next append begins.
  public private(set) var offset: UInt64
  private let output: OutputDescriptor
  private let isRegular: Bool

  /// Opens the file, or makes an empty one.
  ///
  /// - Throws: `FileFormatsError.cannotWrite`.
  public init(path: String) throws {
    self.path = path
    output = try OutputDescriptor(path: path, flags: O_CREAT | O_APPEND)
    offset = try output.size()
    var information = stat()
    isRegular =
      fstat(output.number, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
  }

  /// - Throws: `FileFormatsError.cannotWrite`, with the file as long as it was before.
  public func append(_ data: Data) throws {
    do {
      try output.write(data)
    } catch {
      if isRegular { ftruncate(output.number, off_t(offset)) }
      throw error
    }
    offset += UInt64(data.count)
  }

  /// Appends a text in UTF-8.
  public func append(_ text: String) throws { try append(Data(text.utf8)) }

  /// Waits until the disk has everything appended so far.
  public func sync() throws { try output.sync() }

  /// Cuts off everything from `length` on, for example what came after a checkpoint.
  ///
  /// - Throws: `FileFormatsError.badFile` if the file is shorter than that, `.cannotWrite`.
  public func truncate(to length: UInt64) throws {
    let size = try output.size()
    guard length <= size else {
      throw FileFormatsError.badFile(
        path: path, line: nil,
        reason: "it holds \(size) bytes where at least \(length) were written before; the end "
          + "is lost, start this part again")
    }
    guard ftruncate(output.number, off_t(length)) == 0 else {
      throw OutputDescriptor.failure(path, errno)
    }
    offset = length
  }
}
