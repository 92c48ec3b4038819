import FileFormats
import Foundation

/// The file that samples are added to, all frames of a recipe at once.
struct SampleFile: Sendable {
  /// The text of each recipe's frames, by its digest.
  private(set) var texts: [String: String] = [:]
  private var order: [String] = []
  private let path: String

  /// Reads what was made before; a recipe that was cut off at the end is dropped.
  ///
  /// - Parameter recipes: the digests of this command's recipes.
  /// - Throws: `WorkflowsError.badRun` where the file is another, or holds frames of another command;
  ///   `FileFormatsError` for frames that are damaged.
  init(path: String, recipes: Set<String>) throws {
    self.path = path
    guard let data = FileManager.default.contents(atPath: path), !data.isEmpty else { return }
    guard let blocks = FrameBlocks(String(decoding: data, as: UTF8.self)),
      blocks.commentOfRest?.contains("sample_sha256=") ?? true
    else { throw foreign }
    var open: (digest: String, text: String, parts: Int, of: Int)?
    for text in blocks.whole {
      guard let (digest, part, count) = try Self.origin(of: text, path) else { throw foreign }
      guard recipes.contains(digest) else { throw otherCommand }
      guard part == (open?.parts ?? 0) + 1, open?.digest ?? digest == digest,
        texts[digest] == nil
      else { throw damaged }
      let whole = (open?.text ?? "") + text
      open = part < count ? (digest, whole, part, count) : nil
      if part == count { keep(whole, digest) }
    }
    if open != nil || !blocks.rest.isEmpty { try AtomicFile.write(text, to: path) }
  }

  /// The recipe that a frame is of, and which of its frames, from 1.
  private static func origin(
    of text: String, _ path: String
  ) throws -> (digest: String, part: Int, count: Int)? {
    var source = ExtendedXYZ().frames(of: LineReader(text: text, path: path))
    guard let notes = try source.next()?.notes, let digest = notes["sample_sha256"],
      let part = notes["sample_part"]?.split(separator: "/").compactMap({ Int($0) }),
      part.count == 2
    else { return nil }
    return (digest, part[0], part[1])
  }

  private var foreign: WorkflowsError {
    bad("it is not a file that `interphase learn sample` wrote, and is left alone")
  }
  private var otherCommand: WorkflowsError {
    bad("it holds frames that this command would not make (other files, options or seed)")
  }
  private var damaged: WorkflowsError { bad("frames are missing in the midst of it") }

  private func bad(_ reason: String) -> WorkflowsError {
    .badRun(directory: path, reason: "\(reason); name another file")
  }

  private mutating func keep(_ text: String, _ digest: String) {
    texts[digest] = text
    order.append(digest)
  }

  private var text: String { order.compactMap { texts[$0] }.joined() }

  /// The file, open at its end.
  func open() throws -> AppendingFile {
    let size = texts.values.reduce(0) { $0 + $1.utf8.count }
    return try AppendingFile(path: path, keeping: FileBeginning(length: UInt64(size), crc32: 0))
  }

  /// Adds the frames of a recipe at the end.
  mutating func append(_ text: String, digest: String, to file: AppendingFile) throws {
    try file.append(text)
    keep(text, digest)
  }

  /// Puts the recipes in the order of the command.
  mutating func sort(by digests: [String]) throws {
    let sorted = digests.filter { texts[$0] != nil }
    guard sorted != order else { return }
    order = sorted
    try AtomicFile.write(text, to: path)
  }

  /// How many frames there are of each `config_type`.
  var groups: [String: Int] {
    var counts: [String: Int] = [:]
    for text in texts.values {
      for line in text.split(separator: "\n") {
        guard let key = line.range(of: " config_type=") else { continue }
        counts[String(line[key.upperBound...].prefix { $0 != " " }), default: 0] += 1
      }
    }
    return counts
  }
}
