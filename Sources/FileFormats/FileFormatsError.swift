import Atomistics

/// What can go wrong between a file and a value.
public enum FileFormatsError: ReportableError, Equatable {
  /// There is no such file.
  case missing(String)
  /// The file is there but cannot be opened or read; the reason is the system's.
  case unreadable(String, reason: String)
  /// The content is not what the format asks for.
  case badFile(path: String, line: Int?, reason: String)
  /// The file ends too early: in the middle of a frame or of compressed data.
  case truncated(String, line: Int?)
  /// No format that the program knows goes with the name or the content.
  case unknownFormat(String, expected: String)
  /// The file could not be written whole; what stood there before is untouched.
  case cannotWrite(String, reason: String)

  public var kind: FailureKind {
    switch self {
    case .missing, .unreadable: .missingInput
    case .badFile, .truncated, .unknownFormat: .badData
    case .cannotWrite: .cannotWrite
    }
  }

  public var description: String {
    switch self {
    case .missing(let path):
      "\(path): there is no such file; check the path"
    case .unreadable(let path, let reason):
      "\(path): cannot be read: \(reason)"
    case .badFile(let path, let line, let reason):
      "\(path)\(line.map { ", line \($0)" } ?? ""): \(reason)"
    case .truncated(let path, let line):
      "\(path)\(line.map { ", line \($0)" } ?? ""): the file ends too early; it was cut off, "
        + "write or copy it again"
    case .unknownFormat(let path, let expected):
      "\(path): not a file that Interphase knows; expected \(expected)"
    case .cannotWrite(let path, let reason):
      "\(path): cannot be written: \(reason)"
    }
  }
}
