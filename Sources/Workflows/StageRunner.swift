import Atomistics
import FileFormats
import Foundation

/// One step of a study: what it depends on, where its results go, and the work itself.
struct Stage {
  /// "contact Li6PS5Cl": what a person reads.
  let name: String
  /// Where the results lie.
  let directory: URL
  /// Counted up when the stage's code changes its results.
  let revision: Int
  /// All settings that the results depend on, as JSON.
  let settings: String
  /// SHA-256 of every input file, by name.
  let inputs: [String: String]
  /// The files that the stage promises to write, relative to `directory`.
  let outputs: [String]
  /// Does the work in `directory`, which exists.
  let work: (URL) throws -> Void

  init(
    _ name: String, in directory: URL, revision: Int, settings: some Encodable,
    inputs: [String: String], outputs: [String], work: @escaping (URL) throws -> Void
  ) throws {
    self.name = name
    self.directory = directory
    self.revision = revision
    self.settings = try canonicalJSON(settings)
    self.inputs = inputs
    self.outputs = outputs
    self.work = work
  }

  var key: String {
    Manifest.key(stage: name, revision: revision, settings: settings, inputs: inputs)
  }
}

/// What a stage's directory holds.
public enum StageState: String, Sendable, Codable {
  case done
  /// Something is there, but it is unfinished.
  case started
  /// Results are there, made from other inputs or settings, or altered since.
  case outdated
  case missing
}

/// JSON with sorted keys: equal values give equal text.
func canonicalJSON(_ value: some Encodable, pretty: Bool = false) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting =
    pretty
    ? [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    : [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// Does what has not been done: a stage whose manifest matches is passed over.
struct StageRunner {
  let threads: Int
  let say: (String) -> Void

  private static let manifestName = "manifest.json"

  /// Makes sure that the stage's results are there and returns the hashes of its outputs.
  @discardableResult
  func ensure(_ stage: Stage) throws -> [String: String] {
    if state(of: stage) == .done, let manifest = manifest(of: stage) { return manifest.outputs }
    say(stage.name)
    let start = Date()
    try createDirectory(stage.directory)
    try prepare(stage)
    do {
      try stage.work(stage.directory)
    } catch let error as WorkflowsError {
      throw error
    } catch let error as any ReportableError {
      throw WorkflowsError.stageFailed(
        stage: stage.name, reason: error.description, kind: error.kind)
    }
    let outputs = try hashes(of: stage.outputs, in: stage.directory)
    let manifest = Manifest(
      stage: stage.name, key: stage.key, inputs: stage.inputs, settings: stage.settings,
      outputs: outputs,
      provenance: .now(threads: threads, wallSeconds: Date().timeIntervalSince(start)))
    try AtomicFile.write(
      Data(try canonicalJSON(manifest, pretty: true).utf8),
      to: stage.directory.appendingPathComponent(Self.manifestName).path)
    return outputs
  }

  func state(of stage: Stage) -> StageState {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: stage.directory.path)) ?? []
    guard !files.isEmpty else { return .missing }
    guard let manifest = manifest(of: stage) else {
      return begunKey(of: stage) == stage.key ? .started : .outdated
    }
    let actual = try? hashes(of: Array(manifest.outputs.keys), in: stage.directory)
    return manifest.key == stage.key && actual == manifest.outputs ? .done : .outdated
  }

  func manifest(of stage: Stage) -> Manifest? {
    let url = stage.directory.appendingPathComponent(Self.manifestName)
    guard let data = try? Data(contentsOf: url) else { return nil }
    return try? JSONDecoder().decode(Manifest.self, from: data)
  }

  /// What an earlier attempt with the same key left (a run to be resumed) stays; what belongs to
  /// other inputs goes.
  private func prepare(_ stage: Stage) throws {
    let manifestURL = stage.directory.appendingPathComponent(Self.manifestName)
    if begunKey(of: stage) == stage.key {
      try? FileManager.default.removeItem(at: manifestURL)
      return
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: stage.directory.path)
    for file in files {
      try FileManager.default.removeItem(at: stage.directory.appendingPathComponent(file))
    }
    try AtomicFile.write(Data(stage.key.utf8), to: begunURL(of: stage).path)
  }

  private func begunURL(of stage: Stage) -> URL {
    stage.directory.appendingPathComponent(".key")
  }

  private func begunKey(of stage: Stage) -> String? {
    try? String(contentsOf: begunURL(of: stage), encoding: .utf8)
  }

  private func hashes(of files: [String], in directory: URL) throws -> [String: String] {
    try Dictionary(
      uniqueKeysWithValues: files.map {
        ($0, try SHA256Digest.hex(ofFile: directory.appendingPathComponent($0).path))
      })
  }
}

/// Makes a directory and those above it, or says why not.
func createDirectory(_ url: URL) throws {
  do {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  } catch {
    throw WorkflowsError.stageFailed(
      stage: "making the directory \(url.path)", reason: error.localizedDescription,
      kind: .cannotWrite)
  }
}
