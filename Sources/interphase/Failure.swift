import ArgumentParser
import Atomistics
import Foundation

extension Interphase {
  /// Prints one clear message to standard error and leaves with the exit code of cli.md.
  static func exit(reporting error: any Error) -> Never {
    if let known = error as? any ReportableError {
      // A closed terminal or a full disk behind the message must not change the exit code.
      let message = Data("interphase: \(known.description)\n".utf8)
      try? FileHandle.standardError.write(contentsOf: message)
      Foundation.exit(known.kind.rawValue)
    }
    // ArgumentParser prints help and usage, and leaves with 64 (EX_USAGE) for wrong usage.
    Self.exit(withError: error)
  }
}
