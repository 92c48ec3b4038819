import FileFormats
import Foundation

/// The file that labels are added to as they come: frames of extended XYZ, each whole or not there.
struct LabelFile: Sendable {
  /// The text of each labelled frame, by the frame's digest.
  private(set) var texts: [String: String] = [:]
  /// Those of the file, in its order.
  private var order: [String] = []
  private let path: String

  /// Reads what was labelled before; a frame that was cut off at the end is dropped.
  ///
  /// - Throws: `WorkflowsError.badRun` where the file is another, or its labels are of another
  ///   calculator; `FileFormatsError` for frames that are damaged.
  init(path: String, label: Label) throws {
    self.path = path
    guard let data = FileManager.default.contents(atPath: path), !data.isEmpty else { return }
    guard let blocks = FrameBlocks(String(decoding: data, as: UTF8.self)),
      blocks.commentOfRest?.contains("frame_sha256=") ?? true
    else { throw foreign }
    for text in blocks.whole { try take(text, label) }
    // What was cut off goes at once, or the next frame would follow half a line.
    if !blocks.rest.isEmpty {
      try AtomicFile.write(order.compactMap { texts[$0] }.joined(), to: path)
    }
  }

  private mutating func take(_ text: String, _ label: Label) throws {
    var source = ExtendedXYZ().frames(of: LineReader(text: text, path: path))
    guard let notes = try source.next()?.notes, let digest = notes["frame_sha256"],
      let name = notes["label"], let sha256 = notes["label_sha256"]
    else { throw foreign }
    guard Label(name: name, sha256: sha256) == label else {
      throw WorkflowsError.badRun(
        directory: path,
        reason: "its labels are of \(name) (\(sha256.prefix(8))), this call is of \(label.name) "
          + "(\(label.sha256.prefix(8))); labels of both do not go together, name another file")
    }
    if texts.updateValue(text, forKey: digest) == nil { order.append(digest) }
  }

  private var foreign: WorkflowsError {
    .badRun(
      directory: path,
      reason: "it is not a file that `interphase learn label` wrote, and is left alone; name "
        + "another file")
  }

  /// Adds a frame at the end.
  mutating func append(_ text: String, digest: String, to file: AppendingFile) throws {
    try file.append(text)
    texts[digest] = text
    order.append(digest)
  }

  /// The file, open at its end.
  func open() throws -> AppendingFile {
    let size = texts.values.reduce(0) { $0 + $1.utf8.count }
    return try AppendingFile(
      path: path, keeping: FileBeginning(length: UInt64(size), crc32: 0))
  }

  /// Writes all frames anew, those of `first` first and in its order.
  func write(first: [String]) throws {
    let wanted = Set(first)
    let sorted = first.filter { texts[$0] != nil } + order.filter { !wanted.contains($0) }
    guard sorted != order else { return }
    try AtomicFile.write(sorted.compactMap { texts[$0] }.joined(), to: path)
  }
}
