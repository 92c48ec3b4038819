import Foundation

/// The gnuplot program on this machine.
public struct Gnuplot: Sendable {
  let executable: String

  /// Looks for `gnuplot` in the folders of `searchPath` (by default `PATH`).
  ///
  /// - Throws: `ReportError.gnuplotMissing`.
  public init(searchPath: String? = nil) throws(ReportError) {
    let path = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
    let candidates = path.split(separator: ":").map { "\($0)/gnuplot" }
    guard let found = candidates.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      throw .gnuplotMissing(searched: path.isEmpty ? "an empty PATH" : path)
    }
    executable = found
  }

  /// Runs a script that lies in `folder`, with that folder as the current one.
  ///
  /// - Throws: `ReportError.gnuplotFailed` with what gnuplot said.
  func run(_ script: String, in folder: URL, figure: String) throws(ReportError) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = [script]
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    do { try process.run() } catch {
      throw .gnuplotFailed(figure: figure, message: "\(executable) does not start: \(error)")
    }
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let message = said.split(whereSeparator: \.isNewline).joined(separator: " ")
      throw .gnuplotFailed(
        figure: figure,
        message: message.isEmpty ? "exit status \(process.terminationStatus)" : message)
    }
  }
}
