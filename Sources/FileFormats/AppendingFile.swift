import Foundation

/// A file that grows at its end: trajectories and tables of a run.
///
/// A failed `append` takes back what it had written, so that the file keeps ending with something
/// whole. Use from one thread at a time.
public final class AppendingFile {
  public let path: String
  /// All that it holds.
  public private(set) var content: FileBeginning
  private let output: OutputDescriptor
  private let isRegular: Bool

  /// Opens the file, or makes it, and cuts off what comes after `beginning`.
  ///
  /// That the file begins so is for `FileBeginning.check` to find out; here its length alone is
  /// looked at.
  ///
  /// - Throws: `FileFormatsError.badFile` if the file is shorter than that, `.cannotWrite`.
  public init(path: String, keeping beginning: FileBeginning = .nothing) throws {
    self.path = path
    output = try OutputDescriptor(path: path, flags: O_CREAT | O_APPEND)
    content = beginning
    var information = stat()
    isRegular =
      fstat(output.number, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
    let size = try output.size()
    guard beginning.length <= size else {
      throw FileFormatsError.badFile(
        path: path, line: nil,
        reason: "it holds \(size) bytes where at least \(beginning.length) were written before; "
          + "the end is lost, start this part again")
    }
    if beginning.length < size, ftruncate(output.number, off_t(beginning.length)) != 0 {
      throw OutputDescriptor.failure(path, errno)
    }
  }

  /// - Throws: `FileFormatsError.cannotWrite`, with the file as long as it was before.
  public func append(_ data: Data) throws {
    do {
      try output.write(data)
    } catch {
      if isRegular { ftruncate(output.number, off_t(content.length)) }
      throw error
    }
    content = content.followed(by: data)
  }

  /// Appends a text in UTF-8.
  public func append(_ text: String) throws { try append(Data(text.utf8)) }

  /// Waits until the disk has everything appended so far.
  public func sync() throws { try output.sync() }
}
