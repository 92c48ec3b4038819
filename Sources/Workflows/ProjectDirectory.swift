import FileFormats
import Foundation

/// A directory with a YAML file that says what is done in it.
struct ProjectDirectory: Sendable {
  let url: URL
  /// The YAML file.
  let file: URL

  /// Opens a directory.
  ///
  /// - Parameters:
  ///   - file: the name of the YAML file.
  ///   - verb: whose `init DIR` writes one.
  /// - Throws: `WorkflowsError.missing` where there is none.
  init(_ path: String, file name: String, verb: String) throws {
    url = URL(fileURLWithPath: path)
    file = url.appendingPathComponent(name)
    guard FileManager.default.fileExists(atPath: file.path) else {
      throw WorkflowsError.missing(
        path: file.path, hint: "`interphase \(verb) init DIR` writes one to start from")
    }
  }

  /// Writes the commented file of `Examples/EXAMPLE` into a new directory.
  ///
  /// - Throws: `WorkflowsError.badStudy` where there is one already; `FileFormatsError.cannotWrite`.
  static func initialize(_ path: String, file name: String, example: String) throws -> URL {
    let target = URL(fileURLWithPath: path).appendingPathComponent(name)
    guard !FileManager.default.fileExists(atPath: target.path) else {
      throw WorkflowsError.badStudy(
        path: target.path, line: nil, reason: "is already there and is left as it is")
    }
    let source = try DataDirectory.root().appendingPathComponent("Examples/\(example)/\(name)")
    try createDirectory(target.deletingLastPathComponent())
    try AtomicFile.write(try InputFile.read(source.path), to: target.path)
    return target
  }

  /// A file that the YAML file names: beside it, or carried by the program.
  func input(_ name: String) throws -> URL {
    let own = URL(fileURLWithPath: name, relativeTo: url).standardizedFileURL
    if FileManager.default.fileExists(atPath: own.path) { return own }
    if let carried = try DataDirectory.file(name) { return carried }
    throw WorkflowsError.missing(
      path: name, hint: "looked for it in \(url.path) and in the program's Data folder")
  }

  func place(_ parts: [String]) -> URL { parts.reduce(url) { $0.appendingPathComponent($1) } }
}
