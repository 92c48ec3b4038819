import Foundation

/// A hidden folder on the same file system, from which finished files are renamed into place.
struct ScratchFolder {
  let url: URL

  /// Made inside `folder`, which is made too where it is missing.
  init(beside folder: URL) throws(ReportError) {
    url = folder.appendingPathComponent(".drawing-\(UUID().uuidString)", isDirectory: true)
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch { throw .cannotWrite(path: folder.path, reason: error.reason) }
  }

  func remove() { try? FileManager.default.removeItem(at: url) }

  /// Writes a file and waits until it is on the disk.
  func write(_ text: String, to name: String) throws(ReportError) {
    let file = url.appendingPathComponent(name)
    do {
      try Data(text.utf8).write(to: file)
      let handle = try FileHandle(forUpdating: file)
      try handle.synchronize()
      try handle.close()
    } catch { throw .cannotWrite(path: file.path, reason: error.reason) }
  }

  func read(_ name: String, figure: String) throws(ReportError) -> String {
    guard let data = FileManager.default.contents(atPath: url.appendingPathComponent(name).path),
      let text = String(data: data, encoding: .utf8), text.contains("</svg>")
    else { throw .gnuplotFailed(figure: figure, message: "it left no whole picture") }
    return text
  }

  /// Moves a finished file into the folder, in place of one that was there.
  func publish(_ name: String, to folder: URL) throws(ReportError) {
    let target = folder.appendingPathComponent(name)
    guard rename(url.appendingPathComponent(name).path, target.path) == 0 else {
      throw .cannotWrite(path: target.path, reason: String(cString: strerror(errno)))
    }
  }
}

extension Error {
  /// What the system said, without Foundation's wrapping.
  fileprivate var reason: String {
    let error = self as NSError
    let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    return cause.domain == NSPOSIXErrorDomain
      ? String(cString: strerror(Int32(cause.code))) : error.localizedDescription
  }
}
