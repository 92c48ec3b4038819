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
  /// A folder whose files are outputs too, whatever they are called; relative to `directory`.
  let outputFolder: String?
  /// In which precision and with which instructions the work is done, where that is a choice; no
  /// part of the key.
  let arithmetic: (() throws -> String)?
  /// Does the work in `directory`, which exists.
  let work: (URL) throws -> Void

  init(
    _ name: String, in directory: URL, revision: Int, settings: some Encodable,
    inputs: [String: String], outputs: [String], outputFolder: String? = nil,
    arithmetic: (() throws -> String)? = nil, work: @escaping (URL) throws -> Void
  ) throws {
    self.name = name
    self.directory = directory
    self.revision = revision
    self.settings = try canonicalJSON(settings)
    self.inputs = inputs
    self.outputs = outputs
    self.outputFolder = outputFolder
    self.arithmetic = arithmetic
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
  private static let keyName = ".key"

  /// Makes sure that the stage's results are there and returns the hashes of its outputs.
  ///
  /// - Throws: `WorkflowsError`, with the name of the stage.
  @discardableResult
  func ensure(_ stage: Stage) throws -> [String: String] {
    if state(of: stage) == .done, let manifest = manifest(of: stage) { return manifest.outputs }
    if Interruption.isRequested {
      throw WorkflowsError.stopped(
        directory: stage.directory.path, reason: "before the stage \(stage.name)")
    }
    say(stage.name)
    do {
      return try perform(stage)
    } catch let error as WorkflowsError {
      throw error
    } catch let error as any ReportableError {
      throw WorkflowsError.stageFailed(
        stage: stage.name, reason: error.description, kind: error.kind)
    }
  }

  private func perform(_ stage: Stage) throws -> [String: String] {
    // Not the time of day, which may be set while a stage runs.
    let start = ContinuousClock.now
    try createDirectory(stage.directory)
    try prepare(stage)
    try stage.work(stage.directory)
    let outputs = try hashes(of: stage.outputs + inFolder(of: stage), in: stage.directory)
    let manifest = Manifest(
      stage: stage.name, key: stage.key, inputs: stage.inputs, settings: stage.settings,
      outputs: outputs,
      provenance: .now(
        threads: threads, wallSeconds: (ContinuousClock.now - start) / .seconds(1),
        arithmetic: try stage.arithmetic?()))
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

  /// What an earlier attempt with the same key left (a run to be resumed) stays. What belongs to
  /// other inputs goes, and so do finished results that were altered since: nobody can tell which
  /// of the stage's files still are what it wrote.
  private func prepare(_ stage: Stage) throws {
    if begunKey(of: stage) == stage.key, manifest(of: stage) == nil { return }
    let files = try FileManager.default.contentsOfDirectory(atPath: stage.directory.path)
    // The key first: without it, whatever this leaves when it is stopped midway goes next time.
    for file in files.sorted(by: { a, b in a == Self.keyName && b != Self.keyName }) {
      try remove(stage.directory.appendingPathComponent(file))
    }
    try AtomicFile.write(Data(stage.key.utf8), to: begunURL(of: stage).path)
  }

  private func remove(_ file: URL) throws {
    do {
      try FileManager.default.removeItem(at: file)
    } catch {
      throw FileFormatsError.cannotWrite(
        file.path, reason: "it cannot be removed (\(error.localizedDescription))")
    }
  }

  /// The files in the folder that the stage fills, relative to its directory.
  private func inFolder(of stage: Stage) throws -> [String] {
    guard let folder = stage.outputFolder else { return [] }
    let path = stage.directory.appendingPathComponent(folder).path
    return try FileManager.default.contentsOfDirectory(atPath: path).sorted()
      .map { "\(folder)/\($0)" }
  }

  private func begunURL(of stage: Stage) -> URL {
    stage.directory.appendingPathComponent(Self.keyName)
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
    throw FileFormatsError.cannotWrite(
      url.path,
      reason: "the directory cannot be made (\(error.localizedDescription)); choose a place that "
        + "you may write to")
  }
}
