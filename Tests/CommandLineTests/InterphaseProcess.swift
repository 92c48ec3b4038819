import Foundation
import Testing

/// The built `interphase`, run as a person would.
struct InterphaseProcess {
  let status: Int32
  let output: String
  let errors: String

  /// The checkout that these tests were built from.
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The binary lies beside the tests' own.
  static let binary: URL = {
    let own = Bundle.main.executableURL ?? URL(fileURLWithPath: CommandLine.arguments[0])
    let beside = own.deletingLastPathComponent().appendingPathComponent("interphase")
    if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
    return root.appendingPathComponent(".build/release/interphase")
  }()

  /// The one JSON object of `--json`.
  func json() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }

  init(_ arguments: String...) throws { try self.init(arguments) }

  /// Runs a verb to its end.
  ///
  /// - Parameter shell: a line for the shell to run first, such as a limit.
  init(_ arguments: [String], shell: String? = nil) throws {
    let (process, out, err) = Self.make(arguments, shell: shell)
    try process.run()
    output = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    errors = String(decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
  }

  /// Starts a verb, halts it once `condition` holds and sends it a signal; tells how it ended.
  ///
  /// - Parameter halted: what is to be done while the verb is there and does not move on.
  static func interrupt(
    _ arguments: [String], with signal: Int32, shell: String? = nil, when condition: () -> Bool,
    whileHalted halted: () throws -> Void = {}
  ) throws -> (status: Int32, reason: Process.TerminationReason, errors: String) {
    let (process, _, err) = make(arguments, shell: shell)
    try process.run()
    while process.isRunning && !condition() { usleep(2000) }
    if process.isRunning {
      kill(process.processIdentifier, SIGSTOP)
      defer {
        kill(process.processIdentifier, signal)
        kill(process.processIdentifier, SIGCONT)
      }
      try halted()
    }
    process.waitUntilExit()
    let errors = String(decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    return (process.terminationStatus, process.terminationReason, errors)
  }

  private static func make(_ arguments: [String], shell: String?) -> (Process, Pipe, Pipe) {
    let process = Process()
    if let shell {
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = ["-c", "\(shell); exec \"$0\" \"$@\"", binary.path] + arguments
    } else {
      process.executableURL = binary
      process.arguments = arguments
    }
    let (out, err) = (Pipe(), Pipe())
    process.standardOutput = out
    process.standardError = err
    return (process, out, err)
  }
}
