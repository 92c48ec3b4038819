import Atomistics
import Foundation

/// What can be wrong with a path on the command line.
enum PathError: ReportableError {
  case missing(String)
  case unreadable(String)
  case cannotWrite(String, reason: String)

  var kind: FailureKind {
    switch self {
    case .missing: .missingInput
    case .unreadable: .badData
    case .cannotWrite: .cannotWrite
    }
  }

  var description: String {
    switch self {
    case .missing(let path): "there is no file '\(path)'; check the path"
    case .unreadable(let path):
      "cannot read '\(path)': it is a directory, not text in UTF-8, or not yours to read"
    case .cannotWrite(let path, let reason):
      "cannot write '\(path)': \(reason); check the directory, its permissions and free space"
    }
  }
}

/// The text of an input file.
func readInput(_ path: String) throws -> String {
  guard FileManager.default.fileExists(atPath: path) else { throw PathError.missing(path) }
  guard let data = FileManager.default.contents(atPath: path),
    let text = String(data: data, encoding: .utf8)
  else { throw PathError.unreadable(path) }
  return text
}

/// A result to standard output, and whole or not at all to the file that `-o` names, if it does.
func deliver(_ text: String, _ common: CommonOptions) throws {
  print(text)
  guard let path = common.output else { return }
  do {
    try Data((text + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
  } catch {
    throw PathError.cannotWrite(path, reason: error.localizedDescription)
  }
}
