import Atomistics
import Dynamics
import FileFormats
import Foundation

/// Where a run can go on from: the state, and what its files held then.
struct RunCheckpoint: Equatable {
  let state: DynamicsState
  /// By name.
  let files: [String: FileBeginning]
  /// The first step at which the next frame above the threshold of the grade may be kept.
  let nextKept: UInt64

  private static let magic = "IPHCHKPT"
  private static let version: UInt32 = 2

  func encoded() -> Data {
    var writer = RecordWriter()
    writer.append(list: files.sorted { $0.key < $1.key }) {
      $0.append($1.key)
      $0.append($1.value.length)
      $0.append($1.value.crc32)
    }
    writer.append(nextKept)
    writer.append(bytes: state.encoded())
    return SealedRecord.seal(writer.data, magic: Self.magic, version: Self.version)
  }

  init(state: DynamicsState, files: [String: FileBeginning], nextKept: UInt64) {
    self.state = state
    self.files = files
    self.nextKept = nextKept
  }

  init(encoded data: Data) throws {
    var reader = RecordReader(
      try SealedRecord.unseal(data, magic: Self.magic, version: Self.version))
    let pairs: [(String, FileBeginning)] = try reader.list {
      (try $0.text(), FileBeginning(length: try $0.integer(), crc32: try $0.integer()))
    }
    files = Dictionary(pairs, uniquingKeysWith: { $1 })
    nextKept = try reader.integer()
    state = try DynamicsState(encoded: try reader.rest())
  }
}

/// The last two checkpoints of a directory.
struct CheckpointStore {
  let directory: URL

  /// The newer first.
  static let names = ["checkpoint.bin", "checkpoint.previous.bin"]

  private var current: String { path(Self.names[0]) }
  private var previous: String { path(Self.names[1]) }

  private func path(_ name: String) -> String { directory.appendingPathComponent(name).path }

  /// The new one is whole on the disk before the old ones move.
  func write(_ checkpoint: RunCheckpoint) throws {
    let fresh = path("checkpoint.new.bin")
    do {
      try AtomicFile.write(checkpoint.encoded(), to: fresh)
    } catch {
      unlink(fresh)
      throw error
    }
    if FileManager.default.fileExists(atPath: current) { try move(current, to: previous) }
    try move(fresh, to: current)
  }

  /// The newest checkpoint that is whole and whose files still hold what they held then; nil if
  /// there never was one.
  ///
  /// - Throws: `WorkflowsError.badRun` if there are checkpoints and none can be gone on from; no
  ///   file was touched then.
  func load(say: (String) -> Void) throws -> RunCheckpoint? {
    var (reasons, told): ([String], Set<String>) = ([], [])
    for name in Self.names where FileManager.default.fileExists(atPath: path(name)) {
      do {
        let checkpoint = try whole(name)
        for reason in reasons { say(reason) }
        if !reasons.isEmpty {
          say(
            "going on from the checkpoint before it, \(path(name)); nothing is lost but a little "
              + "time")
        }
        return checkpoint
      } catch let error as any ReportableError {
        // A file that changed early fits neither checkpoint; once is enough.
        if told.insert(Self.file(of: error)).inserted { reasons.append(error.description) }
      }
    }
    guard !reasons.isEmpty else { return nil }
    throw WorkflowsError.badRun(
      directory: directory.path,
      reason: reasons.joined(separator: "; ")
        + "; no other checkpoint is left: bring the files back from a copy, start anew in another "
        + "directory, or remove the checkpoints to start this run from its beginning (its files "
        + "are kept as they are until then)")
  }

  /// The file that an error is about.
  private static func file(of error: any ReportableError) -> String {
    switch error as? FileFormatsError {
    case .missing(let path), .unreadable(let path, _), .badFile(let path, _, _): path
    default: error.description
    }
  }

  /// The checkpoint of that name, if its record and the files that it tells of are whole.
  private func whole(_ name: String) throws -> RunCheckpoint {
    let checkpoint: RunCheckpoint
    do {
      checkpoint = try RunCheckpoint(encoded: try InputFile.read(path(name)))
    } catch let error as DynamicsError {
      throw FileFormatsError.badFile(path: path(name), line: nil, reason: error.description)
    }
    for (file, content) in checkpoint.files.sorted(by: { $0.key < $1.key }) {
      try content.check(path(file))
    }
    return checkpoint
  }

  private func move(_ source: String, to target: String) throws {
    guard rename(source, target) == 0 else {
      throw FileFormatsError.cannotWrite(target, reason: String(cString: strerror(errno)))
    }
  }
}
