import Atomistics
import Dynamics
import FileFormats
import Foundation

/// Where a run can go on from: the state, and how long its files were then.
struct RunCheckpoint: Equatable {
  let state: DynamicsState
  /// Bytes of each file, by name.
  let lengths: [String: UInt64]

  private static let magic = "IPHCHKPT"
  private static let version: UInt32 = 1

  func encoded() -> Data {
    var writer = RecordWriter()
    writer.append(list: lengths.sorted { $0.key < $1.key }) {
      $0.append($1.key)
      $0.append($1.value)
    }
    writer.append(bytes: state.encoded())
    return SealedRecord.seal(writer.data, magic: Self.magic, version: Self.version)
  }

  init(state: DynamicsState, lengths: [String: UInt64]) {
    self.state = state
    self.lengths = lengths
  }

  init(encoded data: Data) throws {
    var reader = RecordReader(
      try SealedRecord.unseal(data, magic: Self.magic, version: Self.version))
    let pairs: [(String, UInt64)] = try reader.list { (try $0.text(), try $0.integer()) }
    lengths = Dictionary(pairs, uniquingKeysWith: { $1 })
    state = try DynamicsState(encoded: try reader.rest())
  }
}

/// The last two checkpoints of a directory.
struct CheckpointStore {
  let directory: URL

  private var current: String { path("checkpoint.bin") }
  private var previous: String { path("checkpoint.previous.bin") }

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

  /// The newest checkpoint that is whole; nil if there never was one.
  ///
  /// - Throws: `WorkflowsError.badRun` if there are checkpoints and none is whole.
  func load(say: (String) -> Void) throws -> RunCheckpoint? {
    var reasons: [String] = []
    for path in [current, previous] where FileManager.default.fileExists(atPath: path) {
      do {
        let checkpoint = try RunCheckpoint(encoded: try InputFile.read(path))
        for reason in reasons { say(reason) }
        if !reasons.isEmpty {
          say("going on from the checkpoint before it, \(path); nothing is lost but a little time")
        }
        return checkpoint
      } catch let error as any ReportableError {
        reasons.append("\(path): \(error.description)")
      }
    }
    guard !reasons.isEmpty else { return nil }
    throw WorkflowsError.badRun(
      directory: directory.path,
      reason: reasons.joined(separator: "; ")
        + "; no other checkpoint is left: bring one back from a copy, or remove the checkpoint "
        + "files to start this run from its beginning (its files are kept as they are until then)")
  }

  private func move(_ source: String, to target: String) throws {
    guard rename(source, target) == 0 else {
      throw FileFormatsError.cannotWrite(target, reason: String(cString: strerror(errno)))
    }
  }
}
