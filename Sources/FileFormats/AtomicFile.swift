import Foundation

/// Files that appear whole or not at all.
public enum AtomicFile {
  /// Writes beside the file, waits for the disk, and only then takes the file's place.
  ///
  /// After an error the old file stands as it was and nothing is left beside it. Devices and
  /// pipes (`/dev/stdout`) are written to as they are.
  ///
  /// - Throws: `FileFormatsError.cannotWrite`.
  public static func write(_ data: Data, to path: String) throws {
    var information = stat()
    let exists = stat(path, &information) == 0
    if exists, information.st_mode & S_IFMT == S_IFDIR {
      throw FileFormatsError.cannotWrite(path, reason: "it is a directory; name a file in it")
    }
    if exists, information.st_mode & S_IFMT != S_IFREG {
      return try OutputDescriptor(path: path, flags: 0).write(data)
    }
    // Through a symbolic link, so that the link stays one.
    let target = exists ? resolved(path) : path
    let beside = "\(target).\(getpid())-\(UInt32.random(in: 0 ... .max)).partial"
    do {
      let output = try OutputDescriptor(
        path: beside, reportedAs: path, flags: O_CREAT | O_EXCL)
      if exists { fchmod(output.number, information.st_mode & 0o777) }
      try output.write(data)
      try output.sync()
      guard rename(beside, target) == 0 else { throw OutputDescriptor.failure(path, errno) }
    } catch {
      unlink(beside)
      throw error
    }
    try syncDirectory(of: target)
  }

  /// Writes a text in UTF-8; as `write(_: Data, to:)`.
  public static func write(_ text: String, to path: String) throws {
    try write(Data(text.utf8), to: path)
  }

  private static func resolved(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// The new name itself must reach the disk too.
  private static func syncDirectory(of path: String) throws {
    let slash = path.lastIndex(of: "/")
    let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let number = open(directory, O_RDONLY | O_CLOEXEC)
    // A directory that may be written but not listed cannot be opened; the file is in place.
    guard number >= 0 else { return }
    defer { close(number) }
    guard fsync(number) == 0 || errno == EINVAL || errno == EROFS else {
      throw OutputDescriptor.failure(path, errno)
    }
  }
}
