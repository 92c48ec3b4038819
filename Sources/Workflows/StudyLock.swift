import FileFormats
import Foundation

/// Keeps a second process out of a study that is being run; the system frees it with the process.
final class StudyLock {
  private let descriptor: Int32

  /// - Throws: `WorkflowsError.locked` if another process holds it, `FileFormatsError.cannotWrite`.
  convenience init(_ directory: URL) throws {
    try self.init(
      path: directory.appendingPathComponent(".lock").path, of: directory.path)
  }

  /// For work on one file: `.FILE.lock` beside it.
  convenience init(file: String) throws {
    let url = URL(fileURLWithPath: file)
    try self.init(
      path: url.deletingLastPathComponent()
        .appendingPathComponent(".\(url.lastPathComponent).lock").path, of: file)
  }

  private init(path: String, of what: String) throws {
    descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw FileFormatsError.cannotWrite(
        path, reason: "\(String(cString: strerror(errno))); choose a place that you may write to")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw WorkflowsError.locked(directory: what)
    }
  }

  func release() { close(descriptor) }
}
