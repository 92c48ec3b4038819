import Foundation

/// A disk of 64 KiB in memory, to fill up; only a privileged user can make one.
enum SmallDisk {
  static let size = 1 << 16

  /// Whether this process may mount; elsewhere `/dev/full` alone stands for a full disk.
  static let isPossible = (try? use { _ in }) != nil

  /// Runs the body with the path of such a disk, which is gone afterwards.
  static func use(_ body: (String) throws -> Void) throws {
    #if os(Linux)
      let directory = try TemporaryDirectory()
      guard mount("tmpfs", directory.path, "tmpfs", 0, "size=\(size)") == 0 else {
        throw CocoaError(.fileWriteNoPermission)
      }
      // Detached at once, whatever is still open on it.
      defer { umount2(directory.path, Int32(MNT_DETACH)) }
      try body(directory.path)
    #else
      throw CocoaError(.featureUnsupported)
    #endif
  }
}
