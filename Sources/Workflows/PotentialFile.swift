import FileFormats
import Foundation
import Potentials

/// A potential of ours with the file that it was read from.
public struct PotentialFile: Sendable {
  public let file: NEPFile
  public let potential: NEPPotential
  /// What tables call it: `KnownPotential.functional`.
  public let name: String
  /// Of the file.
  public let sha256: String

  /// - Parameters:
  ///   - nameOrPath: as `PotentialLibrary.resolve` takes it.
  ///   - directory: that a path starts from, if not from where the program runs.
  ///   - threads: that one evaluation may use.
  /// - Throws: `WorkflowsError.unavailable` and `.missing`; `PotentialsError`, `FileFormatsError` for a
  ///   file that is no potential.
  public init(_ nameOrPath: String, relativeTo directory: URL? = nil, threads: Int = 1) throws {
    let path = try PotentialLibrary.resolve(nameOrPath, relativeTo: directory)
    sha256 = try SHA256Digest.hex(ofFile: path)
    file = try NEPFile(path: path)
    potential = NEPPotential(file, name: nameOrPath, threads: threads)
    name = KnownPotential.functional(nameOrPath, sha256: sha256)
  }

  public var path: String { file.path }
}
